"""State: until where the runner has read and decided, one document that changes in one step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from ..faults import ClusterError
from ..names import RUNS

STATE = "state"
VERSION = 1
NOTHING_REMEMBERED = ""  # the part of a checkpoint before anything was read


class Mark(NamedTuple):
    """What a day of one log held when it was decided on: documents, and when the last of them came (milliseconds)."""

    documents: int
    latest: int


class Checkpoint(NamedTuple):
    """Memory as it was at a UTC midnight (microseconds), where it is kept, and how many rows it has."""

    at: int
    part: str
    rows: int


class Slice(NamedTuple):
    """Days that were decided on in one go, and where what was told of them is kept."""

    since: int
    until: int
    part: str
    rows: int


Marks = dict[str, dict[int, Mark]]  # source → day → mark


@dataclass(frozen=True)
class State:
    """Everything one run leaves to the next; times are microseconds since 1970 UTC."""

    generation: int = 0  # of the run that wrote it
    cursor: int = 0  # what came until then is read
    checkpoints: tuple[Checkpoint, ...] = ()  # in order of time
    slices: tuple[Slice, ...] = ()  # in order of time
    marks: Marks = field(default_factory=dict)  # of the days since the first checkpoint
    owed: tuple[str, ...] = ()  # findings whose documents were refused
    memory_version: int = 0
    backfill: tuple[int, int] | None = None  # the days of a backfill that is not done, `until` exclusive

    @staticmethod
    def beginning(since: int, memory_version: int) -> State:
        """The state before a first run over everything since a midnight."""
        return State(checkpoints=(Checkpoint(since, NOTHING_REMEMBERED, 0),), memory_version=memory_version)

    @property
    def oldest(self) -> int:
        """What is older than this is not decided on any more."""
        return self.checkpoints[0].at

    @property
    def parts(self) -> list[str]:
        """Parts of the memory that this state needs."""
        parts = [*(one.part for one in self.checkpoints), *(one.part for one in self.slices)]
        return [part for part in parts if part]


@dataclass(frozen=True)
class Version:
    """What a document must not have changed since, so that it may be written; None where there was none."""

    seq_no: int | None = None
    primary_term: int | None = None

    @property
    def conditions(self) -> dict[str, Any]:
        """Arguments of the client that make a write fail where somebody else wrote."""
        if self.seq_no is None:
            return {"op_type": "create"}
        return {"if_seq_no": self.seq_no, "if_primary_term": self.primary_term}


class LostError(ClusterError):
    """Another runner wrote meanwhile; what this one was about to write is void."""

    def __init__(self) -> None:
        super().__init__(
            "another runner has taken over: let it run, or stop it", kind="another_runner", is_passing=True
        )


def load(client: Elasticsearch) -> tuple[State | None, Version]:
    """The state, None before a first run, and the version it has. Raises ClusterError for one of another make."""
    try:
        found = client.get(index=RUNS, id=STATE)
    except NotFoundError as missing:
        if _is_index_missing(missing):
            raise
        return None, Version()
    version = Version(found["_seq_no"], found["_primary_term"])
    kept = found["_source"]["enumwatch"]["run"]["state"]
    if kept.get("version") != VERSION:
        raise ClusterError(
            "the runner's state in the cluster is of another version of enumwatch: "
            "use that version, or delete the index enumwatch-runs to begin anew"
        )
    return _state_of(kept), version


def commit(client: Elasticsearch, state: State, version: Version) -> Version:
    """Writes the state in place of the one with this version. Raises LostError where somebody else did so before."""
    document = {"enumwatch": {"run": {"kind": STATE, "state": _written(state)}}}
    try:
        done = client.index(index=RUNS, id=STATE, document=document, **version.conditions)
    except ConflictError:
        raise LostError from None
    return Version(done["_seq_no"], done["_primary_term"])


def _is_index_missing(error: NotFoundError) -> bool:
    return "index_not_found" in json.dumps(error.body, default=str)


def _written(state: State) -> dict[str, Any]:
    marks = {
        source: [[day, *mark] for day, mark in sorted(days.items())] for source, days in sorted(state.marks.items())
    }
    whole = asdict(replace(state, marks={}))
    return {**whole, "version": VERSION, "marks": marks}


def _state_of(kept: Mapping[str, Any]) -> State:
    return State(
        generation=kept["generation"],
        cursor=kept["cursor"],
        checkpoints=tuple(Checkpoint(*one) for one in kept["checkpoints"]),
        slices=tuple(Slice(*one) for one in kept["slices"]),
        marks={source: {day: Mark(*mark) for day, *mark in days} for source, days in kept["marks"].items()},
        owed=tuple(kept["owed"]),
        memory_version=kept["memory_version"],
        backfill=None if kept["backfill"] is None else (kept["backfill"][0], kept["backfill"][1]),
    )
