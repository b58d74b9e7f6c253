"""Hunt: one question to put to the logs, with what an answer means."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..core.triage.queries import is_harmless
from ..rulebook.document import Document
from ..rulebook.limit import Limit, filled
from .expression import OUTCOME_WORDS, Scope, names_in


@dataclass(frozen=True)
class Words:
    """A list of texts: those given, or a column of a lookup table, whose rows say one of these kinds; of these so many
    were `left_out` that a query language would read something into."""

    texts: tuple[str, ...] = ()
    table: str = ""
    column: str = ""
    kinds: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def in_query(self) -> tuple[str, ...]:
        """What a query looks for; a text to be replaced where the table is empty."""
        return self.texts or (f"put-{self.table}-here",)


@dataclass(frozen=True)
class Query:
    """What is asked, of contacts of some kinds in a time.

    Rows get the columns of `each`, those of `where` stay; they are counted by group, groups get the columns of `then`, those
    of `having` stay, and the ones with the most of `most` come first.
    """

    kinds: tuple[str, ...]
    look_back: str
    sentinel: tuple[str, ...]
    each: Mapping[str, ast.expr]
    where: ast.expr | None
    by: tuple[str, ...]
    count: Mapping[str, ast.expr]
    then: Mapping[str, ast.expr]
    having: ast.expr | None
    most: str

    @property
    def told(self) -> tuple[str, ...]:
        """The columns of the answer."""
        return (*self.by, *self.count, *self.then)

    def read(self) -> set[str]:
        """Every name that stands in an expression over rows, or by which they are grouped."""
        over_rows = [*self.each.values(), *self.count.values(), *([self.where] if self.where is not None else [])]
        return {*self.by, *(name for one in over_rows for name in names_in(one))}


@dataclass(frozen=True)
class Hunt:
    """One hunt; `written` holds texts by language where the query is not rendered but written by hand."""

    id: str
    title: str
    technique: str
    version: int
    limits: Mapping[str, Limit]
    words: Mapping[str, Words]
    hypothesis: str
    means: str
    benign: tuple[str, ...]
    next: tuple[str, ...]
    query: Query
    types: Mapping[str, str]
    written: Mapping[str, str]
    document: Document

    def filled(self, text: str) -> str:
        """A text of the hunt with the values of the limits it names in braces."""
        return filled(text, self.limits)

    @property
    def scope(self) -> Scope:
        """What the expressions of the hunt may name, with the type of every column."""
        words = {name: one.in_query for name, one in self.words.items()}
        return Scope(self.types, self.limits, {**OUTCOME_WORDS, **words})

    @property
    def tables(self) -> set[str]:
        """The lookup tables whose rows its words are."""
        return {one.table for one in self.words.values() if one.table}

    def with_rows(self, table: str, rows: Sequence[Mapping[str, str]]) -> Hunt:
        """The hunt with its words taken from these rows of a table, as far as query languages read nothing into them."""

        def taken(words: Words) -> Words:
            if words.table != table:
                return words
            texts = dict.fromkeys(row[words.column].lower() for row in rows if row["kind"] in words.kinds)
            kept = tuple(filter(is_harmless, texts))
            return replace(words, texts=kept, left_out=len(texts) - len(kept))

        return replace(self, words={name: taken(one) for name, one in self.words.items()})
