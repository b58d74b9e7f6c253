"""background: people at work. Sign-ins with a day and week rhythm, slips, expired sessions, now and then a new hire."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from ..event import MINUTE, SECOND, SimEvent
from ..names import APPS
from ..population import OFFICE_COUNTRIES, Organisation, Person, Place, Rhythm
from ..story import Client, Scenario, Story, person_client

SIGN_IN_SOURCES = ("entra_signin", "m365_audit", "okta_system", "workspace_login", "windows_security")
APP_CHOICES = [app for app in APPS for _ in range(app[3])]
DEFAULT_EVENTS = 5000


def _where(rng: Random, organisation: Organisation, person: Person, time: int) -> Place:
    hour = time // (60 * MINUTE) % 24
    roll = rng.random()
    if 7 <= hour < 18 and (time // (1440 * MINUTE) + 3) % 7 < 5 and roll < 0.7:
        return organisation.offices[person.office]
    return person.home if roll < 0.88 else person.mobile


def _client(story: Story, person: Person, time: int) -> Client:
    place = _where(story.rng, story.organisation, person, time)
    app = story.rng.choice(APP_CHOICES)
    if place is person.mobile:
        return Client(place, person.phone, app[0], app[1], "Mobile Apps and Desktop clients", "")
    return person_client(person, place, app)


def _slip(rng: Random, name: str) -> str:
    """`name` typed wrongly: two letters swapped, one missing or one doubled."""
    local, _, domain = name.partition("@")
    i = rng.randrange(1, max(2, len(local) - 1))
    kind = rng.randrange(3)
    wrong = (local[: i - 1] + local[i] + local[i - 1] + local[i + 1 :], local[:i] + local[i + 1 :],
             local[:i] + local[i - 1] + local[i:])[kind]  # fmt: skip
    return f"{wrong}@{domain}"


def signing_in(story: Story, person: Person, time: int) -> Iterator[SimEvent]:
    """One moment of `person`'s day: mostly a success, sometimes a slip before it or a session that ran out."""
    rng, client = story.rng, _client(story, person, time)
    roll = rng.random()
    if roll < 0.045:
        for _ in range(1 + (rng.random() < 0.3)):
            yield story.attempt(time, client, person.upn, "exists_bad_secret")
            time += rng.randrange(5 * SECOND, 40 * SECOND)
    elif roll < 0.05:
        name = _slip(rng, person.upn)
        if name not in story.organisation.by_upn:
            yield story.attempt(time, client, name, "not_found")
            time += rng.randrange(5 * SECOND, 40 * SECOND)
    elif roll < 0.052:
        yield story.attempt(time, client, person.upn, "ambiguous", "locked")
        time += rng.randrange(2 * MINUTE, 20 * MINUTE)
    elif roll < 0.115:
        yield story.attempt(time, client, person.upn, "noise")
    elif roll < 0.13:
        yield story.attempt(time, client, person.upn, "exists_good_secret", "mfa")
        time += rng.randrange(5 * SECOND, 60 * SECOND)
    yield story.attempt(time, client, person.upn, "success")


def _work(story: Story, person: Person, time: int) -> Iterator[SimEvent]:
    """Everything but sign-ins that ordinary people leave in the logs this run writes."""
    organisation, rng = story.organisation, story.rng
    base = SimEvent(time, "", organisation.tenant, *_where(rng, organisation, person, time), person.outlook,
                    host=person.workstation)  # fmt: skip
    if "autodiscover" in story.kinds:
        yield base._replace(kind="autodiscover", target=person.upn, target_id=person.user_id, detail="xml")
    if "mail_sent" in story.kinds:
        other = organisation.anyone(rng).upn if rng.random() < 0.7 else f"desk{rng.randrange(40)}@partner.example"
        yield base._replace(kind="mail_sent", actor=person.upn, target=other, detail="delivered")
    if "directory_read" in story.kinds:
        found = organisation.anyone(rng)
        yield base._replace(kind="directory_read", actor=person.upn, target=found.user_id, target_id=person.user_id,
                            app="Microsoft Teams", app_id=APPS[1][1], detail="one")  # fmt: skip
    if "account_created" in story.kinds and "sign_in" not in story.kinds:
        yield from _new_hire(story, base)


def _new_hire(story: Story, base: SimEvent) -> Iterator[SimEvent]:
    organisation = story.organisation
    admin = organisation.people[0]
    name = organisation.absent(story.rng, 1)[0]
    yield base._replace(kind="account_created", actor=admin.upn, target=name, src_ip=organisation.offices[0].src_ip,
                        asn=organisation.offices[0].asn, country=organisation.offices[0].country)  # fmt: skip


def play(story: Story) -> Iterator[SimEvent]:
    rng, days = story.rng, story.span_days(7)
    # Accounts are made by the handful in a week; everything else is as frequent as people are busy.
    is_rare = story.kinds <= {"account_created"}
    wanted = story.count(20 if is_rare else DEFAULT_EVENTS)
    rhythm = Rhythm(story.start, days)
    told = 0
    while told < wanted:
        person = story.organisation.anyone(rng)
        time = rhythm.moment(rng, OFFICE_COUNTRIES[person.office][1] * -1)
        happening = signing_in(story, person, time) if "sign_in" in story.kinds else _work(story, person, time)
        for event in happening:
            if event.time < rhythm.end and told < wanted:
                told += 1
                yield event


SCENARIOS = (
    Scenario(
        "office", "Ordinary people at work for a week", "background", None, None,
        (*SIGN_IN_SOURCES, "iis", "exchange_httpproxy", "entra_audit", "workspace_admin", "graph_activity",
         "message_trace"),
        "Nothing: slips, expired sessions and new hires stay far below every threshold.", play,
    ),
)  # fmt: skip
