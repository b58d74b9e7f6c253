"""attacks on servers of one's own: addresses in autodiscover URLs, Kerberos principals, and Outlook's own lookalike."""

from __future__ import annotations

from collections.abc import Iterator

from ..event import SECOND, SimEvent
from ..names import ATTACK_AGENTS, OUTLOOKS
from ..population import Place, Rhythm, hosting, paced
from ..story import Client, Scenario, Story
from .enumeration import mixed_names

WEB_SOURCES = ("iis", "exchange_httpproxy")


def asked(story: Story, time: int, place: Place, agent: str, name: str, detail: str) -> SimEvent:
    """One autodiscover exchange about `name`: detail "json" has the address in the URL, "xml" signs in."""
    person = story.organisation.by_upn.get(name)
    return SimEvent(
        time, "autodiscover", story.organisation.tenant, place.src_ip, place.asn, place.country, agent, target=name,
        answer="success" if detail == "xml" else "ambiguous", detail=detail, target_id=person.user_id if person else "",
    )  # fmt: skip


def autodiscover(story: Story) -> Iterator[SimEvent]:
    count = story.count(150)
    place = hosting(story.rng)
    times = paced(story.rng, story.begin(51), count, 4)
    for time, (name, _) in zip(times, mixed_names(story, count, 0.2)):
        yield asked(story, time, place, ATTACK_AGENTS[0], name, "json")


def outlook(story: Story) -> Iterator[SimEvent]:
    """Every Outlook starts with an unauthenticated request, asks for its own address and then signs in."""
    rhythm = Rhythm(story.start, story.span_days(2))
    told, wanted = 0, story.count(400)
    while told < wanted:
        person = story.organisation.anyone(story.rng)
        place = story.organisation.offices[person.office] if story.rng.random() < 0.6 else person.home
        time = rhythm.moment(story.rng)
        if story.rng.random() < 0.4:
            yield asked(story, time, place, person.outlook, person.upn, "json")
            told += 1
        yield asked(story, time + SECOND, place, person.outlook or OUTLOOKS[0], person.upn, "xml")
        told += 1


def kerberos(story: Story) -> Iterator[SimEvent]:
    """Names that exist leave no event (pre-authentication required is not audited), unless they are disabled."""
    count = story.count(160)
    inside = Place(
        f"10.{30 + story.organisation.number % 200}.{story.rng.randrange(1, 250)}.{story.rng.randrange(2, 250)}", 0, ""
    )
    client = Client(inside, "", "", "", "Kerberos")
    for time, (name, answer) in zip(paced(story.rng, story.begin(49), count, 0.4), mixed_names(story, count, 0.15)):
        if answer == "not_found":
            yield story.attempt(time, client, name, answer, "kerberos")
        elif story.rng.random() < 0.2:
            yield story.attempt(time, client, name, "exists_blocked", "kerberos")


SCENARIOS = (
    Scenario("autodiscover_enumeration", "Addresses asked for in autodiscover URLs", "attack", "email_enumeration",
             "T1589.002", WEB_SOURCES, "One finding on one address that asked for many different addresses.",
             autodiscover, aspect="autodiscover"),
    Scenario("kerberos_enumeration", "A list of names asked of the domain controller", "attack", "email_enumeration",
             "T1087.002", ("windows_security",), "One finding on one address; names that exist stay invisible.",
             kerberos, aspect="Kerberos"),
    Scenario("outlook_autodiscover", "Outlook clients finding their mailbox: 401, then 200", "benign", None, None,
             WEB_SOURCES, "Nothing: each address asks for few names and then signs in.", outlook),
)  # fmt: skip
