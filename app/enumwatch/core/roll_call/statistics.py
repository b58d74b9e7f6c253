"""Statistics: the running sums of one tenant's entities, and the alarms they raise."""

from __future__ import annotations

from typing import AbstractSet, Dict, Iterable, List, NamedTuple, Optional, Tuple, Union

from ..network import is_inside, network_of
from ..observation import Observation, Place
from ..outcome import CONFIRMS_EXISTENCE
from ..owner import Owner
from ..scope import ABSENT, EXISTING, WRONG_REALM, class_of
from ..success import Success
from ..times import DAY
from .habits import Habits
from .knowledge import Knowledge
from .rules import Alarm, Rules
from .running_sum import FORGOTTEN_AFTER, Contribution, RunningSum, Tally
from .weighing import Weighing

ADDRESS, NETWORK, ASN_AGENT, AGENT, TENANT, SHARED, TEAM, ACCOUNT = (
    *("address", "network", "asn_agent", "agent", "tenant", "shared", "team", "account"),
)
_DAYS_KEPT = 180 * DAY
_MISSING = (ABSENT, WRONG_REALM)

Key = Tuple[str, ...]


class Suspicion(NamedTuple):
    """A first contact that says something, and how its place stands at this moment."""

    contribution: Contribution
    is_cold: bool  # nobody ever signed in at the place
    is_shared: bool  # so many did that the place says little
    is_early: bool  # the log has only begun


class Raised(NamedTuple):
    """An alarm: which sort of entity raised it, and what made it up."""

    entity: str
    key: Key
    contributions: List[Contribution]


class First(NamedTuple):
    """The only first contact so far at a place that nobody signed in at, from a network that nobody signs in from."""

    observation: Observation
    number: int  # of names known at its time
    weight: Optional[float]  # before the habits of its place changed it; None where nobody asked for it yet


