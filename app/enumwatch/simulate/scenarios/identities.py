"""attacks on the directory and on accounts in logs with a past: what only shows beside what was usual before."""

from __future__ import annotations

from collections.abc import Iterator

from ..event import DAY, HOUR, SECOND, SimEvent
from ..names import ATTACK_AGENTS, BROWSERS, TOOL_APPS, login_name
from ..population import Person, Place, hosting, paced
from ..story import Client, Play, Scenario, Story
from .accounts import CREATION_SOURCES, created
from .enumeration import CLIENT_APP, mixed_names, tool, try_all
from .office import SIGN_IN_SOURCES, signing_in

# Long enough for a log to have a past: a maker or reader without earlier days is new, and not only unknown.
PAST_DAYS = 9
READERS = 4
READS_A_DAY = 15


def _working_days(story: Story) -> Iterator[int]:
    """The begin of each working day of the past, a Monday first."""
    for number in range(PAST_DAYS):
        if number % 7 < 5:
            yield story.start + number * DAY + 8 * HOUR


def _hires(story: Story) -> Iterator[SimEvent]:
    """Two accounts a day, made by the administrator who always makes them."""
    organisation = story.organisation
    admin = organisation.people[0]
    for begin in _working_days(story):
        for name in organisation.absent(story.rng, 2):
            time = begin + story.rng.randrange(6 * HOUR)
            hire = created(story, time, organisation.offices[0], admin.upn, name, admin.browser)
            yield hire._replace(is_past=True)


def _reads(story: Story) -> Iterator[SimEvent]:
    """A few people look colleagues up at work, every day some."""
    organisation, rng = story.organisation, story.rng
    for begin in _working_days(story):
        for reader in organisation.people[1 : 1 + READERS]:
            for _ in range(READS_A_DAY):
                found = organisation.anyone(rng)
                yield _read(
                    story, begin + rng.randrange(8 * HOUR), organisation.offices[0], reader, found.user_id, "one"
                )


def _read(story: Story, time: int, place: Place, reader: Person, target: str, detail: str, agent: str = "") -> SimEvent:
    return SimEvent(
        time, "directory_read", story.organisation.tenant, *place, agent or reader.browser, *TOOL_APPS[3],
        actor=reader.upn, host="DC01", target=target, detail=detail, target_id=reader.user_id,
    )  # fmt: skip


def off_hours(story: Story) -> Iterator[SimEvent]:
    """Somebody who looks up a few colleagues a day reads hundreds at three in the night, from elsewhere."""
    yield from _reads(story)
    organisation, reader = story.organisation, story.organisation.people[1]
    place, begin = hosting(story.rng), story.start + PAST_DAYS * DAY + 3 * HOUR
    people = [f"{person.user_id[:-4]}{turn:04x}" for turn in range(8) for person in organisation.people]
    for turn, time in enumerate(paced(story.rng, begin, story.count(300), 1.2)):
        yield _read(story, time, place, reader, people[turn % len(people)], "one", ATTACK_AGENTS[0])


