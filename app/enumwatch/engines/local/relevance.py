"""Relevance: the contacts of a large table that can change a verdict, picked where the table is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from ...core.contact import ECHO_EVENT, ECHOED_EVENT, Contact
from ...core.success import SuccessRow
from .contacts import TRYING, Contacts, microsecond_columns
from .reach import literal

# What the core takes for one attempt that Windows wrote down twice: such rows need each other.
_ECHOES = f"kind = 'sign_in' AND client_app IN ({literal(ECHO_EVENT)}, {literal(ECHOED_EVENT)})"
Row = TypeVar("Row")
_SUCCESS_COLUMNS = ", ".join("epoch_us(first)" if name == "first" else name for name in SuccessRow._fields)


class Relevance:
    """What the core needs of a contact table to say what it would say of the whole.

    Of successes only the first of a name with an agent at a place says anything. A failed try where, and with what, the same
    name had signed in before is its owner's own affair; nine in ten failed tries of a company at work are.
    """

    def __init__(self, contacts: Contacts, *, keeps_own_affairs: bool) -> None:
        """`keeps_own_affairs` where every try must be counted, as for what an allowlist covers."""
        self._contacts = contacts
        self._texts: dict[str, str] = {}
        self._keeps_own_affairs = keeps_own_affairs
        contacts.store.db.execute(f"CREATE OR REPLACE TEMP TABLE arrival AS {contacts.first_successes()}")

    def contacts(self) -> Iterator[Contact]:
        """Contacts that did not succeed, of all kinds."""
        columns = microsecond_columns()
        if self._keeps_own_affairs:
            yield from self._read(f"SELECT {columns} FROM contact", Contact._make)
            return
        is_echo = self._contacts.store.value(
            f"SELECT count(*) FROM contact WHERE {_ECHOES} AND client_app = {literal(ECHO_EVENT)}"
        )
        never_dropped = f"kind NOT IN ({TRYING})" + (f" OR ({_ECHOES})" if is_echo else "")
        yield from self._read(
            f"SELECT {columns} FROM contact AS one WHERE {never_dropped} OR NOT EXISTS (SELECT 1 FROM arrival AS before "
            "WHERE before.place = one.place AND before.user_agent = one.user_agent AND before.target = one.target "
            "AND before.first < one.first AND one.target_visible)",
            Contact._make,
        )

    def arrivals(self) -> Iterator[SuccessRow]:
        """The first success of each name with each agent at each place."""
        yield from self._read(f"SELECT {_SUCCESS_COLUMNS} FROM arrival", SuccessRow._make)

    def _read(self, sql: str, row: Callable[[Iterable[Any]], Row]) -> Iterator[Row]:
        """Rows of a query in which equal texts are one object: they take a third of the memory and compare at once."""
        one_of = self._texts.setdefault
        for values in self._contacts.store.stream(sql):
            yield row([one_of(value, value) if value.__class__ is str else value for value in values])
