"""Writing: what the writers of all four languages do alike with an expression."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from ..rulebook.limit import Limit
from .expression import TRUTH, Scope, with_repeats
from .hunt import Hunt

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_SIGNS: Mapping[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


def span_of(limit: Limit) -> tuple[int, str]:
    """A duration as a number of the largest unit that it is a whole number of: 604800 is (7, "day")."""
    seconds = int(limit.number)
    return next((seconds // size, unit) for size, unit in _UNITS if seconds % size == 0)


class Writer(ABC):
    """Writes the expressions of one hunt in one language; a subclass gives words, functions and the whole query."""

    AND, OR, NOT = "AND", "OR", "NOT"
    IN = "{0} IN ({1})"
    EITHER = "CASE({0}, {1}, {2})"
    EQUAL = "=="
    # Functions over one row, by their name: a template whose places are the arguments.
    FUNCTIONS: ClassVar[Mapping[str, str]] = {}

    def __init__(self, hunt: Hunt) -> None:
        self.hunt, self.query = hunt, hunt.query
        self.scope: Scope = hunt.scope

    @abstractmethod
    def text(self) -> str:
        """The whole query."""

    @abstractmethod
    def column(self, name: str) -> str:
        """How a column is written."""

    def quoted(self, text: str) -> str:
        """How a text is written; none here holds a quote or a backslash."""
        return f'"{text}"'

    def truth(self, name: str) -> str:
        """How a column is written that is true or false, where a condition stands."""
        return self.column(name)

    def ratio(self, left: str, right: str) -> str:
        """How a division is written that keeps its fraction."""
        return f"{left} / {right}"

    @abstractmethod
    def recent(self, time: str, limit: Limit) -> str:
        """How it is said that a time lies in the last so many days."""

    def written(self, node: ast.expr) -> str:
        """An expression over a row in this language."""
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                return self.quoted(with_repeats(node.value, self.scope.limits))
            return str(node.value)
        if isinstance(node, ast.Name):
            return self._named(node.id)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.BoolOp):
            word = self.AND if isinstance(node.op, ast.And) else self.OR
            return f" {word} ".join(self._inner(one) for one in node.values)
        if isinstance(node, ast.UnaryOp):
            return f"{self.NOT}({self.written(node.operand)})"
        if isinstance(node, ast.BinOp):
            left, right = self._inner(node.left), self._inner(node.right)
            return (
                self.ratio(left, right) if isinstance(node.op, ast.Div) else f"{left} {_SIGNS[type(node.op)]} {right}"
            )
        assert isinstance(node, ast.Compare), node
        return self._compared(node)

    def _inner(self, node: ast.expr) -> str:
        text = self.written(node)
        return f"({text})" if isinstance(node, (ast.BoolOp, ast.BinOp)) else text

    def _named(self, name: str) -> str:
        if name in self.scope.columns:
            return self.truth(name) if self.scope.columns[name] == TRUTH else self.column(name)
        number = self.scope.limits[name].number
        return str(number)

    def _call(self, node: ast.Call) -> str:
        assert isinstance(node.func, ast.Name)
        if node.func.id == "recent":
            assert isinstance(node.args[1], ast.Name)
            return self.recent(self.written(node.args[0]), self.scope.limits[node.args[1].id])
        given = [self.written(one) for one in node.args]
        if node.func.id == "either":
            return self.EITHER.format(*given)
        return self.FUNCTIONS[node.func.id].format(*given)

    def _compared(self, node: ast.Compare) -> str:
        (operator,), (right,) = node.ops, node.comparators
        left = self._inner(node.left)
        if not isinstance(operator, (ast.In, ast.NotIn)):
            sign = self.EQUAL if isinstance(operator, ast.Eq) else _SIGNS[type(operator)]
            return f"{left} {sign} {self._inner(right)}"
        found = self.IN.format(left, ", ".join(self.quoted(one) for one in self.listed(right)))
        return found if isinstance(operator, ast.In) else f"{self.NOT}({found})"

    def listed(self, node: ast.expr) -> Sequence[str]:
        """The texts of a list, or of a list of words by its name."""
        if isinstance(node, ast.Name):
            return self.scope.words[node.id]
        assert isinstance(node, ast.List)
        return [one.value for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]

    def parts(self, node: ast.expr) -> tuple[str, ast.expr, ast.expr | None]:
        """Function, argument and condition of an expression over a group."""
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        return node.func.id, node.args[0], node.args[1] if len(node.args) > 1 else None
