"""Manifest: what a run is and what of it was sent, as a small file beside its labels. It holds no secret."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from ...beside_logs import RUN_FILE
from ...core.times import from_iso, to_iso
from ..event import SimulateError
from .marks import is_run

ELASTIC, SPLUNK = "elastic", "splunk"
_TIMES = ("first", "last", "end", "began", "ended")


@dataclass(frozen=True)
class Part:
    """One scenario in one log: where its events go, how many there are and how many were taken. Times in microseconds."""

    scenario: str
    source: str
    place: str  # a data stream, or a sourcetype
    events: int
    first: int
    last: int
    sent: int = 0


@dataclass(frozen=True)
class Manifest:
    """One run. `began` and `ended` are when it was sent, 0 where it was not (to its end); `end` is the last event's time."""

    run: str
    version: str  # of enumwatch
    target: str  # ELASTIC or SPLUNK
    place: str
    seed: int
    users: int
    end: int
    days: float | None = None
    events: int | None = None
    index: str = ""  # in Splunk, empty for the token's own
    began: int = 0
    ended: int = 0
    parts: tuple[Part, ...] = ()

    @property
    def total(self) -> int:
        """How many events the run has."""
        return sum(one.events for one in self.parts)

    @property
    def sent(self) -> int:
        """How many events were taken."""
        return sum(one.sent for one in self.parts)

    @property
    def first(self) -> int:
        """The time of the first event."""
        return min((one.first for one in self.parts), default=self.end)

    def with_sent(self, number: int, sent: int) -> Manifest:
        """The manifest once so many events of a part were taken."""
        changed = replace(self.parts[number], sent=sent)
        return replace(self, parts=(*self.parts[:number], changed, *self.parts[number + 1 :]))


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """Writes the manifest in one step; returns its path."""
    path = folder / RUN_FILE
    told = _told(asdict(manifest)) | {"parts": [_told(asdict(one)) for one in manifest.parts]}
    part = path.with_name(f"{RUN_FILE}.part")
    part.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
    return path


def read_manifest(path: Path) -> tuple[Path, Manifest]:
    """The folder and the manifest of a run, given as either; raises SimulateError."""
    file = path / RUN_FILE if path.is_dir() else path
    try:
        told = json.loads(file.read_text("utf-8"))
        parts = tuple(Part(**_read(one, Part)) for one in told.pop("parts"))
        manifest = Manifest(**_read(told, Manifest), parts=parts)
        if not is_run(manifest.run) or manifest.target not in (ELASTIC, SPLUNK):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SimulateError(
            f"{file} is no run that `simulate --to` wrote: name its folder, or the {RUN_FILE} in it"
        ) from error
    return file.parent, manifest


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: to_iso(value) if name in _TIMES and value else value for name, value in values.items()}


def _read(values: dict[str, Any], kind: type[Part | Manifest]) -> dict[str, Any]:
    """The values of one record, each of the type that its field has."""
    read = {name: from_iso(value) if name in _TIMES and value else value for name, value in values.items()}
    for field in fields(kind):
        if field.name in read and field.type in ("str", "int") and type(read[field.name]).__name__ != field.type:
            raise ValueError(field.name)
    return read


def scenarios_of(parts: Sequence[Part]) -> Iterator[str]:
    """Each scenario once, in order."""
    yield from dict.fromkeys(one.scenario for one in parts)
