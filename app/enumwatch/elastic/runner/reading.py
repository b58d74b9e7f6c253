"""Reading: what the logs of a cluster hold by day, what is new of it, and the contacts of some days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from elasticsearch import Elasticsearch

from ...core.contact import Contact
from ...core.outcome import OutcomeTable
from ...core.times import DAY, day_of
from ...engines.elastic.capabilities import capabilities
from ...engines.elastic.contacts import ContactReader, Log
from ...engines.elastic.fields import TIME_TYPES, Query, both, either, recognised
from ..faults import ClusterError
from .state import Mark, Marks

MILLISECOND = 1_000
INGESTED = "event.ingested"


class _When(NamedTuple):
    """The fields that say when an event was, and when it came; the same where a log does not say when events came."""

    time_field: str
    came_field: str

    @property
    def newest(self) -> dict[str, Any]:
        """Aggregations over both."""
        return {"came": {"max": {"field": self.came_field}}, "last": {"max": {"field": self.time_field}}}

    def after(self, cursor: int) -> Query:
        """Documents that came after a time; those that do not say so, by their own time."""
        after = {"gt": cursor // MILLISECOND, "format": "epoch_millis"}
        own: Query = {"range": {self.time_field: after}}
        if self.came_field == self.time_field:
            return own
        return either([{"range": {self.came_field: after}}, both([own], [{"exists": {"field": self.came_field}}])])


@dataclass
class Found:
    """What lies in the logs since some midnight; times are microseconds."""

    marks: Marks = field(default_factory=dict)
    newest: int = 0  # when the last document came, of those that say so; else its time
    too_late: int = 0  # documents that came after the cursor and are older than everything remembered
    absent: list[str] = field(default_factory=list)  # sources without any index
    without_ingest_time: list[str] = field(default_factory=list)


class Reading(Protocol):
    """Where contacts come from."""

    def found(self, since: int, until: int | None, cursor: int) -> Found:
        """What lies between two midnights, and what came after the cursor and lies before both."""
        ...

    def contacts(self, source: str, since: int, until: int) -> Iterator[Contact]:
        """Contacts of some whole days of one source, in any order."""
        ...


class Logs:
    """Contacts of the logs as their integrations wrote them, grouped by the cluster."""

    def __init__(self, client: Elasticsearch, logs: Mapping[str, Log], outcomes: OutcomeTable) -> None:
        self._client = client
        self._logs = logs
        self._outcomes = outcomes

    def found(self, since: int, until: int | None, cursor: int) -> Found:
        """What lies between two midnights, and what came after the cursor and lies before both."""
        found = Found()
        for source, log in self._logs.items():
            self._look_at(found, source, log, since, until, cursor)
        return found

    def contacts(self, source: str, since: int, until: int) -> Iterator[Contact]:
        """Contacts of some whole days of one source, in any order."""
        log = self._logs[source]
        return ContactReader(self._client, log, self._outcomes, since, until, counts_successes_once=False).contacts()

    def _look_at(self, found: Found, source: str, log: Log, since: int, until: int | None, cursor: int) -> None:
        asked = [INGESTED, *log.time_fields]
        answer = capabilities(self._client, log.indices, asked)
        is_date = {name: bool(types.keys() & TIME_TYPES) for name, types in answer.fields.items()}
        ingested = answer.fields.get(INGESTED, {}).keys() - {"unmapped"}
        came_field = INGESTED if ingested and ingested <= TIME_TYPES else ""
        times = [name for name in log.time_fields if is_date.get(name)]
        if not answer.indices or not times:
            found.absent.append(source)
            return
        if not came_field:
            found.without_ingest_time.append(source)
        days: dict[int, Mark] = {}
        for earlier, name in enumerate(times):
            is_of_way = both(
                [recognised(log.shape), {"exists": {"field": name}}],
                [{"exists": {"field": one}} for one in times[:earlier]],
            )
            when = _When(name, came_field or name)
            self._add_days(found, days, log, both([is_of_way, _between(name, since, until)]), when)
            if cursor:
                self._add_too_late(found, log, both([is_of_way, _between(name, None, since), when.after(cursor)]), when)
        found.marks[source] = days

    def _add_days(self, found: Found, days: dict[int, Mark], log: Log, query: Query, when: _When) -> None:
        histogram = {"field": when.time_field, "calendar_interval": "1d", "min_doc_count": 1}
        answer = self._search(log, query, {"days": {"date_histogram": histogram, "aggs": when.newest}})
        for bucket in answer["aggregations"]["days"]["buckets"]:
            day = day_of(int(bucket["key"]) * MILLISECOND)
            latest = [int(bucket[name]["value"]) for name in ("came", "last") if bucket[name]["value"] is not None]
            known = days.get(day, Mark(0, 0))
            days[day] = Mark(known.documents + bucket["doc_count"], max(known.latest, *latest))
            found.newest = max(found.newest, _newest(bucket))

    def _add_too_late(self, found: Found, log: Log, query: Query, when: _When) -> None:
        answer = self._search(log, query, when.newest)
        found.too_late += int(answer["hits"]["total"]["value"])
        found.newest = max(found.newest, _newest(answer["aggregations"]))

    def _search(self, log: Log, query: Query, aggregations: Mapping[str, Any]) -> Any:
        return whole(
            self._client.search(
                index=",".join(log.indices),
                size=0,
                query=query,
                aggregations=dict(aggregations),
                track_total_hits=True,
                ignore_unavailable=True,
                expand_wildcards="open",
            )
        )


def _newest(bucket: Mapping[str, Any]) -> int:
    return int(bucket["came"]["value"] or bucket["last"]["value"] or 0) * MILLISECOND


def whole(answer: Any) -> Any:
    """The answer; raises ClusterError where a part of the cluster did not answer, for half of it would be taken for all."""
    if answer["_shards"].get("failed") or answer.get("timed_out"):
        raise ClusterError("a part of the cluster did not answer: look at its health", kind="unready", is_passing=True)
    return answer


def _between(time_field: str, since: int | None, until: int | None) -> Query:
    bounds = {"gte": since, "lt": until}
    window = {name: time // MILLISECOND for name, time in bounds.items() if time is not None}
    return {"range": {time_field: {**window, "format": "epoch_millis"}}}


class Kept:
    """Contacts of days that were read before, as many as are bearable; whoever asks says what a day must hold."""

    def __init__(self, reading: Reading, most: int = 60_000) -> None:
        self._reading = reading
        self._most = most
        self._days: dict[tuple[str, int], tuple[Mark, list[Contact]]] = {}

    def contacts(self, source: str, since: int, until: int, marks: Mapping[int, Mark]) -> Iterator[Contact]:
        """Contacts of some days of a source, which hold what the marks say or more."""
        missing: list[int] = []
        for day in sorted(day for day in marks if since <= day < until):
            known = self._days.pop((source, day), None)
            if known is None or known[0] != marks[day]:
                missing.append(day)
            else:
                self._days[source, day] = known
                yield from known[1]
        for first, last in _runs(missing):
            yield from self._read(source, first, last + DAY, marks)

    def _read(self, source: str, since: int, until: int, marks: Mapping[int, Mark]) -> Iterator[Contact]:
        days = {day: mark for day, mark in marks.items() if since <= day < until}
        if sum(mark.documents for mark in days.values()) > self._most:
            yield from self._reading.contacts(source, since, until)
            return
        found: dict[int, list[Contact]] = {day: [] for day in days}
        for contact in self._reading.contacts(source, since, until):
            # A day that had no document when it was asked for has some now: the next run reads it.
            found.setdefault(day_of(contact.first), []).append(contact)
            yield contact
        self._days.update({(source, day): (mark, found[day]) for day, mark in days.items()})
        while sum(len(one) for _, one in self._days.values()) > self._most:
            del self._days[next(iter(self._days))]


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of the days that follow one another."""
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and runs[-1][1] + DAY == day:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
