"""Events with the id of an earlier one count once; events without an id count each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enumwatch.engines.local.scan import Request, scan
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate

EVENTS = 40


def counted(path: Path) -> tuple[int, int]:
    """Events and duplicates of a file."""
    summary = scan(Request([str(path)], compiled(), load_lookups())).summary
    return summary["events"], summary["duplicates"]


@pytest.mark.parametrize("value", ["", None, "absent"])
def test_events_without_an_id_are_all_counted(value: str | None, tmp_path: Path) -> None:
    (log,) = simulate("fast_enumeration", "okta_system", seed=3, out=tmp_path, users=30, events=EVENTS).files
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    for record in records:
        record.pop("uuid")
        if value != "absent":
            record["uuid"] = value
    path = tmp_path / "without.ndjson"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    assert counted(path) == (len(records), 0)


def test_some_without_an_id_among_repeated_ones(tmp_path: Path) -> None:
    (log,) = simulate("fast_enumeration", "okta_system", seed=3, out=tmp_path, users=30, events=EVENTS).files
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    for record in records[::4]:
        record.pop("uuid")
    path = tmp_path / "mixed.ndjson"
    path.write_text("".join(json.dumps(record) + "\n" for record in [*records, *records]))
    alone = len(records[::4])
    assert counted(path) == (len(records) + alone, len(records) - alone)
