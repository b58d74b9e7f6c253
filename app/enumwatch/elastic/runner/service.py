"""Service: runs again and again, one runner at a time; whatever is wrong with the cluster is told, waited for and survived."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from elasticsearch import Elasticsearch

from ..faults import ClusterError, told_as_faults
from ..names import RUNS
from .indices import make_sure_of
from .lease import Lease
from .run import Outcome, Runner

HEALTH = "health"
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 2.0, 300.0
_ASKED_AGAIN = 4  # while a lease holds

Say = Callable[[str], object]
Work = Callable[[Runner], Outcome]


@dataclass
class Clock:
    """Time as the service sees it."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep


class Service:
    """A runner that holds the lease while it works."""

    def __init__(
        self,
        client: Elasticsearch,
        runner: Runner,
        lease: Lease,
        say: Say,
        held_seconds: float,
        clock: Clock | None = None,
    ) -> None:
        self._client, self._runner, self._lease, self._say = client, runner, lease, say
        self._held_seconds = held_seconds
        self._clock = clock or Clock()
        self._told: set[str] = set()
        self._errors = 0  # since the last run that went well

    def once(self, work: Work) -> Outcome:
        """One run; waits for the lease. Raises ClusterError."""
        with told_as_faults():
            make_sure_of(self._client)
            self._wait()
            with self._lease:
                try:
                    return self._run(work)
                finally:
                    self._give_back()

    def forever(self, work: Work, every_seconds: float) -> None:
        """Runs until it is ended. What goes wrong is told, and tried again after a while."""
        while True:
            try:
                with told_as_faults():
                    make_sure_of(self._client)
                    self._wait()
                    with self._lease:
                        try:
                            while True:
                                begun = time.monotonic()
                                self._run(work)
                                self._clock.sleep(max(0.0, every_seconds - (time.monotonic() - begun)))
                                self._lease.confirm()
                        finally:
                            self._give_back()
            except ClusterError as error:
                self._errors += 1
                pause = min(_FIRST_PAUSE_SECONDS * 2 ** min(self._errors - 1, 10), _LONGEST_PAUSE_SECONDS)
                self._say(f"{error}; trying again in {pause:.0f} s")
                self._clock.sleep(pause)

    def _run(self, work: Work) -> Outcome:
        outcome = work(self._runner)
        self._tell(outcome)
        self._write_health(outcome)
        self._errors = 0
        return outcome

    def _wait(self) -> None:
        """Waits until nobody else is at work."""
        while not self._lease.take():
            self._say_once("another runner is at work: waiting until it ends")
            self._clock.sleep(self._held_seconds / _ASKED_AGAIN)
        self._told.discard("another runner is at work: waiting until it ends")

    def _give_back(self) -> None:
        try:
            with told_as_faults():
                self._lease.release()
        except ClusterError:
            pass  # it runs out by itself

    def _tell(self, outcome: Outcome) -> None:
        for source in outcome.absent:
            self._say_once(f"{source}: no such index here; it is read as soon as there is one")
        for source in outcome.without_ingest_time:
            self._say_once(f"{source} does not say when events came (event.ingested): their own time is taken for it")
        for note in outcome.notes:
            self._say_once(note)
        for unique, fault in outcome.refused.items():
            self._say(f"the document of finding {unique} was refused: {fault}")
        if outcome.too_late:
            self._say(
                f"{outcome.too_late} events came too late to be decided on: run enumwatch elastic backfill --since their day, "
                "or wait longer for late events with --late"
            )
        self._say(line_of(outcome, self._lag_seconds(outcome)))

    def _say_once(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._say(text)

    def _lag_seconds(self, outcome: Outcome) -> float:
        return max(0.0, self._clock.now() - outcome.newest / 1_000_000) if outcome.newest else 0.0

    def _write_health(self, outcome: Outcome) -> None:
        lag_seconds = self._lag_seconds(outcome)
        run = {
            **{
                name: getattr(outcome, name)
                for name in ("read", "contacts", "verdicts", "withdrawn", "late", "too_late")
            },
            "kind": HEALTH,
            "holder": self._lease.holder,
            "health": "degraded" if outcome.refused or outcome.too_late or self._errors else "good",
            "errors": self._errors + len(outcome.refused),
            "seconds": round(outcome.seconds, 3),
            "lag_seconds": round(lag_seconds, 3),
            "trouble": [*outcome.notes, *(f"{unique}: {fault}" for unique, fault in outcome.refused.items())],
        }
        now = datetime.fromtimestamp(self._clock.now(), timezone.utc).isoformat(timespec="milliseconds")
        document = {"@timestamp": now, "message": line_of(outcome, lag_seconds), "enumwatch": {"run": run}}
        self._client.index(index=RUNS, document=document)


def line_of(outcome: Outcome, lag_seconds: float) -> str:
    """One line about a run."""
    return (
        f"read {outcome.read} new documents ({outcome.late} late, {outcome.too_late} too late), decided on "
        f"{outcome.contacts} contacts, wrote {outcome.verdicts} verdicts, withdrew {outcome.withdrawn}, "
        f"in {outcome.seconds:.1f} s; newest is {lag_seconds:.0f} s old"
    )
