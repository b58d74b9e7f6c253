"""SPL of expressions and conditions of the rulebook, over the raw fields of an event."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...rulebook.condition import Absent, Condition, EndsNot, Matches, NoneOf, OneOf, Present, StartsWith
from ...rulebook.expression import Case, Expression, Field, First, Map, Match, Template
from .words import is_one_of, pattern, text

ALWAYS, NEVER = "true()", "false()"

_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)", re.DOTALL)
# A longer text is put together step by step, which is easier to follow in a job inspector.
_MOST_JOINED = 5
# Decoding makes spaces, and no engine keeps those around a value.
_TRIMMED = 'eval {0}=replace({0},"^ +| +$","")'
# What url decoding cannot read, as everywhere: then the value counts as none.
_BROKEN_ESCAPE = "%(?:[^0-9A-Fa-f]|[0-9A-Fa-f](?:[^0-9A-Fa-f]|$)|$)"


class Steps:
    """Commands that have to run before an expression can be read. What is asked for twice is made once."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self._made: dict[tuple[str, ...], str] = {}

    def value(self, sql: str) -> str:
        """A field that holds the value of an eval expression."""
        if re.fullmatch(r"\w+", sql):
            return sql
        return self._field(("value", sql), f"eval {{0}}={sql}")

    def found(self, sql: str, regex: str, decode: str | None) -> str:
        """A field with what a pattern finds first in a value: group 1 if it has one, else all; null where that is empty."""
        named, can_be_empty = _named(regex)
        commands = [f"rex field={self.value(sql)} {pattern(named)}"]
        if can_be_empty:
            commands.append("eval {0}=if(len({0})>0,{0},null())")
        if decode == "url":
            plus = 'replace({0},"\\+","%2B")'
            commands.append(f"eval {{0}}=if(match({{0}},{pattern(_BROKEN_ESCAPE)}),null(),{plus})")
            commands += ["eval {0}=urldecode({0})", _TRIMMED]
        elif decode == "plus":
            commands += ['eval {0}=replace({0},"\\+"," ")', _TRIMMED]
        return self._field(("found", sql, regex, decode or ""), *commands)

    def _field(self, key: tuple[str, ...], *commands: str) -> str:
        if key not in self._made:
            name = self._made[key] = f"ew_step{len(self._made) + 1}"
            self.commands += [command.replace("{0}", name) for command in commands]
        return self._made[key]


def _named(regex: str) -> tuple[str, bool]:
    """A pattern whose group 1, or all of it, is the named group of rex (as {0}); and whether that can be empty."""
    groups = [found.start() for found in _GROUP.finditer(regex) if found[0] == "("]
    flags = re.match(r"\(\?[a-z]+\)", regex)
    start = flags.end() if flags else 0
    if not groups:
        inner = regex[start:]
        return f"{regex[:start]}(?<{{0}}>{inner})", re.fullmatch(inner, "") is not None
    first, rest = groups[0], groups[1:]
    inner = regex[first + 1 : _end_of_group(regex, first)]
    for place in reversed(rest):
        regex = f"{regex[: place + 1]}?:{regex[place + 1 :]}"
    return f"{regex[: first + 1]}?<{{0}}>{regex[first + 1 :]}", re.fullmatch(inner, "") is not None


def _end_of_group(regex: str, start: int) -> int:
    depth = 0
    for found in re.finditer(r"\\.|\[(?:\\.|[^\]\\])*\]|[()]", regex[start:], re.DOTALL):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return start + found.start()
    raise ValueError(f"a bracket is not closed in {regex}")


def expression(value: Expression, known: Mapping[str, str], steps: Steps) -> str | None:
    """Eval of an expression, null where it is empty; None where it always is. `known` are fields by raw name."""
    if isinstance(value, Template):
        return _template(value, known, steps)
    if isinstance(value, First):
        options = [expression(option, known, steps) for option in value.options]
        there = [option for option in options if option is not None]
        return None if not there else there[0] if len(there) == 1 else f"coalesce({','.join(there)})"
    if isinstance(value, Map):
        return _map(value, known, steps)
    inner = expression(value.value, known, steps)
    if inner is None:
        return None
    if isinstance(value, Case):
        return steps.value(f"{'upper' if value.is_upper else 'lower'}({inner})")
    assert isinstance(value, Match)
    if value.becomes is not None:
        return f"if(match({inner},{pattern(value.pattern)}),{text(value.becomes)},null())"
    return steps.found(inner, value.pattern, value.decode)


def _template(value: Template, known: Mapping[str, str], steps: Steps) -> str | None:
    parts: list[str] = []
    for part in value.parts:
        if isinstance(part, str):
            parts.append(text(part))
        elif part.name not in known:
            return None
        else:
            parts.append(_field(part, known[part.name]))
    while len(parts) > _MOST_JOINED:
        parts[:_MOST_JOINED] = [steps.value(" . ".join(parts[:_MOST_JOINED]))]
    return " . ".join(parts) if parts else None


def _field(field: Field, column: str) -> str:
    return f"if({is_one_of(column, field.empties)},null(),{column})" if field.empties else column


def _map(value: Map, known: Mapping[str, str], steps: Steps) -> str | None:
    otherwise = expression(value.otherwise, known, steps) if value.otherwise is not None else None
    inner = expression(value.value, known, steps)
    if inner is None:
        return otherwise
    column = steps.value(inner)
    branches = []
    for key, result in value.to:
        branches += [is_one_of(column, [key]), expression(result, known, steps) or "null()"]
    if otherwise is not None:
        branches += [ALWAYS, otherwise]
    return f"case({','.join(branches)})"


def condition(name: str, value: Condition, known: Mapping[str, str]) -> str:
    """Eval of a condition on a raw field; ALWAYS or NEVER where the field is not in these events at all."""
    if name not in known:
        holds = isinstance(value, (Absent, EndsNot)) or (isinstance(value, NoneOf) and "" not in value.values)
        return ALWAYS if holds else NEVER
    column = known[name]
    if isinstance(value, Present):
        return f"isnotnull({column})"
    if isinstance(value, Absent):
        return f"isnull({column})"
    if isinstance(value, OneOf):
        return is_one_of(column, value.values)
    if isinstance(value, Matches):
        return f"match({column},{pattern(value.pattern)})"
    if isinstance(value, StartsWith):
        return f"match({column},{pattern('^(?:' + '|'.join(map(re.escape, value.prefixes)) + ')')})"
    # A comparison with null is null, and so is its opposite.
    if isinstance(value, NoneOf):
        return f"NOT {is_one_of(_or_empty(column), value.values)}"
    assert isinstance(value, EndsNot)
    return f"NOT match({_or_empty(column)},{pattern(re.escape(value.suffix) + '$')})"


def _or_empty(column: str) -> str:
    return f'coalesce({column},"")'
