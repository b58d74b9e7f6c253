"""A hunt in the SQL of DuckDB, over a file of contacts. All of the file is asked: its time was chosen when it was made."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import ClassVar

from ..rulebook.limit import Limit
from .writing import Writer, span_of

CONTACTS_FILE = "contacts.parquet"


class SqlWriter(Writer):
    """Writes one hunt in SQL."""

    EITHER = "CASE WHEN {0} THEN {1} ELSE {2} END"
    EQUAL = "="
    FUNCTIONS: ClassVar[Mapping[str, str]] = {
        "lower": "lower({0})",
        "replace": "regexp_replace({0}, {1}, {2}, 'g')",
        "matches": "regexp_matches({0}, {1})",
        "length": "length({0})",
        "day": "date_trunc('day', {0})",
        "hour": "date_trunc('hour', {0})",
        "hour_of_day": "hour({0})",
        "day_of_week": "isodow({0})",
        "seconds": "(epoch({0}) - epoch({1}))",
    }
    _AGGREGATES: ClassVar[Mapping[str, str]] = {
        "distinct": "count(DISTINCT {0}){1}",
        "sum": "coalesce(sum({0}){1}, 0)",
        "values": "list_sort(coalesce(list(DISTINCT {0}){1}, []))",
        "min": "min({0}){1}",
        "max": "max({0}){1}",
    }

    def text(self) -> str:
        """The whole query."""
        asked = self.query
        kinds = ", ".join(self.quoted(one) for one in asked.kinds)
        each = "".join(f",\n    {self.written(node)} AS {self.column(name)}" for name, node in asked.each.items())
        by = ", ".join(self.column(one) for one in asked.by)
        counted = ",\n    ".join(
            f"{self._over_group(node)} AS {self.column(name)}" for name, node in asked.count.items()
        )
        where = f"\n  WHERE {self.written(asked.where)}" if asked.where is not None else ""
        then = "".join(f", {self.written(node)} AS {self.column(name)}" for name, node in asked.then.items())
        lines = [
            f"WITH tries AS (\n  SELECT *{each}\n  FROM '{CONTACTS_FILE}'\n  WHERE kind IN ({kinds})\n), counted AS (",  # noqa: S608 - all of it is a rule's
            f"  SELECT {by},\n    {counted}\n  FROM tries{where}\n  GROUP BY {by}\n), told AS (",  # noqa: S608
            f"  SELECT *{then}\n  FROM counted\n)",  # noqa: S608
            f"SELECT {', '.join(self.column(one) for one in asked.told)}",
            "FROM told",
            *([f"WHERE {self.written(asked.having)}"] if asked.having is not None else []),
            f"ORDER BY {self.column(asked.most)} DESC, {by}",
        ]
        return "\n".join(lines)

    def column(self, name: str) -> str:
        """How a column is written."""
        return f'"{name}"'

    def quoted(self, text: str) -> str:
        """How a text is written; the reference to a group has a backslash here."""
        return "'" + text.replace("'", "''").replace("$1", "\\1") + "'"

    def recent(self, time: str, limit: Limit) -> str:
        """How it is said that a time lies in the last so many days of the file."""
        count, unit = span_of(limit)
        return f"{time} >= (SELECT max(\"last\") FROM '{CONTACTS_FILE}') - INTERVAL {count} {unit.upper()}"  # noqa: S608 - a rule's

    def _over_group(self, node: ast.expr) -> str:
        name, argument, condition = self.parts(node)
        only = f" FILTER (WHERE {self.written(condition)})" if condition is not None else ""
        return self._AGGREGATES[name].format(self.written(argument), only)
