"""The state file: what one run wrote the next reads, in one step or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from enumwatch.core.memory.row import MemoryRow
from enumwatch.engines.local.state import State, StateError, not_read_before

ROWS = [
    MemoryRow(f"key {turn} ' \" é", "contoso", "name", '{"_":"dict","v":[]}' * turn, turn, 10**15) for turn in range(3)
]
READ = {("contoso", "entra_signin"): 1_772_442_000_123_456, ("", "it's"): 5}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    state = State(tmp_path / "state.duckdb")
    assert (state.memory, state.read_until) == ([], {})
    state.write(ROWS, READ)
    again = State(tmp_path / "state.duckdb")
    assert (again.memory, again.read_until) == (ROWS, READ)
    assert os.listdir(tmp_path) == ["state.duckdb"]


def test_logs_that_a_run_did_not_read_stay_read(tmp_path: Path) -> None:
    State(tmp_path / "state").write(ROWS, READ)
    State(tmp_path / "state").write([], {("", "it's"): 9})
    again = State(tmp_path / "state")
    assert (again.memory, again.read_until) == ([], {**READ, ("", "it's"): 9})


def test_many_rows_come_back(tmp_path: Path) -> None:
    rows = [ROWS[1]._replace(key=str(turn)) for turn in range(45_001)]
    State(tmp_path / "state").write(rows, {})
    assert State(tmp_path / "state").memory == rows


def test_a_crash_while_writing_leaves_the_old_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state"
    State(path).write(ROWS, READ)
    before = path.read_bytes()

    def crash(*_: object) -> None:
        raise OSError("the machine went away")

    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(StateError, match=r"cannot be written .the machine went away.: name a file in a folder"):
        State(path).write([], {})
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["state"]


def test_something_else_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text("not a database", encoding="utf-8")
    with pytest.raises(StateError, match=r"is no state of enumwatch .*: name another file, or delete it"):
        State(path)
    assert path.read_text(encoding="utf-8") == "not a database"


def test_another_version_is_refused(tmp_path: Path) -> None:
    State(tmp_path / "state").write([], {})
    with duckdb.connect(str(tmp_path / "state")) as db:
        db.execute("UPDATE about SET version = 0")
    with pytest.raises(StateError, match=r"another version of enumwatch .memory 0"):
        State(tmp_path / "state")


def test_an_event_counts_as_read_up_to_the_last_one_of_its_own_log() -> None:
    with duckdb.connect() as db:
        db.execute("CREATE TABLE event (tenant VARCHAR, source VARCHAR, time TIMESTAMP)")
        db.execute(
            "INSERT INTO event SELECT tenant, source, make_timestamp(time::BIGINT) FROM (VALUES "
            "(' contoso', 'a', 5), ('contoso', 'a', 6), ('contoso', 'b', 1), ('other', 'a', 1)) AS t(tenant, source, time)"
        )
        found = db.execute(
            f"SELECT tenant, source FROM event WHERE {not_read_before({('contoso', 'a'): 5})}"
        ).fetchall()
    assert sorted(found) == [("contoso", "a"), ("contoso", "b"), ("other", "a")]
    assert not_read_before({}) == ""
