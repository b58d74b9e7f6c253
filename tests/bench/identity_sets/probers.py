"""Probers: places that try the forms of somebody's name, and people who forgot how theirs is written."""

from __future__ import annotations

from collections.abc import Callable

from enumwatch.simulate.names import FAMILY, GIVEN

from .readers import GATHERING
from .world import DAY, HOUR, START, Actor, Tenant, event, spread, work_time

_FORMS = (
    "{g}.{f}",
    "{g[0]}.{f}",
    "{g[0]}{f}",
    "{f}{g[0]}",
    "{f}.{g}",
    "{g}{f}",
    "{g}_{f}",
    "{g}",
    "{f}",
    "{g}{f[0]}",
    "{g[0]}_{f}",
)


def _tried(tenant: Tenant, ip: str, names: list[str], start: int, gap: float, agent: str) -> list[object]:
    rng = tenant.rng
    found = []
    for name, time in zip(names, spread(rng, start, len(names), gap), strict=True):
        # A directory that does not say which names exist, as careful owners set theirs.
        found.append(
            event(
                tenant,
                "sign_in",
                time,
                source="okta_system",
                target=f"{name}@{tenant.domain}",
                src_ip=ip,
                user_agent=agent,
                code="INVALID_CREDENTIALS",
                outcome="ambiguous",
            )
        )
    return found


def one_person(tenant: Tenant) -> Actor:
    """Somebody who wants one person's account tries four to nine ways to write the name."""
    rng = tenant.rng
    given, family = rng.choice(GIVEN), rng.choice([one for one in FAMILY if len(one) > 3])
    forms = [one.format(g=given, f=family) for one in rng.sample(_FORMS[:7], rng.randint(4, 7))]
    ip, gap = tenant.foreign(), rng.choice((5, 60, 600, 5000))
    events = _tried(tenant, ip, forms, START + rng.randrange(tenant.days - 1) * DAY + rng.randrange(12) * HOUR, gap, "")
    return Actor("attack", GATHERING, "one_person", tenant.name, {ip}, events)  # type: ignore[arg-type]


def forgetful(tenant: Tenant) -> Actor:
    """Somebody new tries two or three forms, several times each, and then gets in."""
    rng = tenant.rng
    given, family = rng.choice(GIVEN), rng.choice(FAMILY)
    forms = [one.format(g=given, f=family) for one in rng.sample(_FORMS[:6], rng.randint(1, 3))]
    ip, start, agent = tenant.home(), work_time(tenant, rng.randrange(tenant.days - 1)), tenant.browser()
    events = _tried(tenant, ip, forms * rng.randint(1, 4), start, 20, agent)
    events.append(
        event(
            tenant,
            "sign_in",
            start + HOUR,
            source="okta_system",
            target=f"{forms[-1]}@{tenant.domain}",
            src_ip=ip,
            user_agent=agent,
            code="SUCCESS",
            outcome="success",
        )
    )
    return Actor("benign", GATHERING, "forgetful", tenant.name, {ip}, events)  # type: ignore[arg-type]


def office_typos(tenant: Tenant) -> Actor:
    """An office behind one address: many people, each mistypes a little."""
    rng = tenant.rng
    ip = tenant.office
    names = [tenant.person() for _ in range(min(40, tenant.size // 4))]
    events = []
    for day in range(tenant.days):
        for name in names:
            events.append(
                event(
                    tenant,
                    "sign_in",
                    work_time(tenant, day),
                    source="okta_system",
                    src_ip=ip,
                    target=f"{name}@{tenant.domain}",
                    code="SUCCESS",
                    outcome="success",
                )
            )
        wrong = [
            rng.choice((name, name.replace(".", ""), name[0] + name.partition(".")[2])) for name in rng.sample(names, 4)
        ]
        events += _tried(tenant, ip, wrong, work_time(tenant, day), 900, "")  # type: ignore[arg-type]
    return Actor("benign", GATHERING, "office_typos", tenant.name, {ip}, events)


Make = Callable[[Tenant], Actor]
ATTACKS: tuple[Make, ...] = (one_person, one_person)
BENIGN: tuple[Make, ...] = (forgetful, forgetful, office_typos)
