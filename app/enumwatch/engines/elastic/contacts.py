"""Contacts: the contact table of one log in Elasticsearch, grouped by the cluster, page by page.

The cluster groups documents by the raw fields that the rules of the source read (a composite aggregation, every page of
it), and the rules are applied to the groups. A document that grouping would misread is read by itself: one with a list
where one value is expected, with a text longer than its mapping keeps, with a value inside of a list of objects, or with
an id that another document has too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import Elasticsearch

from ...core.contact import Contact
from ...core.outcome import OutcomeTable
from ...core.times import DAY, to_iso
from ...rulebook.expression import Field, First, Template
from ..local.shape import Shape, path_text, prepare
from .document import raw_texts, roots, time_of
from .fields import TIME_TYPES, Columns, Query, both, columns_of, either, names_asked, recognised
from .grouping import Grouping, Record, each_once
from .repeated import repeated
from .rows import Row, Rows
from .survey import Grouped, survey
from .view import View

_FORMAT = "strict_date_optional_time_nanos"
_MILLISECOND = 1_000
# Documents of one part of the time; each part is paged by itself.
_PART = 80_000
_DOCUMENTS_OF_ONE_PAGE = 1_000
# Parts read at the same time: while one is grouped in the cluster, the rules are applied to another.
_WORKERS = 2


@dataclass(frozen=True)
class Log:
    """One source as it lies in Elasticsearch."""

    indices: tuple[str, ...]
    shape: Shape

    @property
    def time_fields(self) -> tuple[str, ...]:
        """Fields that hold the time, best first."""
        rule = self.shape.rules[0].set.get("time")
        if rule is None:
            return tuple(path_text(path) for path in self.shape.fields["time"])
        options = rule.options if isinstance(rule, First) else (rule,)
        names = [one.parts[0].name for one in options if isinstance(one, Template) and isinstance(one.parts[0], Field)]
        return tuple(path_text(path) for name in names for path in self.shape.fields.get(name, ()))


@dataclass
class Tally:
    """What became of the documents of one read: how many there were, and those that made no contact."""

    documents: int = 0
    one_by_one: int = 0  # read by themselves
    not_relevant: int = 0
    noise: dict[str, int] = field(default_factory=dict)

    def count_noise(self, found: Mapping[str, int]) -> None:
        """Adds events by code."""
        for code, count in found.items():
            self.noise[code] = self.noise.get(code, 0) + count


def logs(rulebook: Mapping[str, Any]) -> dict[str, Log]:
    """Every source of a compiled rulebook that Elastic has an integration for."""
    shapes = {shape.name: shape for shape in prepare(rulebook)}
    return {
        name: Log(tuple(source["elastic"]["indices"]), shapes[f"{name}/{source['elastic']['shape']}"])
        for name, source in rulebook["sources"].items()
        if "elastic" in source
    }


class ContactReader:
    """Reads the contacts of one log. `since` and `until` (exclusive) bound the events, microseconds since 1970 UTC.

    Without `counts_successes_once` a success that was written down twice is counted twice. No verdict counts successes,
    and to look for their ids is most of the work of looking for ids.
    """

    def __init__(
        self,
        client: Elasticsearch,
        log: Log,
        outcomes: OutcomeTable,
        since: int | None = None,
        until: int | None = None,
        *,
        counts_successes_once: bool = True,
    ) -> None:
        self._client = client
        self._counts_successes_once = counts_successes_once
        self._log = log
        self._rows = Rows(log.shape, outcomes)
        self._since, self._until = since, until
        self.tally = Tally()

    def contacts(self) -> Iterator[Contact]:
        """Every contact, those of one UTC day together and the days in order."""
        with View(self._client, self._log.indices) as view:
            asked = sorted({*names_asked(self._log.shape), *self._log.time_fields})
            capabilities = view.capabilities(asked)
            times = [name for name in self._log.time_fields if capabilities.get(name, {}).keys() & TIME_TYPES]
            columns = columns_of(self._log.shape, capabilities)
            ways = [
                Way(view, self._log.shape, self._rows, name, self._within(name, times[:earlier]), columns)
                for earlier, name in enumerate(times)
            ]
            for way in ways:
                way.find_repeated(among_successes=self._counts_successes_once)
            ways = [way for way in ways if way.days]
            for way in ways:
                self.tally.documents += sum(way.days.values())
                self.tally.not_relevant += way.found.not_relevant
                self.tally.count_noise(way.found.noise)
            yield from self._of_ways(ways)

    def _of_ways(self, ways: Sequence[Way]) -> Iterator[Contact]:
        seen: set[str] = set()
        for part in _side_by_side(parts_of(ways), lambda days: [way.read(*days) for way in ways]):
            grouping = Grouping()
            records = [record for one in part for record in one.records]
            for row, attempts, first, last in (group for one in part for group in one.groups):
                grouping.add(row, attempts, first, last)
            for record in each_once(records, seen):
                grouping.add_record(record)
            self.tally.one_by_one += sum(one.documents for one in part)
            self.tally.not_relevant += sum(one.not_relevant for one in part)
            self.tally.count_noise(grouping.noise)
            yield from grouping.contacts()

    def _within(self, time_field: str, earlier: Iterable[str]) -> Query:
        bounds = {"gte": self._since, "lt": self._until}
        window = {name: to_iso(time) for name, time in bounds.items() if time is not None}
        is_there: Query = {"exists": {"field": time_field}}
        if window:
            is_there = {"range": {time_field: {**window, "format": _FORMAT}}}
        return both([recognised(self._log.shape), is_there], [{"exists": {"field": name}} for name in earlier])


@dataclass
class Part:
    """What one part of the time holds: groups with their row, attempts, first and last, and events read by themselves."""

    groups: list[tuple[Row, int, int, int]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    documents: int = 0
    not_relevant: int = 0


class Way:
    """The documents of a log whose time stands in one field."""

    def __init__(self, view: View, shape: Shape, rows: Rows, time_field: str, query: Query, columns: Columns) -> None:
        self._view, self._shape, self._rows, self._time_field, self._query = view, shape, rows, time_field, query
        self.days = view.days(query, time_field)
        if not self.days:
            return
        self.found = survey(view, query, columns, rows)
        self._repeated = either([])

    def find_repeated(self, *, among_successes: bool) -> None:
        """Looks for documents with an id that another one has; until then none is known."""
        if not self.days:
            return
        left_out = [self.found.dropped, *([] if among_successes else [self.found.success])]
        kept = both([self._query, either([both([], left_out), self.found.alone])])
        self._repeated = repeated(self._view, kept, self.found, self._rows)

    def read(self, first_day: int, last_day: int) -> Part:
        """What lies in these UTC days, both included; milliseconds."""
        part = Part()
        found = self.found
        bounds = {"gte": first_day, "lt": last_day + DAY // _MILLISECOND, "format": "epoch_millis"}
        within = both([self._query, {"range": {self._time_field: bounds}}])
        repeated_here = both([self._repeated], [found.dropped])
        self._read_alone(part, both([within, either([found.alone, repeated_here])]))
        grouped = both([within], [found.alone, found.dropped, self._repeated])
        self._read_groups(part, both([grouped, found.success]), "1d", self._rows.success_fields)
        self._read_groups(part, both([grouped], [found.success]), "1h", self._rows.failing_fields)
        return part

    def _read_groups(self, part: Part, query: Query, interval: str, names: frozenset[str]) -> None:
        grouped = Grouped(self.found.columns, names, self._rows.time_fields)
        start = {"start": {"date_histogram": {"field": self._time_field, "fixed_interval": interval}}}
        before, counted = len(part.groups), 0
        for group in self._view.groups(query, [start, *grouped.sources], self._time_field):
            counted += group.documents
            row = self._rows.row(grouped.texts(group.key))
            if row is None:
                part.not_relevant += group.documents
            elif group.first is not None and group.last is not None:
                part.groups.append((row, group.documents, group.first * _MILLISECOND, group.last * _MILLISECOND))
        if counted != self._view.count(query):
            # A document with a list for a value is in several groups.
            del part.groups[before:]
            self._read_alone(part, query)

    def _read_alone(self, part: Part, query: Query) -> None:
        names = [name for name in self._shape.fields if self.found.columns[name]]
        hits = self._view.documents(query, roots(self._shape, names), self._time_field, _DOCUMENTS_OF_ONE_PAGE)
        for hit in hits:
            part.documents += 1
            texts = raw_texts(hit["_source"], self._shape, names)
            row = self._rows.row(texts)
            if row is None:
                part.not_relevant += 1
            else:
                time = time_of(hit, self._time_field)
                part.records.append(Record(time, row, self._rows.identity(texts) or ""))


def parts_of(ways: Iterable[Way]) -> list[tuple[int, int]]:
    """The first and the last day of each part, so that a part has a bearable number of documents or one day."""
    days: dict[int, int] = {}
    for way in ways:
        for day, count in way.days.items():
            days[day] = days.get(day, 0) + count
    parts: list[tuple[int, int]] = []
    documents = 0
    for day in sorted(days):
        if parts and documents + days[day] <= _PART:
            parts[-1] = (parts[-1][0], day)
            documents += days[day]
        else:
            parts.append((day, day))
            documents = days[day]
    return parts


def _side_by_side(
    parts: Sequence[tuple[int, int]], read: Callable[[tuple[int, int]], list[Part]]
) -> Iterator[list[Part]]:
    """The parts in their order, some of them read ahead."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        ahead: deque[Future[list[Part]]] = deque()
        for part in parts:
            ahead.append(pool.submit(read, part))
            if len(ahead) == _WORKERS:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
