"""Problems of the rulebook: every one is named with its file and line, and all are told at once."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

Trail = tuple[str | int, ...]
ALIKE = 0.7  # of two names, from which one may have been meant by the other
VERY_ALIKE = 0.8  # from which one is a slip of the other


class Problem(NamedTuple):
    """One thing that is wrong; `id` is the rule's id, or "" where the file does not get that far."""

    file: str
    line: int
    id: str
    what: str
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        """Return `file:line: id: what; expected X, found Y`."""
        name = f"{self.id}: " if self.id else ""
        values = [f"expected {self.expected}" if self.expected else "", f"found {self.found}" if self.found else ""]
        detail = ", ".join(value for value in values if value)
        return printable(f"{self.file}:{self.line}: {name}{self.what}" + (f"; {detail}" if detail else ""))


class RuleProblems(Exception):  # noqa: N818 - it is the list of them
    """The rulebook cannot be used; `problems` holds everything that is wrong, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.what))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(found: str, known: Iterable[str]) -> str:
    """What may have been meant by a name that is not known: the nearest ones, or all of them where none is near."""
    names = list(known)
    near = get_close_matches(found, names, 3, ALIKE)
    return " or ".join(near) if near else "one of " + (", ".join(names) or "none")


def printable(text: str) -> str:
    """Return a text of a rule file with everything a terminal would act on replaced by a question mark."""
    return "".join(character if character.isprintable() else "?" for character in text)


def place(trail: Trail) -> str:
    """Return a trail as a reader knows it: `shapes[2].fields.time`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in trail).lstrip(".")
