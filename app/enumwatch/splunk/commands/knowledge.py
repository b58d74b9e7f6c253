"""Knowledge: rulebook and lookup tables of the app, each read when it is first needed, their errors as sentences."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ...core.context import Context
from ...core.lookup_rows import LookupProblems
from ...lookups import Lookups, load_lookups, load_table
from ...rulebook.compiled import COMPILED_FILE, CompiledRulebookError, compiled
from .speech import CommandError

# Long tables that only mail domains are looked up in; most searches never do.
LONG_TABLES = ("free_mail", "disposable_domains")


def rulebook() -> Mapping[str, Any]:
    """The compiled rulebook of the app; raises CommandError."""
    try:
        return compiled()
    except CompiledRulebookError:
        raise CommandError(
            f"{COMPILED_FILE.name} of the app enumwatch cannot be read or is of another version: install the app again"
        ) from None


def lookups() -> Lookups:
    """The lookup tables of the app without the long ones; raises CommandError with a sentence for each problem."""
    with _cells_of_any_length():
        try:
            return load_lookups(without=LONG_TABLES)
        except LookupProblems as error:
            raise told(error) from None


def long_table(name: str) -> Sequence[Mapping[str, str]]:
    """The rows of one of the long tables; raises CommandError with a sentence for each problem."""
    with _cells_of_any_length():
        try:
            return load_table(name).rows
        except LookupProblems as error:
            raise told(error) from None


@contextmanager
def _cells_of_any_length() -> Iterator[None]:
    """Lookups have short cells and lower the reader's limit for the whole process; logs have cells of any length."""
    before = csv.field_size_limit()
    try:
        yield
    finally:
        csv.field_size_limit(before)


def told(error: LookupProblems) -> CommandError:
    """The problems of lookup tables as sentences for the analyst."""
    return CommandError(*(f"{one}: mend this in the lookup and search again" for one in error.problems))


class LaterRows:
    """Rows of a long table, read when somebody asks for them. Raises CommandError then."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        return iter(long_table(self._name))


def context_of(rules: Mapping[str, Any], tables: Lookups) -> Context:
    """What the core may know beside the logs."""
    free_mail, disposable = (LaterRows(name) for name in LONG_TABLES)
    return tables.context(rules, free_mail, disposable)
