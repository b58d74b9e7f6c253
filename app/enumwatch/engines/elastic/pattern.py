"""Pattern: an expression of the rulebook as Python's `re` takes it, meaning what it means to RE2 in the database."""

from __future__ import annotations

import re

# To RE2 these are ASCII, and a dollar sign never stands before a last line break.
_MEANS = {"s": r"\t\n\f\r ", "d": "0-9", "w": "0-9A-Za-z_"}
_END = r"\Z"


def as_python(pattern: str) -> re.Pattern[str]:
    """The pattern compiled; raises ValueError for the few classes that Python cannot be told in ASCII."""
    return re.compile("".join(_translated(pattern)))


def _translated(pattern: str) -> list[str]:
    parts: list[str] = []
    in_class, place = False, 0
    while place < len(pattern):
        one = pattern[place]
        pair = pattern[place : place + 2]
        if one == "\\":
            parts.append(_escape(pair, in_class))
            place += 2
            continue
        if in_class:
            in_class = one != "]"
        elif one == "[":
            # A bracket right at the begin of a class is one of its characters.
            start = re.match(r"\[\^?\]?", pattern[place:])
            one = start.group() if start else one
            in_class = True
        elif one == "$":
            one = _END
        parts.append(one)
        place += len(one) if one != _END else 1
    return parts


def _escape(pair: str, in_class: bool) -> str:
    letter = pair[1:]
    if letter in _MEANS:
        return _MEANS[letter] if in_class else f"[{_MEANS[letter]}]"
    if letter.lower() in _MEANS:
        if in_class:
            raise ValueError(f"\\{letter} inside brackets cannot be told in ASCII")
        return f"[^{_MEANS[letter.lower()]}]"
    if letter in ("b", "B"):
        raise ValueError(f"\\{letter} cannot be told in ASCII")
    return r"\Z" if letter == "z" else pair
