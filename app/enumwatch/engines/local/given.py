"""Given: rows of a contact table as input, written by `enumwatch contacts` or by another engine."""

from __future__ import annotations

from collections.abc import Collection

from ...core.contact import TIME_FIELDS, Contact
from ...core.event import KINDS
from ...core.outcome import OUTCOMES
from .clean_text import trimmed
from .reach import identifier, literal

_TYPES = {"target_visible": "BOOLEAN", "attempts": "BIGINT", **dict.fromkeys(TIME_FIELDS, "TIMESTAMP")}
GIVEN_COLUMNS = ", ".join(f"{identifier(name)} {_TYPES.get(name, 'VARCHAR')}" for name in Contact._fields)


def is_contact_table(columns: Collection[str]) -> bool:
    """True where every column of a contact table is there."""
    return set(Contact._fields) <= set(columns)


def given_rows(records: str) -> str:
    """SELECT of the contacts in a FROM clause; a row that is no contact is left out."""
    columns = ", ".join(f"{_column(name)} AS {identifier(name)}" for name in Contact._fields)
    # Not WHERE on the same level: there the names would mean the columns of the file.
    return (
        f"SELECT * FROM (SELECT {columns} FROM {records}) AS contact WHERE kind IN ({_listed(KINDS)}) "
        f"AND outcome IN ({_listed(OUTCOMES)}) AND attempts > 0 AND target_visible IS NOT NULL "
        "AND hour <= first AND first <= last AND is_time(hour) AND is_time(last)"
    )


def _column(name: str) -> str:
    text = f"CAST({identifier(name)} AS VARCHAR)"
    if name in TIME_FIELDS:
        return f"time_of({text})"
    if name in _TYPES:
        return f"try_cast({text} AS {_TYPES[name]})"
    return f"coalesce({trimmed(text)}, '')"


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(map(literal, values))
