"""Playing: scenarios whose last event is a few minutes old, each with people and a domain of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..event import SimEvent, SimulateError
from ..population import Organisation
from ..run import Told, Written, label_of, rendered, tell, write_beside, write_source
from ..scenarios import find
from ..shapes import SHAPES, Shape
from .manifest import Manifest, Part
from .marks import first_organisation


@dataclass(frozen=True)
class Labelled:
    """One event that is sent: its time in microseconds, what it is labelled as, and the record in its form."""

    time: int
    label: str
    record: Any


@dataclass(frozen=True)
class Play:
    """One scenario in one log, ready to be sent."""

    shape: Shape
    form: str
    told: Told
    records: tuple[Written, ...]

    def labelled(self) -> Iterator[Labelled]:
        """The events in time order."""
        convert = self.shape.form(self.form).convert
        for one in self.records:
            yield Labelled(one.event.time, label_of(one.event, self.told.scenario), convert(one.record))

    def part(self, place: str) -> Part:
        """What the manifest says of it."""
        times = [one.event.time for one in self.records]
        return Part(self.told.scenario.id, self.shape.id, place, len(times), times[0], times[-1])


def checked(wanted: Sequence[tuple[str, str]]) -> None:
    """Raises SimulateError where a scenario or log is not there, or the one leaves nothing in the other."""
    for scenario, source in wanted:
        find(scenario, source)


def play(
    manifest: Manifest, wanted: Sequence[tuple[str, str]], forms: dict[str, str], fewest_users: int = 20
) -> list[Play]:
    """Each (scenario, log) as it happened up to the manifest's end; raises SimulateError for one that cannot be.

    A scenario is the same attack in each log of the run that saw it; another one has other people.
    """
    if manifest.users < fewest_users:
        raise SimulateError(f"users is {manifest.users}; give {fewest_users} or more")
    names = list(dict.fromkeys(scenario for scenario, _ in wanted))
    plays = []
    for scenario, source in wanted:
        found, shape = find(scenario, source), SHAPES[source]
        number = first_organisation(manifest.run) + names.index(scenario)
        organisation = Organisation(manifest.seed, number, manifest.users)
        told = _ending(_tell_until(found, shape, organisation, manifest), manifest.end)
        records = tuple(rendered(shape, scenario, [told], manifest.seed))
        if not records:
            raise SimulateError(
                f"scenario {scenario} leaves nothing in {source} so short: choose another, or more events"
            )
        plays.append(Play(shape, forms[source], told, records))
    return plays


def write_play(folder: Path, plays: Sequence[Play], seed: int) -> None:
    """Writes the logs, labels, answer key and lookups of what is sent into a folder."""
    files, labels, truths = [], [], []
    for one in plays:
        path, more, entries = write_source(
            folder, one.shape, one.told.scenario.id, [one.told], seed=seed, form=one.form
        )
        files.append(path)
        labels += more
        truths += entries
    write_beside(folder, files, labels, truths, [one.told for one in plays])


def _tell_until(scenario: Any, shape: Shape, organisation: Organisation, manifest: Manifest) -> Told:
    """The scenario begun so early that it is about over at the end; its lookups hold at that time."""
    if manifest.days is not None and manifest.days <= 0:
        raise SimulateError(f"days is {manifest.days:g}; give a number above 0")
    if manifest.events is not None and manifest.events < 1:
        raise SimulateError(f"events is {manifest.events}; give 1 or more")

    def told(start: int) -> Told:
        return tell(
            scenario, shape, organisation, seed=manifest.seed, start=start, days=manifest.days, events=manifest.events
        )

    once = told(manifest.end).events
    return told(2 * manifest.end - once[-1].time) if once else told(manifest.end)


def _ending(told: Told, end: int) -> Told:
    """The same, moved so that nothing happens after the end and something does at it."""
    later = end - max((event.time for event in told.events), default=end)
    events: list[SimEvent] = [event._replace(time=event.time + later) for event in told.events]
    return replace(told, events=events)
