"""Open incidents of one tenant: which one a place or a name belongs to, and how a new alarm finds its own."""

from __future__ import annotations

from typing import Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from .incident import RIGHT_PASSWORD, Incident
from .likeness import is_alike
from .observation import Observation, Place
from .owner import Owner
from .scope import Limits

Route = Tuple[Place, Optional[str]]  # a place, and the agent there where the whole place is not the actor


class Surroundings(NamedTuple):
    """What an incident needs to know of the tenant around it."""

    users_before: Callable[
        [Place, Optional[str], int], List[str]
    ]  # who signed in at a place (with an agent) before a time
    chain: Callable[[Place, Optional[str]], Sequence[Observation]]  # what belongs together there without a long pause
    is_strange: Callable[[Observation], bool]  # nobody signs in from that network with that agent


class OpenIncidents:
    """Every incident that may still grow, and those whose found names are still followed."""

    def __init__(self, limits: Limits, owner: Owner, around: Surroundings) -> None:
        self._limits = limits
        self._owner = owner
        self._around = around
        self.by_number: Dict[int, Incident] = {}
        self.routes: Dict[Route, int] = {}
        self.routed: Set[Place] = set()  # places of the routes, and of some that ended: no other place has any
        self.teams: Dict[Tuple[str, ...], int] = {}
        self.tried_in: Dict[str, Tuple[int, ...]] = {}  # name → incidents that tried it
        self.opened = 0

    def recall(
        self,
        incidents: Iterable[Incident],
        routes: Mapping[Route, int],
        teams: Mapping[Tuple[str, ...], int],
        opened: int,
    ) -> None:
        """Takes back from memory what is open."""
        self.by_number = {one.number: one for one in incidents}
        self.routes = {route: number for route, number in routes.items() if number in self.by_number}
        self.routed = {place for place, _ in self.routes}
        self.teams = {key: number for key, number in teams.items() if number in self.by_number}
        self.opened = opened
        for one in self.by_number.values():
            for name in one.sorts:
                self.tried_in[name] = (*self.tried_in.get(name, ()), one.number)

    def get(self, place: Place, agent: Optional[str]) -> Optional[Incident]:
        """The incident a place (an agent at it) belongs to, whether or not it is over."""
        number = self.routes.get((place, agent))
        return None if number is None else self.by_number[number]

    def has_route(self, place: Place, agent: Optional[str]) -> bool:
        """True where a place, or an agent there, belongs to an incident, whether or not it is over."""
        return (place, None) in self.routes or (place, agent) in self.routes

    def at(self, one: Observation) -> List[Incident]:
        """Incidents that an observation belongs to; those that are over are forgotten."""
        found: List[Incident] = []
        place, contact = one.place, one.contact
        if place not in self.routed:
            return found
        horizon = one.time - self._limits.close_after
        for route in ((place, None), (place, contact.user_agent)):
            number = self.routes.get(route)
            if number is None:
                continue
            incident = self.by_number[number]
            # An address that turns out to be shared is no actor: from then on its agents are watched one by one.
            if incident.last_failed < horizon or (route[1] is None and incident.is_crowded(place)):
                del self.routes[route]
            else:
                found.append(incident)
        return found

    def team(self, key: Tuple[str, ...], now: int) -> Optional[Incident]:
        """The open incident of an agent and application at shared places."""
        number = self.teams.get(key)
        if number is None:
            return None
        incident = self.by_number[number]
        if self.is_over(incident, now):
            del self.teams[key]
            return None
        return incident

    def that_tried(self, name: str, now: int) -> List[Incident]:
        """Incidents that tried a name, as long as found names are followed."""
        held = [self.by_number[number] for number in self.tried_in.get(name, ()) if number in self.by_number]
        return [one for one in held if now - one.last_failed <= self._limits.follow]

    def is_over(self, incident: Incident, now: int) -> bool:
        """True once nothing failed for the closing time."""
        return now - incident.last_failed > self._limits.close_after

    def alike(self, entity: str, seen: List[Observation], now: int) -> Optional[Incident]:
        """The latest open incident of whole places whose actor made this as well."""
        for number in sorted(self.by_number, reverse=True):
            incident = self.by_number[number]
            if incident.agent is None and not self.is_over(incident, now) and is_alike(incident, entity, seen):
                return incident
        return None

    def begin(self, seen: Iterable[Observation], agent: Optional[str]) -> Incident:
        """A new incident of what was seen (at least one observation); without an agent whole places are its actor."""
        rows = sorted(seen, key=_time)
        self.opened += 1
        incident = Incident(self.opened, self._first(rows, agent), agent, self._limits, self._owner)
        self.by_number[incident.number] = incident
        self.absorb(incident, rows)
        return incident

    def _first(self, rows: Sequence[Observation], agent: Optional[str]) -> Observation:
        """The first of some observations with which no other incident began, as that is what names an incident."""
        now = rows[-1].time
        named = {
            (one.place, one.begun)
            for one in self.by_number.values()
            if one.agent == agent and now - one.last_failed <= self._limits.follow
        }
        return next((one for one in rows if (one.place, one.time) not in named), rows[-1])

    def absorb(self, incident: Incident, seen: Iterable[Observation]) -> None:
        """Takes observations into an incident, and what is left at their places of the same run."""
        places: Dict[Place, int] = {}
        rows: Dict[Observation, None] = {}
        for one in seen:
            if self.get(one.place, incident.agent) is incident:
                continue  # taken when it was made
            places[one.place] = min(one.time, places.get(one.place, one.time))
            rows[one] = None
        for place in list(places):
            for one in self._around.chain(place, incident.agent):
                rows[one] = None
                places[place] = min(places[place], one.time)
        for place, begin in places.items():
            self.join(incident, place, begin)
        for one in sorted(rows, key=_time):
            if one.contact.outcome == "success":
                incident.take_success(one, self._around.is_strange(one))
            else:
                self.give(incident, one)

    def join(self, incident: Incident, place: Place, begin: int) -> None:
        """A place takes part from a time on."""
        incident.join(place, begin, self._around.users_before(place, incident.agent, begin))
        self.routes[place, incident.agent] = incident.number
        self.routed.add(place)

    def give(self, incident: Incident, one: Observation) -> None:
        """A failed try goes to an incident, which from then on is remembered with the name."""
        name = one.name
        if name and name not in incident.sorts:
            held = self.tried_in.get(name)
            self.tried_in[name] = (incident.number,) if held is None else (*held, incident.number)
        # Most answers say nothing of a right password, and only for those it matters from where they came.
        incident.take(one, one.contact.outcome == RIGHT_PASSWORD and self._around.is_strange(one))

    def forget(self, now: int) -> None:
        """Drops what is over and whose found names nobody follows any more."""
        gone = {number for number, one in self.by_number.items() if now - one.last_failed > self._limits.follow}
        if not gone:
            return
        for number in gone:
            del self.by_number[number]
        self.routes = {route: number for route, number in self.routes.items() if number not in gone}
        self.routed = {place for place, _ in self.routes}
        self.teams = {key: number for key, number in self.teams.items() if number not in gone}
        kept = {name: tuple([one for one in held if one not in gone]) for name, held in self.tried_in.items()}
        self.tried_in = {name: held for name, held in kept.items() if held}


def _time(one: Observation) -> int:
    return one.time
