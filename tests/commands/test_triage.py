"""`enumwatch triage`: one finding, found again, with its playbook answered from the logs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enumwatch.simulate import simulate

from .running import Run, log_file

QUESTIONS = {"Q1", "Q2", "Q3", "Q4"}


def finding_id(run: Run, log: Path) -> str:
    (line,) = run("scan", log, "--format", "ndjson").out.splitlines()
    return str(json.loads(line)["finding_id"])


@pytest.mark.parametrize("letters", [None, 7])
def test_a_finding_is_found_by_its_id_or_the_beginning_of_it(letters: int | None, run: Run, tmp_path: Path) -> None:
    log = log_file(tmp_path)
    asked = finding_id(run, log)[:letters]
    ran = run("triage", asked, log, "--format", "json")
    told = json.loads(ran.out)
    assert ran.code == 0
    assert told["finding_id"].startswith(asked)
    assert set(told["triage"]["answers"]) == QUESTIONS


def test_the_text_answers_and_lists_what_to_do_in_80_columns(run: Run, tmp_path: Path) -> None:
    ran = run("triage", "worst", log_file(tmp_path))
    lines = ran.out.splitlines()
    assert any(line.startswith("Playbook T1589.002: escalate") for line in lines)
    assert [line for line in lines if line in ("Contain", "First line", "Second line")] == [
        *("Contain", "First line", "Second line")
    ]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("asked", ["ew-0000000000000000", "e", ""])
def test_no_finding_of_that_id_is_told_with_those_there_are(asked: str, run: Run, tmp_path: Path) -> None:
    ran = run("triage", asked, log_file(tmp_path))
    assert ran.code == 2
    assert "take one of ew-" in ran.err
    assert ran.out == ""


def test_logs_without_finding_or_without_anything_are_told(run: Run, tmp_path: Path) -> None:
    quiet = simulate("office", "entra_signin", seed=3, out=tmp_path, users=30, events=40).files[0]
    assert "there is no finding in these logs" in run("triage", "worst", quiet).err
    (tmp_path / "empty.ndjson").touch()
    ran = run("triage", "worst", tmp_path / "empty.ndjson")
    assert (ran.code, ran.out) == (2, "")
    assert "Nothing could be read" in ran.err


def test_other_logs_beside_turn_an_open_question_into_an_answer(run: Run, tmp_path: Path) -> None:
    log = log_file(tmp_path)
    alone = json.loads(run("triage", "worst", log, "--format", "json").out)
    assert alone["triage"]["answers"]["Q2"]["answer"] == "not enough evidence"
    assert alone["triage"]["answers"]["Q2"]["missing"] == ["iis", "exchange_httpproxy"]
    web = simulate("office", "iis", seed=3, out=tmp_path / "web", users=30).files[0]
    both = json.loads(run("triage", alone["finding_id"], log, web, "--format", "json").out)
    assert both["triage"]["answers"]["Q2"]["answer"] == "no"


def test_scan_answers_the_playbook_where_it_is_asked_to(run: Run, tmp_path: Path) -> None:
    log = log_file(tmp_path)
    (plain,) = map(json.loads, run("scan", log, "--format", "ndjson").out.splitlines())
    (told,) = map(json.loads, run("scan", log, "--format", "ndjson", "--triage").out.splitlines())
    assert plain["triage"] is None
    assert {**told, "triage": None} == plain
    assert told["triage"] == json.loads(run("triage", "worst", log, "--format", "json").out)["triage"]
    assert "Playbook T1589.002" in run("scan", log, "--explain", "--triage").out
    assert "Playbook T1589.002" in run("scan", log, "--format", "html").out
