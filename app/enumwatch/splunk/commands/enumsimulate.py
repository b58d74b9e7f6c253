"""enumsimulate: labelled events of a scenario, to try searches and alerts on. Log lines only, never traffic."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from ...core.times import from_iso
from .moments import epoch_text, micro_of
from .options import number
from .speech import CommandError, PlainSpeech, shown

COLUMNS = (
    *("_time", "label", "scenario", "log_source", "kind", "tenant", "src_ip", "asn", "country", "user_agent", "app"),
    *("app_id", "client_app", "actor", "src_host", "target", "target_visible", "code", "outcome", "_raw"),
)
_START = "2026-03-02T00:00:00Z"
_MOST_EVENTS, _MOST_USERS, _MOST_SEED = 1_000_000, 100_000, 2**31 - 1
_FEWEST_USERS = 20


class SimulatedRows(PlainSpeech):
    """Put before GeneratingCommand."""

    about = "write it as | enumsimulate scenario=fast_enumeration source=entra_signin seed=1 users=200"

    def check(self) -> None:
        """Reads the options."""
        from ...simulate.event import SimulateError
        from ...simulate.scenarios import find

        try:
            self._scenario = find(self.scenario, self.source)
        except SimulateError as problem:
            raise CommandError(str(problem).replace("--source ", "source=")) from None
        self._seed = number("seed", self.seed, 0, _MOST_SEED)
        self._users = number("users", self.users, _FEWEST_USERS, _MOST_USERS)
        self._events = None if self.events is None else number("events", self.events, 1, _MOST_EVENTS)
        self._start = _moment(_START if self.start is None else self.start)

    def simulated(self) -> Iterator[dict[str, Any]]:
        """The events of the scenario in time order, each with the record that its log would hold."""
        from ...simulate.population import Organisation
        from ...simulate.run import tell
        from ...simulate.shapes import SHAPES, Desk

        shape = SHAPES[self.source]
        organisation = Organisation(self._seed, 0, self._users)
        told = tell(
            self._scenario, shape, organisation, seed=self._seed, start=self._start, days=None, events=self._events
        )
        chance = Random(f"{shape.id}/{self._scenario.id}/{self._seed}")  # noqa: S311  (the same seed gives the same records)
        desk = Desk(chance, {organisation.tenant: organisation}, 0)
        for event in told.events:
            records = shape.render(event, desk)
            if records:
                yield self._row(shape, event, records[0][1])

    def _row(self, shape: Any, event: Any, record: Any) -> dict[str, Any]:
        target = shape.shown(event)
        values = {
            "_time": epoch_text(event.time),
            "label": "background" if event.is_past else self._scenario.kind,
            "scenario": self._scenario.id,
            "log_source": _table(shape.id, event),
            "kind": event.kind,
            "tenant": event.tenant,
            "src_ip": event.src_ip,
            "asn": str(event.asn or ""),
            "country": event.country,
            "user_agent": event.user_agent,
            "app": event.app,
            "app_id": event.app_id,
            "client_app": event.client_app,
            "actor": shape.doer(event),
            "src_host": event.host,
            "target": target,
            "target_visible": "true" if target else "false",
            "code": _code(shape.id, event),
            "outcome": shape.seen(event) or "ambiguous",
            "_raw": record if isinstance(record, str) else json.dumps(record, ensure_ascii=False),
        }
        return {name: values[name] for name in COLUMNS}


def _moment(text: str) -> int:
    for read in (micro_of, from_iso):
        try:
            return read(text.strip())
        except (ValueError, OverflowError):
            continue
    raise CommandError(f"start={shown(text)} is no time: write it as start={_START} or in epoch seconds")


def _table(source: str, event: Any) -> str:
    return f"{source}_noninteractive" if source == "entra_signin" and not event.interactive else source


def _code(source: str, event: Any) -> str:
    """The result code, where the log has one number for it; elsewhere the outcome says what the record means."""
    if source != "entra_signin":
        return ""
    from ...simulate.shapes.entra import code_of

    return str(code_of(event))
