"""Success: the first time a name signed in at a place with an agent. Whatever follows says nothing new."""

from __future__ import annotations

from typing import Dict, Iterable, List, NamedTuple, Tuple

from .address import AddressBook
from .contact import Contact
from .network import network_of
from .observation import Observation, Place, place_of
from .times import day_of


class SuccessRow(NamedTuple):
    """What an engine hands over of a success; `first` is microseconds since 1970 UTC."""

    tenant: str
    source: str
    src_ip: str
    asn: str
    user_agent: str
    actor: str
    host: str
    target: str
    first: int

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
            one.tenant, one.source, one.src_ip, one.asn, one.user_agent, one.actor, one.host, one.target, one.first
        )
        for one in contacts
        if one.outcome == "success" and one.target_visible and one.target
    ]


def successes(rows: Iterable[SuccessRow], book: AddressBook) -> List[Success]:
    """The first success of each name with each agent at each place, in time order."""
    found: List[Success] = []
    seen = set()
    places: Dict[Tuple[str, str, str, str], Place] = {}
    for row in sorted(rows, key=_order):
        name = book.key(row.target)
        key = (row.tenant, row.src_ip, row.host, row.actor)
        place = places.get(key)
        if place is None:
            place = places[key] = place_of(row)
        identity = (place, row.user_agent, name)
        if name and identity not in seen:
            seen.add(identity)
            found.append(Success(row.first, place, network_key(row.asn, place), row.user_agent, name, row))
    return found


def _order(row: SuccessRow) -> Tuple[int, SuccessRow]:
    return row.first, row


def network_key(asn: str, place: Place) -> str:
    """Where a name is at home: the autonomous system, where the log has none the /24 or /64, else the place."""
    return asn or network_of(place.value) or place.value


def observation_of(one: Success) -> Observation:
    """The success as an incident keeps it."""
    row = one.row
    contact = Contact(
        kind="sign_in",
        source=row.source,
        tenant=row.tenant,
        hour=day_of(row.first),
        src_ip=row.src_ip,
        asn=row.asn,
        country="",
        user_agent=row.user_agent,
        app="",
        app_id="",
        client_app="",
        actor=row.actor,
        host=row.host,
        target=row.target,
        target_visible=True,
        code="",
        outcome="success",
        attempts=1,
        first=row.first,
        last=row.first,
    )
    return Observation(one.time, one.place, one.name, True, 1, contact)
