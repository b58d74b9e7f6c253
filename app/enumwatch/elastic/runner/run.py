"""Run: from what is new in the logs to what is told, in one go that can end anywhere and be begun again.

What is written before the state names it is written again by whoever comes next, or thrown away: memory lies in parts
that are new each time, and a verdict's document says what was decided, whoever decided it.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from elasticsearch import Elasticsearch

from ...core.context import Context
from ...core.decide import PUBLISHED, Decision, decide, needs_every_try
from ...core.memory.codec import UnreadableMemoryError
from ...core.memory.row import VERSION as MEMORY_VERSION
from ...core.memory.row import MemoryRow
from ...core.times import DAY, to_iso
from ...engines.garbage import no_garbage_search
from ..documents import finding_json
from ..faults import ClusterError
from .needed import Needed, Picked, together
from .plan import Plan, Stretch, changed_days, documents_by_day, grown_by, horizon_of, plan_of, shrunk_days
from .reading import Found, Kept, Reading
from .recollection import Recollection
from .remembering import TOLD_FOR, IncompleteMemoryError, Remembering
from .state import NOTHING_REMEMBERED, Checkpoint, Marks, Slice, State, Version, commit, load
from .verdicts import Verdicts
from .work import AT_NO_TIME, Work


class Holding(Protocol):
    """What says that nobody else is at work."""

    holder: str

    def confirm(self) -> None:
        """Raises LostError where somebody else may be."""
        ...


@dataclass(frozen=True)
class Settings:
    """How a runner works; times are microseconds unless their name says else."""

    since: int  # what a first run begins with, a UTC midnight
    late: int = 2 * DAY  # how long late events are waited for
    detections: Sequence[str] | None = None
    commit_every_seconds: float = 300.0  # a long run can be ended and loses no more work than this


@dataclass
class Outcome:
    """What one run did."""

    read: int = 0
    contacts: int = 0
    verdicts: int = 0
    withdrawn: int = 0
    late: int = 0
    too_late: int = 0
    newest: int = 0  # microseconds
    seconds: float = 0.0
    absent: list[str] = field(default_factory=list)
    without_ingest_time: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: dict[str, ClusterError] = field(default_factory=dict)


class Runner:
    """Decides on what is new. What it keeps between runs only saves work."""

    def __init__(
        self,
        client: Elasticsearch,
        reading: Reading,
        context: Context,
        settings: Settings,
        holding: Holding,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._reading = reading
        self._contacts = Kept(reading)
        self._context = context
        self._settings = settings
        self._holding = holding
        self._now = now
        self._memory = Remembering(client)
        self._verdicts = Verdicts(client, context)
        self._recalled: tuple[str, Recollection] = ("", Recollection())  # the checkpoint that is used most

    def once(self, until: int | None = None) -> Outcome:
        """Reads, decides and writes whatever is new. Raises ClusterError; then nothing is lost, and it can be done again."""
        begun = time.monotonic()
        outcome = Outcome()
        state, version = load(self._client)
        if state is None:
            state = State.beginning(self._settings.since, MEMORY_VERSION)
        if state.memory_version != MEMORY_VERSION:
            state = self._anew(state, outcome, "its memory is of another version")
        found = self._reading.found(state.oldest, until, state.cursor)
        _count(outcome, found, state)
        try:
            self._decide(state, version, found, outcome)
        except (IncompleteMemoryError, UnreadableMemoryError) as problem:
            # Nothing was committed, so it is begun again without what cannot be read.
            commit(self._client, self._anew(state, outcome, str(problem)), version)
            raise ClusterError(
                f"{problem}: run again, it goes on with a short history", kind="memory_gone", is_passing=True
            ) from None
        outcome.seconds = time.monotonic() - begun
        return outcome

    def backfill(self, since: int, until: int | None) -> Outcome:
        """Decides anew on everything from a midnight on, to another one or to now; goes on with one that was ended early.

        What was decided before those days stands, and is remembered where there is a checkpoint that old.
        """
        state, version = load(self._client)
        asked = (since, AT_NO_TIME if until is None else until)
        if state is None or state.backfill != asked:
            commit(self._client, _rewound(state or State(memory_version=MEMORY_VERSION), since, asked), version)
        outcome = self.once(until)
        state, version = load(self._client)
        if state is not None:
            commit(self._client, replace(state, backfill=None), version)
        return outcome

    def _anew(self, state: State, outcome: Outcome, why: str) -> State:
        """The state without memory; what was told stands."""
        since = state.checkpoints[0].at
        outcome.notes.append(f"{why}: begun anew from {to_iso(since)} with a short history")
        beginning = State.beginning(since, MEMORY_VERSION)
        return replace(beginning, generation=state.generation + 1, cursor=state.cursor)

    def _decide(self, state: State, version: Version, found: Found, outcome: Outcome) -> None:
        changed = changed_days(state.marks, found.marks)
        if not changed and not state.owed:
            if found.too_late:
                commit(self._client, replace(state, cursor=found.newest), version)  # so that they are told once
            return
        horizon = horizon_of(min(max(found.newest, state.cursor), int(self._now() * 1_000_000)), self._settings.late)
        work = Work(state, version, found, horizon)
        if shrunk_days(state.marks, found.marks):
            work.may_withdraw = False
            outcome.notes.append("documents that were decided on are gone from the logs: nothing is withdrawn")
        if changed:
            plan = plan_of(state, documents_by_day(found.marks), changed, horizon)
            self._follow(work, plan, outcome)
        self._finish(work, outcome, following=None)

    def _follow(self, work: Work, plan: Plan, outcome: Outcome) -> None:
        """Decides on each stretch with what the one before remembered."""
        work.begin(plan)
        memory = self._recall(plan.start)
        committed = time.monotonic()
        for stretch in plan.stretches:
            self._holding.confirm()
            told, memory = self._told(stretch, memory, work.found.marks, outcome)
            work.told[stretch] = told
            if stretch.following is None:
                return
            if stretch.following >= plan.first_kept:
                work.checkpoints.append(self._remember(work, stretch.following, memory))
            if time.monotonic() - committed >= self._settings.commit_every_seconds:
                if stretch.following < plan.first_kept:
                    work.checkpoints = [self._remember(work, stretch.following, memory)]
                self._finish(work, outcome, stretch.following)
                committed = time.monotonic()

    def _told(
        self, stretch: Stretch, memory: Recollection, marks: Marks, outcome: Outcome
    ) -> tuple[dict[str, str], Recollection]:
        """What is told of a stretch, and what to remember of it; nothing where nobody comes after it."""
        with no_garbage_search():
            needed = Needed(keeps_own_affairs=needs_every_try(self._settings.detections, self._context))
            for source, days in marks.items():
                needed.take(self._contacts.contacts(source, stretch.since, stretch.until, days))
            outcome.contacts += needed.taken
            return self._decided(needed.by_tenant(), memory, is_kept=stretch.following is not None)

    def _decided(
        self, picked: dict[str, Picked], memory: Recollection, *, is_kept: bool
    ) -> tuple[dict[str, str], Recollection]:
        """Decides on each tenant for itself, for one alone takes less memory."""
        told: dict[str, str] = {}
        after = Recollection()
        detections = self._settings.detections
        if detections is not None and PUBLISHED in detections:
            # The one rule that does not tell tenants apart.
            decision = self._decision(together(picked), list(memory.everything()))
            return {one.finding_id: finding_json(one) for one in decision.findings}, Recollection(decision.memory)
        for tenant in sorted({*picked, *memory.tenants}):
            one = picked.pop(tenant, None)  # what was decided on is let go of
            if one is None:
                after.take_over(memory, tenant)
                continue
            decision = self._decision(one, memory.rows(tenant))
            gc.collect()  # what was made for one tenant is not kept while others are decided on
            told.update((verdict.finding_id, finding_json(verdict)) for verdict in decision.findings)
            if is_kept:
                after.add(decision.memory)
        return told, after

    def _decision(self, picked: Picked, memory: list[MemoryRow]) -> Decision:
        return decide(
            picked.contacts,
            self._context,
            self._settings.detections,
            with_updates=False,
            arrivals=picked.arrivals,
            memory=memory,
        )

    def _recall(self, checkpoint: Checkpoint) -> Recollection:
        if self._recalled[0] != checkpoint.part:
            self._recalled = (checkpoint.part, self._memory.recall(checkpoint.part, checkpoint.rows))
        return self._recalled[1]

    def _remember(self, work: Work, at: int, memory: Recollection) -> Checkpoint:
        part = self._part("memory", at, work.generation)
        self._holding.confirm()
        self._memory.write(part, work.generation, memory.everything())
        self._recalled = (part, memory)
        return Checkpoint(at, part, memory.number)

    def _part(self, what: str, at: int, generation: int) -> str:
        return f"{what}-{to_iso(at)}-{generation}-{self._holding.holder[:8]}"

    def _finish(self, work: Work, outcome: Outcome, following: int | None) -> None:
        """Writes what was decided until a midnight, or all of it, and then the state that names it."""
        until = max((one.until for one in work.told), default=0) if following is None else following
        slices = []
        for stretch, told in work.told.items():
            part = self._part("told", stretch.since, work.generation)
            self._memory.tell(part, work.generation, told, stretch.since, stretch.until)
            slices.append(Slice(stretch.since, stretch.until, part, len(told)))
        self._holding.confirm()
        before, replaced, after = work.slices(until)
        kept = [one for one in (*before, *slices, *after) if one.until + TOLD_FOR > work.horizon]
        expected = self._expected(work, before, replaced, after)
        settled = self._verdicts.settle(expected, to_iso(max(work.found.newest, work.state.cursor)))
        self._holding.confirm()
        state = work.state_with(kept, tuple(sorted(settled.refused)), following)
        work.version = commit(self._client, state, work.version)
        work.next(state)
        outcome.verdicts += settled.written
        outcome.withdrawn += settled.withdrawn
        outcome.refused.update(settled.refused)
        self._memory.forget_all_but(state.parts, state.generation)

    def _expected(
        self, work: Work, before: Sequence[Slice], replaced: Sequence[Slice], after: Sequence[Slice]
    ) -> dict[str, str | None]:
        """What the documents of the findings in question are to say; None where nothing supports one any more.

        What was told of the days that are still open is looked at too, so that a document that was lost is written again.
        """
        told = {key: text for one in work.told.values() for key, text in one.items()}
        gone = {*self._memory.told(replaced), *work.state.owed} - told.keys() - self._memory.told(after).keys()
        still_open = [one for one in before if one.since >= work.state.oldest]
        expected: dict[str, str | None] = {**self._memory.told(still_open)}
        if gone:
            earlier = self._memory.told(before)
            expected.update({one: earlier.get(one) for one in gone if one in earlier or work.may_withdraw})
        return {**expected, **told}


def _count(outcome: Outcome, found: Found, state: State) -> None:
    newest_day = max((day for days in state.marks.values() for day in days), default=0)
    grown = grown_by(state.marks, found.marks)
    outcome.read = sum(grown.values())
    outcome.late = sum(count for day, count in grown.items() if day < newest_day)
    outcome.too_late = found.too_late
    outcome.newest = max(found.newest, state.cursor)
    outcome.absent = found.absent
    outcome.without_ingest_time = found.without_ingest_time


def _rewound(state: State, since: int, backfill: tuple[int, int]) -> State:
    """The state as if nothing from a midnight on had been decided on."""
    known = tuple(one for one in state.checkpoints if one.at <= since)
    oldest = known[-1:] or (Checkpoint(since, NOTHING_REMEMBERED, 0),)
    return replace(state, generation=state.generation + 1, checkpoints=oldest, marks={}, backfill=backfill)
