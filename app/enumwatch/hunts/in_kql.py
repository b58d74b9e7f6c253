"""A hunt in KQL, over the tables of Microsoft Sentinel as their connectors write them.

The tables are first brought into the form of contacts; codes get their outcomes from the lookup of outcomes.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import ClassVar

from ..rulebook.limit import Limit
from .expression import COLUMNS, TEXT, names_in
from .sentinel import Table, outcome_of, tables
from .writing import Writer, span_of

NOW = "let until = now();"
_SHORT_UNITS = {"day": "d", "hour": "h", "minute": "m", "second": "s"}
# Words of the language, and names that a table has already.
_NAMES = {
    "kind": "event_kind", "source": "log_source", "host": "src_host", "first": "first_time", "last": "last_time",
    "day": "on_day", "hour": "in_hour",
}  # fmt: skip
_MOST_VALUES = 100
_ORDER = ("first", *(name for name in COLUMNS if name != "first"))


class KqlWriter(Writer):
    """Writes one hunt in KQL."""

    AND, OR, NOT = "and", "or", "not"
    IN = "{0} in ({1})"
    EITHER = "iff({0}, {1}, {2})"
    FUNCTIONS: ClassVar[Mapping[str, str]] = {
        "lower": "tolower({0})",
        "replace": "replace_regex({0}, {1}, {2})",
        "matches": "{0} matches regex {1}",
        "length": "strlen({0})",
        "day": "startofday({0})",
        "hour": "bin({0}, 1h)",
        "hour_of_day": "hourofday({0})",
        "day_of_week": "toint((dayofweek({0}) / 1d + 6) % 7) + 1",
        "seconds": 'datetime_diff("second", {0}, {1})',
    }
    _AGGREGATES: ClassVar[Mapping[str, str]] = {
        "distinct": "dcount",
        "sum": "sum",
        "values": "make_set",
        "min": "min",
        "max": "max",
    }

    def text(self) -> str:
        """The whole query."""
        asked = self.query
        count, unit = span_of(self.hunt.limits[asked.look_back])
        views = [self._view(tables()[one], f"{count}{_SHORT_UNITS[unit]}") for one in asked.sentinel]
        united = views[0] if len(views) == 1 else "union\n(" + "),\n(".join(views) + ")"
        lines = [f"let contacts = {united};", "contacts"]
        lines += [f"| extend {self.column(name)} = {self.written(node)}" for name, node in asked.each.items()]
        lines += [f"| where {self.written(asked.where)}"] if asked.where is not None else []
        counted = ", ".join(f"{self.column(name)} = {self._over_group(node)}" for name, node in asked.count.items())
        lines += [f"| summarize {counted} by {', '.join(self.column(one) for one in asked.by)}"]
        lines += [f"| extend {self.column(name)} = {self.written(node)}" for name, node in asked.then.items()]
        lines += [f"| where {self.written(asked.having)}"] if asked.having is not None else []
        lines += [f"| order by {self.column(asked.most)} desc"]
        return "\n".join([NOW, *lines, f"| project {', '.join(self.column(one) for one in asked.told)}"])

    def column(self, name: str) -> str:
        """How a column is written."""
        return _NAMES.get(name, name)

    def quoted(self, text: str) -> str:
        """How a text is written; the reference to a group has a backslash here."""
        return '@"\\1"' if text == "$1" else f'"{text}"'

    def ratio(self, left: str, right: str) -> str:
        """How a division is written that keeps its fraction."""
        return f"todouble({left}) / {right}"

    def recent(self, time: str, limit: Limit) -> str:
        """How it is said that a time lies in the last so many days."""
        count, unit = span_of(limit)
        return f"{time} >= until - {count}{_SHORT_UNITS[unit]}"

    def _over_group(self, node: ast.expr) -> str:
        name, argument, condition = self.parts(node)
        if name in ("min", "max") and condition is not None:
            return f"{name}(iff({self.written(condition)}, {self.written(argument)}, datetime(null)))"
        given = [self.written(argument)] + ([self.written(condition)] if condition is not None else [])
        given += [str(_MOST_VALUES)] if name == "values" else []
        joined = "_if" if name == "values" else "if"
        return f"{self._AGGREGATES[name]}{joined if condition is not None else ''}({', '.join(given)})"

    def _view(self, table: Table, look_back: str) -> str:
        """The rows of one table under the names of contacts, no more columns than are asked for."""
        read = {"kind", "first", *self.query.read()}
        wanted = sorted(read & COLUMNS.keys(), key=_ORDER.index)
        made = []
        for name in wanted:
            text = outcome_of(table, self._outcomes()) if name == "outcome" else table.column(name, self.query.kinds)
            made.append(f"{self.column(name)} = {text or self._empty(name)}")
        lines = [table.rows, f"| where TimeGenerated >= until - {look_back} and TimeGenerated <= until"]
        lines += [f"| where {one}" for one in table.conditions(self.query.kinds)]
        return "\n".join([*lines, "| project " + ",\n    ".join(made)])

    def _empty(self, name: str) -> str:
        return '""' if COLUMNS[name] == TEXT else "true"

    def _outcomes(self) -> set[str]:
        """The outcomes that the hunt tells apart; empty for all of them, where it shows them."""
        found: set[str] = set()
        nodes = [*self.query.each.values(), *self.query.count.values()]
        nodes += [self.query.where] if self.query.where is not None else []
        for one in (inner for node in nodes for inner in ast.walk(node)):
            if isinstance(one, ast.Call) and any(
                isinstance(each, ast.Name) and each.id == "outcome" for each in one.args
            ):
                return set()
            if isinstance(one, ast.Compare) and "outcome" in names_in(one.left):
                (right,) = one.comparators
                found |= {str(right.value)} if isinstance(right, ast.Constant) else {*self.listed(right)}
        return set() if "outcome" in self.query.by else found
