"""Path: where a raw value stands in a record, `a.b.c`, `list[0].x` or `list[Name=UserAgent].Value`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BRACKET = re.compile(r"\[([^\[\]]*)\]$")


class PathError(ValueError):
    """A text that is no path; its message says what is wrong with it."""


@dataclass(frozen=True)
class Key:
    """The value under a name: a key of an object, or a heading of a table at the first step."""

    name: str


@dataclass(frozen=True)
class Index:
    """One element of a list, counted from 0."""

    position: int


@dataclass(frozen=True)
class Pick:
    """The first element of a list of objects whose `key` has the text `value`."""

    key: str
    value: str


Step = Key | Index | Pick


def parse_path(text: str) -> tuple[Step, ...]:
    """Return the steps of a path, the first always a Key; raises PathError.

    Digits in brackets are an index, `key=value` in brackets a pick; any other bracket belongs to the name, as in the
    heading `TimeGenerated [UTC]`. A number between dots is the key of an object, not an index.
    """
    steps: list[Step] = []
    for segment in _segments(text):
        name, brackets = _split_brackets(segment)
        if not name.strip():
            raise PathError("a name is missing")
        steps.append(Key(name))
        steps.extend(brackets)
    return tuple(steps)


def _segments(text: str) -> list[str]:
    """The text cut at the dots outside of brackets."""
    segments, start, depth = [], 0, 0
    for position, character in enumerate(text):
        if character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
            if depth < 0:
                raise PathError("a closing bracket has no opening one")
        elif character == "." and depth == 0:
            segments.append(text[start:position])
            start = position + 1
    if depth:
        raise PathError("a bracket is not closed")
    return [*segments, text[start:]]


def _split_brackets(segment: str) -> tuple[str, list[Step]]:
    """The name of a segment, and the steps its trailing brackets stand for."""
    steps: list[Step] = []
    while True:
        found = _BRACKET.search(segment)
        step = _bracket_step(found.group(1)) if found else None
        if found is None or step is None:
            return segment, steps[::-1]
        steps.append(step)
        segment = segment[: found.start()]


def _bracket_step(content: str) -> Index | Pick | None:
    if content.isascii() and content.isdigit():
        return Index(int(content))
    if "=" in content:
        key, _, value = content.partition("=")
        if not key.strip() or not value.strip():
            raise PathError(f"a pick needs a key and a value, found [{content}]")
        return Pick(key.strip(), value.strip())
    if not content.strip():
        raise PathError("a bracket is empty")
    return None
