"""benign: what looks like enumeration in a table of failures and is not."""

from __future__ import annotations

from collections.abc import Iterator

from ..event import HOUR, MINUTE, SimEvent
from ..names import APPS, BROWSERS, FAMILY, GIVEN, OFFICE_CLIENT, TOOL_APPS
from ..population import Place, Rhythm, paced
from ..story import Client, Play, Scenario, Story, person_client
from .enumeration import CLIENT_APP, mixed_names
from .office import SIGN_IN_SOURCES, signing_in

EXPENSES = ("Expense Portal", "7e5a0c11-52f3-4d0b-9a6e-3f6f1d2c8b41")
FIXED_IP = "198.51.100.77"
TESTER_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/104.0.0.0 Safari/537.36"
)


def federation_fault(story: Story) -> Iterator[SimEvent]:
    """A partner's people reach one application whose trust is set up wrongly: all fail, each keeps trying."""
    rng = story.rng
    partners = [f"{rng.choice(GIVEN)}.{rng.choice(FAMILY)}@partner.example" for _ in range(45)]
    homes = [
        Place(f"245.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}", 64505, "FR") for _ in range(6)
    ]
    rhythm = Rhythm(story.begin(31), story.span_days(0.3))
    for _ in range(story.count(160)):
        index = rng.randrange(len(partners))
        client = Client(homes[index % len(homes)], BROWSERS[index % len(BROWSERS)], *EXPENSES, "Browser")
        yield story.attempt(rhythm.moment(rng), client, partners[index], "wrong_realm", "federation")


def penetration_test(story: Story) -> Iterator[SimEvent]:
    """A real roll call by testers whose address the organisation has declared."""
    count = story.count(140)
    place = Place(FIXED_IP, 65539, "NL")
    story.allow("ip", place.src_ip, "Penetration test 2026-03, ticket SEC-1042")
    app, app_id = TOOL_APPS[0]
    client = Client(place, TESTER_AGENT, app, app_id, CLIENT_APP, "EX01", interactive=False)
    times = paced(story.rng, story.begin(57), count, 8)
    for time, (name, answer) in zip(times, mixed_names(story, count, 0.15)):
        event = story.attempt(time, client, name, answer)
        if "autodiscover" in story.kinds:
            event = event._replace(kind="autodiscover", answer="ambiguous", detail="json")
        yield event


def load_test(story: Story) -> Iterator[SimEvent]:
    """Numbered test users against the sign-in page, nearly all at once, from a declared address."""
    count = story.count(400)
    place = Place("198.51.100.90", 65538, "NL")
    story.allow("ip", place.src_ip, "Load test of the sign-in page")
    client = Client(place, "Apache-HttpClient/4.5.14 (Java/17.0.9)", *OFFICE_CLIENT, CLIENT_APP, "EX01")
    for index, time in enumerate(paced(story.rng, story.begin(45), count, 0.5)):
        yield story.attempt(time, client, f"loadtest{index % 200:04d}@{story.organisation.domain}", "not_found")


def reset_portal(story: Story) -> Iterator[SimEvent]:
    """The self-service portal checks what people type, and people type wrong things all day."""
    place = Place("198.51.100.61", 64512, "NL")
    app = ("Password Reset Portal", "3c1b7a52-9c55-4c1e-8d39-5d7e4b0a6f10")
    story.allow("ip", place.src_ip, "Egress of the password reset portal", 365)
    client = Client(place, "ResetPortal/3.2", *app, CLIENT_APP, "PORTAL01")
    rhythm = Rhythm(story.start, story.span_days(2))
    for name, answer in mixed_names(story, story.count(50), 0.7):
        yield story.attempt(rhythm.moment(story.rng), client, name, answer, "reset")


