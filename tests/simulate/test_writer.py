from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from enumwatch.simulate.event import iso, microseconds
from enumwatch.simulate.run import DEFAULT_START
from enumwatch.simulate.shapes import Form
from enumwatch.simulate.writer import merge_labels, merge_lookup, merge_truth, write_log

ROW = {"source": "iis", "scenario": "office", "event_id": "a:1"}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Form("ndjson"), [1, 2]),
        (Form("json", "array"), [2, 3]),
        (Form("json", "page", page_key="items", page_head=(("kind", "x"),)), [2, 3]),
        (Form("json", "page", page_key="data.events"), [2, 3]),
    ],
)
def test_the_line_numbers_given_are_the_lines_the_records_are_on(
    form: Form, expected: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "log"
    assert write_log(path, form, [{"n": 1}, {"n": 2}]) == expected
    lines = path.read_text("utf-8").splitlines()
    assert [json.loads(lines[number - 1].rstrip(","))["n"] for number in expected] == [1, 2]


def test_a_text_file_begins_with_its_head(tmp_path: Path) -> None:
    assert write_log(tmp_path / "a.log", Form("log", "text", head=("#one", "#two")), ["x", "y"]) == [3, 4]
    assert (tmp_path / "a.log").read_text("utf-8") == "#one\n#two\nx\ny\n"


def test_labels_of_other_scenarios_stay_and_those_replaced_go(tmp_path: Path) -> None:
    other = {**ROW, "scenario": "penetration_test"}
    merge_labels(tmp_path, [ROW, other], set())
    merge_labels(tmp_path, [{**ROW, "event_id": "a:9"}], {("iis", "office")})
    kept = [json.loads(line) for line in (tmp_path / "labels.ndjson").read_text("utf-8").splitlines()]
    assert kept == [other, {**ROW, "event_id": "a:9"}]


def test_truth_holds_one_entry_for_each_file_whatever_its_form(tmp_path: Path) -> None:
    entry = {"source": "s", "scenario": "x", "tenant": "t", "file": "s/x.ndjson", "events": 1}
    merge_truth(tmp_path, [entry])
    merge_truth(tmp_path, [{**entry, "file": "s/x.csv", "events": 2}, {**entry, "scenario": "y"}])
    told = json.loads((tmp_path / "truth.json").read_text("utf-8"))["scenarios"]
    assert [(each["scenario"], each["events"]) for each in told] == [("x", 2), ("y", 1)]


def test_a_lookup_row_is_not_doubled(tmp_path: Path) -> None:
    rows = [{"domain": "contoso.example", "kind": "own"}, {"domain": "contoso.example", "kind": "own"}]
    merge_lookup(tmp_path, "d.csv", rows)
    path = merge_lookup(tmp_path, "d.csv", [*rows, {"domain": "fabrikam.example", "kind": "own"}])
    with path.open(encoding="utf-8", newline="") as stream:
        assert [row["domain"] for row in csv.DictReader(stream)] == ["contoso.example", "fabrikam.example"]


@pytest.mark.parametrize(
    ("digits", "text"),
    [(0, "2026-03-02T00:00:00Z"), (3, "2026-03-02T00:00:00.045Z"), (7, "2026-03-02T00:00:00.0456780Z")],
)
def test_times_are_written_with_the_decimals_asked_for(digits: int, text: str) -> None:
    assert iso(microseconds(DEFAULT_START) + 45_678, digits) == text


def test_a_moment_without_a_zone_is_utc() -> None:
    assert microseconds(DEFAULT_START.replace(tzinfo=None)) == microseconds(DEFAULT_START)
