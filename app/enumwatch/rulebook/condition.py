"""Condition: what a raw field must be like for a rule of a source to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .expression import ExpressionError, Report, Trail, describe
from .pattern import pattern_fault


@dataclass(frozen=True)
class OneOf:
    """The value is one of these."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class NoneOf:
    """The value is none of these; an empty value is none."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Present:
    """The value is not empty."""


@dataclass(frozen=True)
class Absent:
    """The value is empty."""


@dataclass(frozen=True)
class Matches:
    """The pattern is found anywhere in the value."""

    pattern: str


@dataclass(frozen=True)
class StartsWith:
    """The value starts with one of these."""

    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class EndsNot:
    """The value does not end with this; an empty value does not."""

    suffix: str


Condition = OneOf | NoneOf | Present | Absent | Matches | StartsWith | EndsNot

_EXPECTED = "a list of values, present, absent, or a mapping with one of not, matches, starts, ends_not"


def parse_condition(value: Any) -> Condition:
    """Return the condition a YAML or JSON value stands for; raises ExpressionError for the first fault."""
    faults: list[ExpressionError] = []
    condition = read_condition(value, (), lambda *fault: faults.append(ExpressionError(*fault)))
    if faults:
        raise faults[0]
    return condition


def read_condition(value: Any, trail: Trail, report: Report) -> Condition:
    """Return the condition, calling `report` for every fault; a faulty one is Present."""
    if value == "present":
        return Present()
    if value == "absent":
        return Absent()
    if isinstance(value, list):
        return OneOf(_texts(value, trail, report))
    if isinstance(value, dict) and len(value) == 1:
        ((key, content),) = value.items()
        if key == "not":
            return NoneOf(_texts(content, (*trail, key), report))
        if key == "starts":
            return StartsWith(_texts(content, (*trail, key), report))
        if key in ("matches", "ends_not"):
            return _text_condition(key, content, (*trail, key), report)
    report(trail, "not a condition", _EXPECTED, describe(value))
    return Present()


def _text_condition(key: str, content: Any, trail: Trail, report: Report) -> Condition:
    if not isinstance(content, str) or not content:
        report(trail, f"{key} is no text", "text", describe(content))
        return Present()
    if key == "ends_not":
        return EndsNot(content)
    fault = pattern_fault(content)
    if fault:
        report(trail, "the pattern does not work everywhere", "a pattern that RE2 reads", fault)
    return Matches(content)


def _texts(value: Any, trail: Trail, report: Report) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        report(trail, "not a list of values", "a list with at least one text", describe(value))
        return ()
    for number, item in enumerate(value):
        if not isinstance(item, str):
            report((*trail, number), "a value is no text", "text (put it in quotes)", describe(item))
    return tuple(str(item) for item in value)
