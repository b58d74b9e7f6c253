"""Incident: one actor's open run, from the alarm that opened it to its close, with what is needed to judge it at any moment."""

from __future__ import annotations

from typing import Dict, Iterable, List, Optional, Set, Tuple

from .observation import Observation, Place
from .owner import Owner
from .place_rules import CHAIN, ENUMERATION, GUESSING, SPRAY
from .scope import ABSENT, EXISTING, UNCLEAR, WRONG_REALM, Limits, class_of
from .success import network_key
from .told import Told

__all__ = ["CHAIN", "ENUMERATION", "GUESSING", "SPRAY", "Incident"]

WRONG_PASSWORD, RIGHT_PASSWORD = "exists_bad_secret", "exists_good_secret"
_OF_PASSWORDS = (WRONG_PASSWORD, RIGHT_PASSWORD)
# An absent name stays absent although another row of it is unclear.
PRECEDENCE = {ABSENT: 0, WRONG_REALM: 1, EXISTING: 2, UNCLEAR: 3}


class Incident:
    """What belongs to one finding. It grows until nothing failed for the closing time."""

    FIXED = ("_limits", "_owner")  # what every run brings along

    def __init__(self, number: int, first: Observation, agent: Optional[str], limits: Limits, owner: Owner) -> None:
        self.number = number
        self.place = first.place  # where it began
        self.agent = agent  # None: whole places are the actor
        self.entity = ""  # which sort of running sum raised it; "" for a rule that watches one place
        self.places: Dict[Place, int] = {}  # place → when it joined
        self.names_at: Dict[Place, Set[str]] = {}
        self.observations: List[Observation] = []
        self.raised: Dict[str, int] = {}  # rule → when it fired
        self.sorts: Dict[str, str] = {}  # name → class
        self.counts: Dict[str, int] = dict.fromkeys(PRECEDENCE, 0)  # names per class
        self.confirmed: Set[str] = set()  # names that an answer said exist
        self.compromised: Dict[str, int] = {}  # name → when
        self.break_ins: Set[str] = set()  # compromised names that signed in
        self.has_sensitive_found = False
        self.has_decoy = False
        self.hidden_attempts = 0
        self.agents: Dict[str, int] = {}  # agent → observations
        self.pairs: Dict[Tuple[str, str], int] = {}  # (network, agent) → observations
        self.app_ids: Set[str] = set()
        self.sources: Set[str] = set()
        self.begun = first.time  # names it for good, even where older tries join it later
        self.start = self.last_failed = first.time
        self.succeeded_before: Set[str] = set()  # who had signed in at its places before it began there
        self._warm: Set[Place] = set()  # its places where somebody had signed in
        self._last_new: Dict[Place, int] = {}  # place → when it last tried a name that is new to the incident
        self._limits = limits
        self._refused: Set[Tuple[str, object]] = set()  # (name, place or pair) whose password was wrong
        self._let_in: Dict[
            Place, Dict[str, Observation]
        ] = {}  # place → who got in, or past the password, since it began
        self._owner = owner
        self._familiar = 0
        self.told = Told()

    def join(self, place: Place, time: int, signed_in: Iterable[str]) -> None:
        """A place takes part from a time on; `signed_in` are the names whose success there accuses nobody."""
        if place not in self.places:
            self.places[place] = time
            before = set(signed_in)
            self.succeeded_before |= before
            if before:
                self._warm.add(place)

    def take(self, observation: Observation, is_strange: bool) -> None:
        """Adds a failed observation of the actor; `is_strange` where nobody signs in from that network with that agent."""
        time, place, name, _, attempts, contact = observation
        agent, outcome = contact.user_agent, contact.outcome
        self.observations.append(observation)
        if time < self.start:
            self.start = time
        if time > self.last_failed:
            self.last_failed = time
        self.agents[agent] = self.agents.get(agent, 0) + 1
        pair = (network_key(contact.asn, place), agent)
        self.pairs[pair] = self.pairs.get(pair, 0) + 1
        self.app_ids.add(contact.app_id)
        self.sources.add(contact.source)
        sort = class_of(outcome)
        if not name:
            self.hidden_attempts += attempts if sort in (ABSENT, WRONG_REALM) else 0
            return
        if name not in self.sorts:
            self._last_new[place] = time
        self._classify(name, sort)
        here = self.names_at.get(place)
        if here is None:
            here = self.names_at[place] = set()
        here.add(name)
        if outcome in _OF_PASSWORDS:
            self._take_proof(observation, pair, is_strange)
        if place in self._let_in:
            self._accuse(place, time)

    def _take_proof(self, one: Observation, pair: Tuple[str, str], is_strange: bool) -> None:
        """Notes wrong passwords and right ones. A first right one may be a stale account; after a wrong one it was found."""
        name = one.name
        if one.contact.outcome == WRONG_PASSWORD:
            self._refused.update(((name, one.place), (name, pair)))
        elif is_strange or len(self.places) == 1:
            is_refused = (name, one.place) in self._refused or (name, pair) in self._refused
            if is_refused and name not in self.succeeded_before:
                self._let_in.setdefault(one.place, {}).setdefault(name, one)

    def take_success(self, observation: Observation, is_strange: bool) -> bool:
        """Adds a success at one of its places if it may accuse somebody; returns whether it does."""
        name, place = observation.name, observation.place
        if name in self.break_ins or not (is_strange or len(self.places) == 1) or not self._is_candidate(observation):
            return False
        self._let_in.setdefault(place, {}).setdefault(name, observation)
        return self._accuse(place, observation.time)

    def take_break_in(self, observation: Observation) -> bool:
        """Adds a success that the caller holds for the actor's; returns whether it accuses somebody new."""
        if observation.name in self.break_ins or observation.name in self.succeeded_before:
            return False
        self._let_in.setdefault(observation.place, {}).setdefault(observation.name, observation)
        return self._accuse(observation.place, observation.time)

    def _accuse(self, place: Place, now: int) -> bool:
        """Accuses everybody who got in at a place, unless these are people at work; returns whether somebody new is."""
        if self.is_people_at(place):
            return False
        before = len(self.compromised)
        for name, one in self._let_in.get(place, {}).items():
            if one.contact.outcome == "success" and name not in self.break_ins:
                self.observations.append(one)
                self.break_ins.add(name)
                self._classify(name, EXISTING)
            self.compromised.setdefault(name, now)
        return len(self.compromised) > before

    def _classify(self, name: str, sort: str) -> None:
        listed = self._owner.account_kind(name)
        self.has_decoy = self.has_decoy or listed == "decoy"
        if sort == EXISTING:
            self.confirmed.add(name)
            self.has_sensitive_found = self.has_sensitive_found or listed not in ("", "decoy")
        known = self.sorts.get(name)
        if known is not None and PRECEDENCE[known] <= PRECEDENCE[sort]:
            return
        if known is not None:
            self._count(name, known, -1)
        self.sorts[name] = sort
        self._count(name, sort, 1)

    def _count(self, name: str, sort: str, by: int) -> None:
        self.counts[sort] += by
        if sort == EXISTING and name in self.succeeded_before:
            self._familiar += by

    def _is_candidate(self, success: Observation) -> bool:
        name, place = success.name, success.place
        if not name or name in self.succeeded_before:
            return False
        return self._is_first_try(success) or (name in self.sorts and self._is_credible(name, place))

    def _is_first_try(self, success: Observation) -> bool:
        """The first try can be the right one: where nobody ever signed in, and names were just tried, that is the actor too."""
        last = self._last_new.get(success.place)
        if last is None or success.place in self._warm or success.time - last > self._limits.first_try:
            return False
        return len(self.places) == 1 or len(self.names_at.get(success.place, ())) > 1

    def _is_credible(self, name: str, place: Place) -> bool:
        """False where somebody merely failed and then got in at their own place, which a wide alarm had swept up."""
        if len(self.places) == 1:
            return True
        here = self.names_at.get(place, set())
        is_tried_elsewhere = any(name in names for other, names in self.names_at.items() if other != place)
        return is_tried_elsewhere or (name in here and len(here) > 1)

    def is_people_at(self, place: Place) -> bool:
        """True once so many names got in at a place that these are people at work behind one address."""
        tried = self.sorts if len(self.places) == 1 else self.names_at.get(place, ())
        return len(self._let_in.get(place, ())) > max(1.0, self._limits.success_share * len(tried))

    def is_crowded(self, place: Place) -> bool:
        """True once more names got in at a place than were refused: whoever is the actor is not the place."""
        let_in = self._let_in.get(place)
        return let_in is not None and len(let_in) > 2 and 2 * len(let_in) > len(self.names_at.get(place, ()))

    @property
    def standing(self) -> Tuple[object, ...]:
        """Everything a verdict depends on, to compare: while it is the same the verdict is."""
        counts = self.counts
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
            counts[ABSENT] + counts[WRONG_REALM] > 0,  # is_told, which is asked so often that the call would show
        )

    @property
    def is_told(self) -> bool:
        """True once some answer said that a name does not exist here; without one nothing is surely a roll call."""
        return self.counts[ABSENT] + self.counts[WRONG_REALM] > 0

    @property
    def is_of_passwords(self) -> bool:
        """True while all answers were about passwords of names that exist: that is a spray, whatever raised it.

        Who acts on a machine of the owner, or under an account, tries passwords too where the log does not tell the answers.
        """
        is_tried = bool(self.counts[EXISTING]) or self.place.sort != "ip"
        return is_tried and not (self.is_told or self.has_decoy or self.hidden_attempts)

    @property
    def denied_names(self) -> int:
        """Distinct names that no answer confirmed."""
        return len(self.sorts) - self.counts[EXISTING]

    @property
    def suspicious_names(self) -> int:
        """Distinct names that count in the ladder: absent, wrong realm, unclear, existing and unfamiliar."""
        return len(self.sorts) - self._familiar
