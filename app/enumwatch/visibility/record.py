"""Record: what an origin tells of its logs, the same from files, Elasticsearch and Splunk; rows of it become facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..core.contact import DROPPED_FOR_SUCCESS

HOUR_SECONDS = 3600
MICROSECONDS = 1_000_000
CLUSTER_DAYS = 7  # of a log in a cluster, unless asked for otherwise


class LogRow(NamedTuple):
    """Contacts of one log that are alike in kind, form (client app) and code that says nothing; times are microseconds.

    `code` is empty where the answer is known. `failing` are the attempts that did not simply succeed, `hidden` those
    whose name the log hides, `filled` the attempts with a value, by field. `pause` is the longest stretch of seconds
    between neighbouring hours in which contacts of the log began, as far as this row knows it.
    """

    log: str
    kind: str
    form: str
    code: str
    attempts: int
    failing: int
    hidden: int
    first: int
    last: int
    pause: int
    filled: Mapping[str, int]


class Lateness(NamedTuple):
    """Seconds from the time of an event to its arrival: least (below 0: dated ahead), p50, p95 and most."""

    least: float
    p50: float
    p95: float
    most: float


@dataclass(frozen=True)
class Told:
    """What one origin tells. `lateness` and `oldest` (first event at all, microseconds) are by source of the rulebook.

    `now` is the time up to which the origin is known, `clock` what time it is; microseconds since 1970 UTC.
    """

    origin: str
    rows: tuple[LogRow, ...]
    now: int
    clock: int
    lateness: Mapping[str, Lateness] = field(default_factory=dict)
    oldest: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LogFacts:
    """All rows of one log as one."""

    log: str
    attempts: int
    first: int
    last: int
    pause: int
    kinds: frozenset[str]
    shown: frozenset[tuple[str, str]]  # kinds with the forms they came in
    codes: tuple[str, ...]
    hidden: int
    empty: Mapping[str, float]  # share of the events that could have a value and have none, by field

    @property
    def hidden_share(self) -> float:
        """Share of all attempts whose name the log hides."""
        return self.hidden / self.attempts if self.attempts else 0.0


def facts_of(rows: Iterable[LogRow], fields: Mapping[str, Any], oldest: int | None = None) -> LogFacts:
    """Return the facts of the rows of one log; `oldest` is its first event where that is known to be earlier.

    `fields` are those of the rulebook's part `visibility`: each is looked for in events of its kinds only.
    """
    some = list(rows)
    attempts = sum(row.attempts for row in some)
    empty = {}
    for name, about in fields.items():
        asked = [row for row in some if row.kind in about["kinds"]]
        could = sum(_could_hold(name, row) for row in asked)
        if could > 0:
            empty[name] = round(1 - sum(row.filled.get(name, 0) for row in asked) / could, 4)
    first = min(row.first for row in some)
    return LogFacts(
        log=some[0].log,
        attempts=attempts,
        first=first if oldest is None else min(first, oldest),
        last=max(row.last for row in some),
        pause=max(row.pause for row in some),
        kinds=frozenset(row.kind for row in some),
        shown=frozenset((row.kind, row.form) for row in some),
        codes=tuple(sorted({row.code for row in some} - {""})),
        hidden=sum(row.hidden for row in some),
        empty=empty,
    )


def _could_hold(name: str, row: LogRow) -> int:
    """Attempts that could have a value: a success keeps none of some fields, a hidden name is not an empty one."""
    if name == "target":
        return row.attempts - row.hidden
    return row.failing if name in DROPPED_FOR_SUCCESS else row.attempts


def given_fields(source: Mapping[str, Any]) -> frozenset[str]:
    """Event fields that the rules of a source of the compiled rulebook can fill."""
    raw = {name for shape in source["shapes"] for name in shape["fields"]}
    return frozenset(raw | {name for rule in source["event"] for name in rule["set"]} | set(source["common"]))


def source_of_log(rulebook: Mapping[str, Any]) -> dict[str, str]:
    """The source of the rulebook by the id that its events carry."""
    return {log: name for name, source in rulebook["sources"].items() for log in source["emits"]}
