"""Reads the file of one hunt."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from ..lookups import COLUMNS as TABLES
from ..rulebook.document import Document
from ..rulebook.duration import parse_duration
from ..rulebook.limit import Limit
from ..rulebook.limit_reader import LimitReader
from ..rulebook.problems import Trail, place
from ..rulebook.vocabulary import KINDS, TECHNIQUES
from .expression import COLUMNS, OUTCOME_WORDS, TRUTH, ExpressionError, Scope, names_in, parse, type_of
from .hunt import Hunt, Query, Words
from .languages import LANGUAGES
from .sentinel import Table, tables

_REQUIRED = ("id", "title", "technique", "version", "hypothesis", "means", "benign", "next", "query")
_TELLING = ("hypothesis", "means", "benign", "next", "limits")  # texts that may name a limit
_MOST_DAYS = 400 * 86_400


def read_hunt(document: Document, known: Mapping[str, Limit]) -> Hunt:
    """Return the hunt a document describes; faults are noted in the document. `known` are limits it may take over."""
    return _HuntReader(document, known).hunt()


def read_shared(document: Document) -> Mapping[str, Limit]:
    """Return the limits in a document that holds nothing else; faults are noted in the document."""
    reader = LimitReader(document)
    return reader.take(reader.mapping(document.value, (), ("limits",), ()), "limits", reader.limits, {})


class _HuntReader(LimitReader):
    def __init__(self, document: Document, known: Mapping[str, Limit]) -> None:
        super().__init__(document)
        self._known = known
        self._limits: Mapping[str, Limit] = {}
        self._words: Mapping[str, Words] = {}
        self._types: dict[str, str] = dict(COLUMNS)
        self._used: set[str] = set()

    def hunt(self) -> Hunt:
        """The whole file."""
        content = self.mapping(self.document.value, (), _REQUIRED, ("limits", "words", "written"))
        self._limits = self.take(content, "limits", self.limits, {})
        self._words = self.take(content, "words", self._word_lists, {})
        hunt = Hunt(
            id=self.take(content, "id", self.name, ""),
            title=self.take(content, "title", self.text, ""),
            technique=self.take(content, "technique", self.one_of(tuple(TECHNIQUES)), ""),
            version=self.take(content, "version", self.whole_from_one, 1),
            limits=self._limits,
            words=self._words,
            hypothesis=self.take(content, "hypothesis", self.text, ""),
            means=self.take(content, "means", self.text, ""),
            benign=self.take(content, "benign", self.texts, ()),
            next=self.take(content, "next", self.texts, ()),
            query=self.take(content, "query", self._query, _NO_QUERY),
            types=self._types,
            written=self.take(content, "written", self._written, {}),
            document=self.document,
        )
        self.check_named_limits(content, _TELLING, hunt.limits)
        self._check_used()
        return hunt

    def limit(self, value: Any, trail: Trail) -> Limit:
        """One limit: with a value of its own, or `like` one of a rule, which means the same."""
        if not isinstance(value, dict) or "like" not in value:
            return super().limit(value, trail)
        content = self.mapping(value, trail, ("like",), ("unit", "means"))
        wanted = self.take(content, "like", self.text, "", trail)
        taken = self._known.get(wanted)
        if taken is None:
            near = get_close_matches(wanted, self._known, 3) or ["rule.limit"]
            self.add((*trail, "like"), "no rule has this limit", " or ".join(near), wanted)
            return Limit(str(trail[-1]), 0, 0, "")
        unit = self.take(content, "unit", self.text, taken.unit, trail)
        means = self.take(content, "means", self.text, taken.means, trail)
        return replace(taken, name=self.name(trail[-1], trail), unit=unit, means=means, origin=wanted)

    def _word_lists(self, value: Any, trail: Trail) -> dict[str, Words]:
        return {
            self.name(name, (*trail, name)): self._word_list(one, (*trail, name))
            for name, one in self.any_mapping(value, trail).items()
        }

    def _word_list(self, value: Any, trail: Trail) -> Words:
        if isinstance(value, list):
            texts = self.texts(value, trail)
            for number, text in enumerate(texts):
                self._expression(repr(text), (*trail, number), Scope())
            return Words(texts)
        content = self.mapping(value, trail, ("table", "column", "kinds"), ())
        table = self.take(content, "table", self.one_of(tuple(TABLES)), "", trail)
        column = self.take(content, "column", self.one_of(TABLES.get(table, ())), "", trail) if table else ""
        return Words((), table, column, self.take(content, "kinds", self.texts, (), trail))

    def _query(self, value: Any, trail: Trail) -> Query:
        required = ("kinds", "look_back", "sentinel", "by", "count", "most")
        content = self.mapping(value, trail, required, ("each", "where", "then", "having"))
        each = self.take(content, "each", self._columns, {}, trail)
        where = self.take(content, "where", self._condition, None, trail)
        by = self.take(content, "by", self._known_columns, (), trail)
        groups = self.take(content, "count", self._aggregates, {}, trail)
        # What a group knows is what it was made by, and what was counted.
        rows, self._types = self._types, {name: self._types[name] for name in by if name in self._types}
        self._types |= self._group_types
        then = self.take(content, "then", self._columns, {}, trail)
        having = self.take(content, "having", self._condition, None, trail)
        most = self.take(content, "most", self.one_of((*groups, *then)), "", trail)
        self._types = {**rows, **self._types}
        kinds = self.take(content, "kinds", self.some_of(KINDS), (), trail)
        sentinel = self.take(content, "sentinel", self.some_of(tuple(tables())), (), trail)
        query = Query(
            kinds, self.take(content, "look_back", self._look_back, "", trail), sentinel,
            each, where, by, groups, then, having, most,
        )  # fmt: skip
        self._check_sentinel(query, trail)
        return query

    def _look_back(self, value: Any, trail: Trail) -> str:
        name = self.choice(value, trail, [name for name, one in self._limits.items() if isinstance(one.value, str)])
        if (name and parse_duration(str(self._limits[name].value))) or not name:
            self._used.add(name)
        return name

    def _columns(self, value: Any, trail: Trail) -> dict[str, ast.expr]:
        found = {}
        for name, text in self.any_mapping(value, trail).items():
            where = (*trail, name)
            if self.name(name, where) in COLUMNS:
                self.add(where, f"{place(where)} is a column of contacts already", "another name", name)
            node = self._expression(text, where, self._scope())
            if node is not None:
                found[name] = node
                self._types[name] = type_of(node, self._scope())
                if self._types[name] == TRUTH:
                    self.add(where, f"{place(where)} is a truth, which not every language keeps", "either(...)", text)
        return found

    def _aggregates(self, value: Any, trail: Trail) -> dict[str, ast.expr]:
        found, self._group_types = {}, dict[str, str]()
        for name, text in self.any_mapping(value, trail).items():
            node = self._expression(text, (*trail, name), self._scope(), is_group=True)
            if node is not None and self.name(name, (*trail, name)):
                found[name] = node
                self._group_types[name] = type_of(node, self._scope(), is_group=True)
        return found

    _group_types: dict[str, str] = {}  # noqa: RUF012 - of one reader

    def _known_columns(self, value: Any, trail: Trail) -> tuple[str, ...]:
        return self.some_of(tuple(self._types))(value, trail)

    def _condition(self, value: Any, trail: Trail) -> ast.expr | None:
        node = self._expression(value, trail, self._scope())
        if node is not None and type_of(node, self._scope()) != TRUTH:
            self.add(trail, f"{place(trail)} is no condition", "a comparison", str(value))
        return node

    def _expression(self, value: Any, trail: Trail, scope: Scope, *, is_group: bool = False) -> ast.expr | None:
        text = self.text(value, trail)
        try:
            node = parse(text) if text else None
            if node is not None:
                type_of(node, scope, is_group=is_group)
                self._used |= names_in(node)
            return node
        except ExpressionError as error:
            self.add(trail, f"{place(trail)}: {error.what}", error.expected, error.found)
            return None

    def _scope(self) -> Scope:
        words = {name: one.in_query for name, one in self._words.items()}
        return Scope(self._types, self._limits, {**OUTCOME_WORDS, **words})

    def _written(self, value: Any, trail: Trail) -> dict[str, str]:
        content = self.mapping(value, trail, (), tuple(LANGUAGES))
        return {language: self.text(text, (*trail, language)) for language, text in content.items()}

    def _check_used(self) -> None:
        for part, known in (("limits", self._limits), ("words", self._words)):
            for name in known.keys() - self._used:
                self.add((part, name), f"{place((part, name))} is in no expression", "it used, or gone", name)

    def _check_sentinel(self, query: Query, trail: Trail) -> None:
        """Each table must be able to give a kind, and all of them together every column that is asked for."""
        chosen: list[Table] = [tables()[name] for name in query.sentinel if name in tables()]
        for number, one in enumerate(chosen):
            if query.kinds and not set(query.kinds) & one.kinds.keys():
                found, expected = ", ".join(one.kinds), "one of " + ", ".join(query.kinds)
                self.add((*trail, "sentinel", number), f"{one.source} in Sentinel has no such kind", expected, found)
        given = {column for one in chosen for column in one.gives}
        for name in sorted(query.read() & COLUMNS.keys() - given) if chosen else ():
            self.add((*trail, "sentinel"), f"no table named gives {name}", ", ".join(sorted(given)), name)


_NO_QUERY = Query((), "", (), {}, None, (), {}, {}, None, "")
