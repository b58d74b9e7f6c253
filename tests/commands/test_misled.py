"""Input that is wrong without being refused by the parser: one line says what is wrong and ends in what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .running import Run, log_file

WHY = ("--reason", "announced", "--owner", "soc", "--expires")


def test_a_time_that_holds_nothing_is_no_all_clear(run: Run, tmp_path: Path) -> None:
    ran = run("scan", log_file(tmp_path), "--since", "2031-01-01")
    assert ran.code == 0
    assert "No findings" not in ran.out
    assert ran.err.endswith(
        "Nothing that counts lies in the time of --since and --until: choose another time, or leave them out\n"
    )


def test_a_folder_without_tables_is_told(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "tables"
    empty.mkdir()
    (empty / "allowlist.csv").write_text("type,value\n", encoding="utf-8")
    ran = run("scan", log_file(tmp_path), "--lookups", empty)
    assert ran.code == 0
    assert ran.err.startswith(f"{empty} holds no enumwatch_*.csv, so the shipped tables are used: put yours there")


def test_a_misspelt_table_names_the_nearest(run: Run, tmp_path: Path) -> None:
    (tmp_path / "enumwatch_alowlist.csv").write_text("type,value\n", encoding="utf-8")
    ran = run("scan", log_file(tmp_path), "--lookups", tmp_path)
    assert ran.code == 2
    assert "unknown lookup table; expected enumwatch_allowlist.csv, found enumwatch_alowlist.csv\n" in ran.err


def test_an_option_like_no_other_names_no_other(run: Run, tmp_path: Path) -> None:
    ran = run("scan", log_file(tmp_path), "--tenant", "abc")
    assert ran.code == 2
    assert ran.err.endswith("unrecognized arguments: --tenant abc\n")


@pytest.mark.parametrize(
    ("expires", "said"),
    [
        ("someday", "enumwatch: --expires 'someday' is no time: write it like"),
        ("2001-01-01", "enumwatch: --expires 2001-01-01 is before ew-"),
    ],
)
def test_an_end_that_covers_nothing_is_told(expires: str, said: str, run: Run, tmp_path: Path) -> None:
    ran = run("allow", "worst", log_file(tmp_path), *WHY, expires)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith(said)


@pytest.mark.parametrize("action", ["show", "guide"])
def test_a_rule_that_is_none_is_told_beside_the_result(action: str, run: Run) -> None:
    ran = run("rules", action, "nosuch")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("There is no ")
    assert len(ran.err.splitlines()) == 1


def test_parquet_is_not_written_to_a_terminal(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = run("contacts", log_file(tmp_path), "--format", "parquet")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "enumwatch: Parquet is nothing for a terminal: name a file with --output, or pipe it on\n"


def test_an_entry_for_a_folder_that_is_not_there_ends_in_one_line(run: Run, tmp_path: Path) -> None:
    ran = run("allow", "worst", log_file(tmp_path), *WHY, "2099-01-01", "--write", "--lookups", tmp_path / "none")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("none is no folder: give --lookups a folder with enumwatch_*.csv files\n")
