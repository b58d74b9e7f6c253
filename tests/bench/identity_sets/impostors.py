"""Impostors: those who make accounts to attack from."""

from __future__ import annotations

from enumwatch.core.event import Event

from .makers import CREATION, DISPOSABLE, Make, administrator, made, mails
from .world import DAY, HOUR, MINUTE, SCRIPTS, START, Actor, Tenant, event, spread, work_time


def _name(tenant: Tenant, style: str, turn: int) -> str:
    rng = tenant.rng
    if style == "numbered":
        return f"promo{turn + 1:03d}"
    if style == "random":
        return "".join(rng.choice("bcdfghjklmnpqrstvwxz23456789") for _ in range(rng.randint(8, 11)))
    return tenant.person()


def _attack(tenant: Tenant, sort: str, keys: set[str], events: list[Event], since: int) -> Actor:
    return Actor("attack", CREATION, sort, tenant.name, {one.lower() for one in keys}, events, since=since)


def stolen_user(tenant: Tenant) -> Actor:
    """An account that never made others makes five to sixty, from elsewhere."""
    rng = tenant.rng
    actor, style = tenant.someone(), rng.choice(("numbered", "random", "people"))
    start = START + rng.randrange(8, tenant.days - 1) * DAY + rng.randrange(24) * HOUR
    how = {"src_ip": tenant.foreign(), "user_agent": rng.choice((*SCRIPTS, tenant.browser()))}
    times = spread(rng, start, rng.randint(6, 60), rng.choice((5, 40, 300)))
    return _attack(
        tenant,
        "stolen_user",
        {actor},
        [
            made(tenant, time, actor, f"{_name(tenant, style, turn)}@{tenant.domain}", **how)
            for turn, time in enumerate(times)
        ],
        start,
    )


def stolen_admin(tenant: Tenant) -> Actor:
    """An administrator's session is used at night from elsewhere."""
    rng = tenant.rng
    admin = administrator(tenant)
    actor = next(iter(admin.keys))
    start = START + rng.randrange(10, tenant.days - 1) * DAY + rng.choice((1, 2, 22, 23)) * HOUR
    how = {"src_ip": tenant.foreign(), "user_agent": rng.choice((SCRIPTS[0], tenant.browser()))}
    style = rng.choice(("numbered", "random", "people"))
    times = spread(rng, start, rng.randint(12, 60), rng.choice((10, 60)))
    events = [
        made(tenant, time, actor, f"{_name(tenant, style, turn)}@{tenant.domain}", **how)
        for turn, time in enumerate(times)
    ]
    return _attack(tenant, "stolen_admin", {actor}, [*admin.events, *events], start)


def guests(tenant: Tenant) -> Actor:
    """Guests at throw-away or imitating domains are invited by somebody who never did."""
    rng = tenant.rng
    actor = tenant.someone()
    imitated = tenant.domain.replace("firm", rng.choice(("firrn", "frim", "firms", "-firm")))
    domain = rng.choice((*DISPOSABLE, imitated))
    start = START + rng.randrange(8, tenant.days - 1) * DAY + rng.randrange(24) * HOUR
    how = {
        "src_ip": rng.choice((tenant.foreign(), tenant.home())),
        "user_agent": tenant.browser(),
        "code": "Invite external user",
    }
    times = spread(rng, start, rng.randint(1, 9), rng.choice((60, 4000)))
    return _attack(
        tenant,
        "guests",
        {actor},
        [made(tenant, time, actor, f"{tenant.person()}@{domain}", **how) for time in times],
        start,
    )


def slow_maker(tenant: Tenant) -> Actor:
    """One account every hour or two, by a thief with patience."""
    rng = tenant.rng
    actor = tenant.someone()
    start = START + rng.randrange(8, tenant.days - 3) * DAY
    how = {"src_ip": tenant.foreign(), "user_agent": rng.choice((SCRIPTS[1], tenant.browser()))}
    style = rng.choice(("numbered", "random", "people"))
    times = spread(rng, start, rng.randint(16, 30), rng.choice((3600, 6000)))
    return _attack(
        tenant,
        "slow_maker",
        {actor},
        [
            made(tenant, time, actor, f"{_name(tenant, style, turn)}@{tenant.domain}", **how)
            for turn, time in enumerate(times)
        ],
        start,
    )


def short_lived(tenant: Tenant) -> Actor:
    """Accounts made, used and deleted within hours."""
    rng = tenant.rng
    actor, name = f"{tenant.name.upper()}\\{tenant.person()}", tenant.person()
    start = START + rng.randrange(8, tenant.days - 1) * DAY + rng.randrange(24) * HOUR
    how = {"source": "windows_security", "host": "DC01", "code": "4720"}
    gone = event(
        tenant,
        "account_deleted",
        start + int(rng.uniform(0.01, 20) * HOUR),
        actor=actor,
        target=name,
        **{**how, "code": "4726"},
    )
    return _attack(tenant, "short_lived", {actor}, [made(tenant, start, actor, name, **how), gone], start)


def mass_mailer(tenant: Tenant) -> Actor:
    """One new mailbox writes to hundreds within hours."""
    rng = tenant.rng
    admin = administrator(tenant)
    actor, name = next(iter(admin.keys)), tenant.someone()
    start = work_time(tenant, rng.randrange(8, tenant.days - 2))
    events = [made(tenant, start, actor, name, src_ip=tenant.office, user_agent="Edge")]
    events += mails(
        tenant, name, start + rng.randint(10, 300) * MINUTE, rng.randint(220, 900), rng.uniform(0.02, 0.4), 20
    )
    return _attack(tenant, "mass_mailer", {actor}, [*admin.events, *events], start)


def bulk_thief(tenant: Tenant) -> Actor:
    """A bulk upload, or a wave of old accounts set free, by somebody who never did."""
    rng = tenant.rng
    actor = tenant.someone()
    start = START + rng.randrange(8, tenant.days - 1) * DAY + rng.choice((0, 3, 22)) * HOUR
    how = {"src_ip": tenant.foreign(), "user_agent": rng.choice(SCRIPTS)}
    if rng.random() < 0.5:
        events = [
            made(tenant, start, actor, "", **{**how, "source": "workspace_admin", "code": "BULK_UPLOAD"})._replace(
                target_visible=False
            )
        ]
    else:
        events = [
            event(
                tenant, "account_enabled", time, source="workspace_admin", actor=actor, target=tenant.someone(), **how
            )
            for time in spread(rng, start, rng.randint(6, 40), 20)
        ]
    return _attack(tenant, "bulk_thief", {actor}, events, start)


def rogue_connector(tenant: Tenant) -> Actor:
    """An application nobody knows makes accounts with names of no language."""
    rng = tenant.rng
    app = f"Sync Helper {rng.randrange(900)}"
    start = START + rng.randrange(8, tenant.days - 1) * DAY + rng.randrange(24) * HOUR
    domain = rng.choice((tenant.domain, tenant.domain, *DISPOSABLE[:1]))
    how = {"app": app, "app_id": tenant.guid(), "src_ip": tenant.foreign()}
    times = spread(rng, start, rng.randint(8, 60), 6)
    return _attack(
        tenant,
        "rogue_connector",
        {app},
        [
            made(tenant, time, app, f"{_name(tenant, 'random', turn)}@{domain}", **how)
            for turn, time in enumerate(times)
        ],
        start,
    )


ATTACKS: tuple[Make, ...] = (
    *(
        stolen_user,
        stolen_user,
        stolen_admin,
        guests,
        slow_maker,
        short_lived,
        mass_mailer,
        bulk_thief,
        rogue_connector,
    ),
)
