"""Observation: a contact as it becomes known in time, with its name in counting form and the place it came from."""

from __future__ import annotations

from operator import itemgetter
from typing import AbstractSet, Dict, Iterable, List, NamedTuple, Protocol, Tuple

from .address import Address, AddressBook
from .contact import Contact
from .network import canonical_ip

# What a mail service calls its accounts: their address, or of a guest the address folded into the host's domain.
_MAIL_FORMS = ("email", "guest")


_time = itemgetter(0)


class Place(NamedTuple):
    """Where attempts come from: an address, else a machine, else the account that acted."""

    tenant: str
    sort: str  # "ip", "host" or "account"
    value: str


class Placed(Protocol):
    """What a place is read from."""

    @property
    def tenant(self) -> str: ...
    @property
    def src_ip(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def actor(self) -> str: ...


class Observation(NamedTuple):
    """Part of a contact, placed at the moment it became known.

    A contact says when its first and its last attempt were. The first is known at `first`; how many followed is known only at
    `last`, so the rest of its attempts is placed there: a verdict then never rests on attempts that had not happened yet.
    """

    time: int
    place: Place
    name: str  # counting form of the target; "" where the log hides it
    is_first: bool
    attempts: int
    contact: Contact


def _is_own_guest(address: Address, contact: Contact) -> bool:
    """True for a name of the tenant that was written as its own guest: only faulty single sign-on makes such names."""
    home = contact.target.rpartition("@")[2].strip().lower()
    return address.form == "guest" and address.domain == home


def place_of(row: Placed) -> Place:
    """The place of a row; `value` is "" where the log gives neither address nor machine nor account."""
    address = canonical_ip(row.src_ip)
    if address:
        return Place(row.tenant, "ip", address)
    if row.host:
        return Place(row.tenant, "host", row.host)
    return Place(row.tenant, "account", row.actor)


def observe(
    contacts: Iterable[Contact], book: AddressBook, mail_sources: AbstractSet[str] = frozenset()
) -> List[Observation]:
    """Observations of the failed tries among sorted contacts, in time order; equal times keep the order of the contacts.

    In `mail_sources` every account has a mail address for a name. Failed tries at anything else come from a faulty client
    (federation that sends DOMAIN\\user, doubled at-signs) and are left out.
    """
    found: List[Observation] = []
    places: Dict[Tuple[str, str, str, str], Place] = {}
    for contact in contacts:
        if contact.outcome == "success":
            continue
        name = ""
        if contact.target_visible and contact.target:
            name = book.ordinary_key(contact.target)
            if not name:
                address = book.address(contact.target)
                if address.form not in _MAIL_FORMS and contact.source in mail_sources:
                    continue
                if _is_own_guest(address, contact):
                    continue
                name = address.normal
        key = (contact.tenant, contact.src_ip, contact.host, contact.actor)
        place = places.get(key)
        if place is None:
            place = places[key] = place_of(contact)
        early = contact.attempts if contact.first == contact.last else 1
        found.append(Observation(contact.first, place, name, True, early, contact))
        if contact.attempts > early:
            found.append(Observation(contact.last, place, name, False, contact.attempts - early, contact))
    # The contacts come in order and sorting keeps the order of equals, so time is all there is to compare.
    found.sort(key=_time)
    return found
