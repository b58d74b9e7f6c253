"""attacks: finding out which names exist, from one address, slowly, with rotating agents or with rotating addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle

from ..event import HOUR, MINUTE, SimEvent
from ..names import ATTACK_AGENTS, BROWSERS, TOOL_APPS
from ..population import hosting, paced, rotating
from ..story import Client, Play, Scenario, Story
from .office import SIGN_IN_SOURCES

TECHNIQUE = "T1589.002"
CLIENT_APP = "Mobile Apps and Desktop clients"


def mixed_names(story: Story, count: int, existing_share: float) -> list[tuple[str, str]]:
    """`count` different (name, answer) pairs, the given share of them real people, in random order.

    A list of more than 50 also holds the decoy mailbox, which exists to be found by whoever uses such lists.
    """
    people = story.organisation.somebody(story.rng, round(count * existing_share))
    pairs = [(person.upn, "exists_bad_secret") for person in people]
    if count > 50:
        pairs.append((story.organisation.decoy.upn, "exists_bad_secret"))
    pairs += [(name, "not_found") for name in story.organisation.absent(story.rng, count - len(pairs))]
    story.rng.shuffle(pairs)
    return pairs


def tool(story: Story, agent: str = "") -> Client:
    """A scripted client at a hosting company that asks for tokens with a name and a password."""
    app, app_id = TOOL_APPS[0]
    return Client(hosting(story.rng), agent or ATTACK_AGENTS[0], app, app_id, CLIENT_APP, "EX01")


def try_all(story: Story, times: Sequence[int], client: Client, pairs: Sequence[tuple[str, str]]) -> Iterator[SimEvent]:
    for time, (name, answer) in zip(times, pairs):
        yield story.attempt(time, client, name, answer)


def fast(story: Story) -> Iterator[SimEvent]:
    count = story.count(120)
    times = paced(story.rng, story.begin(26.2), count, 6)
    yield from try_all(story, times, tool(story), mixed_names(story, count, 0.15))


def slow(story: Story) -> Iterator[SimEvent]:
    days = story.span_days(4)
    count = story.count(max(1, int(days * 24 * 3)))
    times = paced(story.rng, story.start + 20 * MINUTE, count, days * 86400 / count * 0.95, jitter=0.5)
    yield from try_all(story, times, tool(story, BROWSERS[4]), mixed_names(story, count, 0.12))


def agents(story: Story) -> Iterator[SimEvent]:
    count = story.count(100)
    base = tool(story)
    times = paced(story.rng, story.begin(30.5), count, 15)
    pool = cycle((*ATTACK_AGENTS, *BROWSERS))
    for time, (name, answer) in zip(times, mixed_names(story, count, 0.15)):
        app, app_id = story.rng.choice(TOOL_APPS)
        client = Client(base.place, next(pool), app, app_id, CLIENT_APP, base.host, interactive=False)
        yield story.attempt(time, client, name, answer)


def addresses(story: Story) -> Iterator[SimEvent]:
    count = story.count(240)
    places = rotating(story.rng, max(1, count * 4 // 5))
    app, app_id = TOOL_APPS[1]
    times = paced(story.rng, story.begin(33), count, 40)
    for index, (time, (name, answer)) in enumerate(zip(times, mixed_names(story, count, 0.12))):
        client = Client(
            places[index % len(places)], ATTACK_AGENTS[1], app, app_id, CLIENT_APP, "EX01", interactive=False
        )
        yield story.attempt(time, client, name, answer)


def existing_only(story: Story) -> Iterator[SimEvent]:
    people = story.organisation.somebody(story.rng, story.count(70))
    pairs = [(person.upn, "exists_bad_secret") for person in sorted(people, key=lambda person: person.upn)]
    times = paced(story.rng, story.begin(27), len(pairs), 20)
    yield from try_all(story, times, tool(story, ATTACK_AGENTS[2]), pairs)


def then_success(story: Story) -> Iterator[SimEvent]:
    """A roll call, three passwords for each name found, and one account that gives in."""
    count = story.count(110)
    client = tool(story)
    tried = max(4, count * 3 // 4)
    pairs = mixed_names(story, tried, 0.2)
    times = paced(story.rng, story.begin(26.2), tried, 7)
    yield from try_all(story, times, client, pairs)
    found = [name for name, answer in pairs if answer != "not_found"]
    victim = story.rng.choice(found) if found else story.organisation.people[0].upn
    later_times = paced(story.rng, times[-1] + 25 * MINUTE, max(1, count - tried - 2), 11)
    for name, time in zip(cycle(found or [victim]), later_times):
        yield story.attempt(time, client, name, "exists_bad_secret")
    # Most logs write the prompt for a second factor; Okta and Windows only the sign-in that follows it.
    yield story.attempt(time + 2 * MINUTE, client, victim, "exists_good_secret", "mfa")
    yield story.attempt(time + 3 * MINUTE, client, victim, "success")
    later = Client(
        hosting(story.rng), BROWSERS[0], "One Outlook Web", "9199bf20-a13f-4107-85dc-02114787ef48", "Browser", "EX01"
    )
    yield story.attempt(time + 5 * HOUR, later, victim, "success")


def _attack(name: str, title: str, expect: str, play: Play, aspect: str) -> Scenario:
    return Scenario(name, title, "attack", "email_enumeration", TECHNIQUE, SIGN_IN_SOURCES, expect, play, aspect=aspect)


SCENARIOS = (
    _attack("fast_enumeration", "One address calls the roll in a quarter of an hour",
            "One finding on one address, High Confidence where the log shows absent names, with the names that exist.",
            fast, "fast"),
    _attack("slow_enumeration", "One address tries three names an hour for days",
            "One finding on one address that an hourly threshold never sees.", slow, "slow"),
    _attack("agent_rotation", "One address, a new user agent and client with every try",
            "One finding, not one per agent.", agents, "rotating agents"),
    _attack("address_rotation", "A new address with nearly every try",
            "One finding that lists the addresses or the networks and agent they share.", addresses, "distributed"),
    _attack("existing_names_only", "A list of real names, each tried once",
            "One finding although no name is absent.", existing_only, "existing names"),
    _attack("enumeration_then_success", "A roll call, passwords for the names found, one account opened",
            "Compromise Suspected, naming the account.", then_success, "success chain"),
)  # fmt: skip
