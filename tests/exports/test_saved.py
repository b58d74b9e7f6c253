"""Findings are read back from everything that writes them, and from nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from enumwatch.exports.saved import SavedError, saved_findings

from .material import Row, one, rules


def read(folder: Path, text: str) -> list[Row]:
    path = folder / "findings.json"
    path.write_text(text, encoding="utf-8")
    return saved_findings(path, rules()["detections"])


def kept(row: Row) -> dict[str, Any]:
    """A row as Splunk and Elasticsearch keep it: flat columns, and the finding in one piece."""
    return {"finding_id": row["finding_id"], "verdict": "flattened", "finding": json.dumps(row)}


def shapes() -> dict[str, str]:
    row = one(["198.51.100.7"], names_found=["anna@contoso.example"])
    return {
        "ndjson": json.dumps(row) + "\n",
        "json": json.dumps({"findings": [row], "summary": {}}, indent=2),
        "list": json.dumps([row]),
        "splunk": json.dumps({"preview": False, "result": kept(row)}),
        "splunk raw": json.dumps({"result": {"_raw": json.dumps(kept(row))}}),
        "elastic": json.dumps([{"_index": "enumwatch-verdicts", "_source": {"enumwatch": kept(row)}}]),
        "bom": "\ufeff" + json.dumps(row),
    }


@pytest.mark.parametrize("shape", shapes())
def test_every_export_gives_the_same_finding(shape: str, tmp_path: Path) -> None:
    (found,) = read(tmp_path, shapes()[shape])
    assert found == one(["198.51.100.7"], names_found=["anna@contoso.example"])


def test_the_last_word_on_a_finding_counts_and_what_was_taken_back_does_not(tmp_path: Path) -> None:
    first, second = one(["198.51.100.7"], score=50), one(["198.51.100.7"], score=90)
    back = one(["198.51.100.8"], number=2)
    lines = [
        first,
        back,
        second,
        {"withdrawn_at": "2026-03-03T00:00:00Z", **kept(back)},
        one([], number=3, verdict="No Finding"),
    ]
    assert [row["score"] for row in read(tmp_path, "\n".join(map(json.dumps, lines)))] == [90]


def test_a_finding_of_an_older_version_is_filled_up(tmp_path: Path) -> None:
    row = one(["198.51.100.7"])
    del row["evidence"]["machine_traits"], row["accounts_created"], row["triage"]
    (found,) = read(tmp_path, json.dumps(row | {"unknown": 1}))
    assert (found["evidence"]["machine_traits"], found["accounts_created"], found["triage"]) == ([], [], None)
    assert "unknown" not in found


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"finding_id": "ew-1\nfirewall rule"}, "finding_id is none"),
        ({"verdict": "Fine"}, "its verdict is none of the ladder"),
        ({"detection": "other"}, "no rule made it"),
        ({"window_end": "yesterday"}, "window_end is no time"),
        ({"window_end": 5}, "window_end is no time"),
        ({"actor": []}, "actor is of another sort"),
        ({"evidence": {"addresses_sample": "198.51.100.7"}}, "addresses_sample is of another sort"),
        ({"evidence": {"tools": ["x"]}}, "tools is of another sort"),
        ({"actor": {"ip": [7]}}, "ip is of another sort"),
        ({"score": "high"}, "score is of another sort"),
        ({"names_found": [None]}, "names_found is of another sort"),
    ],
)
def test_what_is_no_finding_is_told_with_its_line(change: Row, what: str, tmp_path: Path) -> None:
    text = json.dumps(one([])) + "\n" + json.dumps(one([], number=2) | change)
    with pytest.raises(SavedError, match=what) as told:
        read(tmp_path, text)
    assert "findings.json:2 is no finding" in str(told.value)
    assert "export every field" in str(told.value)


@pytest.mark.parametrize("text", ["no json", '{"a": ', "[" * 100_000, '[{"result": "{"}]', '{"_raw": 5}', "{}", "[1]"])
def test_other_files_are_told_in_one_line(text: str, tmp_path: Path) -> None:
    with pytest.raises(SavedError, match=r"findings\.json:1 is no (JSON|finding)"):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SavedError, match="cannot be read: name what"):
        saved_findings(tmp_path / "none.json", {})


def test_a_cell_of_a_megabyte_is_read(tmp_path: Path) -> None:
    row = one(["198.51.100.7"], reasons=["A" * 1_000_000])
    table = 'finding_id,finding\n{},"{}"\n'.format(row["finding_id"], json.dumps(row).replace('"', '""'))
    assert read(tmp_path, table) == [row]


def test_a_technique_that_no_rule_has_is_told(tmp_path: Path) -> None:
    with pytest.raises(SavedError, match="mitre names a technique that no rule has"):
        read(tmp_path, json.dumps(one(["198.51.100.7"], mitre=["T1589.002", ""])))
