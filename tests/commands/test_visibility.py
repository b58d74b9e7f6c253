"""`enumwatch visibility` as an operator runs it: files, exports, and what is wrong with either."""

from __future__ import annotations

import html
import json
from pathlib import Path

from enumwatch.splunk.doctor.asking import VISIBILITY_SEARCH

from .running import Run, log_text


def test_a_log_is_reported_on_and_the_answer_ends_in_what_to_connect(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "signin.ndjson"
    log.write_text(log_text(), encoding="utf-8")
    ran = run("visibility", str(log))
    assert ran.code == 0
    head, _, tail = ran.out.partition("CONNECT NEXT")
    assert "Entra ID, password in a browser flow [T1589.002, T1589]: Entra ID" in head
    assert [line[:2] for line in tail.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3."]
    assert max(map(len, ran.out.splitlines())) <= 80
    assert tail.count("How: ") == 3


def test_json_holds_the_whole_report(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "signin.ndjson"
    log.write_text(log_text(), encoding="utf-8")
    out = tmp_path / "report.json"
    assert run("visibility", str(log), "--format", "json", "--output", str(out)).code == 0
    report = json.loads(out.read_text(encoding="utf-8"))
    assert report["origin"] == "files"
    assert {one["technique"] for one in report["techniques"]} == {"T1589", "T1589.002", "T1585.002"}


def test_where_nothing_could_be_read_there_is_no_report(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "notes.txt"
    log.write_text("nothing\n", encoding="utf-8")
    ran = run("visibility", str(log))
    assert (ran.code, ran.out) == (2, "")
    assert "Nothing could be read" in ran.err


def test_with_strict_a_log_that_was_not_read_in_full_is_reported_on_and_told(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "signin.ndjson"
    log.write_text(log_text() + "{broken\n", encoding="utf-8")
    assert run("visibility", str(log)).code == 0
    ran = run("visibility", str(log), "--strict")
    assert ran.code == 2
    assert "CONNECT NEXT" in ran.out


def test_two_origins_are_refused(run: Run, tmp_path: Path) -> None:
    ran = run("visibility", str(tmp_path), "--elastic")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("choose one\n")


def test_an_export_of_something_else_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    ran = run("visibility", "--splunk-export", str(path))
    assert ran.code == 2
    assert VISIBILITY_SEARCH in ran.err


def test_a_cluster_that_is_not_named_is_one_line(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "none.toml"
    ran = run("visibility", "--elastic", "--config", str(config))
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1


def test_a_layer_of_the_navigator_scores_every_technique(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "signin.ndjson"
    log.write_text(log_text(), encoding="utf-8")
    made = json.loads(run("visibility", str(log), "--format", "navigator").out)
    assert {one["techniqueID"]: one["score"] > 0 for one in made["techniques"]} == {
        "T1585.002": False,
        "T1589": True,
        "T1589.002": True,
    }
    assert made["gradient"]["maxValue"] == 100


def test_the_report_of_a_scan_tells_the_same(run: Run, tmp_path: Path) -> None:
    log, page = tmp_path / "signin.ndjson", tmp_path / "report.html"
    log.write_text(log_text(), encoding="utf-8")
    told = json.loads(run("visibility", str(log), "--format", "json").out)
    assert run("scan", str(log), "--report", str(page)).code == 0
    (read,) = (one for one in told["logs"] if one["events"])
    text = page.read_text(encoding="utf-8")
    for one in told["techniques"]:
        assert f"{one['technique']} " in text
        assert f'data-label="Of 100"><b>{one["score"]}</b>' in text
    assert f'data-label="Events">{read["events"]:,}</td><td data-label="Covers">' in text
    assert all(step["connect"] in html.unescape(text) for step in told["next"])
    assert "How late events arrive was not looked at" in text
    assert run("scan", str(log), "--format", "html").out == text


def test_a_system_that_nobody_has_is_left_out_and_an_unknown_one_refused(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "signin.ndjson"
    log.write_text(log_text(), encoding="utf-8")
    assert "Okta" in run("visibility", str(log)).out
    assert "Okta" not in run("visibility", str(log), "--without", "okta_system").out
    ran = run("visibility", str(log), "--without", "octa")
    assert (ran.code, ran.out) == (2, "")
    assert "okta_system" in ran.err
