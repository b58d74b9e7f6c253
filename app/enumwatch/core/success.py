"""Success: the first time a name signed in at a place with an agent. Whatever follows says nothing new."""

from __future__ import annotations

from typing import Dict, Iterable, List, NamedTuple, Set, Tuple

from .address import AddressBook
from .contact import Contact
from .network import network_of
from .observation import Observation, Place, place_of
from .times import day_of


class Spot(NamedTuple):
    """From where a success came, as an engine writes it; rows of one spot may share it."""

    tenant: str
    source: str
    src_ip: str
    asn: str


class SuccessRow(NamedTuple):
    """What an engine hands over of a success; `first` is microseconds since 1970 UTC."""

    first: int
    spot: Spot
    user_agent: str
    actor: str
    host: str
    target: str

    @property
    def tenant(self) -> str:
        """The tenant of the spot."""
        return self.spot.tenant

    @property
    def src_ip(self) -> str:
        """The address of the spot."""
        return self.spot.src_ip

    @property
    def asn(self) -> str:
        """The autonomous system of the spot."""
        return self.spot.asn

    @property
    def last(self) -> int:
        """A success is one moment."""
        return self.first

    @property
    def app_id(self) -> str:
        """Which application let somebody in is not kept."""
        return ""


class Success(NamedTuple):
    """A row with its name in counting form and the place and network it belongs to."""

    time: int
    place: Place
    network: str
    agent: str
    name: str
    row: SuccessRow


def success_rows(contacts: Iterable[Contact]) -> List[SuccessRow]:
    """Rows of the contacts that succeeded and say whose name it was."""
    return [
        SuccessRow(
            one.first,
            Spot(one.tenant, one.source, one.src_ip, one.asn),
            one.user_agent,
            one.actor,
            one.host,
            one.target,
        )
        for one in contacts
        if one.outcome == "success" and one.target_visible and one.target
    ]


def successes(rows: Iterable[SuccessRow], book: AddressBook) -> List[Success]:
    """The first success of each name with each agent at each place, in time order."""
    found: List[Success] = []
    names: Dict[str, str] = {}
    # There are so many rows that each is looked up by as few and as short keys as possible.
    seen: Dict[Place, Dict[str, Set[str]]] = {}  # place → agent → names
    places: Dict[Tuple[int, str, str], Tuple[Place, str, Dict[str, Set[str]]]] = {}
    for row in sorted(rows):
        first, spot, agent, actor, host, target = row
        name = names.get(target)
        if name is None:
            name = names[target] = book.key(target)
        key = (id(spot), host, actor)  # the rows keep their spots alive, so no two of them have one id
        known = places.get(key)
        if known is None:
            place = place_of(row)
            known = (place, network_key(spot.asn, place), seen.setdefault(place, {}))
            places[key] = known
        place, network, here = known
        with_agent = here.get(agent)
        if with_agent is None:
            with_agent = here[agent] = set()
        if name and name not in with_agent:
            with_agent.add(name)
            found.append(Success(first, place, network, agent, name, row))
    return found


def network_key(asn: str, place: Place) -> str:
    """Where a name is at home: the autonomous system, where the log has none the /24 or /64, else the place."""
    return asn or network_of(place.value) or place.value


def observation_of(one: Success) -> Observation:
    """The success as an incident keeps it."""
    first, spot, agent, actor, host, target = one.row
    # In the order of the fields: naming twenty of them takes twice as long, and there are many successes.
    place = (spot.src_ip, spot.asn, "", agent, "", "", "", actor, host, target)
    contact = Contact("sign_in", spot.source, spot.tenant, day_of(first), *place, True, "", "success", 1, first, first)
    return Observation(one.time, one.place, one.name, True, 1, contact)
