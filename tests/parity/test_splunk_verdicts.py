"""enumverdict over the protocol says of events and of contacts what a scan says of the logs, field by field."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.core.test_other_pythons import PYTHONS, interpreter
from tests.simulated import simulated
from tests.splunk.harness import Ended, Row, converse, split
from tests.splunk.normalised import Normalised, normalised
from tests.splunk.unpacked import unpack

from enumwatch.core.verdict import Verdict
from enumwatch.lookups import load_lookups
from enumwatch.splunk.commands.knowledge import LONG_TABLES
from enumwatch.splunk.commands.verdicts import Verdicts, Wanted

SHARED = Path(os.environ.get("ENUMWATCH_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "bench"
DEVELOPMENT = SHARED / "dev-10k"
HOUR = 3600


class Log:
    """A log, and the app with the lookups that belong to it."""

    def __init__(self, paths: Sequence[Path], lookups: Path, folder: Path) -> None:
        self.rows: Normalised = normalised(paths, lookups)
        self.app = unpack(folder)
        for table in lookups.glob("*.csv"):
            shutil.copy(table, self.app / "lookups" / table.name)


@pytest.fixture(scope="module", params=["every rule", "development"])
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Log:
    folder = tmp_path_factory.mktemp("log")
    if request.param == "every rule":
        return Log(simulated(folder / "logs"), folder / "logs" / "lookups", folder)
    if not DEVELOPMENT.is_dir():
        pytest.skip(f"no development data at {DEVELOPMENT}: set ENUMWATCH_SHARED to the folder that has bench/")
    return Log([DEVELOPMENT / "signin.ndjson.gz"], DEVELOPMENT / "lookups", folder)


def whole(verdict: Any) -> dict[str, Any]:
    """A verdict as plain values; a lookup is named by its file alone."""
    row: dict[str, Any] = verdict.to_dict() if isinstance(verdict, Verdict) else json.loads(str(verdict["finding"]))
    if row["suppressed_by"]:
        row["suppressed_by"]["entry"] = Path(row["suppressed_by"]["entry"]).name
    return json.loads(json.dumps(row))  # type: ignore[no-any-return]


def told(version: str, log: Log, rows: Sequence[Row], sizes: Iterable[int], *options: str) -> list[dict[str, Any]]:
    ended: Ended = converse(interpreter(version), log.app, "enumverdict", split(rows, sizes), options)
    assert (ended.exit_code, ended.messages, ended.stderr) == (0, [], "")
    return [whole(row) for row in ended.rows if row["row_type"] == "finding"]


def random_sizes(rows: int, seed: int) -> list[int]:
    rng = Random(seed)
    return [rng.choice([0, 1, rng.randrange(1, rows + 2), rng.randrange(1, 200)]) for _ in range(12)]


@pytest.mark.parametrize("version", PYTHONS)
@pytest.mark.parametrize("what", ["events", "contacts"])
def test_findings_are_those_of_a_scan(log: Log, what: str, version: str) -> None:
    rows: list[Row] = getattr(log.rows, what)
    expected = [whole(one) for one in log.rows.decision.findings]
    hidden = [whole(one) for one in log.rows.decision.suppressed_findings]
    assert len(expected) > 3
    sizes = random_sizes(len(rows), len(version))
    assert told(version, log, rows, sizes, "suppressed=true") == expected + hidden


@pytest.mark.parametrize("what", ["events", "contacts"])
def test_updates_are_those_of_a_scan(log: Log, what: str) -> None:
    rows: list[Row] = getattr(log.rows, what)
    expected = [whole(one) for one in log.rows.decision.updates]
    assert told("3.13", log, rows, [50_000], "updates=true") == expected


def test_the_order_of_rows_says_nothing(log: Log) -> None:
    expected = [whole(one) for one in log.rows.decision.findings]
    rows = [*log.rows.events]
    Random(3).shuffle(rows)
    assert told("3.13", log, rows, random_sizes(len(rows), 5)) == expected
    assert told("3.13", log, log.rows.events[::-1], [700]) == expected


def test_events_and_contacts_may_be_mixed(log: Log) -> None:
    """The newer half as events, the older as contacts, cut at midnight, as an hourly summary and a search would be."""
    times = sorted(float(str(row["_time"])) for row in log.rows.events)
    cut = times[len(times) // 2] // 86400 * 86400
    rows = [row for row in log.rows.events if float(str(row["_time"])) >= cut]
    rows += [row for row in log.rows.contacts if float(str(row["first"])) < cut]
    assert told("3.9", log, rows, random_sizes(len(rows), 9)) == [whole(one) for one in log.rows.decision.findings]


def sliced(rows: Sequence[Row], seconds: int) -> list[list[Row]]:
    """The rows in parts of so many seconds, in the order of time."""
    parts: dict[int, list[Row]] = {}
    for row in rows:
        parts.setdefault(int(float(str(row["_time"]))) // seconds, []).append(row)
    return [parts[part] for part in sorted(parts)]


def same_findings(log: Log, found: Mapping[str, dict[str, Any]]) -> None:
    """The findings of one run, each with what matters of it, and none told later."""
    expected = {one["finding_id"]: one for one in map(whole, log.rows.decision.findings)}
    assert found.keys() == expected.keys()
    for key, one in expected.items():
        for field in ("verdict", "detection", "actor", "names_found", "compromised_accounts", "accounts_created"):
            assert found[key][field] == one[field], (key, field)
        assert found[key]["detected_at"] <= one["detected_at"]


def test_runs_with_memory_find_what_one_run_finds(log: Log) -> None:
    """Six hours a run over the protocol, what was remembered handed on as rows."""
    memory: list[Row] = []
    found: dict[str, dict[str, Any]] = {}
    for part in sliced(log.rows.events, 6 * HOUR):
        bodies = split([*part, *memory], [1, 0, 400])
        ended = converse(interpreter("3.13"), log.app, "enumverdict", bodies, ["remember=true"])
        assert (ended.exit_code, ended.messages) == (0, [])
        memory = [row for row in ended.rows if row["row_type"] == "memory"]
        found.update((str(row["finding_id"]), whole(row)) for row in ended.rows if row["row_type"] == "finding")
    assert memory != []
    same_findings(log, found)


@pytest.mark.parametrize("what", ["events", "contacts"])
def test_hourly_runs_with_memory_find_what_one_run_finds(log: Log, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour a run, as the saved searches are scheduled; what each run answers is decided here, without a process."""
    tables = load_lookups(log.app / "lookups", without=LONG_TABLES)
    monkeypatch.setattr("enumwatch.splunk.commands.verdicts.lookups", lambda: tables)
    memory: list[dict[str, Any]] = []
    found: dict[str, dict[str, Any]] = {}
    parts = sliced(getattr(log.rows, what), HOUR)
    for part in parts:
        verdicts = Verdicts(Wanted(None, False, True, False, False))
        verdicts.take(part)
        verdicts.take({name: str(value) for name, value in row.items()} for row in memory)
        rows = list(verdicts.finish())
        memory = [row for row in rows if row["row_type"] == "memory"]
        found.update((row["finding_id"], whole(row)) for row in rows if row["row_type"] == "finding")
    assert len(parts) > 24
    same_findings(log, found)
