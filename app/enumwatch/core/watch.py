"""Watch: follows one tenant through time, opens incidents where a rule fires and gathers what belongs together."""

from __future__ import annotations

from collections import deque
from typing import Deque, Dict, Iterable, Iterator, List, Optional, Sequence, Set, Tuple

from .incident import ENUMERATION, Incident
from .likeness import is_alike
from .observation import Observation, Place
from .owner import Owner
from .place_rules import PlaceRules
from .roll_call.knowledge import Knowledge
from .roll_call.rules import Rules
from .roll_call.statistics import ADDRESS, SHARED, TEAM, Raised, Statistics, Suspicion
from .roll_call.weighing import is_look_up
from .scope import Limits
from .success import Success, network_key, observation_of

_Route = Tuple[Place, Optional[str]]  # a place, and the agent there where the whole place is not the actor


class TenantWatch:
    """Follows one tenant; observations come in order of time."""

    def __init__(self, limits: Limits, rules: Rules, owner: Owner) -> None:
        self._limits = limits
        self._owner = owner
        self._statistics = Statistics(rules, Knowledge(), owner)
        self._places: Dict[Place, PlaceRules] = {}
        self._open: Dict[_Route, Incident] = {}
        self._teams: Dict[Tuple[str, ...], Incident] = {}
        self._recent: Deque[Incident] = deque()  # open incidents of whole places, oldest first
        self._opened = 0
        self._tried_in: Dict[str, List[Incident]] = {}  # name → incidents that tried it

    def follow(
        self, observations: Sequence[Observation], arrivals: Sequence[Success]
    ) -> Iterator[Tuple[int, Incident]]:
        """Yields the time and the incident each time one opened or took something in, whole so far.

        Both come in time order. What happens in one moment is judged by what was known before it: first the failed tries,
        then the successes, and only then are these learnt.
        """
        turn, number = 0, len(arrivals)
        for one in observations:
            while turn < number and arrivals[turn].time < one.time:
                begin, turn = turn, _end_of_moment(arrivals, turn)
                yield from self._take_successes(arrivals[begin:turn])
            for incident in self._take_failure(one):
                yield one.time, incident
        while turn < number:
            begin, turn = turn, _end_of_moment(arrivals, turn)
            yield from self._take_successes(arrivals[begin:turn])

    def _take_successes(self, moment: Sequence[Success]) -> Iterator[Tuple[int, Incident]]:
        statistics = self._statistics
        statistics.begin(moment[0].time)
        for one in moment:
            if self._concerns_somebody(one):
                for incident in self._take_success(one):
                    yield one.time, incident
        for one in moment:
            statistics.learn(one)
            if (one.place, None) not in self._open:
                statistics.knowledge.learn_means(one.network, one.agent, one.place)

    def _concerns_somebody(self, one: Success) -> bool:
        """True where a success may belong to something; most successes belong to nothing, and there are many."""
        place = one.place
        rules = self._places.get(place)
        if rules is not None and rules.is_busy(one.time):
            return True
        return (place, None) in self._open or (place, one.agent) in self._open or one.name in self._tried_in

    def _take_success(self, one: Success) -> List[Incident]:
        observation = observation_of(one)
        rules = self._places.get(one.place)
        if rules is not None:
            rules.take_success(observation)
        knowledge = self._statistics.knowledge
        is_at_home = bool(one.row.asn) and knowledge.is_familiar(one.name, one.network)
        is_strange = knowledge.is_strange(one.network, one.agent, one.place)
        changed = []
        for incident in self._incidents_at(observation):
            if (incident.agent is not None or not is_at_home) and incident.take_success(observation, is_strange):
                changed.append(incident)
        if not is_at_home and is_strange:
            changed += self._break_ins_elsewhere(observation, one.network, changed)
        return changed

    def _take_failure(self, one: Observation) -> List[Incident]:
        self._statistics.begin(one.time)
        agent, knowledge = one.contact.user_agent, self._statistics.knowledge
        if one.name and knowledge.is_own_affair(one.place, agent, one.name):
            # Somebody fails where, and with what, they signed in before: a changed password, a phone whose owner left.
            # Nobody's attack, whoever else is at work there.
            return []
        rules = self._places.get(one.place)
        if rules is None:
            rules = self._places[one.place] = PlaceRules(one.place, self._limits, knowledge)
        changed = self._incidents_at(one)
        for incident in changed:
            self._give(incident, one)
        # Many people come through a portal that looks names up; only names that nobody has speak against it.
        if not is_look_up(one.contact.app):
            self._count(rules, one, changed)
        if one.name:
            found = self._suspect(one)
            if found is not None:
                self._weigh(found, changed)
        return changed

    def _count(self, rules: PlaceRules, one: Observation, changed: List[Incident]) -> None:
        """Asks the rules that count at one place."""
        tried = rules.take(one)
        agent = rules.key_of(one.contact.user_agent, (one.place, None) in self._open)
        held = self._open.get((one.place, agent))
        already = set(held.raised) if held is not None else set()
        is_decoy = bool(one.name) and self._owner.account_kind(one.name) == "decoy"
        for fired in rules.fired(tried, agent, already, is_decoy):
            incident = self._open.get((one.place, agent)) or self._begin(one, agent, fired.scope.chain)
            incident.raised.setdefault(fired.detection, one.time)
            _add(changed, incident)

    def _is_strange(self, one: Observation) -> bool:
        knowledge, contact = self._statistics.knowledge, one.contact
        return knowledge.is_strange(network_key(contact.asn, one.place), contact.user_agent, one.place)

    def _break_ins_elsewhere(self, one: Observation, network: str, known: List[Incident]) -> List[Incident]:
        """Incidents that tried a name which now gets in where nobody had: by the actor's means, or from where nobody comes."""
        knowledge = self._statistics.knowledge
        if one.name not in self._tried_in or knowledge.users_of(one.place):
            return []
        found = []
        pair = (network, one.contact.user_agent)
        for incident in self._tried_in[one.name]:
            if incident.agent is not None or one.place in incident.places or incident in known:
                continue
            is_by_its_means = pair in incident.pairs and not self._is_over(incident, one.time)
            is_from_nowhere = (
                one.name in incident.confirmed
                and one.time - incident.last_failed <= self._limits.follow
                and not knowledge.has_people_from(network)
            )
            if is_by_its_means or is_from_nowhere:
                self._join(incident, one.place, None, one.time)
                if incident.take_break_in(one):
                    found.append(incident)
        return found

    def _suspect(self, one: Observation) -> Optional[Suspicion]:
        if not one.is_first:
            self._statistics.retried(one)
            return None
        return self._statistics.suspect(one, network_key(one.contact.asn, one.place))

    def _weigh(self, found: Suspicion, changed: List[Incident]) -> None:
        one = found.contribution.observation
        held = self._open.get((one.place, one.contact.user_agent))
        if found.is_shared:
            if held is None or ENUMERATION not in held.raised:
                self._alarm(self._statistics.add_shared(found), one, changed)
            self._weigh_team(found, changed)
            return
        whole = self._open.get((one.place, None))
        if any(each is not None and ENUMERATION in each.raised for each in (held, whole)):
            return
        self._alarm(self._statistics.add_place(found), one, changed)

    def _weigh_team(self, found: Suspicion, changed: List[Incident]) -> None:
        """The same agent and application at several shared places."""
        one = found.contribution.observation
        key = (one.contact.user_agent, one.contact.app)
        team = self._teams.get(key)
        if team is not None and self._is_over(team, one.time):
            del self._teams[key]
            team = None
        if team is not None:
            if (one.place, key[0]) not in self._open:
                self._join(team, one.place, key[0], one.time)
                self._give(team, one)
            _add(changed, team)
            return
        if (one.place, key[0]) not in self._open:
            self._alarm(self._statistics.add_team(found), one, changed)

    def _alarm(self, raised: Optional[Raised], one: Observation, changed: List[Incident]) -> None:
        if raised is None:
            return
        seen = [each.observation for each in raised.contributions]
        if raised.entity in (SHARED, TEAM):
            incident = self._begin(seen[0], one.contact.user_agent, seen)
            if raised.entity == TEAM:
                self._teams[raised.key] = incident
        else:
            incident = self._incident_for(raised, seen, one.time)
        if not incident.entity:
            incident.entity = raised.entity
        incident.raised.setdefault(ENUMERATION, one.time)
        _add(changed, incident)

    def _incident_for(self, raised: Raised, seen: List[Observation], now: int) -> Incident:
        """The open incident that an alarm belongs to, else a new one."""
        agent = self._agent_of(raised, seen)
        for place in sorted({one.place for one in seen}):
            for key in (None, agent):
                known = self._open.get((place, key))
                if known is not None and not self._is_over(known, now):
                    self._absorb(known, seen, known.agent)
                    return known
        if agent is None:
            for other in reversed(self._recent):
                if not self._is_over(other, now) and is_alike(other, raised.entity, seen):
                    self._absorb(other, seen, None)
                    return other
        return self._begin(seen[0], agent, seen)

    def _agent_of(self, raised: Raised, seen: List[Observation]) -> Optional[str]:
        """The agent as a finer key, where others signed in at the one address and one agent did all of it."""
        agents = {one.contact.user_agent for one in seen}
        if raised.entity != ADDRESS or len(agents) > 1 or not self._statistics.knowledge.users_of(seen[0].place):
            return None
        return agents.pop() or None

    def _begin(self, first: Observation, agent: Optional[str], seen: Iterable[Observation]) -> Incident:
        self._opened += 1
        seen = sorted(seen, key=lambda one: one.time)
        incident = Incident(self._opened, seen[0] if seen else first, agent, self._limits, self._owner)
        if agent is None:
            self._recent.append(incident)
        self._absorb(incident, seen, agent)
        return incident

    def _absorb(self, incident: Incident, seen: Iterable[Observation], agent: Optional[str]) -> None:
        """Takes observations into an incident, and what is left at their places of the same run."""
        places: Dict[Place, int] = {}
        rows: Dict[Observation, None] = {}
        for one in seen:
            if (one.place, agent) in self._open and self._open[one.place, agent] is incident:
                continue  # taken when it was made
            places[one.place] = min(one.time, places.get(one.place, one.time))
            rows[one] = None
        for place, begin in places.items():
            rules = self._places.get(place)
            for one in rules.scope(agent).chain if rules is not None else ():
                if one.time >= begin:
                    rows[one] = None
        for place, begin in places.items():
            self._join(incident, place, agent, begin)
        for one in sorted(rows, key=lambda each: each.time):
            if one.contact.outcome == "success":
                incident.take_success(one, self._is_strange(one))
            else:
                self._give(incident, one)

    def _give(self, incident: Incident, one: Observation) -> None:
        """A failed try goes to an incident, which from then on is remembered with the name."""
        if one.name and one.name not in incident.sorts:
            held = self._tried_in.setdefault(one.name, [])
            held[:] = [each for each in held if one.time - each.last_failed <= self._limits.follow]
            held.append(incident)
        incident.take(one, self._is_strange(one))

    def _join(self, incident: Incident, place: Place, agent: Optional[str], begin: int) -> None:
        before: Set[str] = {
            name for name, time in self._statistics.knowledge.users_of(place, agent).items() if time < begin
        }
        incident.join(place, begin, before)
        self._open[place, agent] = incident

    def _incidents_at(self, one: Observation) -> List[Incident]:
        """Open incidents that an observation belongs to; those that are over are forgotten."""
        found = []
        for key in (None, one.contact.user_agent):
            incident = self._open.get((one.place, key))
            if incident is None:
                continue
            # An address that turns out to be shared is no actor: from then on its agents are watched one by one.
            if self._is_over(incident, one.time) or (key is None and incident.is_crowded(one.place)):
                del self._open[one.place, key]
            else:
                found.append(incident)
        while self._recent and self._is_over(self._recent[0], one.time):
            self._recent.popleft()
        return found

    def _is_over(self, incident: Incident, now: int) -> bool:
        return now - incident.last_failed > self._limits.close_after


def _end_of_moment(arrivals: Sequence[Success], turn: int) -> int:
    time = arrivals[turn].time
    while turn < len(arrivals) and arrivals[turn].time == time:
        turn += 1
    return turn


def _add(changed: List[Incident], incident: Incident) -> None:
    if all(one is not incident for one in changed):
        changed.append(incident)
