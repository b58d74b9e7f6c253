"""Runs raw records through intake and extraction, to see what the sources make of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from enumwatch.engines.local.intake import Batch, intake
from enumwatch.engines.local.load import Loader
from enumwatch.engines.local.shape import prepare
from enumwatch.engines.local.store import Store
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiling import compile
from enumwatch.rulebook.load import load

SHAPES = prepare(compile(load()))
OUTCOMES = load_lookups().outcomes
_COLUMNS = (
    *("kind", "source", "tenant", "src_ip", "asn", "country", "user_agent", "app", "app_id", "client_app", "actor"),
    *("target", "target_visible", "code", "reason"),
)


def events_of(folder: Path, name: str, content: str) -> list[dict[str, Any]]:
    """Events of one file in the order of their times, without empty fields; `time` is ISO text."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    with Store(folder, threads=1) as store:
        loader = Loader(store, SHAPES, OUTCOMES)
        for batch in intake([str(path)], folder):
            assert isinstance(batch, Batch), batch
            loader.load(batch)
        columns = ", ".join(("strftime(time, '%Y-%m-%dT%H:%M:%S.%g') AS at", *_COLUMNS))
        rows = store.rows(f"SELECT {columns} FROM event WHERE state = 0 ORDER BY time, target, code")
    events = [dict(zip(("time", *_COLUMNS), row, strict=True)) for row in rows]
    return [{key: value for key, value in event.items() if value not in ("", None)} for event in events]


def the_event(folder: Path, name: str, content: str) -> dict[str, Any]:
    """The only event of a file."""
    events = events_of(folder, name, content)
    assert len(events) == 1, events
    return events[0]
