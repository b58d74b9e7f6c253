"""A hunt in SPL, over the contacts that the Splunk app keeps."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import ClassVar

from ..rulebook.limit import Limit
from ..splunk.content.names import CONTACTS, SPLUNK_NAMES
from .expression import COLUMNS, TEXT, TIME
from .writing import Writer, span_of

_SHORT_UNITS = {"day": "d", "hour": "h", "minute": "m", "second": "s"}
# A search counts only rows that have a value in every field it groups by, so what is empty gets a value first.
NOTHING = "-"
_ADDED = "ew_"  # begins the names of columns that stand in no answer
_ALWAYS_THERE = frozenset({"kind", "source", "outcome"})


class SplWriter(Writer):
    """Writes one hunt in SPL."""

    NOT = "NOT "
    IN = "in({0}, {1})"
    EITHER = "if({0}, {1}, {2})"
    FUNCTIONS: ClassVar[Mapping[str, str]] = {
        "lower": "lower({0})",
        "replace": "replace({0}, {1}, {2})",
        "matches": "match({0}, {1})",
        "length": "len({0})",
        "day": "floor({0} / 86400) * 86400",
        "hour": "floor({0} / 3600) * 3600",
        # Times are those of UTC, whatever zone the reader of the search has chosen.
        "hour_of_day": "floor(({0} % 86400) / 3600)",
        "day_of_week": "(floor({0} / 86400) + 3) % 7 + 1",
        "seconds": "({0} - {1})",
    }
    _AGGREGATES: ClassVar[Mapping[str, str]] = {
        "distinct": "dc",
        "sum": "sum",
        "values": "values",
        "min": "min",
        "max": "max",
    }

    def text(self) -> str:
        """The whole query."""
        asked = self.query
        count, unit = span_of(self.hunt.limits[asked.look_back])
        kinds = ", ".join(self.quoted(one) for one in asked.kinds)
        empty = sorted(name for name in asked.read() & COLUMNS.keys() - _ALWAYS_THERE if COLUMNS[name] == TEXT)
        lines = [f"`{CONTACTS}` earliest=-{count}{_SHORT_UNITS[unit]} kind IN ({kinds})"]
        lines += [f'| fillnull value="{NOTHING}" {" ".join(self.column(one) for one in empty)}'] if empty else []
        lines += [f"| eval {self.column(name)}={self.written(node)}" for name, node in asked.each.items()]
        lines += [f"| where {self.written(asked.where)}"] if asked.where is not None else []
        counted = [self._counted(name) for name in asked.count]
        added = ",\n    ".join(value for value, _ in counted if value)
        lines += [f"| eval {added}"] if added else []
        lines += [
            f"| stats {', '.join(function for _, function in counted)} BY {', '.join(self.column(one) for one in asked.by)}"
        ]
        sums = [name for name, node in asked.count.items() if self.parts(node)[0] == "sum"]
        lines += [f'| fillnull value="0" {" ".join(sums)}'] if sums else []
        lines += [f"| eval {name}={self.written(node)}" for name, node in asked.then.items()]
        lines += [f"| where {self.written(asked.having)}"] if asked.having is not None else []
        lines += [f"| sort 0 -{asked.most}"]
        times = [name for name in asked.told if self.hunt.types[name] == TIME]
        spelled = ", ".join(f'{one}=strftime({one}, "%Y-%m-%d %H:%M:%S")' for one in times)
        lines += [f"| eval {spelled}"] if spelled else []
        return "\n".join([*lines, f"| table {', '.join(self.column(one) for one in asked.told)}"])

    def column(self, name: str) -> str:
        """How a column is written."""
        return SPLUNK_NAMES.get(name, name)

    def quoted(self, text: str) -> str:
        """How a text is written; the reference to a group has a backslash here."""
        return f'"{text}"'.replace("$1", "\\1") if text else f'"{NOTHING}"'

    def truth(self, name: str) -> str:
        """How a column is written that is true or false: as a text."""
        return f'{self.column(name)}=="true"'

    def recent(self, time: str, limit: Limit) -> str:
        """How it is said that a time lies in the last so many days."""
        count, unit = span_of(limit)
        return f'{time} >= relative_time(now(), "-{count}{_SHORT_UNITS[unit]}")'

    def _call(self, node: ast.Call) -> str:
        # What is put in place of a match may be nothing at all.
        text = super()._call(node)
        is_removal = isinstance(node.func, ast.Name) and node.func.id == "replace" and _is_empty(node.args[2])
        return text.removesuffix(f'"{NOTHING}")') + '"")' if is_removal else text

    def _counted(self, name: str) -> tuple[str, str]:
        """The value that a row adds to what is counted, "" where it is a column already; and the function over a group."""
        function, argument, condition = self.parts(self.query.count[name])
        what = self.written(argument)
        if condition is not None:
            what = f"if({self.written(condition)}, {what}, null())"
        is_column = condition is None and isinstance(argument, ast.Name)
        column = what if is_column else f"{_ADDED}{name}"
        return "" if is_column else f"{column}={what}", f"{self._AGGREGATES[function]}({column}) AS {name}"


def _is_empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == ""
