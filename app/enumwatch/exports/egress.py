"""Egress: who signs in from an address, read from the contacts of a run, so that no exit of people is blocked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set

from ..core.address import AddressBook
from ..core.contact import Contact
from ..core.network import canonical_ip, network_of
from ..core.success import SuccessRow


class Egress:
    """Names that signed in, and names that were tried, by address."""

    def __init__(self, contacts: Iterable[Contact], arrivals: Iterable[SuccessRow]) -> None:
        self._book = AddressBook()
        self._people: dict[str, set[str]] = defaultdict(set)
        self._tried: dict[str, set[str]] = defaultdict(set)
        self._networks: dict[str, set[str]] = defaultdict(set)
        for row in arrivals:
            self._add(row.src_ip, row.target)
        for one in contacts:
            if one.outcome == "success":
                self._add(one.src_ip, one.target)
            elif one.target_visible and one.target:
                self._tried[canonical_ip(one.src_ip)].add(self._book.key(one.target))

    def _add(self, address: str, name: str) -> None:
        address = canonical_ip(address)
        if address and name:
            self._people[address].add(self._book.key(name))
            self._networks[network_of(address)].add(address)

    def share(self, address: str, taken: Iterable[str]) -> float:
        """Share (0 to 1) of the names seen at an address that sign in there; accounts `taken` over are the actor's."""
        people = self.people(address, taken)
        everyone = people | self._tried.get(address, set())
        return len(people) / len(everyone) if everyone else 0.0

    def people(self, address: str, taken: Iterable[str]) -> Set[str]:
        """Keys of the names that sign in at an address, without the accounts `taken` over."""
        found = self._people.get(address)
        return found - {self._book.key(name) for name in taken} if found else set()

    def others_in(self, cidr: str, members: Set[str], taken: Iterable[str]) -> list[str]:
        """Addresses of a /24 or /64 from which people sign in and which are none of `members`."""
        gone = list(taken)
        return sorted(one for one in self._networks.get(cidr, set()) - members if self.people(one, gone))
