"""Words of SPL: how texts, patterns, field names and lists are written so that they mean only themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# A text that reads as a number is compared as one, "007" with "7": those are compared as patterns instead.
_LIKE_A_NUMBER = re.compile(r"[-+.\d]|0x|nan|inf", re.IGNORECASE)


def text(value: str) -> str:
    """A text of eval, between double quotes."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def pattern(regex: str) -> str:
    """A regular expression between double quotes. Of backslashes only two in a row say something to the quotes."""
    return '"' + regex.replace("\\\\", "\\\\\\\\").replace('"', '\\"') + '"'


def field(name: str) -> str:
    """A field in eval; one with marks in its name stands between single quotes."""
    if _PLAIN_NAME.match(name):
        return name
    if "'" in name:
        raise ValueError(f"no way to write the field {name!r} in SPL")
    return f"'{name}'"


def is_one_of(sql: str, values: Iterable[str]) -> str:
    """Eval that is true where a value is exactly one of these; null where it is null."""
    listed = list(values)
    if any(_LIKE_A_NUMBER.match(value) for value in listed):
        return f"match({sql},{pattern('^(?:' + '|'.join(map(re.escape, listed)) + ')$')})"
    if len(listed) == 1:
        return f"{sql}={text(listed[0])}"
    return f"in({sql},{','.join(map(text, listed))})"


def piped(commands: Iterable[str]) -> str:
    """Commands as one search, a line for each."""
    return "\n| ".join(commands)
