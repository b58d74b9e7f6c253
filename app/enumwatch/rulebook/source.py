"""Source: how the records of one log become events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .condition import Condition
from .document import Document
from .expression import Expression
from .path import Step

Path = tuple[Step, ...]


@dataclass(frozen=True)
class Recognise:
    """What makes a record one of a shape: all of `present` and `equals`, none of `absent`, one of `any` if given."""

    present: tuple[Path, ...]
    any: tuple[Path, ...]
    equals: Mapping[str, tuple[str, ...]]
    absent: tuple[Path, ...]


@dataclass(frozen=True)
class Shape:
    """One layout a log is exported in.

    `each` is the path of a list whose elements are one event each (with `split`, of a text cut at that separator);
    `nested` is the column that holds a JSON object, which then is the record. `form` is json, table or any.
    """

    id: str
    title: str
    form: str
    recognise: Recognise
    fields: Mapping[str, tuple[Path, ...]]
    each: Path | None
    split: str | None
    nested: str | None


@dataclass(frozen=True)
class SplunkShape:
    """What the log looks like in Splunk, where the named add-on read it in.

    `select` are the values of Splunk fields that tell this log from others with its sourcetypes. A path of keys is a field;
    one with an index or a pick is read from the JSON of the event, since multivalue fields do not keep their places.
    """

    addon: str
    sourcetypes: tuple[str, ...]
    select: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, tuple[Path, ...]]


@dataclass(frozen=True)
class ElasticIndex:
    """Where the log lies in Elasticsearch: index patterns, and the shape its documents have there."""

    shape: str
    indices: tuple[str, ...]


@dataclass(frozen=True)
class EventRule:
    """A record for which every condition holds is an event with these fields; the first such rule decides."""

    when: Mapping[str, Condition]
    set: Mapping[str, Expression]


@dataclass(frozen=True)
class Visibility:
    """What the log shows: `names` shown, partly or hidden; `misses` logged, partly, hidden or never; a note.

    `accounts` is mail where every account has a mail address for a name, else any; `addresses` are those of the connection, or
    come from a header that the caller may have written.
    """

    names: str
    misses: str
    note: str
    accounts: str = "any"
    addresses: str = "connection"


@dataclass(frozen=True)
class Kept:
    """How long the provider keeps the log in one case: `time` is a duration such as 30d, else `until` says what ends it."""

    where: str
    time: str
    until: str


@dataclass(frozen=True)
class Source:
    """One log. `emits` are the source ids its events carry, `connect` says how somebody without it gets it.

    `content` is the file as plain values.
    """

    id: str
    title: str
    version: int
    provider: str
    kinds: tuple[str, ...]
    visibility: Visibility
    references: tuple[str, ...]
    known_gaps: tuple[str, ...]
    connect: str
    shapes: tuple[Shape, ...]
    splunk: SplunkShape | None
    elastic: ElasticIndex | None
    common: Mapping[str, Expression]
    rules: tuple[EventRule, ...]
    emits: frozenset[str]
    content: Mapping[str, Any]
    document: Document
    kept: tuple[Kept, ...] = ()
