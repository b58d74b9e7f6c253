"""Plan: which days have to be decided on again, in which slices, and which midnights are worth remembering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...core.times import DAY, day_of
from .state import Checkpoint, Mark, Marks, State

# Documents of one slice of days; a slice has at least one day. Larger ones save work and take memory.
LARGEST_SLICE = 300_000


class Stretch(NamedTuple):
    """Days to decide on in one go, `until` exclusive; `following` is when the next stretch begins, None after the last."""

    since: int
    until: int
    following: int | None


@dataclass(frozen=True)
class Plan:
    """From which checkpoint to go on, over which stretches, and the oldest midnight that stays remembered."""

    start: Checkpoint
    stretches: tuple[Stretch, ...]
    first_kept: int


def changed_days(known: Marks, found: Marks) -> list[int]:
    """Days for which documents came since they were decided on."""
    return sorted(
        {day for source, days in found.items() for day, mark in days.items() if _has_grown(known, source, day, mark)}
    )


def shrunk_days(known: Marks, found: Marks) -> list[int]:
    """Days of which documents are gone: what was told of them stands, although its events cannot be shown any more."""
    return sorted(
        {
            day
            for source, days in known.items()
            for day, mark in days.items()
            if found.get(source, {}).get(day, Mark(0, 0)).documents < mark.documents
        }
    )


def grown_by(known: Marks, found: Marks) -> dict[int, int]:
    """How many documents more each day has."""
    before, now = documents_by_day(known), documents_by_day(found)
    return {day: max(0, number - before.get(day, 0)) for day, number in now.items()}


def _has_grown(known: Marks, source: str, day: int, mark: Mark) -> bool:
    before = known.get(source, {}).get(day, Mark(0, 0))
    # A later one counts although there are fewer: others may have been deleted, and what is new must not wait for as many.
    return mark.documents > before.documents or mark.latest > before.latest


def documents_by_day(marks: Marks) -> dict[int, int]:
    """Documents of all logs by day."""
    found: dict[int, int] = {}
    for days in marks.values():
        for day, mark in days.items():
            found[day] = found.get(day, 0) + mark.documents
    return found


def plan_of(state: State, documents: Mapping[int, int], changed: Sequence[int], horizon: int) -> Plan:
    """What to decide on where the documents of some days changed; `documents` is how many each day has now.

    Days before the horizon are older than anything that is waited for. To remember a midnight costs more than to decide
    on a day: so the horizon's is, and the newest once there is one to go on from.
    """
    start = [one for one in state.checkpoints if one.at <= min(changed)][-1]
    days = sorted(day for day in documents if day >= start.at)
    cuts = [horizon, *(days[-1:] if start.at >= horizon else ())]
    groups = _groups(days, documents, [cut for cut in cuts if cut > start.at])
    begins = [group[0] for group in groups]
    for turn in range(1, len(groups)):
        if groups[turn - 1][-1] < horizon <= begins[turn]:
            begins[turn] = horizon  # where no document may lie: later days need nothing before it
    # The newest midnight that is old enough for all that is late, and every one after it.
    old = [at for at in (*(one.at for one in state.checkpoints if one.at <= start.at), *begins[1:]) if at <= horizon]
    stretches = tuple(
        Stretch(begin, group[-1] + DAY, begins[turn + 1] if turn + 1 < len(groups) else None)
        for turn, (begin, group) in enumerate(zip(begins, groups, strict=True))
    )
    return Plan(start, stretches, first_kept=max(old, default=state.oldest))


def _groups(days: Sequence[int], documents: Mapping[int, int], cuts: Sequence[int]) -> list[list[int]]:
    """Days in slices of bearable size that no cut goes through."""
    groups: list[list[int]] = []
    size = 0
    for day in days:
        is_cut = bool(groups) and any(groups[-1][-1] < cut <= day for cut in cuts)
        if groups and not is_cut and size + documents[day] <= LARGEST_SLICE:
            groups[-1].append(day)
            size += documents[day]
        else:
            groups.append([day])
            size = documents[day]
    return groups


def horizon_of(clock: int, late: int) -> int:
    """The midnight before which no late document is waited for any more, at a time and for so many microseconds."""
    return day_of(max(clock - late, 0))
