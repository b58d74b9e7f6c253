"""The build command: writes what is generated, or says what is stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from enumwatch.rulebook import build as build_module
from enumwatch.rulebook.build import build, check, main, update_lock
from enumwatch.rulebook.load import load
from enumwatch.rulebook.lock import LOCK_FILE, read_lock, stale
from enumwatch.rulebook.problems import RuleProblems
from enumwatch.rulebook.schemas import SCHEMA_FOLDER, schemas

from .bad_rules import SMALL

BOOK = load(SMALL)


@pytest.fixture
def built(tmp_path: Path) -> tuple[Path, Path, Path]:
    files = tmp_path / "rulebook.json", tmp_path / "rulebook.lock", tmp_path
    build(lambda line: None, BOOK, files[0], files[2])
    update_lock(lambda line: None, BOOK, files[1], "1.0")
    return files


def checked(built: tuple[Path, Path, Path]) -> tuple[int, list[str]]:
    lines: list[str] = []
    json_file, lock_file, folder = built
    return check(lines.append, BOOK, json_file, lock_file, "1.0", folder), lines


def test_fresh_files_pass(built: tuple[Path, Path, Path]) -> None:
    assert checked(built) == (0, [])


@pytest.mark.parametrize(
    "name", ["rulebook.json", "source.schema.json", "detection.schema.json", "playbook.schema.json", "ways.schema.json"]
)
def test_changed_file_is_named(built: tuple[Path, Path, Path], name: str) -> None:
    path = built[2] / name
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert checked(built) == (1, [f"{name} is stale: run python -m enumwatch.rulebook.build"])


def test_missing_files_are_named(built: tuple[Path, Path, Path]) -> None:
    for path in built[2].iterdir():
        path.unlink()
    code, lines = checked(built)
    assert code == 1
    assert len(lines) == 8


def test_lock_is_not_updated_over_a_forbidden_change(built: tuple[Path, Path, Path]) -> None:
    text = built[1].read_text(encoding="utf-8").replace('"version": 1', '"version": 2')
    built[1].write_text(text, encoding="utf-8")
    with pytest.raises(RuleProblems, match="the version went back"):
        update_lock(lambda line: None, BOOK, built[1], "1.0")
    assert built[1].read_text(encoding="utf-8") == text


def test_shipped_lock_is_fresh() -> None:
    from enumwatch import __version__

    assert [str(problem) for problem in stale(read_lock(LOCK_FILE), load(), __version__)] == []


@pytest.mark.parametrize("name", ["source", "detection", "playbook"])
def test_shipped_schema_is_fresh(name: str) -> None:
    file = f"{name}.schema.json"
    assert (SCHEMA_FOLDER / file).read_text(encoding="utf-8") == schemas()[file]


def test_broken_rules_end_with_2_and_every_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines: list[str] = []
    monkeypatch.setattr(build_module, "load", lambda: load(tmp_path))
    assert main(["--check"], lines.append) == 2
    assert "no rules here" in lines[0]


def test_command_line_checks_without_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.stat().st_mtime_ns for path in (LOCK_FILE, *SCHEMA_FOLDER.iterdir())}
    lines: list[str] = []
    assert main(["--check"], lines.append) in (0, 1)
    assert before == {path: path.stat().st_mtime_ns for path in before}
