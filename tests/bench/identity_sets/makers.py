"""Makers of accounts whose work it is, and how accounts and their mail look in each log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from enumwatch.core.event import Event

from .world import DAY, HOUR, START, Actor, Tenant, event, is_weekend, spread, work_time

CREATION = "account_creation"
DISPOSABLE = ("mailinator.com", "yopmail.com", "guerrillamail.com")


def made(tenant: Tenant, time: int, actor: str, target: str, **known: Any) -> Event:
    """One account made."""
    fields = {"source": "entra_audit", "actor": actor, "target": target, "code": "Add user", **known}
    return event(tenant, "account_created", time, **fields)


def mails(
    tenant: Tenant, sender: str, start: int, count: int, bounced: float, gap: float, **known: Any
) -> Iterator[Event]:
    """Mail to strangers, some of which comes back; the trace names the tenant by its domain."""
    for turn, time in enumerate(spread(tenant.rng, start, count, gap)):
        code = "Failed" if tenant.rng.random() < bounced else "Delivered"
        row = event(
            tenant,
            "mail_sent",
            time,
            source="message_trace",
            actor=sender,
            target=f"r{turn}@elsewhere.example",
            code=code,
            **known,
        )
        yield row._replace(tenant=tenant.domain)


def _benign(tenant: Tenant, sort: str, keys: set[str], events: list[Event], is_declared: bool = False) -> Actor:
    return Actor("benign", CREATION, sort, tenant.name, {one.lower() for one in keys}, events, is_declared)


def administrator(tenant: Tenant) -> Actor:
    """Makes a handful a week, and a class of starters now and then."""
    rng = tenant.rng
    actor = tenant.someone()
    how = {"src_ip": tenant.office, "user_agent": "Edge"}
    events = []
    for day in range(tenant.days):
        if not is_weekend(day) and rng.random() < 0.75:
            much = rng.randint(12, 60) if day % 14 == 7 else rng.randint(1, 4)
            start = work_time(tenant, day, (8, 15))
            events += [made(tenant, time, actor, tenant.someone(), **how) for time in spread(rng, start, much, 100)]
    return _benign(tenant, "administrator", {actor}, events, tenant.lists_creators)


def connector(tenant: Tenant) -> Actor:
    """HR's connector: each night the starters, at the month's begin many; some begin in the middle of the log."""
    rng = tenant.rng
    app, begin = f"HR Connector {tenant.taken}", rng.choice((0, 0, 9))
    how = {"app": app, "app_id": tenant.guid()}
    events = []
    for day in range(begin, tenant.days):
        much = rng.randint(30, 150) if day % 28 == begin % 28 else rng.choice((0, 1, 3, 12))
        events += [
            made(tenant, time, app, tenant.someone(), **how)
            for time in spread(rng, START + day * DAY + 3 * HOUR, much, 4)
        ]
    return _benign(tenant, "connector", {app}, events, tenant.lists_creators and rng.random() < 0.8)


def school_year(tenant: Tenant) -> Actor:
    """The pupils of a year are imported in one go, by somebody who makes accounts a few times a year."""
    rng = tenant.rng
    actor, count = tenant.someone(), rng.randint(150, 600)
    stem = rng.choice(("student{:04d}", "s{:07d}", "pupil.{:03d}", "{:08d}"))
    base = rng.randrange(1000)
    start = work_time(tenant, rng.choice([day for day in range(4, tenant.days - 1) if not is_weekend(day)]))
    how = {"src_ip": tenant.office, "user_agent": tenant.browser(), "source": "workspace_admin", "code": "CREATE_USER"}
    events = [
        made(tenant, time, actor, f"{stem.format(base + turn)}@{tenant.domain}", **how)
        for turn, time in enumerate(spread(rng, start, count, 2))
    ]
    if rng.random() < 0.4:
        events.append(made(tenant, start, actor, "", **{**how, "code": "BULK_UPLOAD"})._replace(target_visible=False))
    return _benign(tenant, "school_year", {actor}, events, tenant.lists_creators)


def inviter(tenant: Tenant) -> Actor:
    """A colleague invites guests: partners, and people with free mail."""
    rng = tenant.rng
    actor = tenant.someone()
    start = work_time(tenant, rng.randrange(tenant.days - 1))
    how = {
        "src_ip": rng.choice((tenant.office, tenant.home())),
        "user_agent": tenant.browser(),
        "code": "Invite external user",
    }
    domains = ("gmail.com", "outlook.com", "proton.me", "partner.example", "agency.example")
    times = spread(rng, start, rng.randint(1, 9), 400)
    return _benign(
        tenant,
        "inviter",
        {actor},
        [made(tenant, time, actor, f"{tenant.person()}@{rng.choice(domains)}", **how) for time in times],
        tenant.lists_creators,
    )


def tester(tenant: Tenant) -> Actor:
    """An administrator who tries things out: accounts made and deleted the same day."""
    admin = administrator(tenant)
    actor = next(iter(admin.keys))
    events = []
    for day in range(7, tenant.days - 1, 5):
        start, name = work_time(tenant, day - (2 if is_weekend(day) else 0), (8, 14)), f"testuser{day}@{tenant.domain}"
        events.append(made(tenant, start, actor, name, src_ip=tenant.office, user_agent="Edge"))
        events.append(event(tenant, "account_deleted", start + HOUR, source="entra_audit", actor=actor, target=name))
    return _benign(tenant, "tester", {actor}, [*admin.events, *events], tenant.lists_creators)


def seller(tenant: Tenant) -> Actor:
    """New hires whose work is to write to many from the first day on."""
    rng = tenant.rng
    admin = administrator(tenant)
    actor = next(iter(admin.keys))
    events = []
    for day in range(2, tenant.days - 2, 3):
        name, start = tenant.someone(), work_time(tenant, day - (2 if is_weekend(day) else 0), (8, 10))
        events.append(made(tenant, start, actor, name, src_ip=tenant.office, user_agent="Edge"))
        events += mails(tenant, name, start + HOUR, rng.randint(3, 90), rng.uniform(0, 0.07), 200)
    return _benign(tenant, "seller", {actor}, [*admin.events, *events], tenant.lists_creators)


def merger(tenant: Tenant) -> Actor:
    """The people of a firm that was bought, by a project's account from the office."""
    rng = tenant.rng
    actor, day = (
        tenant.someone(),
        next(one for one in range(rng.randrange(3, tenant.days - 3), tenant.days) if not is_weekend(one)),
    )
    times = spread(rng, work_time(tenant, day, (8, 10)), rng.randint(60, 300), 30)
    events = [
        made(tenant, time, actor, tenant.someone(), src_ip=tenant.office, user_agent=tenant.browser()) for time in times
    ]
    return _benign(tenant, "merger", {actor}, events, tenant.lists_creators)


