"""Incident: one actor's open run, from the alarm that opened it to its close, with what is needed to judge it at any moment."""

from __future__ import annotations

from collections import Counter
from typing import Counter as CounterOf
from typing import Dict, List, Mapping, Optional, Set, Tuple

from .observation import Observation, Place
from .scope import ABSENT, EXISTING, UNCLEAR, WRONG_REALM, Limits, Scope, class_of

ENUMERATION, SPRAY, GUESSING = "email_enumeration", "password_spray", "password_guessing"
CHAIN = "success_after_enumeration"

# An absent name stays absent although another row of it is unclear.
_PRECEDENCE = {ABSENT: 0, WRONG_REALM: 1, EXISTING: 2, UNCLEAR: 3}


class Incident:
    """What belongs to one finding. It grows until nothing failed for the closing time."""

    def __init__(
        self, place: Place, scope: Scope, agent: Optional[str], limits: Limits, account_kinds: Mapping[str, str]
    ) -> None:
        self.place = place
        self.agent = agent  # None: the whole place is the actor
        self.observations: List[Observation] = []
        self.raised: Dict[str, int] = {}  # rule → when it fired
        self.sorts: Dict[str, str] = {}  # name → class
        self.counts: CounterOf[str] = Counter()  # names per class
        self.confirmed: Set[str] = set()  # names that an answer said exist
        self.compromised: Dict[str, int] = {}  # name → when
        self.break_ins: Set[str] = set()  # compromised names that signed in
        self.has_sensitive_found = False
        self.hidden_attempts = 0
        self.agents: Set[str] = set()
        self.app_ids: Set[str] = set()
        self.sources: Set[str] = set()
        self.start = scope.chain[0].time
        self.last_failed = self.start
        self.last_new_name = self.start
        self._first_try = limits.first_try
        self._success_share = limits.success_share
        self._let_in: Set[str] = set()  # names that got in, or past the password, since it began
        self._account_kinds = account_kinds
        self._familiar = 0
        # Who had signed in here before it began: their success accuses nobody.
        self.succeeded_before = {name for name, time in scope.succeeded.items() if time < self.start}
        for observation in scope.chain:
            self.take(observation)

    def take(self, observation: Observation) -> None:
        """Adds an observation of the actor."""
        contact, name = observation.contact, observation.name
        if contact.outcome == "success":
            if name not in self.break_ins and self._is_break_in(observation):
                self.observations.append(observation)
                self.compromised.setdefault(name, observation.time)
                self.break_ins.add(name)
                self._classify(name, EXISTING, observation.time)
            return
        self.observations.append(observation)
        self.last_failed = observation.time
        self.agents.add(contact.user_agent)
        self.app_ids.add(contact.app_id)
        self.sources.add(contact.source)
        sort = class_of(contact.outcome)
        if not name:
            self.hidden_attempts += observation.attempts if sort in (ABSENT, WRONG_REALM) else 0
            return
        self._classify(name, sort, observation.time)
        if contact.outcome == "exists_good_secret" and name not in self.succeeded_before and self._stays_rare(name):
            self.compromised.setdefault(name, observation.time)

    def _classify(self, name: str, sort: str, time: int) -> None:
        if sort == EXISTING:
            self.confirmed.add(name)
            if self._account_kinds.get(name, "decoy") != "decoy":
                self.has_sensitive_found = True
        known = self.sorts.get(name)
        if known is None:
            self.last_new_name = time
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
        if not success.name or success.name in self.succeeded_before:
            return False
        if not self._stays_rare(success.name):
            return False
        if success.name in self.sorts:
            return True
        # The first try can be the right one. Where nobody ever signed in from, that is the actor too.
        return not self.succeeded_before and success.time - self.last_new_name <= self._first_try

    def _stays_rare(self, name: str) -> bool:
        """Notes a name that got in; False once too many did."""
        self._let_in.add(name)
        return not self.is_people

    @property
    def is_people(self) -> bool:
        """True once so many names got in that these are people at work behind one address."""
        return len(self._let_in) > max(1.0, self._success_share * len(self.sorts))

    @property
    def standing(self) -> Tuple[object, ...]:
        """Everything a verdict depends on, to compare: while it is the same the verdict is."""
        return (
            len(self.sorts),
            len(self.compromised),
            len(self.raised),
            self.hidden_attempts,
            self._familiar,
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
