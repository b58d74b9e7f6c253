"""benign: machines and whole organisations at once. Synchronisation, migration, monitors, outages, Monday morning."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ..event import DAY, HOUR, MINUTE, SECOND, SimEvent
from ..names import APPS, OFFICE_CLIENT
from ..population import Person, Place, paced
from ..story import Client, Play, Scenario, Story, day, person_client
from .enumeration import CLIENT_APP
from .office import SIGN_IN_SOURCES, signing_in
from .on_premises import WEB_SOURCES, asked

SYNC_APP = ("Directory Synchronization Service", "cb1056e2-e479-49de-ae31-7812af012ed8")


def _at_work(story: Story, wanted: int) -> list[tuple[Person, Client]]:
    """People with what they work with, half of them in their office and half at home."""
    people = story.organisation.somebody(story.rng, wanted)
    return [
        (person, person_client(person, story.organisation.offices[person.office] if turn % 2 else person.home, APPS[0]))
        for turn, person in enumerate(people)
    ]


def synchronisation(story: Story) -> Iterator[SimEvent]:
    """The service that copies the directory reads all of it every half hour, day and night."""
    organisation, rng = story.organisation, story.rng
    place = Place(f"10.{20 + organisation.number % 200}.0.31", 0, "")
    service = "MSOL_3f9a1c20b7d4"
    story.allow("actor", f"{organisation.netbios}\\{service}", "Directory synchronisation", 365)
    story.allow("app_id", SYNC_APP[1], "Directory synchronisation", 365)
    objects = [person.user_id for person in organisation.people[:40]]
    wanted = story.count(int(story.span_days(2) * 48) * len(objects))
    for number in range(wanted):
        turn, index = divmod(number, len(objects))
        time = story.start + turn * 30 * MINUTE + index * SECOND + rng.randrange(SECOND) // 1000 * 1000
        yield SimEvent(time, "directory_read", organisation.tenant, *place, "", *SYNC_APP,
                       actor=f"{service}@{organisation.domain}", host="DC01",
                       target=objects[index], detail="page" if index % 8 == 0 else "one")  # fmt: skip


def domain_rename(story: Story) -> Iterator[SimEvent]:
    """The organisation gives its old domain up over night; next morning people type the name they always typed."""
    organisation, rng = story.organisation, story.rng
    old = f"{organisation.name}-old.example"
    story.lookups.setdefault("enumwatch_domains.csv", []).append({"domain": old, "tenant": "", "kind": "retired"})
    story.allow("target_domain", old, "Domain given up on " + day(story.start + DAY)[:10])
    first, second = story.begin(8), story.begin(32)
    for person, client in _at_work(story, max(1, story.count(180) // 3)):
        yield story.attempt(first + rng.randrange(8 * HOUR), client, person.upn, "success")
        time = second + rng.randrange(2 * HOUR)
        yield story.attempt(time, client, f"{person.login}@{old}", "not_found")
        yield story.attempt(time + rng.randrange(10 * SECOND, 90 * SECOND), client, person.upn, "success")


def mail_migration(story: Story) -> Iterator[SimEvent]:
    """A migration tool signs in with its one service account and asks where each mailbox is."""
    place = Place("198.51.100.84", 64515, "DE")
    story.allow("ip", place.src_ip, "Mail migration, project MIG-7", 30)
    service = f"svc-migration@{story.organisation.domain}"
    people = story.organisation.somebody(story.rng, max(1, story.count(120) // 2))
    for time, person in zip(paced(story.rng, story.begin(44), len(people), 9), people):
        yield asked(story, time, place, "MailMigration/9.2", service, "xml")
        yield asked(story, time + SECOND, place, "MailMigration/9.2", person.upn, "json")


def uptime_monitor(story: Story) -> Iterator[SimEvent]:
    """A monitor uses one mailbox every ten minutes; somebody changes the password and tells the monitor next day."""
    place = Place("198.51.100.33", 64516, "GB")
    probe = story.organisation.somebody(story.rng, 1)[0]
    client = Client(place, "UptimeProbe/2.4", *OFFICE_CLIENT, CLIENT_APP, "EX01", interactive=False)
    end = story.start + int(story.span_days(2) * DAY)
    wanted = story.count((end - story.start) // (10 * MINUTE))
    changed, told = story.begin(14), story.begin(33)
    for time in (story.start + turn * 10 * MINUTE for turn in range(wanted)):
        if "autodiscover" in story.kinds:
            yield asked(story, time, place, client.user_agent, probe.upn, "json")
        else:
            is_wrong = story.start < changed <= time < told
            yield story.attempt(time, client, probe.upn, "exists_bad_secret" if is_wrong else "success")


def sessions_ended(story: Story) -> Iterator[SimEvent]:
    """A new policy ends every session over night; in the morning each device is refused once or twice and then renewed."""
    rng, start = story.rng, story.begin(29)
    for person, client in _at_work(story, max(1, story.count(240) // 3)):
        time = start + rng.randrange(3 * HOUR)
        for _ in range(2):
            yield story.attempt(time, client, person.upn, "noise", "session")
            time += rng.randrange(SECOND, 40 * SECOND)
        yield story.attempt(time, client, person.upn, "success")


def outage(story: Story) -> Iterator[SimEvent]:
    """For forty minutes no password can be checked: everybody fails where they work, some until they are locked."""
    rng, first, second = story.rng, story.begin(8), story.begin(33)
    for person, client in _at_work(story, max(1, story.count(300) // 5)):
        yield story.attempt(first + rng.randrange(8 * HOUR), client, person.upn, "success")
        time = second + rng.randrange(25 * MINUTE)
        for attempt in range(3):
            is_locked = attempt == 2 and rng.random() < 0.3
            yield story.attempt(time, client, person.upn, "ambiguous" if is_locked else "noise",
                                "locked" if is_locked else "outage")  # fmt: skip
            time += rng.randrange(20 * SECOND, 4 * MINUTE)
        yield story.attempt(second + 41 * MINUTE + rng.randrange(30 * MINUTE), client, person.upn, "success")


def monday_morning(story: Story) -> Iterator[SimEvent]:
    """After two quiet days everybody comes within two hours."""
    rng, start, wanted = story.rng, story.begin(7.5), story.count(200)
    told = 0
    for turn in count():
        person = story.organisation.people[turn % len(story.organisation.people)]
        for event in signing_in(story, person, start + rng.randrange(2 * HOUR)):
            if told == wanted:
                return
            told += 1
            yield event


def scheduled_lookup(story: Story) -> Iterator[SimEvent]:
    """A nightly job asks for names of a list that nobody keeps up to date, always in the same minutes."""
    place = Place("198.51.100.47", 64517, "NL")
    client = Client(place, "ListCheck/1.8", *OFFICE_CLIENT, CLIENT_APP, "EX01", interactive=False)
    for turn, name in enumerate(story.organisation.absent(story.rng, story.count(6))):
        time = story.start + turn * DAY + 2 * HOUR + story.rng.randrange(3 * MINUTE)
        yield story.attempt(time, client, name, "not_found")


def vulnerability_scan(story: Story) -> Iterator[SimEvent]:
    """A scanner tries default passwords at every account it was given, from its declared address."""
    place = Place("198.51.100.55", 65541, "NL")
    story.allow("ip", place.src_ip, "Vulnerability scanner, every second Tuesday", 365)
    client = Client(place, "VulnScan/10.4", *OFFICE_CLIENT, CLIENT_APP, "EX01", interactive=False)
    people = story.organisation.somebody(story.rng, story.count(45))
    for time, person in zip(paced(story.rng, story.begin(26), len(people), 5), people):
        yield story.attempt(time, client, person.upn, "exists_bad_secret")


def old_password(story: Story) -> Iterator[SimEvent]:
    """A phone keeps its old password all night, until its owner sees to it in the morning."""
    person = story.organisation.people[3]
    client = Client(person.home, person.mail_phone, *OFFICE_CLIENT, "Exchange ActiveSync")
    yield story.attempt(story.begin(9), client, person.upn, "success")
    wanted = story.count(160)
    for time in paced(story.rng, story.begin(18), wanted, 5 * 60):
        yield story.attempt(time, client, person.upn, "exists_bad_secret")
    yield story.attempt(time + 20 * MINUTE, client, person.upn, "success")


def _benign(
    name: str, title: str, expect: str, play: Play, sources: tuple[str, ...], declared: bool = False
) -> Scenario:
    return Scenario(name, title, "benign", None, None, sources, expect, play, declared)


SCENARIOS = (
    _benign("directory_sync", "The directory is copied every half hour", "Nothing: the service is declared.",
            synchronisation, ("graph_activity", "windows_security"), True),
    _benign("domain_rename", "People type the domain that was given up", "Nothing: they do it where they work.",
            domain_rename, ("entra_signin", "okta_system"), True),
    _benign("mail_migration", "A migration tool opens every mailbox",
            "A finding that the allowlist suppresses and counts.", mail_migration, WEB_SOURCES, True),
    _benign("uptime_monitor", "A monitor keeps trying a password that was changed",
            "Nothing: one name, where it signed in before.", uptime_monitor, (*SIGN_IN_SOURCES, *WEB_SOURCES)),
    _benign("sessions_ended", "Every device signs in anew on one morning", "Nothing: an ended session is no try.",
            sessions_ended, ("entra_signin", "m365_audit")),
    _benign("sign_in_outage", "No password can be checked for forty minutes",
            "Nothing: an outage is no answer about anybody.", outage, ("entra_signin", "m365_audit")),
    _benign("scheduled_lookup", "A nightly job asks for names that are gone", "Nothing: it only acts at one time of the day.",
            scheduled_lookup, ("entra_signin", "okta_system", "windows_security")),
    _benign("vulnerability_scan", "A declared scanner tries default passwords",
            "A finding that the allowlist suppresses and counts.", vulnerability_scan, SIGN_IN_SOURCES, True),
    _benign("old_password", "A phone keeps an old password for a night", "Nothing: one name, where it signed in before.",
            old_password, SIGN_IN_SOURCES),
    _benign("monday_morning", "Everybody comes at once", "Nothing: slips among far more successes.", monday_morning,
            SIGN_IN_SOURCES),
)  # fmt: skip
