"""Shelves: memory kept apart for rules that saw different contacts, because an allowlist entry is for some of them only."""

from __future__ import annotations

from typing import AbstractSet, Dict, Iterable, List, Optional

from .row import MemoryRow

_MARK = ":"  # between a shelf and the kind of a row
_MAIN = "email_enumeration"


class Shelves:
    """Memory of several groups of rules in one list of rows."""

    def __init__(self, rows: Optional[Iterable[MemoryRow]]) -> None:
        self._is_kept = rows is not None
        self._on: Dict[str, List[MemoryRow]] = {}
        for row in rows or ():
            shelf, mark, kind = row.kind.rpartition(_MARK)
            self._on.setdefault(shelf, []).append(row._replace(kind=kind) if mark else row)

    def take(self, rules: AbstractSet[str]) -> Optional[List[MemoryRow]]:
        """What these rules remember; None where nothing is to be remembered."""
        return self._on.pop(_shelf(rules), []) if self._is_kept else None

    def put(self, rules: AbstractSet[str], rows: List[MemoryRow]) -> None:
        """What these rules are to remember."""
        self._on[_shelf(rules)] = rows

    def rows(self) -> List[MemoryRow]:
        """All of it, what no rule took included, in a fixed order."""
        return sorted(
            row._replace(kind=f"{shelf}{_MARK}{row.kind}") if shelf else row
            for shelf, rows in self._on.items()
            for row in rows
        )


def _shelf(rules: AbstractSet[str]) -> str:
    """The main rule's shelf has no name, so that it is found again when an allowlist entry comes or goes."""
    return "" if _MAIN in rules else "+".join(sorted(rules))


def with_new(
    rows: Optional[List[MemoryRow]], kinds: AbstractSet[str], new: Iterable[MemoryRow]
) -> Optional[List[MemoryRow]]:
    """The rows with those of these kinds replaced; None stays None."""
    return None if rows is None else [*(row for row in rows if row.kind not in kinds), *new]
