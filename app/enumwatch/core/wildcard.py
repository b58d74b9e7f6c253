"""Patterns with `*` (any text) and `?` (one character), whole value, any case, in time linear in the text.

A translated regular expression would let a long hostile value with many partial matches cost minutes; here each piece
between two `*` is looked for once, from the left.
"""

from __future__ import annotations

import re
from typing import List, Pattern


def has_wildcard(value: str) -> bool:
    """Return whether a value is a pattern."""
    return "*" in value or "?" in value


def matches_everything(value: str) -> bool:
    """Return whether a pattern names nothing at all."""
    return bool(value) and not value.strip("*?")


class Wildcard:
    """One compiled pattern; `[` and the like stand for themselves."""

    def __init__(self, pattern: str) -> None:
        pieces = pattern.lower().split("*")
        self._is_exact = len(pieces) == 1
        self._first = _compiled(pieces[0])
        self._first_length = len(pieces[0])
        self._last = _compiled(pieces[-1])
        self._last_length = len(pieces[-1])
        self._middle: List[Pattern[str]] = [_compiled(piece) for piece in pieces[1:-1] if piece]

    def matches(self, text: str) -> bool:
        """Return whether the whole text fits the pattern."""
        text = text.lower()
        if self._is_exact:
            return self._first.fullmatch(text) is not None
        end = len(text) - self._last_length
        position = self._first_length
        if end < position or self._first.match(text) is None:
            return False
        for piece in self._middle:
            found = piece.search(text, position, end)
            if found is None:
                return False
            position = found.end()
        return self._last.fullmatch(text, end) is not None


def _compiled(piece: str) -> Pattern[str]:
    return re.compile("".join("." if character == "?" else re.escape(character) for character in piece), re.DOTALL)