def paging(story: Story) -> Iterator[SimEvent]:
    """A script reads the list of users to its end, page by page, and the groups and roles after it."""
    yield from _reads(story)
    reader = story.organisation.people[len(story.organisation.people) // 3]
    place, begin = hosting(story.rng), story.start + PAST_DAYS * DAY + 10 * HOUR
    for turn, time in enumerate(paced(story.rng, begin, story.count(40), 2)):
        detail = "page" if turn < 30 else ("groups", "roles")[turn % 2]
        yield _read(story, time, place, reader, "", detail, ATTACK_AGENTS[0])


def probing(story: Story) -> Iterator[SimEvent]:
    """Somebody knows a person's name and tries how the organisation writes it; two of the forms are aliases that exist."""
    person = story.organisation.people[7]
    forms = ("flast", "firstl", "first_last", "last.first")
    names = [login_name(person.given, person.family, form) for form in forms]
    names += [f"{person.given}{person.family}", f"{person.given[0]}.{person.family}"]
    names = [name for name in names if not story.organisation.knows(name)][:4]
    times = paced(story.rng, story.begin(28), len(names), 20 * 60)
    client = tool(story, BROWSERS[2])
    for turn, (time, name) in enumerate(zip(times, names)):
        is_alias = turn % 2 == 0
        answer = "exists_bad_secret" if is_alias else "not_found"
        event = story.attempt(time, client, f"{name}@{story.organisation.domain}", answer)
        yield event._replace(target_id=person.user_id) if is_alias else event


def shared_address(story: Story) -> Iterator[SimEvent]:
    """A roll call out of the office's own network, behind the address that everybody there has."""
    organisation, rng = story.organisation, story.rng
    office, count = organisation.offices[0], story.count(90)
    for begin in (story.start + 8 * HOUR, story.start + 32 * HOUR):
        for _ in range(60):
            for event in signing_in(story, organisation.anyone(rng), begin + rng.randrange(8 * HOUR)):
                event = event._replace(src_ip=office.src_ip, asn=office.asn, country=office.country)
                yield event._replace(host="", is_past=True)
    client = Client(office, ATTACK_AGENTS[0], *TOOL_APPS[0], CLIENT_APP, "EX01")
    times = paced(rng, story.start + 41 * HOUR, count, 7)
    yield from try_all(story, times, client, mixed_names(story, count, 0.2))


def _new_maker(story: Story, names: list[str], every: float, detail: str = "") -> Iterator[SimEvent]:
    """A user who never made an account makes these, from elsewhere."""
    maker = story.organisation.people[len(story.organisation.people) // 2]
    place, begin = hosting(story.rng), story.start + PAST_DAYS * DAY + 14 * HOUR
    for time, name in zip(paced(story.rng, begin, len(names), every), names):
        yield created(story, time, place, maker.upn, name, ATTACK_AGENTS[0])._replace(detail=detail)


def disposable(story: Story) -> Iterator[SimEvent]:
    """One account at a throw-away mail service, invited by somebody who never made one."""
    yield from _hires(story)
    yield from _new_maker(story, ["collect@mailinator.com"], 60)


def lookalike(story: Story) -> Iterator[SimEvent]:
    """One account in a domain that reads like the organisation's own."""
    yield from _hires(story)
    domain = story.organisation.domain
    imitation = domain[:2] + domain[1:]
    yield from _new_maker(story, [f"accounting@{imitation}"], 60)


def machine_made(story: Story) -> Iterator[SimEvent]:
    """A dozen numbered accounts within minutes in a log that knows who makes accounts."""
    yield from _hires(story)
    count = story.count(12)
    yield from _new_maker(story, [f"offer{turn + 1:03d}@{story.organisation.domain}" for turn in range(count)], 35)


def short_life(story: Story) -> Iterator[SimEvent]:
    """Accounts that are made, used for an hour or two and deleted again by who made them."""
    yield from _hires(story)
    names = story.organisation.absent(story.rng, 3)
    for event in list(_new_maker(story, names, 600)):
        yield event
        yield event._replace(kind="account_deleted", time=event.time + 2 * HOUR)


def bulk_upload(story: Story) -> Iterator[SimEvent]:
    """A file of accounts uploaded by somebody who never made one; the log says that, and names none of them."""
    yield from _hires(story)
    yield from _new_maker(story, [""] * 2, 20 * 60, "bulk")


def sending(story: Story) -> Iterator[SimEvent]:
    """Senders whom nobody knows mail hundreds of strangers from one address, beside people who mail as ever."""
    organisation, rng = story.organisation, story.rng
    for begin in _working_days(story):
        for person in organisation.people[:20]:
            for _ in range(2):
                other = organisation.anyone(rng).upn
                yield SimEvent(begin + rng.randrange(8 * HOUR), "mail_sent", organisation.tenant, *person.home,
                               actor=person.upn, target=other, detail="delivered", is_past=True)  # fmt: skip
    place, begin = hosting(rng), story.start + PAST_DAYS * DAY + 9 * HOUR
    count = story.count(240)
    for turn in range(count):
        yield SimEvent(begin + turn * 20 * SECOND, "mail_sent", organisation.tenant, *place,
                       actor=f"offer{turn % 8 + 1:03d}@{organisation.domain}", target=f"{turn:05x}@elsewhere.example",
                       detail="failed" if rng.random() < 0.3 else "delivered")  # fmt: skip


def _reading(name: str, title: str, expect: str, play: Play, sources: tuple[str, ...], aspect: str) -> Scenario:
    return Scenario(name, title, "attack", "identity_gathering", "T1589", sources, expect, play, aspect=aspect)


def _making(name: str, title: str, expect: str, play: Play, sources: tuple[str, ...], aspect: str) -> Scenario:
    return Scenario(name, title, "attack", "account_creation", "T1585.002", sources, expect, play, aspect=aspect)


WITH_DOMAINS = tuple(one for one in CREATION_SOURCES if one != "windows_security")
SCENARIOS = (
    Scenario("shared_address_enumeration", "A roll call from behind the address of an office", "attack",
             "email_enumeration", "T1589.002", SIGN_IN_SOURCES,
             "One finding on the agent at the shared address.", shared_address, aspect="shared address",
             unseen={"workspace_login": "it shows only names that exist, too few of them where many people work"}),
    _reading("directory_off_hours", "Hundreds of reads at three in the night by somebody who reads little",
             "Directory Harvest by one account.", off_hours, ("graph_activity", "windows_security"), "off-hours"),
    _reading("directory_paging", "The list of users read to its end", "Directory Harvest by one account.", paging,
             ("graph_activity",), "paging"),
    _reading("identity_probing", "The forms of one person's name", "Identity Probing from one address.", probing,
             ("entra_signin", "okta_system", "windows_security"), "probing"),
    _making("account_disposable", "An account at a throw-away mail service", "Suspicious New Account.", disposable,
            WITH_DOMAINS, "disposable"),
    _making("account_lookalike", "An account in a domain like the own one", "Suspicious New Account.", lookalike,
            WITH_DOMAINS, "look-alike"),
    _making("account_machine_made", "Numbered accounts in a log with a past", "Account Creation Burst.", machine_made,
            CREATION_SOURCES, "machine-made"),
    _making("account_short_life", "Accounts that are deleted again after two hours", "Suspicious New Account.",
            short_life, CREATION_SOURCES, "short life"),
    _making("account_bulk_upload", "Uploads of accounts by somebody new", "Account Creation Burst.", bulk_upload,
            ("entra_audit", "workspace_admin"), "bulk upload"),
    _making("account_sending", "Unknown senders mail strangers from one address", "Suspicious New Account.", sending,
            ("message_trace",), "sending"),
)  # fmt: skip
