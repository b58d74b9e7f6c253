"""Relevance: the contacts of a large table that can change a verdict, picked where the table is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ...core.contact import ECHO_EVENT, ECHOED_EVENT, TIME_FIELDS, Contact
from ...core.success import Spot, SuccessRow
from .compact import Compact
from .contacts import TRYING, Contacts
from .reach import literal

# What the core takes for one attempt that Windows wrote down twice: such rows need each other.
_ECHOES = f"kind = 'sign_in' AND client_app IN ({literal(ECHO_EVENT)}, {literal(ECHOED_EVENT)})"
# Columns of a contact that come as they are; the others come in groups of values that occur together.
_COUNTED = (*TIME_FIELDS, "attempts")
_CONTACT_GROUPS = (
    ("kind", "app", "app_id", "client_app", "actor", "host", "target_visible", "code", "outcome"),
    ("source", "tenant", "src_ip", "asn", "country"),
    ("user_agent",),
    ("target",),
)
_ARRIVAL_TEXTS = ("user_agent", "actor", "host", "target")


class Relevance:
    """What the core needs of a contact table to say what it would say of the whole.

    Of successes only the first of a name with an agent at a place says anything. A failed try where, and with what, the same
    name had signed in before is its owner's own affair; nine in ten failed tries of a company at work are.
    """

    def __init__(self, contacts: Contacts, *, keeps_own_affairs: bool) -> None:
        """`keeps_own_affairs` where every try must be counted, as for what an allowlist covers."""
        self._contacts = contacts
        self._compact = Compact(contacts.store)
        self._keeps_own_affairs = keeps_own_affairs
        contacts.store.db.execute(f"CREATE OR REPLACE TEMP TABLE arrival AS {contacts.first_successes()}")

    def contacts(self) -> Iterator[Contact]:
        """Contacts that did not succeed, of all kinds, in order."""
        table = "contact"
        if not self._keeps_own_affairs:
            table = "relevant"
            self._contacts.store.db.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {self._without_own_affairs()}")
        numbers = [f"epoch_us({name})" if name in TIME_FIELDS else name for name in _COUNTED]
        groups, parts = self._compact.read(table, numbers, _CONTACT_GROUPS, ", ".join(Contact._fields))
        for part in parts:
            columns: dict[str, Iterable[Any]] = dict(zip(_COUNTED, part, strict=False))
            for group, turns in zip(groups, part[len(_COUNTED) :], strict=True):
                for name, values in zip(group.names, group.columns, strict=True):
                    columns[name] = map(values.__getitem__, turns)
            yield from map(Contact._make, zip(*[columns[name] for name in Contact._fields], strict=True))
        self._contacts.store.db.execute("DROP TABLE IF EXISTS relevant")

    def _without_own_affairs(self) -> str:
        is_echo = self._contacts.store.value(
            f"SELECT count(*) FROM contact WHERE {_ECHOES} AND client_app = {literal(ECHO_EVENT)}"
        )
        never_dropped = f"kind NOT IN ({TRYING})" + (f" OR ({_ECHOES})" if is_echo else "")
        return (
            f"SELECT * FROM contact AS one WHERE {never_dropped} OR NOT EXISTS (SELECT 1 FROM arrival AS before "
            "WHERE before.place = one.place AND before.user_agent = one.user_agent AND before.target = one.target "
            "AND before.first < one.first AND one.target_visible)"
        )

    def arrivals(self) -> Iterator[SuccessRow]:
        """The first success of each name with each agent at each place, in order."""
        order = ", ".join(["first", *Spot._fields, *_ARRIVAL_TEXTS])
        groups, parts = self._compact.read(
            "arrival", ["epoch_us(arrival.first)"], [Spot._fields, *([name] for name in _ARRIVAL_TEXTS)], order
        )
        spots = list(map(Spot._make, zip(*groups[0].columns, strict=True)))
        known: list[Sequence[Any]] = [spots, *(values for group in groups[1:] for values in group.columns)]
        for first, *turns in parts:
            columns = [map(values.__getitem__, turn) for values, turn in zip(known, turns, strict=True)]
            yield from map(SuccessRow._make, zip(first, *columns, strict=True))
