"""Readers of the directory whose work it is, and how reads look in each log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from enumwatch.core.event import Event

from .world import (
    DAY,
    HOUR,
    MINUTE,
    SCRIPTS,
    SHELL,
    START,
    Actor,
    Tenant,
    event,
    is_weekend,
    spread,
    work_time,
)

GATHERING = "identity_gathering"


def graph(tenant: Tenant, time: int, actor: str, section: str, target: str, **known: Any) -> Event:
    """One call to Microsoft Graph."""
    fields = {"source": "graph_activity", "actor": actor, "app": section, "target": target, "code": "200", **known}
    return event(tenant, "directory_read", time, **fields)


def audit(tenant: Tenant, time: int, actor: str, target: str) -> Event:
    """One object access that a domain controller wrote down."""
    fields = {
        "source": "windows_security",
        "actor": actor,
        "app": "user",
        "target": target,
        "code": "4662",
        "host": "DC01",
    }
    return event(tenant, "directory_read", time, **fields)


def looks(tenant: Tenant, actor: str, days: range, per_day: tuple[int, int], **known: Any) -> Iterator[Event]:
    """Somebody's usual look-ups of single people, on working days."""
    rng = tenant.rng
    for day in days:
        if is_weekend(day):
            continue
        for _ in range(rng.randint(*per_day)):
            target = f"/v1.0/users/{rng.randrange(tenant.size)}"
            yield graph(tenant, work_time(tenant, day), actor, "users", target, **known)


def pages(
    tenant: Tenant, actor: str, start: int, count: int, gap: float, sections: tuple[str, ...], **known: Any
) -> Iterator[Event]:
    """Lists read page by page."""
    for turn, time in enumerate(spread(tenant.rng, start, count, gap)):
        section = sections[turn % len(sections)]
        how = {"client_app": "next page", **known}
        yield graph(tenant, time, actor, section, f"/v1.0/{section}", **how)


def singles(
    tenant: Tenant, actor: str, start: int, count: int, gap: float, sections: tuple[str, ...] = ("users",), **known: Any
) -> Iterator[Event]:
    """Objects read one by one."""
    for turn, time in enumerate(spread(tenant.rng, start, count, gap)):
        section = sections[turn % len(sections)]
        yield graph(tenant, time, actor, section, f"/v1.0/{section}/o{turn}", **known)


def _benign(tenant: Tenant, sort: str, keys: set[str], events: list[Event], is_declared: bool = False) -> Actor:
    return Actor("benign", GATHERING, sort, tenant.name, {one.lower() for one in keys}, events, is_declared)


def nightly(tenant: Tenant) -> Actor:
    """A synchronisation, backup or crawler that reads everything each night, or much each hour."""
    rng = tenant.rng
    actor, ip, agent = (
        tenant.guid(),
        tenant.cloud(),
        rng.choice((*SCRIPTS[:2], "azsdk-net-Graph/5.56", "IAMConnector/7.1")),
    )
    count, hour = max(2, tenant.size // 100), rng.randrange(24)
    weekly = rng.random() < 0.4
    events: list[Event] = []
    for day in range(tenant.days):
        much = count * (rng.choice((4, 6)) if weekly and day % 7 == 6 else 1) * rng.uniform(0.9, 1.15)
        start = START + day * DAY + hour * HOUR + rng.randrange(20) * MINUTE
        how = {"src_ip": ip, "user_agent": agent, "app_id": actor}
        events += pages(
            tenant, actor, start, int(much) + 1, 0.6, ("users", "groups"), client_app="application next page", **how
        )
        events += singles(tenant, actor, start, rng.randint(20, 60), 0.5, ("groups",), client_app="application", **how)
    return _benign(tenant, "nightly", {actor}, events)


def domain_job(tenant: Tenant) -> Actor:
    """A service account that audits or backs up the domain each night."""
    actor = (
        f"{tenant.name.upper()}\\{tenant.rng.choice(('svc-backup', 'MSOL_3fa1', 'sa_adaudit', 'svc_hr'))}{tenant.taken}"
    )
    events = [
        audit(tenant, time, actor, f"%{{o{turn}}}")
        for day in range(tenant.days)
        for turn, time in enumerate(spread(tenant.rng, START + day * DAY + 2 * HOUR, min(tenant.size, 600), 0.2))
    ]
    return _benign(tenant, "domain_job", {actor}, events)


def colleague(tenant: Tenant) -> Actor:
    """Somebody whose chat and mail programs look people up."""
    actor = tenant.guid()
    how = {
        "src_ip": tenant.rng.choice((tenant.office, tenant.home())),
        "user_agent": tenant.browser(),
        "app_id": "teams",
    }
    return _benign(
        tenant,
        "colleague",
        {actor},
        list(looks(tenant, actor, range(tenant.days), (0, tenant.rng.choice((10, 40, 90))), **how)),
    )


def helpdesk(tenant: Tenant) -> Actor:
    """Looks people up for a living, on Mondays more."""
    rng = tenant.rng
    actor, low = tenant.guid(), rng.choice((20, 50, 110))
    how = {"src_ip": tenant.office, "user_agent": tenant.browser(), "app_id": "portal"}
    events = [
        one
        for day in range(tenant.days)
        for one in looks(tenant, actor, range(day, day + 1), (low, low * (3 if day % 7 == 0 else 2)), **how)
    ]
    return _benign(tenant, "helpdesk", {actor}, events)


def project(tenant: Tenant) -> Actor:
    """An e-discovery, audit or migration project: an account that begins in the middle of the log; half are declared."""
    rng = tenant.rng
    actor, begin = tenant.guid(), rng.randrange(3, tenant.days - 5)
    is_declared = rng.random() < 0.5
    how = {"src_ip": tenant.office, "user_agent": tenant.browser(), "app_id": "purview"}
    events = list(looks(tenant, actor, range(begin, begin + 5), (100, 350), **how))
    if rng.random() < 0.5:
        events += pages(
            tenant,
            actor,
            work_time(tenant, begin + begin % 7 // 5 * 2),
            max(3, tenant.size // 100),
            2,
            ("users", "groups"),
            **how,
        )
    return _benign(tenant, "project", {actor}, events, is_declared)


def report(tenant: Tenant) -> Actor:
    """An administrator's report over all users, by a shell that they also use on other days."""
    rng = tenant.rng
    actor = tenant.guid()
    how = {"src_ip": tenant.office, "user_agent": SHELL, "app_id": "azcli"}
    events = list(looks(tenant, actor, range(tenant.days), (3, 30), **how))
    day = next(one for one in range(rng.randrange(7, tenant.days - 3), tenant.days) if not is_weekend(one))
    events += pages(tenant, actor, work_time(tenant, day), max(2, tenant.size // 100), 1.5, ("users",), **how)
    return _benign(tenant, "report", {actor}, events)


def console_list(tenant: Tenant) -> Actor:
    """An administrator downloads a list of users in office hours."""
    actor = tenant.someone()
    events = [
        event(
            tenant,
            "directory_read",
            work_time(tenant, day),
            source="workspace_admin",
            actor=actor,
            app="user list",
            target="DOWNLOAD_USERLIST_CSV",
            client_app="whole list",
            src_ip=tenant.office,
        )
        for day in range(1, tenant.days, 10)
    ]
    return _benign(tenant, "console_list", {actor}, events)


Make = Callable[[Tenant], Actor]
BENIGN: tuple[Make, ...] = (
    *(nightly, nightly, domain_job, colleague, colleague, colleague, helpdesk, project, report, console_list),
)
