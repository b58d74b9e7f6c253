"""Needed: of the contacts of some days those that can change what is told, picked while they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ...core.contact import ECHO_EVENT, ECHOED_EVENT, Contact, is_plain_success
from ...core.event import TRYING_KINDS
from ...core.observation import place_of
from ...core.success import Spot, SuccessRow

_Key = tuple[str, ...]


class Picked(NamedTuple):
    """What did not succeed, and who signed in."""

    contacts: list[Contact]
    arrivals: list[SuccessRow]


class Needed:
    """Takes contacts; keeps the first success of a name with an agent at a place, and what did not succeed.

    A failed try where, and with what, the same name had signed in before is its owner's own affair.
    """

    def __init__(self, *, keeps_own_affairs: bool) -> None:
        """`keeps_own_affairs` where every try must be counted, as for what an allowlist covers."""
        self._keeps_own_affairs = keeps_own_affairs
        self._spots: dict[Spot, Spot] = {}
        self._texts: dict[str, str] = {}
        self._arrivals: dict[_Key, SuccessRow] = {}
        self._others: list[Contact] = []
        self.taken = 0

    def take(self, contacts: Iterable[Contact]) -> None:
        """Takes contacts in any order."""
        spots, texts, arrivals = self._spots, self._texts, self._arrivals
        for one in contacts:
            self.taken += 1
            if not is_plain_success(one.kind, one.outcome):
                self._others.append(one)
            elif one.target_visible and one.target:
                spot = Spot(one.tenant, one.source, one.src_ip, one.asn)
                spot = spots.setdefault(spot, spot)
                agent, target = (texts.setdefault(text, text) for text in (one.user_agent, one.target))
                key = (spot.tenant, spot.src_ip, agent, one.actor, one.host, target)
                known = arrivals.get(key)
                if known is None or one.first <= known.first:
                    row = SuccessRow(one.first, spot, agent, one.actor, one.host, target)
                    arrivals[key] = row if known is None else min(known, row)

    def by_tenant(self) -> dict[str, Picked]:
        """What was picked, by tenant."""
        found: dict[str, Picked] = {}
        for row in self._arrivals.values():
            found.setdefault(row.tenant, Picked([], [])).arrivals.append(row)
        for one in self._others:
            found.setdefault(one.tenant, Picked([], [])).contacts.append(one)
        if self._keeps_own_affairs:
            return found
        return {tenant: Picked(_without_own_affairs(one), one.arrivals) for tenant, one in found.items()}


def together(picked: Mapping[str, Picked]) -> Picked:
    """What was picked of all tenants."""
    return Picked(
        [contact for one in picked.values() for contact in one.contacts],
        [arrival for one in picked.values() for arrival in one.arrivals],
    )


def _without_own_affairs(picked: Picked) -> list[Contact]:
    home: dict[tuple[object, str, str], int] = {}
    for row in picked.arrivals:
        key = (place_of(row), row.user_agent, row.target)
        home[key] = min(row.first, home.get(key, row.first))
    is_echoed = any(_is_echo(one) and one.client_app == ECHO_EVENT for one in picked.contacts)
    return [
        one
        for one in picked.contacts
        if one.kind not in TRYING_KINDS
        or not one.target_visible
        or (is_echoed and _is_echo(one))
        or home.get((place_of(one), one.user_agent, one.target), one.first) >= one.first
    ]


def _is_echo(one: Contact) -> bool:
    # What Windows wrote down twice is one attempt, so such rows need each other.
    return one.kind == "sign_in" and one.client_app in (ECHO_EVENT, ECHOED_EVENT)
