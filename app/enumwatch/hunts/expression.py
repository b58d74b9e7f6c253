"""Expression: one line of a hunt, in the syntax of Python and nothing but names, texts, numbers and known functions.

It is read and checked, never run: writers turn it into the languages of the places where contacts lie.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_type_hints

from ..core.contact import TIME_FIELDS, Contact
from ..core.outcome import CONFIRMS_EXISTENCE, FAILING
from ..rulebook.limit import Limit
from ..rulebook.pattern import pattern_fault

TEXT, NUMBER, TIME, TRUTH, VALUES = "text", "number", "time", "truth", "values"
_OF_HINTS = {str: TEXT, int: NUMBER, bool: TRUTH}
COLUMNS: Mapping[str, str] = {
    name: TIME if name in TIME_FIELDS else _OF_HINTS[hint] for name, hint in get_type_hints(Contact).items()
}
# Lists of outcomes that every hunt may name.
OUTCOME_WORDS: Mapping[str, tuple[str, ...]] = {
    "failing": tuple(sorted(FAILING)),
    "existing": tuple(sorted(CONFIRMS_EXISTENCE - {"success"})),
}
# Functions over one row: types of the arguments, type of the result.
FUNCTIONS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "lower": ((TEXT,), TEXT),
    "replace": ((TEXT, TEXT, TEXT), TEXT),
    "matches": ((TEXT, TEXT), TRUTH),
    "length": ((TEXT,), NUMBER),
    "day": ((TIME,), TIME),
    "hour": ((TIME,), TIME),
    "hour_of_day": ((TIME,), NUMBER),
    "day_of_week": ((TIME,), NUMBER),
    "seconds": ((TIME, TIME), NUMBER),
    "recent": ((TIME, NUMBER), TRUTH),
}
# Functions over the rows of a group; a condition may follow, which says which rows count.
AGGREGATES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "distinct": ((TEXT, TIME, NUMBER), NUMBER),
    "sum": ((NUMBER,), NUMBER),
    "values": ((TEXT,), VALUES),
    "min": ((TIME, NUMBER), ""),
    "max": ((TIME, NUMBER), ""),
}
# Shorthands, and what each stands for. Patterns have no backslash, which every language reads in its own way.
_SHORTHANDS: Mapping[str, str] = {
    "domain": "replace(lower(it), '^.*@', '')",
    "local": "replace(lower(it), '@.*$', '')",
    "network": "replace(it, '[.][0-9]+$', '.0/24')",
    "shape": "replace(lower(it), '[0-9]+', '#')",
    "initial": "replace(lower(it), '^(.).*$', '$1')",
    "skeleton": "replace(replace(replace(replace(replace(lower(it), 'rn', 'm'), 'vv', 'w'), '[1i]', 'l'), '0', 'o'), '-', '')",
}
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_REPEATS = re.compile(r"\{([a-z_]+)\}")  # in a pattern: as often as a limit says
_UNSAFE = re.compile(r"[\"'\\`]|[^ -~]")


class ExpressionError(ValueError):
    """An expression that is none; `what` is wrong, `expected` would do, `found` stands there."""

    def __init__(self, what: str, expected: str = "", found: str = "") -> None:
        super().__init__(what)
        self.what, self.expected, self.found = what, expected, found


@dataclass(frozen=True)
class Scope:
    """What an expression may name: columns with their types, limits, and lists of words."""

    columns: Mapping[str, str] = field(default_factory=lambda: dict(COLUMNS))
    limits: Mapping[str, Limit] = field(default_factory=dict)
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def with_columns(self, more: Mapping[str, str]) -> Scope:
        """The scope with more columns."""
        return Scope({**self.columns, **more}, self.limits, self.words)


def parse(text: str) -> ast.expr:
    """The expression in a text, shorthands replaced by what they stand for; raises ExpressionError."""
    try:
        return _Longhand().visit(ast.parse(" ".join(text.split()), mode="eval").body)  # type: ignore[no-any-return]
    except SyntaxError as error:
        raise ExpressionError(f"no expression: {error.msg}", "one such as names >= least", text[:60]) from None


class _Longhand(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in _SHORTHANDS or len(node.args) != 1:
            return node
        return _Put(node.args[0]).visit(ast.parse(_SHORTHANDS[name], mode="eval").body)  # type: ignore[no-any-return]


class _Put(ast.NodeTransformer):
    def __init__(self, argument: ast.expr) -> None:
        self._argument = argument

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._argument if node.id == "it" else node


def type_of(node: ast.expr, scope: Scope, *, is_group: bool = False) -> str:
    """The type of an expression; with `is_group` it is one of AGGREGATES. Raises ExpressionError."""
    if is_group:
        return _aggregate(node, scope)
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.Name):
        return _named(node.id, scope)
    if isinstance(node, ast.Call):
        return _call(node, scope)
    if isinstance(node, ast.BoolOp):
        return _each(node.values, TRUTH, TRUTH, scope)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _each([node.operand], TRUTH, TRUTH, scope)
    if isinstance(node, ast.BinOp) and isinstance(node.op, _OPERATORS):
        return _each([node.left, node.right], NUMBER, NUMBER, scope)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _comparison(node, scope)
    raise ExpressionError("an expression that no query language has", "names, texts, numbers, functions", shown(node))


def names_in(node: ast.expr) -> set[str]:
    """Every name in an expression that is no function, limits in the braces of patterns among them."""
    called = {id(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
    texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    repeats = {name for text in texts for name in _REPEATS.findall(text)}
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and id(one) not in called} | repeats


def with_repeats(pattern: str, limits: Mapping[str, Limit]) -> str:
    """A pattern in which `{limit}` has become the number of that limit; raises ExpressionError where there is none."""

    def number(found: re.Match[str]) -> str:
        if found[1] not in limits:
            raise ExpressionError("a pattern names no limit", "one of " + (", ".join(limits) or "none"), found[1])
        return f"{{{limits[found[1]].number}}}"

    return _REPEATS.sub(number, pattern)


def shown(node: ast.AST) -> str:
    """An expression as it is written."""
    return ast.unparse(node)


def _constant(value: object) -> str:
    if isinstance(value, str):
        if _UNSAFE.search(value):
            raise ExpressionError("a text that languages read differently", "no quote, no backslash", value)
        return TEXT
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return NUMBER
    raise ExpressionError("a constant that is none here", "a text or a number", repr(value))


def _named(name: str, scope: Scope) -> str:
    if name in scope.columns:
        return scope.columns[name]
    if name in scope.limits:
        return NUMBER
    known = ", ".join([*scope.columns, *scope.limits])
    raise ExpressionError(f'the name "{name}" is not known here', f"one of {known}", name)


def _call(node: ast.Call, scope: Scope) -> str:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name == "either" and len(node.args) == 3:
        _each(node.args[:1], TRUTH, TRUTH, scope)
        types = {type_of(one, scope) for one in node.args[1:]}
        if len(types) == 1:
            return types.pop()
        raise ExpressionError("either gives two types", "one type", shown(node))
    if name not in FUNCTIONS:
        known = ", ".join([*FUNCTIONS, *_SHORTHANDS, "either"])
        raise ExpressionError(f'there is no function "{name}" here', f"one of {known}", shown(node))
    wanted, result = FUNCTIONS[name]
    if len(node.args) != len(wanted) or node.keywords:
        raise ExpressionError(f"{name} takes {', '.join(wanted)}", f"{len(wanted)} arguments", shown(node))
    for argument, kind in zip(node.args, wanted, strict=True):
        _each([argument], kind, kind, scope)
    if name in ("replace", "matches"):
        _check_pattern(node.args[1], scope)
    return result


def _check_pattern(node: ast.expr, scope: Scope) -> None:
    if not isinstance(node, ast.Constant):
        raise ExpressionError("a pattern that is computed", "a text", shown(node))
    fault = pattern_fault(with_repeats(str(node.value), scope.limits))
    if fault:
        raise ExpressionError(f"{fault}", "a pattern for every engine", str(node.value))


def _comparison(node: ast.Compare, scope: Scope) -> str:
    (operator,), (right,) = node.ops, node.comparators
    if isinstance(operator, (ast.In, ast.NotIn)):
        _each([node.left], TEXT, TEXT, scope)
        if isinstance(right, ast.Name) and right.id in scope.words:
            return TRUTH
        if isinstance(right, ast.List) and right.elts:
            return _each(right.elts, TEXT, TRUTH, scope)
        raise ExpressionError("a list that is none", "one of " + ", ".join(scope.words) + " or [...]", shown(right))
    left = type_of(node.left, scope)
    if not isinstance(operator, _COMPARISONS) or left in (TRUTH, VALUES):
        raise ExpressionError("a comparison that no language has", "== != < <= > >= in", shown(node))
    return _each([right], left, TRUTH, scope)


def _each(nodes: Sequence[ast.expr], wanted: str, result: str, scope: Scope) -> str:
    for node in nodes:
        found = type_of(node, scope)
        if found != wanted:
            raise ExpressionError(f"{shown(node)} is of another type", wanted, found)
    return result


def _aggregate(node: ast.expr, scope: Scope) -> str:
    name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    if name not in AGGREGATES or not isinstance(node, ast.Call) or len(node.args) not in (1, 2):
        expected = ", ".join(f"{one}(column) or {one}(column, condition)" for one in AGGREGATES)
        raise ExpressionError("no function over a group", expected, shown(node))
    wanted, result = AGGREGATES[name]
    found = type_of(node.args[0], scope)
    if found not in wanted:
        raise ExpressionError(f"{name} of another type", " or ".join(wanted), found)
    if len(node.args) == 2:
        _each(node.args[1:], TRUTH, TRUTH, scope)
    return result or found
