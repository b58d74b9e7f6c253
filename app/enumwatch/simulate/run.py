"""Plays scenarios and writes them: log files in a source's own shape, labels, truth and lookups."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from random import Random
from typing import Any

from . import scenarios as book
from .event import SimEvent, SimulateError, iso, microseconds
from .population import Organisation
from .shapes import SHAPES, Desk, Shape
from .story import Scenario, Story
from .truth import expected
from .writer import merge_labels, merge_lookup, merge_truth, write_log

DEFAULT_START = datetime(2026, 3, 2, tzinfo=timezone.utc)


@dataclass(frozen=True)
class SimulationResult:
    """What was written: log `files`, the `labels` and `truth` files, `lookups`; `records` counts lines or rows,
    `counts` the same by label."""

    files: tuple[Path, ...]
    labels: Path
    truth: Path
    lookups: tuple[Path, ...]
    events: int
    records: int
    counts: dict[str, int]


@dataclass
class Told:
    """One scenario as it happened in one organisation."""

    scenario: Scenario
    organisation: Organisation
    events: list[SimEvent]
    lookups: dict[str, list[dict[str, str]]]


def scenarios() -> list[Scenario]:
    """Every scenario, attacks first."""
    return list(book.ALL)


def tell(scenario: Scenario, shape: Shape, organisation: Organisation, *, seed: int, start: int,
         days: float | None = None,
         events: int | None = None, salt: str = "") -> Told:  # fmt: skip
    """Plays `scenario` in `organisation`; chance depends on the seed, not on the source, so that one attack is the
    same attack in every log that saw it."""
    rng = Random(f"{scenario.id}/{seed}/{organisation.number}/{salt}")
    story = Story(organisation, rng, start, days, events, shape.kinds)
    return Told(scenario, organisation, sorted(scenario.play(story), key=lambda event: event.time), story.lookups)


@dataclass(frozen=True)
class Written:
    """One record of a log: its id there ("" where the log gives none), the record, the event that it tells, and which
    of the happenings told it belongs to."""

    event_id: str
    record: Any
    event: SimEvent
    told: int


def rendered(shape: Shape, name: str, told: Sequence[Told], seed: int) -> list[Written]:
    """Every record that a log called `name` holds of what happened, in time order, before any form is given to it."""
    identity = f"{shape.id}/{name}/{seed}"
    # Record numbers start far apart for each file, so that files can be added to a folder without doubling ids.
    base = int.from_bytes(hashlib.sha256(identity.encode()).digest()[:3], "big") << 24
    desk = Desk(Random(identity), {each.organisation.tenant: each.organisation for each in told}, base)
    merged = sorted(
        ((event, index) for index, each in enumerate(told) for event in each.events), key=lambda pair: pair[0].time
    )
    return [
        Written(event_id, record, event, index)
        for event, index in merged
        for event_id, record in shape.render(event, desk)
    ]


def write_source(
    out: Path, shape: Shape, name: str, told: Sequence[Told], *, seed: int, form: str | None = None
) -> tuple[Path, list[dict[str, Any]], list[dict[str, Any]]]:
    """Writes one log file that holds everything in `told`; gives its path, label rows and truth entries."""
    chosen = shape.form(form)
    path = out / shape.id / f"{name}.{chosen.ext}"
    for stale in (out / shape.id).glob(f"{name}.*"):
        stale.unlink()
    records = rendered(shape, name, told, seed)
    lines = write_log(path, chosen, [one.record for one in records])
    labels = [
        {"source": shape.id, "event_id": one.event_id or f"{path.name}:{line}", "time": iso(one.event.time, 6),
         "label": label_of(one.event, told[one.told].scenario), "scenario": told[one.told].scenario.id,
         "actor": one.event.actor or one.event.src_ip}
        for line, one in zip(lines, records)
    ]  # fmt: skip
    left: list[list[SimEvent]] = [[] for _ in told]
    for one in records:
        # Several records of one event stand side by side.
        if not left[one.told] or left[one.told][-1] is not one.event:
            left[one.told].append(one.event)
    truths = [
        expected(each.scenario, shape, each.organisation.tenant, f"{shape.id}/{path.name}", events)
        for each, events in zip(told, left)
    ]
    return path, labels, truths


def label_of(event: SimEvent, scenario: Scenario) -> str:
    """What an event of a scenario is labelled as: attack, benign or background."""
    return "background" if event.is_past else scenario.kind


def write_beside(out: Path, files: Sequence[Path], labels: Sequence[dict[str, Any]], truths: Sequence[dict[str, Any]],
                 told: Sequence[Told]) -> SimulationResult:  # fmt: skip
    """Labels, truth and lookups of what was just written, merged into what the folder holds already."""
    replaced = {(entry["source"], entry["scenario"]) for entry in truths}
    rows: dict[str, list[dict[str, str]]] = {}
    for each in told:
        own = {"domain": each.organisation.domain, "tenant": "", "kind": "own"}
        rows.setdefault("enumwatch_domains.csv", []).append(own)
        for name, more in each.lookups.items():
            rows.setdefault(name, []).extend(more)
    lookups = tuple(merge_lookup(out, name, rows[name]) for name in sorted(rows))
    counts = Counter(str(row["label"]) for row in labels)
    return SimulationResult(tuple(files), merge_labels(out, labels, replaced), merge_truth(out, truths), lookups,
                            sum(entry["events"] for entry in truths), len(labels),
                            dict(sorted(counts.items())))  # fmt: skip


def simulate(scenario: str, source: str, *, seed: int, out: Path, start: datetime = DEFAULT_START,
             days: float | None = None,
             users: int = 200, tenants: int = 1, events: int | None = None,
             form: str | None = None) -> SimulationResult:  # fmt: skip
    """Writes `<out>/<source>/<scenario>.<ext>` and merges labels.ndjson, truth.json and lookups/ in `out`.

    `days` and `events` replace the scenario's own length and number of events; the scenario plays once in each of
    `tenants` organisations of `users` people. The same arguments give the same bytes. Raises SimulateError for a
    scenario, source, form or number that cannot be.
    """
    found = book.find(scenario, source)
    shape = SHAPES[source]
    shape.form(form)
    for name, number, least in (("users", users, 20), ("tenants", tenants, 1), ("events", events, 1)):
        if number is not None and number < least:
            raise SimulateError(f"{name} is {number}; give {least} or more")
    if days is not None and days <= 0:
        raise SimulateError(f"days is {days:g}; give a number above 0")
    begin = microseconds(start)
    told = [tell(found, shape, Organisation(seed, number, users), seed=seed, start=begin, days=days, events=events)
            for number in range(tenants)]  # fmt: skip
    path, labels, truths = write_source(out, shape, scenario, told, seed=seed, form=form)
    return write_beside(out, [path], labels, truths, told)
