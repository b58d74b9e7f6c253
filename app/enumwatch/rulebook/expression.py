"""Expression: how the raw fields of a record become one field of an event."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .pattern import pattern_fault

Trail = tuple[str | int, ...]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
DECODINGS = ("url", "plus")


@dataclass(frozen=True)
class Field:
    """A raw field inside a template; values in `empties` count as empty."""

    name: str
    empties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """Text with fields in it. Without fields it is a literal; with an empty field the whole text is empty."""

    parts: tuple[str | Field, ...]


@dataclass(frozen=True)
class First:
    """The first option that is not empty."""

    options: tuple[Expression, ...]


@dataclass(frozen=True)
class Map:
    """The entry of `to` for the value; `otherwise` where there is none, and empty where that is None too."""

    value: Expression
    to: tuple[tuple[str, Expression], ...]
    otherwise: Expression | None = None


@dataclass(frozen=True)
class Match:
    """What a pattern finds anywhere in the value: group 1 if it has one, else all; empty where it finds nothing.

    `becomes` stands in for what is found; `decode` undoes percent signs ("url") or makes plus signs spaces ("plus").
    """

    value: Expression
    pattern: str
    becomes: str | None = None
    decode: str | None = None


@dataclass(frozen=True)
class Case:
    """The value in lower case, or in upper case."""

    value: Expression
    is_upper: bool = False


Expression = Template | First | Map | Match | Case


class ExpressionError(ValueError):
    """A value that is no expression. `trail` leads from it to the faulty part."""

    def __init__(self, trail: Trail, what: str, expected: str, found: str) -> None:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in trail).lstrip(".")
        super().__init__(f"{place + ': ' if place else ''}{what}; expected {expected}, found {found}")
        self.trail, self.what, self.expected, self.found = trail, what, expected, found


Report = Callable[[Trail, str, str, str], None]


def parse_expression(value: Any) -> Expression:
    """Return the expression a YAML or JSON value stands for; raises ExpressionError for the first fault."""
    faults: list[ExpressionError] = []
    expression = read_expression(value, (), lambda *fault: faults.append(ExpressionError(*fault)))
    if faults:
        raise faults[0]
    return expression


def fields_of(expression: Expression) -> frozenset[str]:
    """Names of the raw fields an expression reads."""
    if isinstance(expression, Template):
        return frozenset(part.name for part in expression.parts if isinstance(part, Field))
    if isinstance(expression, First):
        inner: tuple[Expression, ...] = expression.options
    elif isinstance(expression, Map):
        rest = () if expression.otherwise is None else (expression.otherwise,)
        inner = (expression.value, *(result for _, result in expression.to), *rest)
    else:
        inner = (expression.value,)
    return frozenset().union(*(fields_of(part) for part in inner))


def literals_of(expression: Expression) -> frozenset[str]:
    """Every fixed text an expression can result in; what it takes from raw fields is left out."""
    if isinstance(expression, Template):
        text = "".join(part for part in expression.parts if isinstance(part, str))
        return frozenset({text}) if text and not fields_of(expression) else frozenset()
    if isinstance(expression, First):
        return frozenset().union(*map(literals_of, expression.options))
    if isinstance(expression, Map):
        rest = frozenset() if expression.otherwise is None else literals_of(expression.otherwise)
        return rest.union(*(literals_of(result) for _, result in expression.to))
    if isinstance(expression, Match):
        return frozenset({expression.becomes}) if expression.becomes else frozenset()
    return frozenset(text.upper() if expression.is_upper else text.lower() for text in literals_of(expression.value))


def read_expression(value: Any, trail: Trail, report: Report) -> Expression:
    """Return the expression, calling `report` for every fault; a faulty part is an empty literal."""
    if isinstance(value, str):
        return _template(value, trail, report)
    if isinstance(value, list):
        if not value:
            report(trail, "no option", "at least one expression", "an empty list")
        return First(tuple(read_expression(option, (*trail, n), report) for n, option in enumerate(value)))
    if isinstance(value, dict):
        for key, (reader, required, optional) in _FORMS.items():
            if key in value:
                _check_keys(value, required, optional, trail, report)
                return reader(value, trail, report)
    expected = "text, a list, or a mapping with map, match, lower or upper"
    report(trail, "not an expression", expected, describe(value))
    return Template(())


def describe(value: Any) -> str:
    """A value as an error message shows it: kind and, where short, content."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the yes/no value {'true' if value else 'false'}"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f'text "{value if len(value) <= 60 else value[:57] + "..."}"'
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return f"a mapping with {', '.join(list(value)[:4])}" if value else "an empty mapping"


