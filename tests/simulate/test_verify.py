"""Verdicts against labels: what was found, missed and falsely accused, from any export."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from enumwatch.core.times import from_iso, to_iso
from enumwatch.simulate import Comparison, SimulateError, compare, report, simulate
from enumwatch.simulate.event import DAY
from enumwatch.simulate.sending.manifest import read_manifest
from enumwatch.simulate.verify import read_truths

from .reading import labels, truth

EMITS = {"iis": ["iis", "iis_autodiscover"]}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labelled")
    for scenario, source in (("fast_enumeration", "entra_signin"), ("directory_harvest", "graph_activity"),
                             ("office", "entra_signin"), ("directory_harvest", "windows_security")):  # fmt: skip
        simulate(scenario, source, seed=3, out=folder, users=60, events=120)
    return folder


def entry(out: Path, scenario: str, source: str) -> dict[str, Any]:
    (found,) = [one for one in truth(out) if (one["scenario"], one["source"]) == (scenario, source)]
    return found


def verdict(out: Path, scenario: str, source: str, **known: Any) -> dict[str, Any]:
    """The verdict that an attack should lead to."""
    told = entry(out, scenario, source)
    account = (told["actor"]["account"] or [None])[0]
    return {
        **{"finding_id": f"ew-{scenario}", "verdict": "Low-Level Enumeration", "suppressed_by": None},
        **{"actor": {"ip": told["actor"]["ip"], "account": account}, "evidence": {"sources": [source]}},
        **{"window_start": told["start"], "window_end": told["end"]},
        **known,
    }


def both(out: Path) -> list[dict[str, Any]]:
    return [verdict(out, "fast_enumeration", "entra_signin"), verdict(out, "directory_harvest", "graph_activity")]


def compared(out: Path, folder: Path, rows: list[dict[str, Any]]) -> Comparison:
    path = folder / "verdicts.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return compare(path, out, EMITS)


def test_what_is_expected_is_found_and_nothing_is_expected_where_no_rule_can_see_it(out: Path, tmp_path: Path) -> None:
    made = compared(out, tmp_path, both(out))
    assert [one.scenario for one, _ in made.found] == ["fast_enumeration", "directory_harvest"]
    assert (made.missed, made.false) == ([], [])
    assert made.quiet == [("office", "entra_signin")]


def test_what_is_not_told_is_missed_by_name(out: Path, tmp_path: Path) -> None:
    made = compared(out, tmp_path, both(out)[:1])
    assert [(one.scenario, one.source) for one in made.missed] == [("directory_harvest", "graph_activity")]
    assert next(iter(report(made))).startswith("MISSED  directory_harvest in graph_activity: ")


def test_another_time_actor_or_log_is_no_hit(out: Path, tmp_path: Path) -> None:
    one, other = both(out)
    later = to_iso(from_iso(one["window_end"]) + 2 * DAY)
    for wrong in (
        {"window_start": later, "window_end": later},
        {"actor": {"ip": ["192.0.2.250"], "account": None}},
        {"evidence": {"sources": ["okta_system"]}},
        {"suppressed_by": {"entry": "x:2"}},
        {"verdict": "No Finding"},
    ):
        made = compared(out, tmp_path, [{**one, **wrong}, other])
        assert [each.scenario for each in made.missed] == ["fast_enumeration"], wrong


def test_a_finding_on_people_at_work_is_false_and_says_what_it_takes_for_an_attack(out: Path, tmp_path: Path) -> None:
    worker = next(row for row in labels(out) if row["scenario"] == "office")
    wrong = verdict(out, "fast_enumeration", "entra_signin", finding_id="ew-wrong", window_start=worker["time"],
                    window_end=worker["time"], actor={"ip": [worker["actor"]], "account": None})  # fmt: skip
    made = compared(out, tmp_path, [*both(out), wrong])
    assert [(one.finding_id, scenario) for one, scenario in made.false] == [("ew-wrong", "office")]
    assert made.quiet == []
    assert "        ew-wrong takes office for an attack" in list(report(made))


def test_a_finding_on_somebody_unknown_is_told_by_the_time_of_its_log(out: Path, tmp_path: Path) -> None:
    wrong = verdict(
        out, "fast_enumeration", "entra_signin", finding_id="x", actor={"ip": ["10.9.9.9"], "account": None}
    )
    assert compared(out, tmp_path, [*both(out), wrong]).false[0][1] == "office"
    far = {**wrong, "window_start": "2030-01-01T00:00:00Z", "window_end": "2030-01-01T01:00:00Z"}
    assert compared(out, tmp_path, [*both(out), far]).false[0][1] == "something that was not simulated"


def test_an_attack_that_is_told_although_it_need_not_be_is_no_false_alarm(out: Path, tmp_path: Path) -> None:
    more = verdict(out, "directory_harvest", "windows_security", finding_id="ew-more")
    assert compared(out, tmp_path, [*both(out), more]).false == []


def test_the_last_update_of_a_finding_counts_once(out: Path, tmp_path: Path) -> None:
    one, other = both(out)
    made = compared(out, tmp_path, [one, other, {**one, "verdict": "High Confidence Enumeration"}])
    assert [finding.verdict for _, finding in made.found][:1] == ["High Confidence Enumeration"]
    assert len(made.found) == 2


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    keys = ("finding_id", "verdict", "window_start", "window_end")
    (only,) = row["evidence"]["sources"]
    return {**{key: row[key] for key in keys}, "actor.ip{}": row["actor"]["ip"][0], "actor.account": row["actor"]["account"],
            "evidence.sources{}": only}  # fmt: skip


@pytest.mark.parametrize(
    "export",
    [
        lambda rows: json.dumps({"findings": rows, "summary": {}}),
        json.dumps,
        lambda rows: "\n".join(json.dumps({"preview": False, "result": row}) for row in rows),
        lambda rows: "\n".join(json.dumps({"result": {"_raw": json.dumps(row)}}) for row in rows),
        lambda rows: "\n".join(json.dumps({"_index": "e", "_source": {"enumwatch": row}}) for row in rows),
        lambda rows: "\n".join(json.dumps({"result": _flat(row)}) for row in rows),
        lambda rows: "\ufeff" + "\n\n".join(json.dumps(row) for row in rows) + "\n",
        lambda rows: json.dumps(rows, indent=1),
    ],
    ids=["scan json", "list", "splunk", "splunk raw", "elastic", "splunk flat", "blank lines", "indented"],
)
def test_every_export_reads_alike(export: Any, out: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(export(both(out)), encoding="utf-8")
    made = compare(path, out, EMITS)
    assert (len(made.found), made.missed, made.false) == (2, [], [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}\n", "verdicts:1 is no verdict: export every field"),
        ('{"finding_id": "x"}\n', "verdicts:1 is no verdict: export every field"),
        ("a,b\n1,2\n", "verdicts:1 is no JSON: export the findings as JSON, one a line"),
        ("[1]", "verdicts:1 is no verdict"),
    ],
)
def test_what_is_no_verdict_is_told_with_its_line(content: str, message: str, out: Path, tmp_path: Path) -> None:
    path = tmp_path / "verdicts"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SimulateError, match=message):
        compare(path, out, EMITS)


def test_files_that_are_not_there_are_told(out: Path, tmp_path: Path) -> None:
    with pytest.raises(SimulateError, match="cannot be read: name what `scan"):
        compare(tmp_path / "none", out, EMITS)
    (tmp_path / "none").write_text("")
    with pytest.raises(SimulateError, match="cannot be read: name a folder that"):
        compare(tmp_path / "none", tmp_path, EMITS)


BROKEN_KEYS = (
    ("events", float("inf")),
    ("events", "5"),
    ("scenario", None),
    ("file", 3),
    ("actor", {"ip": [None], "account": []}),
    ("actor", None),
    ("start", "noon"),
    ("expect", ["x"]),
)


@pytest.mark.parametrize(("name", "value"), BROKEN_KEYS)
def test_a_broken_answer_key_is_told(name: str, value: object, out: Path, tmp_path: Path) -> None:
    told = json.loads((out / "truth.json").read_text("utf-8"))
    attack = next(one for one in told["scenarios"] if one["kind"] == "attack")
    attack[name] = value
    (tmp_path / "truth.json").write_text(json.dumps(told))
    with pytest.raises(SimulateError, match=r"truth.json cannot be read: name a folder that"):
        read_truths(tmp_path)


@pytest.mark.parametrize("name", ["truth.json", "labels.ndjson", "run.json"])
def test_files_beside_the_logs_that_are_nested_too_deep_are_told(name: str, out: Path, tmp_path: Path) -> None:
    shutil.copytree(out, tmp_path / "run")
    (tmp_path / "run" / name).write_text("[" * 100_000)
    (tmp_path / "none").write_text("")
    with pytest.raises(SimulateError, match=r"name (a|its) folder"):
        read_manifest(tmp_path / "run") if name == "run.json" else compare(tmp_path / "none", tmp_path / "run", EMITS)


def test_no_verdicts_at_all_miss_everything(out: Path, tmp_path: Path) -> None:
    made = compared(out, tmp_path, [])
    assert (len(made.found), len(made.missed)) == (0, 2)
