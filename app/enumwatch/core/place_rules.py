"""Place rules: what is judged by counting at one place, or of one agent there: sprays, guessing, hidden names, decoys."""

from __future__ import annotations

from typing import AbstractSet, Dict, List, NamedTuple, Optional, Sequence, Union

from .observation import Observation, Place
from .roll_call.knowledge import Knowledge
from .scope import ABSENT, EXISTING, UNCLEAR, WRONG_REALM, Limits, Scope, Tried, class_of, is_burst, rounds
from .success import Success, network_key, observation_of

ENUMERATION, SPRAY, GUESSING = "email_enumeration", "password_spray", "password_guessing"
CHAIN = "success_after_enumeration"

# Above so many names a window is certainly no guessing, and looking through it each time would cost the square of it.
_GUESSING_LOOKS_AT = 30


class Fired(NamedTuple):
    """A rule that fired at a place; `agent` is None where the whole place is the actor."""

    detection: str
    agent: Optional[str]
    scope: Scope


class PlaceRules:
    """Follows one place through time.

    Most tries belong to an actor of whom nothing more can be said here, or are too few for any rule. They are only noted, and
    counted once somebody asks. Where nobody ever signed in nobody asks for the agents one by one either.
    """

    # There is one for each place that ever failed, and most of them fail once or twice.
    __slots__ = (
        "_agents",
        "_knowledge",
        "_limits",
        "_noted",
        "_noted_attempts",
        "_noted_failed",
        "_noted_tries",
        "_unsorted",
        "_whole",
        "place",
    )
    FIXED = ("_limits", "_knowledge")  # what every run brings along

    def __init__(self, place: Place, limits: Limits, knowledge: Knowledge) -> None:
        self.place = place
        self._limits = limits
        self._knowledge = knowledge
        self._whole: Optional[Scope] = None  # until something is counted
        self._agents: Dict[str, Scope] = {}
        self._unsorted: List[Observation] = []  # counted for the place, not yet for its agents
        self._note_nothing()

    def _note_nothing(self) -> None:
        self._noted: List[Union[Observation, Success]] = []  # counted nowhere yet
        self._noted_tries = self._noted_attempts = 0  # of them failed, and how many attempts these were
        self._noted_failed: Optional[int] = None  # when the last of them failed

    def connect(self) -> None:
        """Ties the windows to what is known, after they were read from memory."""
        self._unsorted = []
        self._note_nothing()
        if self._whole is not None:
            self._whole.succeeded = self._users
        for agent, scope in self._agents.items():
            scope.succeeded = self._knowledge.users_of(self.place, agent)

    @property
    def last_failed(self) -> int:
        """When something failed here last, microseconds; 0 for never."""
        if self._noted_failed is not None:
            return self._noted_failed
        return 0 if self._whole is None else self._whole.last_failed

    def is_too_little(self, observation: Observation) -> bool:
        """True where no rule can fire with this failed observation either: fewer names and attempts than any of them needs."""
        limits, whole = self._limits, self._whole
        names, attempts = self._noted_tries + 1, self._noted_attempts + observation.attempts
        if whole is not None:
            names += whole.window.names_tried
            attempts += whole.window.attempts + whole.window.hidden_attempts
        return names < limits.fewest_names and attempts < limits.fewest_attempts

    def take(self, observation: Observation) -> Tried:
        """Adds a failed observation to the windows; returns what was tried."""
        whole = self._count_whole()
        is_at_home = self._is_at_home(observation)
        if is_at_home or whole.succeeded:
            self.scope(observation.contact.user_agent).take(observation, is_at_home)  # who is at home changes with time
        else:
            self._unsorted.append(observation)
        return whole.take(observation, is_at_home)

    def note(self, observation: Observation) -> None:
        """Adds a failed observation about which no rule has to be asked now."""
        if class_of(observation.contact.outcome) not in (ABSENT, WRONG_REALM) and self._is_at_home(observation):
            self.take(observation)
        else:
            self._noted.append(observation)
            self._noted_tries += 1
            self._noted_attempts += observation.attempts
            self._noted_failed = observation.time

    def count(self) -> None:
        """Brings all windows up to date."""
        self._count_whole()
        unsorted, self._unsorted = self._unsorted, []
        by_agent: Dict[str, List[Observation]] = {}
        for one in unsorted:
            by_agent.setdefault(one.contact.user_agent, []).append(one)
        for agent, observations in by_agent.items():
            # A success says something only in the middle of a run of failures.
            if agent in self._agents or any(one.contact.outcome != "success" for one in observations):
                self._scope_of(agent).take_late(observations)

    def _count_whole(self) -> Scope:
        whole = self._whole
        if whole is None:
            whole = self._whole = Scope(self._limits, self._users)
        if self._noted:
            noted = [observation_of(one) if isinstance(one, Success) else one for one in self._noted]
            whole.take_late(noted)
            self._unsorted += noted
            self._note_nothing()
        return whole

    def chain(self, agent: Optional[str]) -> Sequence[Observation]:
        """What belongs together here (of one agent) without a pause of a whole window."""
        if agent is None and self._whole is None:
            return self._noted_chain()  # nothing else is asked of most places
        return self.scope(agent).chain

    def _noted_chain(self) -> Sequence[Observation]:
        chain: List[Observation] = []
        last: Optional[int] = None
        for one in self._noted:
            if isinstance(one, Success):
                chain.append(observation_of(one))  # noted only where the place was busy
                continue
            if last is not None and one.time - last > self._limits.window:
                chain = []
            chain.append(one)
            last = one.time
        return chain

    def _is_at_home(self, one: Observation) -> bool:
        """True where the name signed in from the network before, and people sign in elsewhere there with this agent."""
        network = network_key(one.contact.asn, one.place)
        known = self._knowledge
        return known.is_familiar(one.name, network) and not known.is_strange(network, one.contact.user_agent, one.place)

    def take_success(self, one: Success) -> None:
        """A success while the place is busy: it is remembered with what failed."""
        self._noted.append(one)

    def is_busy(self, now: int) -> bool:
        """True where something failed so shortly before that it may belong together with what comes."""
        if self._noted_failed is not None:
            return now - self._noted_failed <= self._limits.window
        return self._whole is not None and self._whole.is_busy(now)

    def key_of(self, agent: str, whole_is_open: bool) -> Optional[str]:
        """What an actor here is told by: the whole place while nobody signed in, the agent as the finer key after."""
        if whole_is_open or not agent or not self._knowledge.users(self.place):
            return None
        return agent

    @property
    def _users(self) -> Dict[str, int]:
        return self._knowledge.users_of(self.place)

    def scope(self, agent: Optional[str]) -> Scope:
        """The windows of one agent, of the whole place for None."""
        if agent is None:
            return self._count_whole()
        self.count()
        return self._scope_of(agent)

    def _scope_of(self, agent: str) -> Scope:
        found = self._agents.get(agent)
        if found is None:
            found = self._agents[agent] = Scope(self._limits, self._knowledge.users_of(self.place, agent))
        return found

    def fired(self, tried: Tried, agent: Optional[str], already: AbstractSet[str], is_decoy: bool) -> List[Fired]:
        """Rules that fire with what was just tried and say more than `already`."""
        if ENUMERATION in already:
            return []
        scope = self.scope(agent)
        if is_decoy or self._is_enumeration(scope):
            return [Fired(ENUMERATION, agent, scope)]
        if SPRAY not in already and self._is_spray(scope, tried):
            return [Fired(SPRAY, agent, scope)]
        if not already and self._is_guessing(scope):
            return [Fired(GUESSING, agent, scope)]
        return []

    def _is_enumeration(self, scope: Scope) -> bool:
        """What the statistics cannot weigh: names that the log hides, and names in a URL that no answer is known of."""
        limits, window = self._limits, scope.window
        if window.hidden_attempts >= limits.hidden_attempts:
            return True
        if window.names_tried < limits.unclear_names or window.attempts_per_name > limits.alarm_attempts_per_name:
            return False
        unclear = scope.sort_counts(self._users)["unclear_autodiscover"]
        is_shared = len(self._users) >= limits.shared_users
        return unclear >= (limits.shared_alarm_names if is_shared else limits.unclear_names)

    def _is_spray(self, scope: Scope, tried: Tried) -> bool:
        limits, window = self._limits, scope.window
        if tried.kind != "sign_in" or window.names_tried < min(limits.round_names, limits.spray_names):
            return False
        names = scope.sort_counts(self._users)
        existing = names[EXISTING] + names["unclear_sign_in"]
        needed = limits.spray_names
        if len(self._users) >= limits.shared_users:
            needed = max(limits.spray_shared_names, len(self._users))
        if existing >= needed and window.attempts_per_name <= limits.spray_attempts_per_name:
            return True
        tried_here = window.names(EXISTING) + window.names(UNCLEAR, "sign_in")
        return (
            tried_here >= limits.round_names and not tried.is_first_contact and bool(rounds(window.entries(), limits))
        )

    def _is_guessing(self, scope: Scope) -> bool:
        window, limits = scope.window, self._limits
        is_enough = window.attempts >= min(limits.guess_burst_attempts, limits.guess_hour_attempts)
        if not is_enough or window.names_tried > _GUESSING_LOOKS_AT:
            return False
        return is_burst(scope.window.entries(), self._limits)
