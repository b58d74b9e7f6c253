"""Watch: follows one tenant through time, opens incidents where a rule fires and gathers what belongs together."""

from __future__ import annotations

from bisect import bisect_left
from typing import AbstractSet, Dict, Iterator, List, Optional, Sequence, Tuple

from .incident import ENUMERATION, GUESSING, Incident
from .observation import Observation, Place
from .open_incidents import OpenIncidents, Surroundings
from .owner import Owner
from .place_rules import PlaceRules
from .roll_call.knowledge import Knowledge
from .roll_call.rules import Alarm, Rules
from .roll_call.statistics import ACCOUNT, ADDRESS, SHARED, TEAM, Raised, Statistics, Suspicion
from .roll_call.weighing import is_look_up
from .scope import Limits
from .success import Success, network_key, observation_of
from .times import DAY


class TenantWatch:
    """Follows one tenant; observations come in order of time."""

    def __init__(self, limits: Limits, rules: Rules, owner: Owner, claimed: AbstractSet[str] = frozenset()) -> None:
        """In the logs `claimed` the address may be what the caller wrote into a header."""
        self.limits = limits
        self.owner = owner
        self.knowledge = Knowledge()
        self.statistics = Statistics(rules, self.knowledge, owner, claimed)
        self.places: Dict[Place, PlaceRules] = {}
        around = Surroundings(self.knowledge.users_before, self._chain, self._is_strange)
        self.incidents = OpenIncidents(limits, owner, around)
        self._forgotten_until = 0

    def end(self) -> None:
        """Lets go of the incidents, which know their way back here: a run that looks for no garbage keeps all tenants else."""
        del self.incidents

    def follow(
        self, observations: Sequence[Observation], arrivals: Sequence[Success]
    ) -> Iterator[Tuple[int, Incident]]:
        """Yields the time and the incident each time one opened or took something in, whole so far.

        Both come in time order. What happens in one moment is judged by what was known before it: first the failed tries,
        then the successes, and only then are these learnt.
        """
        turn, number = 0, len(arrivals)
        for one in observations:
            if turn < number and arrivals[turn].time < one.time:
                begin, turn = turn, bisect_left(arrivals, (one.time,), turn)
                yield from self._take_successes(arrivals, begin, turn)
            for incident in self._take_failure(one):
                yield one.time, incident
        yield from self._take_successes(arrivals, turn, number)

    def _take_successes(self, arrivals: Sequence[Success], turn: int, end: int) -> Iterator[Tuple[int, Incident]]:
        if turn < end:
            self.statistics.begin(arrivals[turn].time)
        incidents, rules_of, learnt = self.incidents, self.places.get, turn
        for at in range(turn, end):
            time, place, _, agent, name, _ = arrivals[at]
            # Most successes belong to nothing, and there are many: this costs them as little as possible.
            rules = rules_of(place)
            if rules is not None and rules.is_busy(time):
                rules.take_success(arrivals[at])
            if name in incidents.tried_in or (place in incidents.routed and incidents.has_route(place, agent)):
                earlier = bisect_left(arrivals, (time,), learnt, at)
                self._learn(arrivals[learnt:earlier])
                learnt = earlier
                for incident in self._take_success(arrivals[at]):
                    yield time, incident
        self._learn(arrivals[learnt:end])

    def _learn(self, arrivals: Sequence[Success]) -> None:
        self.statistics.learn(arrivals)
        incidents, learn_means = self.incidents, self.knowledge.learn_means
        for _, place, network, agent, _, _ in arrivals:
            if place not in incidents.routed or (place, None) not in incidents.routes:
                learn_means(network, agent, place)

    def _take_success(self, one: Success) -> List[Incident]:
        observation = observation_of(one)
        is_at_home = bool(one.row.asn) and self.knowledge.is_familiar(one.name, one.network)
        is_strange = self.knowledge.is_strange(one.network, one.agent, one.place)
        changed = []
        for incident in self.incidents.at(observation):
            if (incident.agent is not None or not is_at_home) and incident.take_success(observation, is_strange):
                changed.append(incident)
        if not is_at_home and is_strange:
            changed += self._break_ins_elsewhere(observation, one.network, changed)
        return changed

    def _take_failure(self, one: Observation) -> List[Incident]:
        time, place, name, is_first, _, contact = one
        if self.statistics.began is None:
            self.statistics.begin(time)
        if name and self.knowledge.is_own_affair(place, contact.user_agent, name):
            # Somebody fails where, and with what, they signed in before: a changed password, a phone whose owner left.
            # Nobody's attack, whoever else is at work there.
            return []
        if time - self._forgotten_until > DAY:
            self._forgotten_until = time
            self.incidents.forget(time)
        rules = self.places.get(place)
        if rules is None:
            rules = self.places[place] = PlaceRules(place, self.limits, self.knowledge)
        changed = self.incidents.at(one) if place in self.incidents.routed else []
        for incident in changed:
            self.incidents.give(incident, one)
        # Many people come through a portal that looks names up; only names that nobody has speak against it.
        if not is_look_up(contact.app):
            self._count(rules, one, changed)
        if name and not is_first:
            self.statistics.retried(one)
        elif name:
            # Whoever acts there belongs to an incident that calls the roll.
            is_held = any([ENUMERATION in each.raised for each in changed])
            found = self.statistics.suspect(one, contact.asn or network_key("", place), is_held)
            if found is not None:
                self._weigh(found, changed, is_held)
                self._weigh_account(found, changed)
        return changed

    def _count(self, rules: PlaceRules, one: Observation, changed: List[Incident]) -> None:
        """Asks the rules that count at one place."""
        # These are all that there are at the place: one of the whole of it, one of the agent there.
        whole, own = None, None
        for each in changed:
            if each.agent is None:
                whole = each
            else:
                own = each
        agent = rules.key_of(one.contact.user_agent, whole is not None)
        held = whole if agent is None else own
        if held is not None and ENUMERATION in held.raised:
            rules.note(one)
            return
        is_decoy = bool(one.name) and self.owner.account_kind(one.name) == "decoy"
        if not is_decoy and rules.is_too_little(one):
            rules.note(one)
            return
        tried = rules.take(one)
        already = set(held.raised) if held is not None else set()
        for fired in rules.fired(tried, agent, already, is_decoy):
            incident = held or self.incidents.begin(fired.scope.chain, agent)
            incident.raised.setdefault(fired.detection, one.time)
            _add(changed, incident)

    def _is_strange(self, one: Observation) -> bool:
        contact = one.contact
        return self.knowledge.is_strange(network_key(contact.asn, one.place), contact.user_agent, one.place)

    def _chain(self, place: Place, agent: Optional[str]) -> Sequence[Observation]:
        rules = self.places.get(place)
        return rules.chain(agent) if rules is not None else ()

    def _break_ins_elsewhere(self, one: Observation, network: str, known: List[Incident]) -> List[Incident]:
        """Incidents that tried a name which now gets in where nobody had: by the actor's means, or from where nobody comes."""
        if one.name not in self.incidents.tried_in or self.knowledge.users(one.place):
            return []
        found = []
        pair = (network, one.contact.user_agent)
        for incident in self.incidents.that_tried(one.name, one.time):
            is_known = one.place in incident.places or one.name in incident.break_ins or incident in known
            if incident.agent is not None or is_known:
                continue
            is_by_its_means = pair in incident.pairs and not self.incidents.is_over(incident, one.time)
            is_from_nowhere = (
                one.name in incident.confirmed
                and not self.knowledge.has_people_from(network)
                and self._knows_networks(one.time)
            )
            if is_by_its_means or is_from_nowhere:
                self.incidents.join(incident, one.place, one.time)
                if incident.take_break_in(one):
                    found.append(incident)
        return found

    def _knows_networks(self, now: int) -> bool:
        """True once the log is old enough to show from where people come; in a young one every network is new."""
        began = self.statistics.began
        return began is not None and now - began >= self.limits.follow

    def _weigh(self, found: Suspicion, changed: List[Incident], is_held: bool) -> None:
        one = found.contribution.observation
        if found.is_shared:
            held = self.incidents.get(one.place, one.contact.user_agent)
            if held is None or ENUMERATION not in held.raised:
                self._alarm(self.statistics.add_shared(found), one, changed)
            self._weigh_team(found, changed)
            return
        if not is_held:
            self._alarm(self.statistics.add_place(found), one, changed)

    def _weigh_account(self, found: Suspicion, changed: List[Incident]) -> None:
        """Many places that nobody uses, each with a few passwords for one account; a place that has an incident is left to it."""
        if changed:
            return
        one = found.contribution.observation
        key = (ACCOUNT, one.name)
        held = self.incidents.team(key, one.time)
        if held is not None:
            self.incidents.join(held, one.place, one.time)
            self.incidents.give(held, one)
            changed.append(held)
            return
        limits = self.limits
        alarm = Alarm(limits.guess_level, limits.guess_addresses, limits.guess_rate)
        raised = self.statistics.add_account(found, alarm)
        seen = [each.observation for each in raised.contributions] if raised is not None else []
        free = [each for each in seen if self.incidents.get(each.place, None) is None]
        if len(free) < alarm.names:
            return
        incident = self.incidents.begin(free, None)
        incident.entity = ACCOUNT
        incident.raised[GUESSING] = one.time
        self.incidents.teams[key] = incident.number
        changed.append(incident)

    def _weigh_team(self, found: Suspicion, changed: List[Incident]) -> None:
        """The same agent and application at several shared places."""
        one = found.contribution.observation
        agent = one.contact.user_agent
        is_held = (one.place, agent) in self.incidents.routes
        team = self.incidents.team((agent, one.contact.app), one.time)
        if team is None:
            if not is_held:
                self._alarm(self.statistics.add_team(found), one, changed)
            return
        if not is_held:
            self.incidents.join(team, one.place, one.time)
            self.incidents.give(team, one)
        _add(changed, team)

    def _alarm(self, raised: Optional[Raised], one: Observation, changed: List[Incident]) -> None:
        if raised is None:
            return
        seen = [each.observation for each in raised.contributions]
        incident = self._incident_for(raised, seen, one)
        if raised.entity == TEAM:
            self.incidents.teams[raised.key] = incident.number
        if not incident.entity:
            incident.entity = raised.entity
        incident.raised.setdefault(ENUMERATION, one.time)
        _add(changed, incident)

    def _incident_for(self, raised: Raised, seen: List[Observation], one: Observation) -> Incident:
        """The open incident that an alarm belongs to, else a new one."""
        incidents = self.incidents
        if raised.entity == TEAM:
            return incidents.begin(seen, one.contact.user_agent)
        agent = one.contact.user_agent if raised.entity == SHARED else self._agent_of(raised, seen)
        for place in sorted({each.place for each in seen}):
            for key in (None, agent) if raised.entity != SHARED else (agent,):
                known = incidents.get(place, key)
                if known is not None and not incidents.is_over(known, one.time):
                    incidents.absorb(known, seen)
                    return known
        other = incidents.alike(raised.entity, seen, one.time) if agent is None else None
        if other is None:
            return incidents.begin(seen, agent)
        incidents.absorb(other, seen)
        return other

    def _agent_of(self, raised: Raised, seen: List[Observation]) -> Optional[str]:
        """The agent as a finer key, where others signed in at the one address and one agent did all of it."""
        agents = {one.contact.user_agent for one in seen}
        if raised.entity != ADDRESS or len(agents) > 1 or not self.knowledge.users(seen[0].place):
            return None
        return agents.pop() or None


def _add(changed: List[Incident], incident: Incident) -> None:
    if all(one is not incident for one in changed):
        changed.append(incident)