def expiry_wave(story: Story) -> Iterator[SimEvent]:
    """One morning: passwords that were set on one day run out together, behind one office address."""
    organisation, rng = story.organisation, story.rng
    office = organisation.offices[0]
    start = story.begin(30)
    told, wanted = 0, story.count(150)
    for person in organisation.somebody(rng, wanted):
        client = person_client(person, office, rng.choice(APPS))
        time = start + int(rng.random() * 2 * HOUR)
        for _ in range(rng.randrange(1, 4)):
            yield story.attempt(time, client, person.upn, "exists_good_secret", "expired")
            time += rng.randrange(20, 90) * 1_000_000
            told += 1
        if rng.random() < 0.85:
            yield story.attempt(time + 3 * MINUTE, client, person.upn, "success")
            told += 1
        if told >= wanted:
            return


def leavers_phones(story: Story) -> Iterator[SimEvent]:
    """Phones of people who worked here until yesterday keep asking for mail from the office network for days."""
    organisation, rng = story.organisation, story.rng
    days = story.span_days(3)
    left = organisation.absent(rng, 14) + [person.upn for person in organisation.leavers]
    per_phone = max(1, story.count(1200) // len(left))
    for index, name in enumerate(left):
        client = Client(organisation.offices[0], f"Apple-iPhone{11 + index % 6}C{1 + index % 3}/2103.101",
                        "Office 365 Exchange Online",
                        APPS[0][1], "Exchange ActiveSync")  # fmt: skip
        answer = "not_found" if name not in organisation.by_upn else "exists_blocked"
        gone = story.begin(26)
        if gone > story.start:
            for _ in range(2):
                yield story.attempt(story.start + 7 * HOUR + rng.randrange(9 * HOUR), client, name, "success")
        for time in paced(rng, gone + rng.randrange(HOUR), per_phone, days * 86400 / per_phone * 0.97):
            yield story.attempt(time, client, name, answer, "disabled")


def shared_egress(story: Story) -> Iterator[SimEvent]:
    """Everybody behind one proxy address: many names, many slips, far more successes."""
    organisation, rng = story.organisation, story.rng
    proxy = Place("198.51.100.20", 64513, "DE")
    rhythm = Rhythm(story.start, story.span_days(1.0))
    told, wanted = 0, story.count(1500)
    while told < wanted:
        person = organisation.anyone(rng)
        for event in signing_in(story, person, rhythm.moment(rng)):
            if event.time < rhythm.end and told < wanted:
                told += 1
                yield event._replace(src_ip=proxy.src_ip, asn=proxy.asn, country=proxy.country, host="")


def _benign(
    name: str,
    title: str,
    expect: str,
    play: Play,
    sources: tuple[str, ...],
    declared: bool = False,
) -> Scenario:
    return Scenario(name, title, "benign", None, None, sources, expect, play, declared)


ABSENT_SHOWN = ("entra_signin", "m365_audit", "okta_system", "windows_security")
SCENARIOS = (
    _benign("federation_fault", "A partner's people cannot reach one application",
            "Nothing, or Low-Level with the note that one application dominates.", federation_fault,
            ("entra_signin", "m365_audit")),
    _benign("penetration_test", "A declared roll call by testers",
            "A finding that the allowlist suppresses and counts.",
            penetration_test, (*SIGN_IN_SOURCES, "iis", "exchange_httpproxy"), True),
    _benign("load_test", "Numbered test users from a declared address",
            "A finding that the allowlist suppresses and counts.",
            load_test, ABSENT_SHOWN, True),
    _benign("reset_portal", "A reset portal checks what people type", "Nothing: the portal is in the allowlist.",
            reset_portal, ABSENT_SHOWN, True),
    _benign("expiry_wave", "Passwords that expire on one morning",
            "Nothing: names are familiar and most sign in minutes later.",
            expiry_wave, ABSENT_SHOWN),
    _benign("leavers_phones", "Phones of people who left keep retrying", "Nothing: few names, many attempts each.",
            leavers_phones, SIGN_IN_SOURCES),
    _benign("shared_egress", "Everybody behind one proxy address", "Nothing: successes outnumber failures.",
            shared_egress, SIGN_IN_SOURCES),
)  # fmt: skip
