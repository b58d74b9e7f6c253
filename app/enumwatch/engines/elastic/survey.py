"""Survey: what a log holds, asked once before it is read, so that no more is grouped than contacts need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...core.contact import is_plain_success
from ..local.shape import EVENT_FIELDS, cleaned
from .fields import Column, Columns, Query, both, either, only_in_document
from .rows import Rows
from .view import Group, View

# More combinations of what decides than this are not told apart beforehand; the read tells them apart as well.
_MOST_COMBINATIONS = 1_000
# Clauses of a query are limited in a cluster; the most frequent combinations are nearly everything.
_MOST_NAMED = 40
_SOME_TIME = "0"
# Groups repeat the same few texts, so what became of one is remembered, of so many at a time.
_MOST_REMEMBERED = 100_000


@dataclass
class Survey:
    """Which columns are needed, and queries for the documents to be read by themselves, for what succeeded, and for what
    makes no contact."""

    columns: Columns
    alone: Query
    success: Query = field(default_factory=lambda: either([]))
    dropped: Query = field(default_factory=lambda: either([]))
    noise: dict[str, int] = field(default_factory=dict)  # events by code, of what was dropped
    not_relevant: int = 0  # documents of what was dropped


def survey(view: View, query: Query, columns: Columns, rows: Rows) -> Survey:
    """Looks at the documents of a query."""
    needed = _needed(view, query, columns)
    names = rows.fields_for(EVENT_FIELDS) | rows.deciding_fields
    found = Survey(needed, only_in_document(needed, names - rows.time_fields))
    rest = both([query], [found.alone])
    groups: list[Group] = []
    decided = Grouped(needed, rows.deciding_fields, rows.time_fields)
    for group in view.groups(rest, decided.sources, page=_MOST_COMBINATIONS):
        groups.append(group)
        if len(groups) > _MOST_COMBINATIONS:
            return found
    # A document with a list for a value is in several groups: then they do not tell documents apart.
    if sum(group.documents for group in groups) == view.count(rest):
        _sort_out(found, groups, decided, rows)
    return found


class Grouped:
    """The columns of some raw fields as the sources of a composite aggregation, and the way back.

    Nothing is grouped by the fields in `times`: that an event has a time is all that a rule asks.
    """

    def __init__(self, columns: Columns, names: Iterable[str], times: Collection[str]) -> None:
        self._times = dict.fromkeys(times, _SOME_TIME)
        self._places: list[tuple[str, str]] = []  # raw field, key
        self._columns: dict[str, Column] = {}
        self._cleaned: dict[str, str | None] = {}
        keys: dict[str, str] = {}
        for name in sorted(set(names) - set(times)):
            for column in columns.get(name, ()):
                if column.grouped is not None:
                    key = keys.setdefault(column.grouped, f"c{len(keys)}")
                    self._columns[key] = column
                    self._places.append((name, key))

    @property
    def names(self) -> dict[str, str]:
        """Fields of the index by the key they have in a group."""
        return {key: column.grouped or column.leaf for key, column in self._columns.items()}

    @property
    def sources(self) -> list[dict[str, Any]]:
        """One source for each column; a document without a value counts too."""
        return [
            {key: {"terms": {"field": column.grouped, "missing_bucket": True}}} for key, column in self._columns.items()
        ]

    def texts(self, values: Mapping[str, Any]) -> dict[str, str | None]:
        """Raw texts by field for the key of a group."""
        found: dict[str, str | None] = {**self._times}
        known = self._cleaned
        if len(known) > _MOST_REMEMBERED:
            known.clear()
        for name, key in self._places:
            if found.get(name) is None:
                value = values[key]
                # Only of texts: 1 and True are equal keys and different values.
                if type(value) is not str:
                    found[name] = cleaned(value)
                elif value in known:
                    found[name] = known[value]
                else:
                    found[name] = known[value] = cleaned(value)
        return found

    def query(self, values: Mapping[str, Any]) -> Query:
        """Documents of the group with this key."""
        filters: list[Query] = []
        missing: list[Query] = []
        for key, column in self._columns.items():
            if values[key] is None:
                missing.append({"exists": {"field": column.leaf}})
            else:
                filters.append({"term": {column.grouped or column.leaf: values[key]}})
        return both(filters, missing)


def _needed(view: View, query: Query, columns: Columns) -> Columns:
    """The columns without those that never have a value, and those behind one that always has."""
    asked: dict[str, Query] = {}
    for name, places in columns.items():
        for number, column in enumerate(places):
            asked[f"{name}/{number}/there"] = {"exists": {"field": column.leaf}}
            asked[f"{name}/{number}/open"] = both([], [one.meaningful for one in places[: number + 1] if one.grouped])
    counts = view.counts(query, asked)
    needed: dict[str, tuple[Column, ...]] = {}
    for name, places in columns.items():
        kept: list[Column] = []
        for number, column in enumerate(places):
            if counts[f"{name}/{number}/there"]:
                kept.append(column)
            if not counts[f"{name}/{number}/open"]:
                break
        needed[name] = tuple(kept)
    return needed


def _sort_out(found: Survey, groups: list[Group], grouped: Grouped, rows: Rows) -> None:
    """Names the most frequent groups that succeeded and those that make no contact."""
    success: list[Query] = []
    dropped: list[Query] = []
    for group in sorted(groups, key=lambda one: -one.documents):
        decided = rows.decided(grouped.texts(group.key))
        if decided is None or decided[2] == "noise":
            if len(dropped) < _MOST_NAMED:
                dropped.append(grouped.query(group.key))
                _count(found, decided, group.documents)
        elif is_plain_success(decided[0], decided[2]) and len(success) < _MOST_NAMED:
            success.append(grouped.query(group.key))
    found.success, found.dropped = either(success), either(dropped)


def _count(found: Survey, decided: tuple[str, str, str] | None, count: int) -> None:
    if decided is None:
        found.not_relevant += count
    else:
        found.noise[decided[1]] = found.noise.get(decided[1], 0) + count