class Statistics:
    """Weighs what one tenant's log shows, in order of time, and keeps the sums."""

    def __init__(
        self, rules: Rules, knowledge: Knowledge, owner: Owner, claimed: AbstractSet[str] = frozenset()
    ) -> None:
        """In the logs `claimed` the address may be what the caller wrote into a header."""
        self._claimed = claimed
        self._rules = rules
        self.knowledge = knowledge
        self._weighing = Weighing(rules, knowledge, owner)
        self.habits: Dict[Place, Habits] = {}
        self._firsts: Dict[Place, First] = {}  # of places without habits: most cold places try one name and no more
        self.sums: Dict[Key, RunningSum] = {}
        self._tallies: Dict[Key, Tally] = {}  # of sums that are high enough, but made up by too few
        self._tried_at: Dict[str, Tuple[Place, ...]] = {}  # absent name → places that tried it
        # What the habits of a place do not hold yet: first contacts with the number of names known at their time, and names
        # that signed in for the first time.
        self._noted: Dict[Place, List[Tuple[Union[Observation, str], int]]] = {}
        self.began: Optional[int] = None
        self.absent_by_day: Dict[int, int] = {}  # begin of a day → first contacts with absent names, of all places

    def begin(self, time: int) -> None:
        """The log of the tenant begins, unless it has."""
        if self.began is None:
            self.began = time

    def recall_habits(self, place: Place, habits: Habits) -> None:
        """Takes back from memory what a place did."""
        self.habits[place] = habits
        for name in sorted(habits.absent_names):
            if name not in self.knowledge.people:
                self._tried_at[name] = (*self._tried_at.get(name, ()), place)

    def learn(self, arrivals: Iterable[Success]) -> None:
        """Successes: the names and their places are known from now on."""
        new_names, new_users = self.knowledge.learn_successes(arrivals)
        for name in new_names:
            for place in self._tried_at.pop(name, ()):
                habits = self._habits_of(place)
                noted = self._noted.get(place)
                if noted is not None:
                    noted.append((name, 0))
                elif habits is not None:
                    habits.note_arrival(name)
        for place in new_users:
            running = self.sums.get((ADDRESS, *place))
            if running is not None:
                running.lower(self._rules.weights.success)

    def retried(self, one: Observation) -> None:
        """More attempts at a name than its first: many of them take back what it counted."""
        habits = self._habits_of(one.place)
        if habits is None or not habits.is_retried(one.name, one.attempts, self._rules):
            return
        for key in ((ADDRESS, *one.place), (SHARED, *self._shared_key(one))):
            running = self.sums.get(key)
            if running is not None:
                running.take_back(one.name)

    def suspect(self, one: Observation, network: str, is_held: bool = False) -> Optional[Suspicion]:
        """What a failed first contact says; None where it says nothing.

        `is_held` where an actor of that place is known already, of whom nothing that a cold place shows says more.
        """
        rules, time, place = self._rules, one.time, one.place
        known = self._habits_of(place)
        habits = Habits() if known is None else known
        noted = self._noted.get(place)
        if noted is not None and habits.is_forgotten(time):
            noted.clear()
        if not habits.is_first_contact(one.name, time, rules):
            return None
        weighed = self._weighed(one, network, habits, is_held, known is None)
        if weighed is None:
            return None
        weight = self._take(one, weighed, habits)
        if weight <= 0.0:
            return None
        users = self.knowledge.users(place)
        is_shared = users >= rules.shared_users and users >= rules.shared_user_share * habits.strict_names
        return Suspicion(Contribution(one, weight), not users, is_shared, self._is_early(time))

    def _weighed(self, one: Observation, network: str, habits: Habits, is_held: bool, is_new: bool) -> Optional[float]:
        """The weight before the habits of the place change it; None where it is only noted. `is_new` is the place."""
        place, number = one.place, self._hear(one)
        users = self.knowledge.users(place)
        is_of_strangers = not users and not self.knowledge.has_people_from(network)
        is_only_noted = is_held and is_of_strangers and self._rules.shared_users > 0
        if is_only_noted and not is_new:
            self._noted.setdefault(place, []).append((one, number))
            return None
        if not is_new:
            self.count(place)
        weight = None if is_only_noted else self._weighing.weigh(one, network, habits, is_cold=not users)
        if is_of_strangers and is_new:
            self._firsts[place] = First(one, number, weight)
        elif is_new:
            self.habits[place] = habits
        return weight

    def _hear(self, one: Observation) -> int:
        """Notes what the answer says of the name; returns how many names were known before."""
        number = self.knowledge.number
        if class_of(one.contact.outcome) in _MISSING:
            self._note_absent(one.name, one.place, one.time)
        elif one.contact.outcome in CONFIRMS_EXISTENCE:
            self.knowledge.learn_name(one.name, one.time)
        return number

    def _habits_of(self, place: Place) -> Optional[Habits]:
        """The habits of a place with its first contact in them; None where nothing was tried."""
        first = self._firsts.pop(place, None)
        if first is None:
            return self.habits.get(place)
        one, number, weight = first
        habits = self.habits[place] = Habits()
        habits.is_first_contact(one.name, one.time, self._rules)
        if weight is None:
            self._noted[place] = [(one, number)]
        else:
            self._weighing.note(one, habits)
            self._take(one, weight, habits)
        return habits

    def _take(self, one: Observation, weight: float, habits: Habits) -> float:
        """Adds a first contact to the habits of its place; returns what its weight is there."""
        if class_of(one.contact.outcome) in _MISSING:
            habits.note_absent(one.name)
            if habits.is_provisioning(self._rules):
                return 0.0
        if weight >= 1.0:
            habits.note_strict(one.name, one.time, self._rules)
        is_scheduled = weight > 0.0 and habits.is_scheduled(one.time, self._rules)
        # A job asks for the same names every day; whoever always finds new ones has no job here.
        if is_scheduled and len(habits.absent_names) <= self._rules.schedule_names:
            weight *= self._rules.schedule_factor
        return weight

    def count(self, place: Place) -> None:
        """Brings the habits of a place up to date."""
        habits = self.habits[place]
        for one, number in self._noted.pop(place, ()):
            if isinstance(one, str):
                habits.note_arrival(one)
                continue
            self._take(one, self._weighing.weigh_stranger(one, habits, number), habits)

    def count_all(self) -> None:
        """Brings the habits of all places up to date, as memory wants them."""
        for place in list(self._firsts):
            self._habits_of(place)
        for place in list(self._noted):
            self.count(place)

    def _note_absent(self, name: str, place: Place, time: int) -> None:
        day = time - time % DAY
        if day not in self.absent_by_day:
            self.absent_by_day = {one: number for one, number in self.absent_by_day.items() if day - one <= _DAYS_KEPT}
            self.absent_by_day[day] = 0
        self.absent_by_day[day] += 1
        if name not in self.knowledge.people:
            tried_at = self._tried_at.get(name)
            self._tried_at[name] = (place,) if tried_at is None else (*tried_at, place)

    def _is_early(self, time: int) -> bool:
        if self.began is None or len(self.knowledge.people) < self._rules.learning_people:
            return False
        return time - self.began < self._rules.learning

    def add_shared(self, found: Suspicion) -> Optional[Raised]:
        """A suspicion at a shared place: its agent there, or all agents together with which nobody signed in there."""
        one = found.contribution.observation
        return self._add(SHARED, self._shared_key(one), self._rules.shared, found.contribution)

    def _shared_key(self, one: Observation) -> Key:
        agent = one.contact.user_agent
        return (*one.place, agent if self.knowledge.is_agent_of_users(one.place, agent) else "")

    def add_team(self, found: Suspicion) -> Optional[Raised]:
        """A suspicion at a shared place: its agent and application at all shared places."""
        one, weight = found.contribution
        if found.is_early or weight < 1.0 or not one.contact.user_agent:
            return None
        if class_of(one.contact.outcome) not in _MISSING:
            weight *= 0.5
        key = (one.contact.user_agent, one.contact.app)
        return self._add(TEAM, key, self._rules.team, Contribution(one, weight))

    def add_place(self, found: Suspicion) -> Optional[Raised]:
        """A suspicion at a place that is not shared: the place, and while it is cold the wider entities."""
        rules, (one, _) = self._rules, found.contribution
        alarm = rules.young if found.is_early else rules.address
        raised = self._add(ADDRESS, tuple(one.place), alarm, found.contribution)
        if not found.is_cold or found.is_early or one.place.sort != "ip":
            return raised
        # Nobody rotates through the owner's own machines; one of them that tries names is found by itself. But whoever writes
        # the address himself can write one of theirs.
        if is_inside(one.place.value) and one.contact.source not in self._claimed:
            return raised
        asn, agent = one.contact.asn, one.contact.user_agent
        for entity, key, limit in (
            (NETWORK, (network_of(one.place.value),), rules.network),
            (ASN_AGENT, (asn, agent), rules.asn_agent),
            (AGENT, (agent,), rules.agent),
            (TENANT, (), rules.tenant),
        ):
            if not all(key):
                continue  # what the log does not tell ties nobody together
            wider = self._add(entity, key, limit, found.contribution)
            raised = raised or wider
        return raised

    def add_account(self, found: Suspicion, alarm: Alarm) -> Optional[Raised]:
        """A suspicion against one existing account: all cold places that failed at it. `alarm.names` is of places here."""
        one = found.contribution.observation
        if not found.is_cold or found.is_early or class_of(one.contact.outcome) != EXISTING:
            return None
        return self._add(ACCOUNT, (one.name,), alarm, found.contribution)

    def _add(self, entity: str, key: Key, alarm: Alarm, contribution: Contribution) -> Optional[Raised]:
        one = contribution.observation
        entry = (entity, *key)
        running = self.sums.get(entry)
        if running is None or one.time - running.last > FORGOTTEN_AFTER:
            begin = one.time if self.began is None else self.began
            running = self.sums[entry] = RunningSum(alarm.rate, begin, one.time)
        running.add(contribution)
        if running.level < alarm.level:
            return None
        tally = self._tallies.get(entry)
        if tally is None:
            tally = self._tallies[entry] = Tally()
        tally.take(running.contributions)
        if len(tally.places if entity == ACCOUNT else tally.names) < alarm.names:
            return None
        if entity not in (ADDRESS, SHARED) and len(tally.places) < 2:
            return None
        del self._tallies[entry]
        raised = Raised(entity, key, list(running.contributions))
        running.clear()
        return raised