def _template(text: str, trail: Trail, report: Report) -> Template:
    parts: list[str | Field] = []
    end = 0
    for found in _PLACEHOLDER.finditer(text):
        parts.append(text[end : found.start()])
        name, *empties = found.group(1).split("|")
        if not _FIELD_NAME.match(name):
            report(trail, f"the placeholder {found.group(0)} names no field", "a raw field name", describe(text))
        parts.append(Field(name, tuple(empties)))
        end = found.end()
    parts.append(text[end:])
    if any(mark in part for part in parts if isinstance(part, str) for mark in "{}"):
        report(trail, "a brace without its partner", "{field} placeholders", describe(text))
    return Template(tuple(part for part in parts if part != ""))


def _check_keys(value: Mapping[str, Any], required: str, optional: str, trail: Trail, report: Report) -> None:
    allowed = required.split() + optional.split()
    for key in value:
        if key not in allowed:
            report((*trail, key), f'unknown key "{key}"', "one of " + ", ".join(allowed), f'"{key}"')
    for key in required.split():
        if key not in value:
            report(trail, f'the key "{key}" is missing', key, ", ".join(value))


def _map(value: Mapping[str, Any], trail: Trail, report: Report) -> Expression:
    entries = value.get("to", {})
    if not isinstance(entries, dict) or (not entries and "to" in value):
        report((*trail, "to"), "no values to map", "a mapping from value to expression", describe(entries))
        entries = {}
    to = tuple((key, read_expression(entry, (*trail, "to", key), report)) for key, entry in entries.items())
    otherwise = read_expression(value["else"], (*trail, "else"), report) if "else" in value else None
    return Map(read_expression(value["map"], (*trail, "map"), report), to, otherwise)


def _match(value: Mapping[str, Any], trail: Trail, report: Report) -> Expression:
    for key in ("pattern", "becomes"):
        if key in value and not isinstance(value[key], str):
            report((*trail, key), f"{key} is no text", "text", describe(value[key]))
    pattern = value.get("pattern", "")
    fault = pattern_fault(pattern) if isinstance(pattern, str) else None
    if fault:
        report((*trail, "pattern"), "the pattern does not work everywhere", "a pattern that RE2 reads", fault)
    if "decode" in value and value["decode"] not in DECODINGS:
        report((*trail, "decode"), "unknown decoding", " or ".join(DECODINGS), describe(value["decode"]))
    inner = read_expression(value["match"], (*trail, "match"), report)
    return Match(inner, str(pattern), value.get("becomes"), value.get("decode"))


def _lower(value: Mapping[str, Any], trail: Trail, report: Report) -> Expression:
    return Case(read_expression(value["lower"], (*trail, "lower"), report))


def _upper(value: Mapping[str, Any], trail: Trail, report: Report) -> Expression:
    return Case(read_expression(value["upper"], (*trail, "upper"), report), is_upper=True)


_Reader = Callable[[Mapping[str, Any], Trail, Report], Expression]
# The key that makes a mapping this form: its reader, required keys, optional keys.
_FORMS: dict[str, tuple[_Reader, str, str]] = {
    "map": (_map, "map to", "else"),
    "match": (_match, "match pattern", "becomes decode"),
    "lower": (_lower, "lower", ""),
    "upper": (_upper, "upper", ""),
}
