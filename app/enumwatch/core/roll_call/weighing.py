"""Weighing: how much one first contact speaks for somebody calling the roll."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Optional

from ..observation import Observation
from ..owner import Owner
from ..scope import ABSENT, UNCLEAR, WRONG_REALM, class_of
from .habits import Habits
from .knowledge import Knowledge, digit_shape
from .rules import Rules

# Names that say of themselves that nobody is behind them: load tests and monitors use them.
TEST_PARTS = ("test", "qa.", "qa_", "qa-")  # anywhere in the name
TEST_WORDS = ("perf", "load", "demo", "dummy", "stress", "auto", "e2e", "synthetic")  # at the begin of one of its words
_TEST_NAME = re.compile("|".join([*map(re.escape, TEST_PARTS), rf"(?:^|[._-])(?:{'|'.join(TEST_WORDS)})"]), re.ASCII)
# Applications through which owners have their own names looked up.
LOOK_UP_PHRASES = ("password reset", "self-service", "self service", "selfservice")
LOOK_UP_WORDS = ("sspr",)
_LOOK_UP_APP = re.compile("|".join([*LOOK_UP_PHRASES, *(rf"\b{word}\b" for word in LOOK_UP_WORDS)]), re.IGNORECASE)
# Answers that are only given once the password was right: the owner, or a compromise that the chain rule tells.
PROOF = "exists_good_secret"


@lru_cache(maxsize=1000)
def is_look_up(app: str) -> bool:
    """True for an application through which people have their own names looked up, such as a reset portal."""
    return bool(_LOOK_UP_APP.search(app))


class Weighing:
    """Weighs first contacts of one tenant against what is known at their time."""

    def __init__(self, rules: Rules, knowledge: Knowledge, owner: Owner) -> None:
        self._rules = rules
        self._knowledge = knowledge
        self._owner = owner

    def weigh(self, one: Observation, network: str, habits: Habits, is_cold: bool) -> float:
        """Weight of a first contact, 0 for one that says nothing."""
        knowledge = self._knowledge
        known = network if knowledge.has_people_from(network) else None
        return self._weigh(one, known, habits, is_cold, knowledge.number)

    def weigh_stranger(self, one: Observation, habits: Habits, number: int) -> float:
        """The weight that a first contact had when `number` names were known, and of its network and place nobody."""
        return self._weigh(one, None, habits, True, number)

    def _weigh(self, one: Observation, network: Optional[str], habits: Habits, is_cold: bool, number: int) -> float:
        """`network` is None where nobody ever signed in from it."""
        weights = self._rules.weights
        contact, name = one.contact, one.name
        sort = class_of(contact.outcome)
        if contact.outcome == PROOF or (sort == UNCLEAR and contact.kind != "sign_in"):
            return 0.0
        looks_up = is_look_up(contact.app)
        if sort not in (ABSENT, WRONG_REALM):
            if looks_up or (network is not None and self._knowledge.is_familiar(name, network)):
                return 0.0
            return weights.existing
        if not self._may_be_somebody(name):
            return 0.0
        weight = self._absent(name, network, habits, number)
        if looks_up:
            # People type what they half remember into a portal; only many such names speak against it.
            return weights.near if weight >= weights.absent else 0.0
        if weight >= weights.absent:
            return weight
        # On an address from which nobody ever signed in even a slip is odd.
        return max(weight, weights.least) if is_cold else weight

    def _may_be_somebody(self, name: str) -> bool:
        """False for a name of another company, and for one that says of itself that nobody is behind it."""
        local, _, domain = name.partition("@")
        return not (domain and self._owner.is_foreign_domain(domain)) and not _TEST_NAME.search(local)

    def note(self, one: Observation, habits: Habits) -> None:
        """Notes what weighing a first contact notes, without weighing it."""
        shape = digit_shape(one.name)
        if shape and class_of(one.contact.outcome) in (ABSENT, WRONG_REALM) and self._may_be_somebody(one.name):
            habits.names_of_shape(shape, one.name)

    def _absent(self, name: str, network: Optional[str], habits: Habits, number: int) -> float:
        weights, knowledge, rules = self._rules.weights, self._knowledge, self._rules
        shape = digit_shape(name)
        of_shape = habits.names_of_shape(shape, name) if shape else 0
        if network is None:
            # Nobody can be meant who is at work there.
            has_neighbours = knowledge.has_neighbour(name, number)
        else:
            if knowledge.is_familiar(name, network) or knowledge.is_other_spelling(name, network):
                return 0.0
            neighbours = knowledge.neighbours(name)
            if knowledge.is_slip(neighbours, network):
                return 0.0
            has_neighbours = bool(neighbours)
        if has_neighbours:
            return weights.near
        if of_shape >= rules.counter_names and knowledge.known_of_shape(shape, number) < rules.counter_names:
            return weights.counter
        return weights.absent
