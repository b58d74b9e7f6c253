"""Rows of a lookup table that know their line, and the one error that names everything wrong with a table."""

from __future__ import annotations

import json
from typing import Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

_SHOWN_CHARACTERS = 60


class LookupRow(Dict[str, str]):
    """One row of a table: column name to text, plus the line it starts on (1 is the header)."""

    line: int

    def __init__(self, values: Mapping[str, str], line: int) -> None:
        super().__init__(values)
        self.line = line


class LookupProblem(NamedTuple):
    """One thing wrong with a table: where it is (`file:line`), what it is, what was expected and what was found."""

    where: str
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; expected {self.expected}, found {self.found}"


class LookupProblems(ValueError):  # noqa: N818  (it is a list of problems, and reads as one)
    """Every problem of the tables that were read, in the order of files and lines."""

    def __init__(self, problems: Sequence[LookupProblem]) -> None:
        self.problems: Tuple[LookupProblem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shown(text: Optional[str]) -> str:
    """Return text quoted, escaped and cut, so that a message stays one line whatever a table holds."""
    if text is None:
        return "nothing"
    if len(text) > _SHOWN_CHARACTERS:
        text = text[:_SHOWN_CHARACTERS] + "..."
    return json.dumps(text)


class ProblemList:
    """Collects the problems of one table; `file` is the path as the operator should read it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: List[LookupProblem] = []

    def where(self, line: int) -> str:
        """Return `file:line`."""
        return f"{self.file}:{line}"

    def add(self, line: int, what: str, expected: str, found: Optional[str]) -> None:
        """Note one problem; `found` is quoted and escaped here."""
        self.found.append(LookupProblem(self.where(line), what, expected, shown(found)))

    def add_choice(self, line: int, column: str, value: str, choices: Iterable[str]) -> bool:
        """Note a problem unless value is one of choices; return whether it is."""
        allowed = list(choices)
        if value in allowed:
            return True
        self.add(line, f"unknown {column}", "one of " + ", ".join(allowed), value)
        return False

    def raise_if_any(self) -> None:
        """Raise LookupProblems when anything was noted."""
        if self.found:
            raise LookupProblems(self.found)


def numbered(rows: Iterable[Mapping[str, str]]) -> Iterator[Tuple[int, Mapping[str, str]]]:
    """Yield (line, row); rows that do not know their line count from 2, as under a header."""
    for position, row in enumerate(rows, start=2):
        line = getattr(row, "line", None)
        yield (line if isinstance(line, int) else position), row


def text_of(row: Mapping[str, str], column: str) -> str:
    """Return a cell trimmed; a missing or null cell is empty."""
    return (row.get(column) or "").strip()
