"""Relevance: the contacts of a large table that can change a verdict, picked where the table is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ...core.bounds import NAME, PLACE, TENANT, Bounds, Cut
from ...core.contact import ECHO_EVENT, ECHOED_EVENT, TIME_FIELDS, Contact
from ...core.outcome import CONFIRMS_EXISTENCE, CONFIRMS_SECRET
from ...core.success import Spot, SuccessRow
from .compact import Compact, rows_of
from .contacts import TRYING, Contacts
from .reach import literal

# What the core takes for one attempt that Windows wrote down twice: such rows need each other.
_ECHOES = f"kind = 'sign_in' AND client_app IN ({literal(ECHO_EVENT)}, {literal(ECHOED_EVENT)})"
# What the core takes out before it cuts (echoes) at most halves the rows, so twice the bounds are surely enough for it.
_ROOM = 2
_PROVES_NAME = f"outcome IN ({', '.join(literal(one) for one in sorted(CONFIRMS_EXISTENCE))})"
_PROVES_SECRET = f"outcome IN ({', '.join(literal(one) for one in sorted(CONFIRMS_SECRET))})"
_FOLLOWED = f"kind IN ({TRYING}) AND NOT {_PROVES_SECRET} AND outcome NOT IN ('noise', 'throttled')"
_DRAWERS = 16_384
_PLACE_VALUE = "CASE WHEN src_ip <> '' THEN src_ip WHEN host <> '' THEN host ELSE actor END"
# Columns of a contact in their order: numbers as they are, texts in groups of what occurs together.
_CONTACT_PARTS: tuple[str | tuple[str, ...], ...] = (
    ("kind", "source", "tenant"),
    "hour",
    ("src_ip", "asn", "country"),
    ("user_agent",),
    ("app", "app_id", "client_app", "actor", "host"),
    ("target",),
    ("target_visible", "code", "outcome"),
    *("attempts", "first", "last"),
)
_ARRIVAL_TEXTS = ("user_agent", "actor", "host", "target")


class _Edge(NamedTuple):
    """What is bounded: of what, the columns that tell one from another, and which rows count (SQL)."""

    of: str
    keys: str
    followed: str


_EDGES = (
    _Edge(PLACE, "place", f"{_FOLLOWED} AND NOT {_PROVES_NAME}"),
    _Edge(NAME, "tenant, name", _FOLLOWED),
    _Edge(TENANT, "tenant", _FOLLOWED),
)


class Relevance:
    """What the core needs of a contact table to say what it would say of the whole.

    Of successes only the first of a name with an agent at a place says anything. A failed try where, and with what, the same
    name had signed in before is its owner's own affair; nine in ten failed tries of a company at work are.
    """

    def __init__(self, contacts: Contacts, *, keeps_own_affairs: bool, bounds: Bounds | None = None) -> None:
        """`keeps_own_affairs` where every try must be counted, as for what an allowlist covers.

        Of a flood only what `bounds` let through is handed on, with room to spare for what the core takes out before it cuts.
        """
        self._contacts = contacts
        self._compact = Compact(contacts.store)
        self._keeps_own_affairs = keeps_own_affairs
        self._bounds = bounds
        self.cuts: list[Cut] = []  # what was not handed on, once the contacts were read
        contacts.gather_arrivals()

    def contacts(self) -> Iterator[Contact]:
        """Contacts that did not succeed, of all kinds, in order."""
        table = "contact"
        if not self._keeps_own_affairs:
            table = "relevant"
            self._contacts.gather(table, self._without_own_affairs())
        table = self._within_bounds(table)
        sql = [f"epoch_us({table}.{part})" if part in TIME_FIELDS else part for part in _CONTACT_PARTS]
        groups, parts = self._compact.read(table, sql)
        for part in parts:
            known = iter(groups)
            columns: list[Iterable[Any]] = []
            for asked, turns in zip(_CONTACT_PARTS, part, strict=True):
                if isinstance(asked, str):
                    columns.append(turns)
                else:
                    columns.extend(map(values.__getitem__, turns) for values in next(known).columns)
            yield from rows_of(Contact, columns)
        self._contacts.store.db.execute("DROP TABLE IF EXISTS relevant")
        self._contacts.store.db.execute("DROP TABLE IF EXISTS bounded")

    def _within_bounds(self, table: str) -> str:
        """The name of a table of the rows that are handed on: the given one unless there is a flood."""
        bounds = self._bounds
        edges = [one for one in _EDGES if bounds is not None and self._has_floods(table, one, getattr(bounds, one.of))]
        return self._cut(table, edges) if edges else table

    def _cut(self, table: str, edges: Sequence[_Edge]) -> str:
        """The name of a table of the rows up to the edges; notes what the others are."""
        store = self._contacts.store
        reached = " ".join(
            f"WHEN {followed} AND first > edge_{of}{self._no_room(table, edges) if of == TENANT else ''} THEN {literal(of)}"
            for of, _, followed in edges
        )
        joined = " ".join(f"LEFT JOIN edge_{of} USING ({keys}, hour)" for of, keys, _ in edges)
        if TENANT in [one.of for one in edges]:
            joined += " LEFT JOIN loud_place USING (tenant, hour, place) LEFT JOIN quiet_tenant USING (tenant, hour)"
        ranked = f"(SELECT one.*, CASE {reached} ELSE '' END AS reached FROM {table} AS one {joined}) AS ranked"
        values = (
            f"CASE reached WHEN {literal(PLACE)} THEN {_PLACE_VALUE} WHEN {literal(NAME)} THEN target ELSE tenant END"
        )
        rows = store.rows(
            f"SELECT tenant, reached, {values} AS value, epoch_us(min(ranked.first)), count(*), sum(attempts)::BIGINT "
            f"FROM {ranked} WHERE reached <> '' GROUP BY ALL ORDER BY ALL"
        )
        self.cuts = [Cut._make(row) for row in rows]
        store.db.execute(
            f"CREATE OR REPLACE TEMP TABLE bounded AS SELECT * EXCLUDE (reached) FROM {ranked} WHERE reached = ''"
        )
        return "bounded"

    def _no_room(self, table: str, edges: Sequence[_Edge]) -> str:
        """SQL, after a tenant's bound was passed, that is true where there is no room for quiet places either."""
        bounds, execute = self._bounds or Bounds(0, 0, 0), self._contacts.store.db.execute
        narrower = [one for one in edges if one.of != TENANT]
        joined = " ".join(f"LEFT JOIN edge_{of} USING ({keys}, hour)" for of, keys, _ in narrower)
        kept = " ".join(f"AND NOT coalesce({rows} AND first > edge_{of}, false)" for of, _, rows in narrower)
        rows = (
            f"(SELECT tenant, hour, place, first FROM {table} SEMI JOIN edge_{TENANT} USING (tenant, hour) {joined} "
            f"WHERE {_FOLLOWED} {kept})"
        )
        self._has_more(rows, _Edge("loud", "tenant, place", "true"), bounds.quiet_place)
        few, more = bounds.quiet_place, _ROOM * bounds.quiet_place
        execute(
            f"CREATE OR REPLACE TEMP TABLE loud_place AS SELECT tenant, hour, place, min(first, {few})[-1] AS loud_from, "
            f"min(first, {more})[-1] AS loud_until FROM {rows} SEMI JOIN flood_loud USING (tenant, place, hour) GROUP BY ALL"
        )
        most = _ROOM * bounds.quiet
        execute(
            f"CREATE OR REPLACE TEMP TABLE quiet_tenant AS SELECT tenant, hour, min(first, {most})[-1] AS quiet_until "
            f"FROM {rows} JOIN edge_{TENANT} USING (tenant, hour) LEFT JOIN loud_place USING (tenant, hour, place) "
            f"WHERE first > edge_{TENANT} AND first < coalesce(loud_from, 'infinity') "
            f"GROUP BY ALL HAVING count(*) >= {most}"
        )
        return " AND NOT (first <= coalesce(loud_until, first) AND first <= coalesce(quiet_until, first))"

    def _has_floods(self, table: str, edge: _Edge, followed: int) -> bool:
        """True where some place, name or tenant has more rows in an hour than are handed on; then the last such time is kept."""
        of, keys, rows = edge
        most, store = _ROOM * followed, self._contacts.store
        if not self._has_more(table, edge, most):
            return False
        store.db.execute(
            f"CREATE OR REPLACE TEMP TABLE edge_{of} AS SELECT {keys}, hour, min(first, {most})[-1] AS edge_{of} "
            f"FROM {table} SEMI JOIN flood_{of} USING ({keys}, hour) WHERE {rows} GROUP BY ALL"
        )
        return bool(store.value(f"SELECT count(*) FROM edge_{of}"))

    def _has_more(self, table: str, edge: _Edge, most: int) -> bool:
        """True where one may have more rows in an hour than this; those that have are in a table then, which else is empty.

        All names by the hour can be more than memory holds, so they are counted in drawers first: one that is not too full
        holds no flood, and what is in the others is few.
        """
        of, keys, rows = edge
        store, drawer = self._contacts.store, f"hash({keys}) % {_DRAWERS}"
        full = f"SELECT {drawer} AS drawer, hour FROM {table} WHERE {rows} GROUP BY ALL HAVING count(*) > {most}"
        store.db.execute(f"CREATE OR REPLACE TEMP TABLE full_{of} AS {full}")
        inside = (
            f"FROM (SELECT *, {drawer} AS drawer FROM {table} WHERE {rows}) SEMI JOIN full_{of} USING (drawer, hour)"
        )
        store.db.execute(
            f"CREATE OR REPLACE TEMP TABLE flood_{of} AS SELECT {keys}, hour {inside} GROUP BY ALL HAVING count(*) > {most}"
        )
        return bool(store.value(f"SELECT count(*) FROM full_{of}"))

    def _without_own_affairs(self) -> Callable[[str], str]:
        """SQL of the contacts of some names, of which is said with SQL that has `{}` for a hash of them."""
        is_echo = self._contacts.store.value(
            f"SELECT count(*) FROM contact WHERE {_ECHOES} AND client_app = {literal(ECHO_EVENT)}"
        )
        never_dropped = f"kind NOT IN ({TRYING})" + (f" OR ({_ECHOES})" if is_echo else "")
        return lambda which: (
            f"SELECT * FROM contact AS one WHERE {which.format('name')} AND ({never_dropped} OR NOT EXISTS ("
            f"SELECT 1 FROM arrival AS before WHERE {which.format('before.name')} AND before.place = one.place "
            "AND before.user_agent = one.user_agent AND before.target = one.target "
            "AND before.first < one.first AND one.target_visible))"
        )

    def arrivals(self) -> Iterator[SuccessRow]:
        """The first success of each name with each agent at each place, in order."""
        groups, parts = self._compact.read(
            "arrival", ["epoch_us(arrival.first)", Spot._fields, *([name] for name in _ARRIVAL_TEXTS)]
        )
        spots = list(rows_of(Spot, groups[0].columns))
        known: list[Sequence[Any]] = [spots, *(values for group in groups[1:] for values in group.columns)]
        for first, *turns in parts:
            columns = [map(values.__getitem__, turn) for values, turn in zip(known, turns, strict=True)]
            yield from rows_of(SuccessRow, [first, *columns])
