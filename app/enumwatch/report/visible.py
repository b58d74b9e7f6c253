"""Hostile text made visible: what a log says, without what it could do to a terminal, a page or a reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

TEXT_LIMIT = 300
"""Longest text shown, in characters; an attacker can put 64 kB into a user name."""

MARKS_IN_A_ROW = 3
"""Combining marks kept on one letter; real scripts need up to three, stacks of hundreds paint over other lines."""

_UNUSUAL = re.compile(r"[^\x20-\x7e]")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Letters and symbols by category, yet drawn as nothing: Hangul fillers, blank Braille, variation selectors.
_DRAWN_AS_NOTHING = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u180b\u180c\u180d\u180f\ufffe\uffff")


def visible(text: object, limit: int = TEXT_LIMIT) -> str:
    r"""Returns `text` on one line, every control, escape, bidi and invisible character written as `\x1b` or `\u202e`.

    A backslash stays as it is (`DOMAIN\user` is common), so an escape can be imitated but never act. Text longer
    than `limit` characters is cut and says how long it was; no answer is much longer than `limit`.
    """
    raw = text if isinstance(text, str) else str(text)
    shown = raw if len(raw) <= limit else raw[:limit]
    if _UNUSUAL.search(shown):
        shown = _escaped(shown, limit)
    return shown if len(raw) <= limit else f"{shown}... ({len(raw):,} characters)"


def visible_tree(value: Any, limit: int = TEXT_LIMIT) -> Any:
    """Returns a copy of a JSON value in which every text, keys included, has been through `visible`."""
    if isinstance(value, str):
        return visible(value, limit)
    if isinstance(value, Mapping):
        return {visible(key, limit): visible_tree(item, limit) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [visible_tree(item, limit) for item in value]
    return value


def _escaped(text: str, limit: int) -> str:
    pieces = []
    marks = written = 0
    for char in text:
        if written > limit:
            break
        marks = marks + 1 if unicodedata.combining(char) else 0
        pieces.append(_escape(char) if marks > MARKS_IN_A_ROW or _is_hidden(char) else char)
        written += len(pieces[-1])
    return "".join(pieces)[:limit]


@lru_cache(maxsize=4096)
def _is_hidden(char: str) -> bool:
    category = unicodedata.category(char)
    if category in _HIDDEN_CATEGORIES or char in _DRAWN_AS_NOTHING:
        return True
    if category == "Zs":
        return char != " "
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e0fff"


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
