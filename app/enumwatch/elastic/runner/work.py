"""Work: what one run has done so far, and the state that it commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .plan import Plan, Stretch
from .reading import Found
from .state import Checkpoint, Slice, State, Version

AT_NO_TIME = 1 << 62


class Work:
    """What one run has done so far and not yet committed."""

    def __init__(self, state: State, version: Version, found: Found, horizon: int) -> None:
        self.state, self.version, self.found, self.horizon = state, version, found, horizon
        self.generation = state.generation + 1
        self.may_withdraw = True
        self.start = AT_NO_TIME
        self.first_kept = state.oldest
        self.kept: tuple[Checkpoint, ...] = state.checkpoints
        self.checkpoints: list[Checkpoint] = []
        self.told: dict[Stretch, dict[str, str]] = {}

    def begin(self, plan: Plan) -> None:
        """Nothing from the plan's start on is kept."""
        self.start, self.first_kept = plan.start.at, plan.first_kept
        self.kept = tuple(one for one in self.state.checkpoints if plan.first_kept <= one.at <= plan.start.at)

    def state_with(self, slices: Sequence[Slice], owed: tuple[str, ...], following: int | None) -> State:
        """The state to commit: of everything, or of what lies before a midnight."""
        known = sorted((*self.kept, *self.checkpoints))
        checkpoints = [one for one in known if one.at >= self.first_kept] or known[-1:]
        since, until = checkpoints[0].at, AT_NO_TIME if following is None else following
        return replace(
            self.state,
            generation=self.generation,
            cursor=max(self.state.cursor, self.found.newest) if following is None else self.state.cursor,
            checkpoints=tuple(checkpoints),
            slices=tuple(slices),
            marks={
                source: {day: mark for day, mark in days.items() if since <= day < until}
                for source, days in self.found.marks.items()
            },
            owed=owed,
        )

    def next(self, state: State) -> None:
        """Goes on from what was committed."""
        self.state = state
        self.generation = state.generation + 1
        self.start = max(self.start, *(one.until for one in self.told)) if self.told else self.start
        self.told = {}
        self.kept, self.checkpoints = state.checkpoints, []

    def slices(self, until: int) -> tuple[list[Slice], list[Slice], list[Slice]]:
        """The known slices before what is decided on now, those in its place so far, and those still to be replaced."""
        known = self.state.slices
        before = [one for one in known if one.since < self.start]
        replaced = [one for one in known if self.start <= one.since < until]
        return before, replaced, [one for one in known if one.since >= max(until, self.start)]
