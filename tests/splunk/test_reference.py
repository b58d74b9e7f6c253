"""The reference page says what the app is: every command with its options and columns, every log, macro and search."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.splunk.conf_reader import read_conf
from tests.splunk.fetched import ROOT

from enumwatch.rulebook.compiled import compiled
from enumwatch.splunk import reference
from enumwatch.splunk.command_words import COLUMNS, OPTIONS
from enumwatch.splunk.commands.verdict_rows import FINDING_COLUMNS

PAGE = (ROOT / "docs" / "splunk-commands.md").read_text(encoding="utf-8")


def test_every_command_is_there_with_its_options_and_columns() -> None:
    commands = {one.name: one for one in reference.declared()}
    assert set(commands) == {path.stem for path in (ROOT / "bin").glob("*.py")}
    assert set(commands["enumverdict"].options) >= {"detections", "updates", "remember", "summary"}
    assert set(FINDING_COLUMNS) <= set(reference.columns_of(commands["enumverdict"]))
    for name, command in commands.items():
        part = PAGE.partition(f"### `{name}`")[2].partition("###")[0]
        assert [option for option in command.options if f"| `{option}` |" not in part] == []
        assert [column for column in reference.columns_of(command) if f"`{column}`" not in part] == []
        assert reference.columns_of(command)


def test_every_option_and_column_is_told_and_none_that_is_gone() -> None:
    commands = reference.declared()
    assert {one.name: set(one.options) for one in commands if one.options} == {
        name: set(words) for name, words in OPTIONS.items()
    }
    assert {one.name: set(reference.columns_of(one)) for one in commands} == {
        name: set(words) for name, words in COLUMNS.items()
    }


def test_every_log_macro_search_and_lookup_is_there() -> None:
    for source in compiled()["sources"].values():
        assert [one for one in source["splunk"]["sourcetypes"] if f"`{one}`" not in PAGE] == []
    for conf in ("macros", "savedsearches", "transforms"):
        stanzas = read_conf((ROOT / "default" / f"{conf}.conf").read_text(encoding="utf-8"))
        assert [name for name in stanzas if name not in PAGE] == []


def test_the_page_is_fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reference.stale() == []
    monkeypatch.setattr(reference, "REFERENCE_FILE", tmp_path / "page.md")
    assert [path.name for path in reference.stale()] == ["page.md"]
    reference.build()
    assert reference.stale() == []
