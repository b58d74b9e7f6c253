"""attacks: passwords, not names. A few passwords for everybody, or many for one account."""

from __future__ import annotations

from collections.abc import Iterator

from ..event import HOUR, SimEvent
from ..names import ATTACK_AGENTS, BROWSERS
from ..population import paced
from ..story import Scenario, Story
from .enumeration import tool
from .office import SIGN_IN_SOURCES

# Smart lockout answers "locked" from about this many tries on, whatever the account (seen in real sprays).
LOCKOUT_AFTER_TRIES = 57


def spray(story: Story) -> Iterator[SimEvent]:
    """Three passwords, each tried at every name before the next; the provider starts to refuse after a while."""
    count = story.count(180)
    client = tool(story, ATTACK_AGENTS[3])
    people = story.organisation.somebody(story.rng, max(1, count // 3))
    start = story.begin(34)
    told = 0
    for round_number in range(3):
        times = paced(story.rng, start + round_number * HOUR, len(people), 12)
        for time, person in zip(times, people):
            told += 1
            refused = told > LOCKOUT_AFTER_TRIES and story.rng.random() < 0.6
            yield story.attempt(time, client, person.upn, "ambiguous" if refused else "exists_bad_secret",
                                "locked" if refused else "")  # fmt: skip


def one_account(story: Story) -> Iterator[SimEvent]:
    count = story.count(220)
    client = tool(story, BROWSERS[2])
    victim = story.organisation.somebody(story.rng, 1)[0]
    for index, time in enumerate(paced(story.rng, story.begin(29), count, 9)):
        refused = index >= 12 and index % 4 > 0
        yield story.attempt(time, client, victim.upn, "ambiguous" if refused else "exists_bad_secret",
                            "locked" if refused else "")  # fmt: skip


SCENARIOS = (
    Scenario("password_spray", "Three passwords at everybody", "attack", "password_spray", "T1110.003", SIGN_IN_SOURCES,
             "Password Spray on one address, not enumeration.", spray, aspect="spray"),
    Scenario("password_guessing", "Many passwords at one account", "attack", "password_guessing", "T1110.001",
             SIGN_IN_SOURCES, "Password Guessing at one account, not enumeration.", one_account, aspect="guessing"),
)  # fmt: skip
