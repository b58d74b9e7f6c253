"""A stage for searches: contacts of simulated logs in a summary index, and the app's commands as real scripts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.splunk.conf_reader import read_conf
from tests.splunk.contact_rows import by_splunk
from tests.splunk.content.runtime import Command, Runtime
from tests.splunk.content.twins import Row
from tests.splunk.engine import engine_or_skip
from tests.splunk.harness import converse, split
from tests.splunk.indexed import Event, indexed

from enumwatch.core.contact import Contact
from enumwatch.engines.local.scan import Request, counted
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.splunk.content.build import DEFAULT_FOLDER, generated
from enumwatch.splunk.content.names import CONTACT_COLUMNS

HOUR, MICRO = 3600, 1_000_000
_COMMANDS = ("enumverdict", "enumtriage")


def confs() -> dict[str, dict[str, dict[str, str]]]:
    """Every conf file of the app by its name without ending, those that are written by hand too."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in DEFAULT_FOLDER.glob("*.conf")}
    return {name.removesuffix(".conf"): read_conf(text) for name, text in {**texts, **generated()}.items()}


def contacts(files: Sequence[Path]) -> list[Contact]:
    """Contacts of logs, by DuckDB."""
    request = Request([str(file) for file in files], compiled(), load_lookups())
    with counted(request, lambda _: None) as (found, _):
        return sorted(found.everything())


def kept(files: Sequence[Path]) -> list[Row]:
    """Contacts as the summary index holds them, all of them kept in one run."""
    rows = contacts(files)
    return [_event(row, begin_of_runs(rows)) for row in rows]


def kept_by_searches(source: str, file: Path, runs: int) -> list[Row]:
    """Contacts of one log as the app's own searches make them of its events, and the summary index holds them.

    The events come in order of time, in as many lots as there are to be hourly runs.
    """
    engine, events = engine_or_skip(), indexed(source, file)
    times = sorted({int(event["_time"]) for event in events})
    lots: list[list[Event]] = [[] for _ in range(runs)]
    for event in events:
        lots[times.index(int(event["_time"])) * runs // len(times)].append(event)
    found = [by_splunk(engine, source, lot) for lot in lots]
    begin = begin_of_runs([row for rows in found for row in rows])
    return [_event(row, begin + run * HOUR) for run, rows in enumerate(found) for row in rows]


def begin_of_runs(rows: list[Contact]) -> int:
    """The full hour (epoch seconds) after everything, at which the first lot is indexed."""
    return (max(row.last for row in rows) // MICRO // HOUR + 1) * HOUR


def _event(row: Contact, index_time: int) -> Row:
    return {
        **{name: _cell(value) for name, value in zip(CONTACT_COLUMNS, row, strict=True)},
        **{name: f"{getattr(row, name) / MICRO:.6f}" for name in ("hour", "first", "last")},
        "index": "summary",
        "source": "enumwatch_contacts",
        "sourcetype": "stash",
        "_time": row.first / MICRO,
        "_indextime": index_time,
    }


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def runtime(app: Path, events: list[Row]) -> Runtime:
    """A search head with the unpacked app."""
    known = confs()
    scripts = {name: _script(app, name) for name in _COMMANDS}
    return Runtime(
        engine=engine_or_skip(),
        macros=known["macros"],
        tables=app / "lookups",
        collections=set(known["collections"]),
        commands=scripts,
        events=events,
    )


def _script(app: Path, name: str) -> Command:
    def run(rows: list[Row], arguments: str) -> list[Row]:
        ended = converse(sys.executable, app, name, split(rows, [7, 0, 1000]), _words(arguments))
        assert (ended.exit_code, ended.messages) == (0, []), ended
        return [dict(row) for row in ended.rows]

    return run


def _words(arguments: str) -> list[str]:
    """Arguments as splunkd hands them over, without quotes."""
    return [word.replace('"', "") for word in arguments.split()]
