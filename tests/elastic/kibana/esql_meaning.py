"""What our ES|QL means, played over rows in memory: no node here runs ES|QL, so its parsed query is followed step by step.

Only the commands and functions that our rules use, as their reference describes them; a stranger raises KeyError.
Dates are milliseconds. Runs under the Python of the linter, beside judge.py.
"""

from __future__ import annotations

import ipaddress
import math
import re
from fnmatch import fnmatchcase
from typing import Any

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SPANS = {"second": 1_000, "minute": MINUTE, "hour": HOUR, "day": DAY}

Row = dict[str, Any]


class Meaning:
    """Follows queries; `now` is the time at which they run."""

    def __init__(self, now: int) -> None:
        self.now = now

    def rows(self, tree: Any, rows: list[Row]) -> list[Row]:
        """The rows that the query makes of these."""
        for command in tree.commands:
            name = type(command).__name__.removesuffix("Command").lower()
            rows = getattr(self, f"_{name}")(command, rows)
        return rows

    def _from(self, _: Any, rows: list[Row]) -> list[Row]:
        return [dict(row) for row in rows]

    def _where(self, command: Any, rows: list[Row]) -> list[Row]:
        return [row for row in rows if self.value(command.predicate, row) is True]

    def _eval(self, command: Any, rows: list[Row]) -> list[Row]:
        for row in rows:
            for one in command.assignments:
                row[one.name] = self.value(one.expr, row)
        return rows

    def _stats(self, command: Any, rows: list[Row]) -> list[Row]:
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple(row.get(name) for name in command.grouping), []).append(row)
        return [
            {
                **dict(zip(command.grouping, key, strict=True)),
                **{one.name: self._aggregate(one.expr, members) for one in command.aggregates},
            }
            for key, members in groups.items()
        ]

    def _sort(self, command: Any, rows: list[Row]) -> list[Row]:
        # How a key is sorted is not in the tree; ours are numbers, most first, then texts.
        def key(row: Row) -> tuple[Any, ...]:
            found = [row.get(one.name) for one in command.keys]
            return tuple(-one if isinstance(one, (int, float)) else one for one in found)

        return sorted(rows, key=key)

    def _limit(self, command: Any, rows: list[Row]) -> list[Row]:
        return rows[: command.count if isinstance(command.count, int) else self.value(command.count, {})]

    def _keep(self, command: Any, rows: list[Row]) -> list[Row]:
        def is_kept(name: str) -> bool:
            return name in command.columns or any(fnmatchcase(name, one) for one in command.wildcards)

        return [{name: row[name] for name in row if is_kept(name)} for row in rows]

    def _aggregate(self, call: Any, rows: list[Row]) -> Any:
        if call.name == "count" and not call.args:
            return len(rows)
        values = [one for row in rows for one in _many(self.value(call.args[0], row))]
        if call.name == "top":
            count, order = (self.value(one, {}) for one in call.args[1:])
            return _one(sorted(values, reverse=order == "desc")[:count])
        if call.name == "values":
            return _one(list(dict.fromkeys(values)))
        if call.name == "count_distinct":
            return len(set(values))
        return {"sum": sum, "min": min, "max": max}[call.name](values) if values else None

    def value(self, node: Any, row: Row) -> Any:
        """What an expression is for one row."""
        sort = type(node).__name__
        if sort == "Literal":
            return _literal(node)
        if sort == "ColumnRef":
            return row.get(node.name)
        if sort == "BinaryExpr":
            return self._binary(node, row)
        if node.name == "case":
            return self._case(node.args, row)
        given = [self.value(one, row) for one in node.args]
        if node.name == "coalesce":
            return next((one for one in given if one is not None), None)
        if node.name == "now":
            return self.now
        return None if any(one is None for one in given) else _FUNCTIONS[node.name](*given)

    def _case(self, nodes: list[Any], row: Row) -> Any:
        for condition, then in zip(nodes[0::2], nodes[1::2], strict=False):
            if self.value(condition, row) is True:
                return self.value(then, row)
        return self.value(nodes[-1], row) if len(nodes) % 2 else None

    def _binary(self, node: Any, row: Row) -> Any:
        left = self.value(node.left, row)
        if node.op == "in":
            return None if left is None else any(left == self.value(one, row) for one in node.right.args)
        right = self.value(node.right, row)
        if node.op in ("and", "or"):
            decides = node.op == "or"
            if decides in (left, right):
                return decides
            return None if None in (left, right) else not decides
        if left is None or right is None or isinstance(left, list) or isinstance(right, list):
            return None
        return _OPERATORS[node.op](left, right)


def _literal(node: Any) -> Any:
    if node.kind not in ("time_duration", "date_period"):
        return node.value
    count, unit = re.fullmatch(r"(\d+)\s*(\w+?)s?", node.value).groups()
    return int(count) * SPANS[unit]


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _one(values: list[Any]) -> Any:
    return None if not values else values[0] if len(values) == 1 else values


def _divided(left: Any, right: Any) -> Any:
    if not right:
        return None  # with a warning
    return left // right if isinstance(left, int) and isinstance(right, int) else left / right


def _replaced(text: str, pattern: str, new: str) -> str:
    return re.sub(pattern, new.replace("$", "\\"), text)


def _extracted(part: str, time: int) -> int:
    # 1970 began on a Thursday; Monday is the first day.
    return {"hour_of_day": time % DAY // HOUR, "day_of_week": (time // DAY + 3) % 7 + 1}[part]


def _address(text: Any) -> Any:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


_OPERATORS = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divided,
}
_FUNCTIONS = {
    "concat": lambda *texts: "".join(texts),
    "date_extract": _extracted,
    "date_diff": lambda unit, start, end: int((end - start) / SPANS[unit.removesuffix("s")]),
    "date_trunc": lambda span, time: time - time % span,
    "floor": lambda number: type(number)(math.floor(number)),
    "length": len,
    "mv_first": lambda values: _many(values)[0],
    "mv_slice": lambda values, start, end: _one(_many(values)[start : end + 1]),
    "mv_sort": lambda values: _one(sorted(_many(values))),
    "not": lambda value: not value,
    "replace": _replaced,
    "to_double": float,
    "to_ip": _address,
    "to_lower": str.lower,
    "to_string": str,
}
