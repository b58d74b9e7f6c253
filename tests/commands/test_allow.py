"""`enumwatch allow`: the line for a finding, shown or added to the table of exceptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from .running import Run, log_file

WHY = ("--reason", "announced test", "--owner", "soc@contoso.example", "--expires", "2099-01-01")
HEADER = "type,value,tenant,detections,reason,owner,starts,expires\n"


def test_the_line_is_shown_and_nothing_written(run: Run, tmp_path: Path) -> None:
    ran = run("allow", "worst", log_file(tmp_path), *WHY)
    assert ran.code == 0
    assert ran.out.count("\n") == 1
    assert ran.out.rstrip().endswith(",announced test,soc@contoso.example,,2099-01-01")
    assert "Nothing was written" in ran.err


@pytest.mark.parametrize("before", [None, HEADER, HEADER + "ip,192.0.2.1,,*,r,o,,2099-01-01"])
def test_the_line_is_added_and_the_next_run_uses_it(before: str | None, run: Run, tmp_path: Path) -> None:
    log, lookups = log_file(tmp_path), tmp_path / "lookups"
    lookups.mkdir()
    table = lookups / "enumwatch_allowlist.csv"
    if before is not None:
        table.write_text(before)
    ran = run("allow", "worst", log, "--lookups", lookups, "--write", *WHY)
    assert ran.code == 0
    assert table.read_text().startswith(before or HEADER)
    assert table.read_text().endswith(ran.out)
    assert run("scan", log, "--lookups", lookups, "--format", "ndjson").out == ""
    assert "suppressed" in run("scan", log, "--lookups", lookups).err.lower()


def test_what_cannot_be_written_is_told_before_logs_are_read(run: Run, tmp_path: Path) -> None:
    ran = run("allow", "worst", log_file(tmp_path), "--write", *WHY)
    assert (ran.code, ran.out) == (2, "")
    assert "--lookups" in ran.err


def test_a_table_of_other_columns_is_left_alone(run: Run, tmp_path: Path) -> None:
    lookups = tmp_path / "lookups"
    lookups.mkdir()
    table = lookups / "enumwatch_allowlist.csv"
    table.write_text("type,value,tenant,detections,reason,owner,expires,starts\n")
    ran = run("allow", "worst", log_file(tmp_path), "--lookups", lookups, "--write", *WHY)
    assert ran.code == 2
    assert "add the line yourself" in ran.err
    assert len(table.read_text().splitlines()) == 1


@pytest.mark.parametrize("expires", ["soon", "2020-13-01", ""])
def test_an_end_that_is_none_is_told(expires: str, run: Run, tmp_path: Path) -> None:
    why = (*WHY[:-1], expires)
    ran = run("allow", "worst", log_file(tmp_path), *why)
    assert (ran.code, ran.out) == (2, "")
    assert "expires" in ran.err
