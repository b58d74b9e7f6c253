"""A hunt in ES|QL, over the index of contacts."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import ClassVar

from ..elastic.kibana.columns import column, contact
from ..elastic.names import CONTACTS
from ..rulebook.limit import Limit
from .expression import COLUMNS
from .hunt import Hunt
from .writing import Writer, span_of

_MOST_ROWS = 1000


class EsqlWriter(Writer):
    """Writes one hunt in ES|QL."""

    NOT = "NOT "
    FUNCTIONS: ClassVar[Mapping[str, str]] = {
        "lower": "TO_LOWER({0})",
        "replace": "REPLACE({0}, {1}, {2})",
        # The patterns of RLIKE are of another sort, and know no beginning of a text.
        "matches": 'REPLACE({0}, {1}, "") != {0}',
        "length": "LENGTH({0})",
        "day": "DATE_TRUNC(1 day, {0})",
        "hour": "DATE_TRUNC(1 hour, {0})",
        "hour_of_day": 'DATE_EXTRACT("hour_of_day", {0})',
        "day_of_week": 'DATE_EXTRACT("day_of_week", {0})',
        "seconds": 'DATE_DIFF("seconds", {1}, {0})',
    }
    _AGGREGATES: ClassVar[Mapping[str, str]] = {
        "distinct": "COUNT_DISTINCT",
        "sum": "SUM",
        "values": "VALUES",
        "min": "MIN",
        "max": "MAX",
    }

    def __init__(self, hunt: Hunt) -> None:
        super().__init__(hunt)
        self._own: set[str] = set()  # columns that take the place of a contact's own

    def text(self) -> str:
        """The whole query."""
        asked, self._own = self.query, set()
        count, unit = span_of(self.hunt.limits[asked.look_back])
        kinds = self.IN.format(self.column("kind"), ", ".join(self.quoted(one) for one in asked.kinds))
        lines = [f"FROM {CONTACTS}", f"| WHERE @timestamp >= NOW() - {count} {unit}s AND {kinds}"]
        lines += [f"| EVAL {name} = {self.written(node)}" for name, node in asked.each.items()]
        lines += [f"| WHERE {self.written(asked.where)}"] if asked.where is not None else []
        counted = ", ".join(f"{name} = {self._over_group(node)}" for name, node in asked.count.items())
        by = ", ".join(self.column(one) for one in asked.by)
        lines += [f"| STATS {counted} BY {by}"]
        self._own |= asked.count.keys()
        lines += [f"| EVAL {name} = {self.written(node)}" for name, node in asked.then.items()]
        lines += [f"| WHERE {self.written(asked.having)}"] if asked.having is not None else []
        lines += [f"| SORT {asked.most} DESC", f"| KEEP {', '.join(self.column(one) for one in asked.told)}"]
        return "\n".join([*lines, f"| LIMIT {_MOST_ROWS}"])

    def column(self, name: str) -> str:
        """How a column is written."""
        return contact(name) if name in COLUMNS and name not in self._own else column(name)

    def ratio(self, left: str, right: str) -> str:
        """How a division is written that keeps its fraction."""
        return f"TO_DOUBLE({left}) / {right}"

    def recent(self, time: str, limit: Limit) -> str:
        """How it is said that a time lies in the last so many days."""
        count, unit = span_of(limit)
        return f"{time} >= NOW() - {count} {unit}s"

    def _over_group(self, node: ast.expr) -> str:
        name, argument, condition = self.parts(node)
        what = self.written(argument)
        if condition is not None:
            what = self.EITHER.format(self.written(condition), what, "0" if name == "sum" else "null")
        return f"{self._AGGREGATES[name]}({what})"