def returning(tenant: Tenant) -> Actor:
    """Seasonal staff is let in again, by the administrator."""
    rng = tenant.rng
    admin = administrator(tenant)
    actor, start = next(iter(admin.keys)), work_time(tenant, 8, (8, 12))
    events = [
        event(
            tenant,
            "account_enabled",
            time,
            source="workspace_admin",
            actor=actor,
            target=tenant.someone(),
            src_ip=tenant.office,
            user_agent="Edge",
        )
        for time in spread(rng, start, rng.randint(10, 60), 15)
    ]
    return _benign(tenant, "returning", {actor}, [*admin.events, *events], tenant.lists_creators)


def visitors(tenant: Tenant) -> Actor:
    """People who make an account for themselves, many of them behind one address."""
    rng = tenant.rng
    ip = tenant.home()
    events = []
    for time in spread(rng, work_time(tenant, rng.randrange(tenant.days - 1)), rng.randint(3, 30), 90):
        name = f"{tenant.person()}@gmail.com"
        events.append(
            made(
                tenant,
                time,
                name,
                name,
                source="okta_system",
                code="user.lifecycle.create",
                src_ip=ip,
                user_agent=tenant.browser(),
            )
        )
    return _benign(tenant, "visitors", {ip}, events)


Make = Callable[[Tenant], Actor]
BENIGN: tuple[Make, ...] = (
    *(administrator, connector, school_year, inviter, inviter, tester, seller, merger, returning, visitors),
)
