"""Patterns: regular expressions that mean the same in Python, in RE2 (DuckDB) and in Java (Elastic, Splunk)."""

from __future__ import annotations

import re

# RE2 has none of these; a pattern that needs one could not run inside the database.
_NOT_EVERYWHERE = (
    (re.compile(r"\(\?<?[=!]"), "look-around"),
    (re.compile(r"\\[1-9]|\(\?P=|\\k<"), "a back reference"),
    (re.compile(r"\(\?>|[*+?}]\+"), "a possessive or atomic group"),
    (re.compile(r"\(\?P?<[A-Za-z]"), "a named group"),
    (re.compile(r"\(\?\("), "a conditional group"),
)


def pattern_fault(text: str) -> str | None:
    """What is wrong with a pattern, None where nothing is."""
    # A pair that starts with a backslash is one literal: `\\1` is a backslash and a digit, not a back reference.
    plain = re.sub(r"\\[^1-9k]", "_", re.sub(r"\[(?:\\.|[^\]\\])+\]", "_", text))
    for refused, name in _NOT_EVERYWHERE:
        if refused.search(plain):
            return f"{name}, which not every engine knows"
    try:
        re.compile(text)
    except re.error as error:
        return f"no regular expression ({error})"
    return None
