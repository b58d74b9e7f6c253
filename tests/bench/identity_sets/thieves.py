"""Thieves of the directory: stolen sessions, rogue applications, sweeps of the domain."""

from __future__ import annotations

from typing import Any

from enumwatch.core.event import Event

from .readers import GATHERING, Make, audit, looks, nightly, pages, singles
from .world import (
    DAY,
    HOUR,
    MINUTE,
    SCRIPTS,
    SECTIONS,
    SHELL,
    START,
    Actor,
    Tenant,
    event,
    is_weekend,
    spread,
    work_time,
)


def _victim(tenant: Tenant) -> tuple[str, dict[str, Any], list[Event], int]:
    """Somebody with a working history, and the day on which their account is stolen."""
    actor, rng = tenant.guid(), tenant.rng
    own = {"src_ip": tenant.office, "user_agent": tenant.browser(), "app_id": "teams"}
    before = list(looks(tenant, actor, range(tenant.days), (0, rng.choice((4, 15, 40))), **own))
    return actor, own, before, rng.randrange(1, tenant.days - 4)


def _attack(tenant: Tenant, sort: str, keys: set[str], events: list[Event], since: int) -> Actor:
    return Actor("attack", GATHERING, sort, tenant.name, {one.lower() for one in keys}, events, since=since)


def stolen_token(tenant: Tenant) -> Actor:
    """A stolen session reads lists and objects within minutes to hours."""
    rng = tenant.rng
    actor, _, events, day = _victim(tenant)
    start = START + day * DAY + int(rng.uniform(0, 20) * HOUR)
    how = {"src_ip": tenant.foreign(), "user_agent": rng.choice((*SCRIPTS, SHELL)), "app_id": "azcli"}
    wide = tuple(rng.sample(SECTIONS, rng.choice((1, 2, 4, 6))))
    events += pages(tenant, actor, start, rng.randint(6, 80), rng.choice((0.5, 3, 20)), wide, **how)
    events += singles(tenant, actor, start + MINUTE, rng.randint(0, 400), rng.choice((0.5, 2, 8)), wide, **how)
    return _attack(tenant, "stolen_token", {actor}, events, start)


def slow_harvest(tenant: Tenant) -> Actor:
    """A few objects an hour, day and night, from elsewhere."""
    rng = tenant.rng
    actor, _, events, _ = _victim(tenant)
    day = rng.randrange(7, tenant.days - 3)
    how = {"src_ip": tenant.foreign(), "user_agent": rng.choice((*SCRIPTS[:3], tenant.browser())), "app_id": "azcli"}
    start, per_hour = START + day * DAY, rng.randint(8, 60)
    count = int(per_hour * 24 * rng.uniform(1.5, 3))
    events += singles(tenant, actor, start, count, 3600 / per_hour, ("users", "groups"), **how)
    return _attack(tenant, "slow_harvest", {actor}, events, start)


def rogue_application(tenant: Tenant) -> Actor:
    """An application that a user consented to reads everything."""
    rng = tenant.rng
    actor = tenant.guid()
    start = START + rng.randrange(8, tenant.days - 1) * DAY + rng.randrange(24) * HOUR
    how = {"src_ip": tenant.foreign(), "user_agent": rng.choice(SCRIPTS[:3]), "app_id": actor}
    wide = tuple(rng.sample(SECTIONS, rng.choice((2, 4, 5))))
    events = list(
        pages(
            tenant,
            actor,
            start,
            rng.randint(12, 120),
            rng.choice((0.5, 2)),
            wide,
            client_app="application next page",
            **how,
        )
    )
    events += singles(
        tenant, actor, start, rng.randint(60, 500), rng.choice((0.4, 1)), wide, client_app="application", **how
    )
    return _attack(tenant, "rogue_application", {actor}, events, start)


def domain_sweep(tenant: Tenant) -> Actor:
    """A collector asks a domain controller for every object."""
    rng = tenant.rng
    login = tenant.person()
    actor = f"{tenant.name.upper()}\\{login}"
    start = START + rng.randrange(1, tenant.days - 1) * DAY + rng.randrange(24) * HOUR
    count = rng.randint(230, 2500)
    events = [
        audit(tenant, time, actor, f"%{{o{turn}}}")
        for turn, time in enumerate(spread(rng, start, count, rng.choice((0.02, 0.2, 1.2))))
    ]
    return _attack(tenant, "domain_sweep", {actor}, events, start)


def insider(tenant: Tenant) -> Actor:
    """Somebody takes the whole list home at night, from their own desk."""
    rng = tenant.rng
    actor, own, events, _ = _victim(tenant)
    start = START + rng.randrange(8, tenant.days - 1) * DAY + int(rng.choice((1, 21.5, 23)) * HOUR)
    how = {**own, "user_agent": rng.choice((SHELL, *SCRIPTS[:2])), "app_id": "azcli"}
    events += pages(tenant, actor, start, rng.randint(10, 60), rng.choice((1, 6)), ("users", "groups"), **how)
    return _attack(tenant, "insider", {actor}, events, start)


def stolen_service(tenant: Tenant) -> Actor:
    """The secret of the nightly synchronisation is used from elsewhere."""
    rng = tenant.rng
    actor = nightly(tenant)
    start = START + rng.randrange(8, tenant.days - 1) * DAY + rng.randrange(9, 18) * HOUR
    how = {"src_ip": tenant.foreign(), "user_agent": rng.choice(SCRIPTS), "app_id": "azcli"}
    name = next(iter(actor.keys))
    volume = rng.randint(2, 5) * max(40, tenant.size // 50)
    events = [
        *actor.events,
        *pages(tenant, name, start, volume, 1, SECTIONS, client_app="application next page", **how),
    ]
    return _attack(tenant, "stolen_service", {name}, events, start)


def list_download(tenant: Tenant) -> Actor:
    """A stolen administrator downloads the lists of the admin console."""
    rng = tenant.rng
    actor = tenant.someone()
    day = rng.randrange(8, tenant.days - 1)
    usual = [
        event(
            tenant,
            "directory_read",
            work_time(tenant, one),
            source="workspace_admin",
            actor=actor,
            app="group list",
            target="GROUP_X",
            src_ip=tenant.office,
        )
        for one in range(day)
        if not is_weekend(one)
    ]
    start, ip = START + day * DAY + rng.choice((2, 22)) * HOUR, tenant.foreign()
    events = [
        event(
            tenant,
            "directory_read",
            start + turn * MINUTE,
            source="workspace_admin",
            actor=actor,
            app="user list",
            target="DOWNLOAD_USERLIST_CSV",
            client_app="whole list",
            src_ip=ip,
        )
        for turn in range(rng.randint(1, 4))
    ]
    return _attack(tenant, "list_download", {actor}, [*usual, *events], start)


ATTACKS: tuple[Make, ...] = (
    *(stolen_token, stolen_token, slow_harvest, slow_harvest, rogue_application, domain_sweep, domain_sweep, insider),
    *(stolen_service, list_download),
)
