"""Inputs: the rulebook and the lookups a command works with, checked before any log is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ..core.lookup_rows import LookupProblems
from ..core.times import from_iso
from ..lookups import PREFIX, Lookups, load_lookups
from .speech import OperatorError, say


def rulebook_of(directory: str | None) -> Mapping[str, Any]:
    """The compiled rulebook, with the user's own rules when a folder is given; raises OperatorError."""
    from ..rulebook.compiled import CompiledRulebookError, compiled

    if directory is None:
        try:
            return compiled()
        except CompiledRulebookError as error:
            raise OperatorError(str(error)) from error
    from ..rulebook.compiling import compile as compile_rules
    from ..rulebook.load import load
    from ..rulebook.problems import RuleProblems

    try:
        rules = load(extra=Path(directory))
    except RuleProblems as error:
        raise _with_all(error.problems, f"repair the rules in {directory} and run again") from error
    for note in rules.notes:
        say(note)
    return compile_rules(rules)


def lookups_of(directory: str | None) -> Lookups:
    """The lookup tables, those of a folder in place of the shipped ones; raises OperatorError."""
    if directory is not None and not Path(directory).is_dir():
        raise OperatorError(f"{directory} is no folder: give --lookups a folder with enumwatch_*.csv files")
    if directory is not None and not any(Path(directory).glob(f"{PREFIX}*.csv")):
        say(
            f"{directory} holds no {PREFIX}*.csv, so the shipped tables are used: put yours there, or name their folder"
        )
    try:
        return load_lookups(Path(directory) if directory is not None else None)
    except LookupProblems as error:
        raise _with_all(error.problems, "repair the lookups and run again") from error


def _with_all(problems: Sequence[object], advice: str) -> OperatorError:
    for problem in problems:
        say(str(problem))
    count = len(problems)
    return OperatorError(f"{count} problem{'' if count == 1 else 's'}: {advice}")


def moment_of(text: str | None, option: str) -> int | None:
    """Microseconds of an ISO time; raises OperatorError for anything else."""
    if text is None:
        return None
    try:
        return from_iso(text)
    except ValueError as error:
        example = datetime(2026, 3, 2, 9).isoformat() + "Z"
        raise OperatorError(f"{option} {text!r} is no time: write it like {example} or 2026-03-02") from error
