"""Verdicts: what `enumverdict` does between the first chunk and the last."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from ... import __version__
from ...core.bounds import Bounds
from ...core.bounds import told as told_cut
from ...core.context import Context
from ...core.decide import Decision, decide, needs_every_try
from ...core.incident import ENUMERATION
from ...core.lookup_rows import LookupProblems
from ...core.memory.codec import UnreadableMemoryError
from ...core.verdict import HIGH, MODERATE, Verdict
from .fast_rows import FastRows
from .gathering import MOST_GROUPS, Gathering
from .knowledge import context_of, lookups, rulebook, told
from .meanings import Meanings
from .options import names, switch
from .settling import Settled
from .speech import CommandError
from .verdict_rows import columns, complete, finding_row, memory_row, summary_row

_MOST_CUTS = 10  # warnings of one search about what was not followed


class Wanted(NamedTuple):
    """What the analyst asked for; `detections` None stands for every detection that is on."""

    detections: Sequence[str] | None
    is_updates: bool
    is_remembered: bool
    is_suppressed: bool
    is_summary: bool


def wanted(detections: str | None, updates: str, remember: str, suppressed: str, summary: str) -> Wanted:
    """The options of `enumverdict`, read; raises CommandError."""
    return Wanted(
        names("detections", detections, rulebook()["detections"], "detection") if detections is not None else None,
        switch("updates", updates),
        switch("remember", remember),
        switch("suppressed", suppressed),
        switch("summary", summary),
    )


class Verdicts:
    """Takes rows of events, contacts and memory, and gives rows of findings in the end."""

    def __init__(self, options: Wanted, most: int = MOST_GROUPS) -> None:
        """Reads rulebook and lookups; raises CommandError."""
        self._wanted = options
        self._rulebook = rulebook()
        tables = lookups()
        self._context = context_of(self._rulebook, tables)
        self.gathering = Gathering(Meanings(self._rulebook, tables.outcomes), most)
        self._fast = FastRows(self.gathering)
        self.warnings: list[str] = []
        self.errors: list[str] = []

    def take_body(self, body: str) -> None:
        """Takes the body of a chunk."""
        with no_garbage():
            self._fast.take(body)

    def take(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Takes rows as the SDK hands them over."""
        for row in rows:
            self.gathering.take(row)

    def finish(self) -> Iterator[dict[str, Any]]:
        """The rows of the answer, once everything was taken; what went wrong is in `warnings` and `errors`."""
        with no_garbage():
            decision = self._decide()
        self._say()
        bounds = Bounds.of(self._context.limits(ENUMERATION))
        self.warnings += [f"Cut to stay within memory: {told_cut(one, bounds)}" for one in decision.cuts[:_MOST_CUTS]]
        asked = self._wanted
        rows = [finding_row(self._capped(one)) for one in (decision.updates if asked.is_updates else decision.findings)]
        if asked.is_suppressed:
            rows += [finding_row(self._capped(one)) for one in decision.suppressed_findings]
        if asked.is_remembered:
            rows += map(memory_row, decision.memory)
        if asked.is_summary:
            rows.append(summary_row(self._summary(decision)))
        return complete(rows, columns(has_memory=asked.is_remembered, has_summary=asked.is_summary))

    def log(self) -> tuple[Any, Context]:
        """What was taken, ready to be decided under several settings; None where that is nothing."""
        from ...tuning.trying import Log

        with no_garbage():
            settled = self._settled()
        self._say()
        times = [time for one in settled.contacts for time in (one.first, one.last)]
        times += [one.first for one in settled.arrivals]
        return Log(settled.contacts, settled.arrivals, min(times), max(times)) if times else None, self._context

    def _settled(self) -> Settled:
        return Settled(self.gathering, needs_every_try(self._wanted.detections, self._context))

    def _decide(self) -> Decision:
        asked, context, settled = self._wanted, self._context, self._settled()
        self._contacts = len(settled.contacts)
        is_kept = asked.is_remembered or self.gathering.has_memory
        try:
            return decide(
                settled.contacts,
                context,
                asked.detections,
                asked.is_updates,
                settled.arrivals,
                memory=self.gathering.memory if is_kept else None,
            )
        except UnreadableMemoryError:
            raise CommandError(
                "the memory was written by another version of enumwatch or changed by hand: empty the KV store collections "
                "enumwatch_memory_* and search again; the next runs say that their history is short"
            ) from None
        except LookupProblems as error:
            raise told(error) from None

    def _say(self) -> None:
        found = self.gathering
        if found.refused and not found.counted and not found.noise:
            self.errors.append(f"None of the {found.refused} rows could be used: {found.example}")
        elif found.refused:
            rows = "1 row was" if found.refused == 1 else f"{found.refused} rows were"
            self.warnings.append(f"{rows} left out; of one, {found.example}")
        if found.unmarked:
            self.warnings.append(
                f"{found.unmarked} rows came after a million others with an id, so repeated ones among them count twice: "
                "search a shorter time, or over the contacts"
            )
        if found.cut:
            self.warnings.append(self._too_many())

    def _too_many(self) -> str:
        return (
            f"{self.gathering.cut} rows were left out because more than {self.gathering.most} groups of them do not fit: "
            "search a shorter time, one log at a time, or over the contacts"
        )

    def _capped(self, verdict: Verdict) -> Verdict:
        """A finding as it may be told where rows had to be left out: never surer than moderate, and it says why."""
        if not self.gathering.cut:
            return verdict
        gaps = [*verdict.evidence.gaps, f"Truncated: {self._too_many()}"]
        name = MODERATE if verdict.verdict == HIGH else verdict.verdict
        return replace(verdict, verdict=name, evidence=replace(verdict.evidence, gaps=gaps))

    def _summary(self, decision: Decision) -> dict[str, Any]:
        found = self.gathering
        return {
            "version": __version__,
            "rows": found.counted + found.noise + found.repeated + found.refused,
            "used": found.counted,
            "noise": found.noise,
            "repeated": found.repeated,
            "refused": found.refused,
            "refused_because": found.example,
            "left_out": found.cut,
            "contacts": self._contacts,
            "memory": len(found.memory),
            "not_followed": sum(one.attempts for one in decision.cuts),
            "findings": len(decision.findings),
            "suppressed": [
                {**one.entry.described(), "events": one.events, "findings": one.findings}
                for one in decision.suppressions
            ],
        }


@contextmanager
def no_garbage() -> Iterator[None]:
    """Does not look for garbage while nearly everything that is made is kept; looking costs more than the work."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
