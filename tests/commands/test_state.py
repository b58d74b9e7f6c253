"""`scan --state`: scheduled runs that go on from each other tell once what one run would tell."""

from __future__ import annotations

import json
from pathlib import Path

from enumwatch.cli import main
from enumwatch.simulate import simulate

from .running import Run


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def scanned(log: Path, out: Path, *more: str) -> list[dict[str, object]]:
    assert main(["scan", str(log), "--format", "ndjson", "--all-updates", "--output", str(out), *more]) == 0
    return rows(out)


def test_slices_with_state_tell_what_one_run_tells_and_nothing_twice(tmp_path: Path) -> None:
    made = simulate("slow_enumeration", "entra_signin", seed=5, out=tmp_path / "log", users=40, days=4)
    log, state = made.files[0], str(tmp_path / "state")
    whole = scanned(log, tmp_path / "whole")
    told = []
    for since, until in (("2026-03-01", "2026-03-03"), ("2026-03-03", "2026-03-04"), ("2026-03-04", "2026-03-09")):
        told += scanned(log, tmp_path / "part", "--since", since, "--until", until, "--state", state)
    assert whole
    assert [one for one in whole if one not in told] == []
    assert told[-1] == whole[-1]
    # The same export again says nothing, also without the times.
    summary = tmp_path / "summary.json"
    assert scanned(log, tmp_path / "again", "--state", state, "--summary", str(summary)) == []
    said = json.loads(summary.read_text(encoding="utf-8"))
    assert (said["events"], said["contacts"], said["findings"]) == (said["read_before"], 0, 0)


def test_a_state_that_is_none_stops_the_run_before_it_reads(tmp_path: Path, run: Run) -> None:
    state = tmp_path / "state"
    state.write_text("my only copy", encoding="utf-8")
    ran = run("scan", str(tmp_path), "--state", str(state))
    assert ran.code == 2
    assert ran.out == ""
    assert "is no state of enumwatch" in ran.err
    assert ran.err.rstrip().endswith("name another file, or delete it to start without history")
    assert state.read_text(encoding="utf-8") == "my only copy"


def test_a_log_is_never_written_over_by_a_state(tmp_path: Path, run: Run) -> None:
    log = tmp_path / "log.ndjson"
    log.write_text("{}\n", encoding="utf-8")
    ran = run("scan", str(log), "--state", str(log))
    assert (ran.code, log.read_text(encoding="utf-8")) == (2, "{}\n")


def test_contacts_of_another_engine_are_read_once_too(tmp_path: Path) -> None:
    made = simulate("fast_enumeration", "entra_signin", seed=5, out=tmp_path / "log", users=40, events=60)
    table = tmp_path / "contacts.parquet"
    assert main(["contacts", str(made.files[0]), "--format", "parquet", "--output", str(table)]) == 0
    first = scanned(table, tmp_path / "one", "--state", str(tmp_path / "state"))
    assert len(first) > 0
    assert scanned(table, tmp_path / "two", "--state", str(tmp_path / "state")) == []
