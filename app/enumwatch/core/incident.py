"""Incident: one actor's open run, from the alarm that opened it to its close, with what is needed to judge it at any moment."""

from __future__ import annotations

from typing import Dict, List, Optional, Set, Tuple

from .observation import Observation, Place
from .owner import Owner
from .place_rules import CHAIN, ENUMERATION, GUESSING, SPRAY
from .scope import ABSENT, EXISTING, UNCLEAR, WRONG_REALM, Limits, class_of

__all__ = ["CHAIN", "ENUMERATION", "GUESSING", "SPRAY", "Incident"]

# An absent name stays absent although another row of it is unclear.
_PRECEDENCE = {ABSENT: 0, WRONG_REALM: 1, EXISTING: 2, UNCLEAR: 3}


class Incident:
    """What belongs to one finding. It grows until nothing failed for the closing time."""

    def __init__(self, number: int, first: Observation, agent: Optional[str], limits: Limits, owner: Owner) -> None:
        self.number = number
        self.place = first.place  # where it began
        self.agent = agent  # None: whole places are the actor
        self.entity = ""  # which sort of running sum raised it; "" for a rule that watches one place
        self.places: Dict[Place, int] = {}  # place → when it joined
        self.observations: List[Observation] = []
        self.raised: Dict[str, int] = {}  # rule → when it fired
        self.sorts: Dict[str, str] = {}  # name → class
        self.counts: Dict[str, int] = dict.fromkeys(_PRECEDENCE, 0)  # names per class
        self.confirmed: Set[str] = set()  # names that an answer said exist
        self.compromised: Dict[str, int] = {}  # name → when
        self.break_ins: Set[str] = set()  # compromised names that signed in
        self.has_sensitive_found = False
        self.hidden_attempts = 0
        self.agents: Dict[str, int] = {}  # agent → observations
        self.pairs: Dict[Tuple[str, str], int] = {}  # (ASN, agent) → observations
        self.app_ids: Set[str] = set()
        self.sources: Set[str] = set()
        self.start = self.last_failed = self.last_new_name = first.time
        self.succeeded_before: Set[str] = set()  # who had signed in at its places before it began there
        self.is_fresh_ground = True  # nobody had signed in at any of its places
        self._limits = limits
        self._let_in: Set[str] = set()  # names that got in, or past the password, since it began
        self._owner = owner
        self._familiar = 0

    def join(self, place: Place, time: int, signed_in: Set[str]) -> None:
        """A place takes part from a time on; `signed_in` are the names whose success there accuses nobody."""
        if place not in self.places:
            self.places[place] = time
            self.succeeded_before |= signed_in
            self.is_fresh_ground = self.is_fresh_ground and not signed_in

    def take(self, observation: Observation) -> None:
        """Adds a failed observation of the actor."""
        contact, name = observation.contact, observation.name
        self.observations.append(observation)
        self.start = min(self.start, observation.time)
        self.last_failed = max(self.last_failed, observation.time)
        self.agents[contact.user_agent] = self.agents.get(contact.user_agent, 0) + 1
        pair = (contact.asn, contact.user_agent)
        self.pairs[pair] = self.pairs.get(pair, 0) + 1
        self.app_ids.add(contact.app_id)
        self.sources.add(contact.source)
        sort = class_of(contact.outcome)
        if not name:
            self.hidden_attempts += observation.attempts if sort in (ABSENT, WRONG_REALM) else 0
            return
        self._classify(name, sort, observation.time)
        if contact.outcome == "exists_good_secret" and name not in self.succeeded_before:
            self._let_in.add(name)
            if not self.is_people:
                self.compromised.setdefault(name, observation.time)

    def take_success(self, observation: Observation) -> bool:
        """Adds a success at one of its places if it accuses somebody; returns whether it does."""
        name = observation.name
        if name in self.break_ins or not self._is_break_in(observation):
            return False
        self.observations.append(observation)
        self.compromised.setdefault(name, observation.time)
        self.break_ins.add(name)
        self._classify(name, EXISTING, observation.time)
        return True

    def _classify(self, name: str, sort: str, time: int) -> None:
        if sort == EXISTING:
            self.confirmed.add(name)
            if self._owner.account_kind(name) not in ("", "decoy"):
                self.has_sensitive_found = True
        known = self.sorts.get(name)
        if known is None:
            self.last_new_name = max(self.last_new_name, time)
        if known is not None and _PRECEDENCE[known] <= _PRECEDENCE[sort]:
            return
        if known is not None:
            self._count(name, known, -1)
        self.sorts[name] = sort
        self._count(name, sort, 1)

    def _count(self, name: str, sort: str, by: int) -> None:
        self.counts[sort] += by
        if sort == EXISTING and name in self.succeeded_before:
            self._familiar += by

    def _is_break_in(self, success: Observation) -> bool:
        name = success.name
        if not name or name in self.succeeded_before:
            return False
        is_tried = name in self.sorts
        # The first try can be the right one. Where nobody ever signed in from, that is the actor too.
        is_first_try = self.is_fresh_ground and success.time - self.last_new_name <= self._limits.first_try
        if not is_tried and not is_first_try:
            return False
        self._let_in.add(name)
        return not self.is_people

    @property
    def is_people(self) -> bool:
        """True once so many names got in that these are people at work behind one address."""
        return len(self._let_in) > max(1.0, self._limits.success_share * len(self.sorts))

    @property
    def standing(self) -> Tuple[object, ...]:
        """Everything a verdict depends on, to compare: while it is the same the verdict is."""
        return (
            len(self.sorts),
            len(self.compromised),
            len(self.raised),
            self.hidden_attempts,
            self._familiar,
            len(self.places),
            len(self.agents),
            len(self.app_ids),
            len(self.sources),
            self.has_sensitive_found,
            self.is_told,
        )

    @property
    def is_told(self) -> bool:
        """True once some answer said that a name does not exist here; without one nothing is surely a roll call."""
        return self.counts[ABSENT] + self.counts[WRONG_REALM] > 0

    @property
    def suspicious_names(self) -> int:
        """Distinct names that count in the ladder: absent, wrong realm, unclear, existing and unfamiliar."""
        return len(self.sorts) - self._familiar
