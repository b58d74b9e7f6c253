"""Everything that is written fits its schema, and the schemas let nothing else pass."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cases.shipped import cases, stage
from tests.report import examples
from tests.simulated import simulated

from enumwatch.cli import main
from enumwatch.core.decide import decide
from enumwatch.engines.summary_record import Summary
from enumwatch.schemas import NAMES, schema
from enumwatch.schemas.build import main as build_main
from enumwatch.schemas.meanings import MEANINGS
from enumwatch.schemas.record import Meaning, schema_of

from .checking import problems

EXPIRED = "ip,203.0.113.78,*,*,pen test,soc@contoso.example,,2020-01-01T00:00:00Z\n"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What scan and contacts write about many scenarios at once, and about files that are no logs."""
    folder = tmp_path_factory.mktemp("outputs")
    logs = simulated(folder)
    broken = folder / "broken.ndjson"
    rows = logs[0].read_text("utf-8").splitlines()[:3]
    odd = [rows[0].replace('"2026-', '"2026-77'), re.sub(r"\b50034\b", "999999", rows[1])]
    broken.write_text("\n".join([*rows, *odd, '{"no": "log"}', "no json at all"]), encoding="utf-8")
    with (folder / "lookups" / "enumwatch_allowlist.csv").open("a", encoding="utf-8") as allowlist:
        allowlist.write(EXPIRED)
    paths = [*map(str, logs), str(broken), "--lookups", str(folder / "lookups"), "--format", "ndjson"]
    found = {name: folder / f"{name}.ndjson" for name in NAMES}
    extra = ["--all-updates", "--suppressed", "--summary", str(found["summary"])]
    assert main(["scan", *paths, *extra, "--output", str(found["verdict"])]) == 0
    assert main(["contacts", *paths, "--output", str(found["contact"])]) == 0
    written = {name: [*map(json.loads, found[name].read_text("utf-8").splitlines())] for name in ("verdict", "contact")}
    return {**written, "summary": [json.loads(found["summary"].read_text("utf-8"))]}


@pytest.mark.parametrize("name", NAMES)
def test_what_the_commands_write_fits(name: str, outputs: dict[str, list[Any]]) -> None:
    assert problems(name, outputs[name]) == []


def test_the_outputs_held_against_the_schemas_say_much(outputs: dict[str, list[Any]]) -> None:
    assert len({row["verdict"] for row in outputs["verdict"]}) >= 4
    assert any(row["suppressed_by"] for row in outputs["verdict"])
    summary = outputs["summary"][0]
    empty = [key for key, value in summary.items() if value in ([], {}, None)]
    assert empty == ["truncated"]
    assert any(file["problems"] for file in summary["files"])
    assert len({row["source"] for row in outputs["contact"]}) >= 6


def test_a_summary_has_exactly_the_keys_of_the_record(outputs: dict[str, list[Any]]) -> None:
    assert set(outputs["summary"][0]) == set(Summary.__annotations__)


def test_findings_of_every_case_fit() -> None:
    rows = [
        verdict.to_dict()
        for case in cases()
        for decision in (stage().decision(case), decide(stage().contacts(case), stage().context(case)))
        for verdict in (*decision.updates, *decision.suppressed_findings)
    ]
    assert len(rows) > 100
    # As they are in a file: whole numbers stay whole, nothing but plain values.
    assert problems("verdict", json.loads(json.dumps(rows))) == []


def test_the_findings_that_reports_are_tested_with_fit() -> None:
    assert problems("verdict", [examples.compromise(), examples.high_enumeration()]) == []


def test_a_summary_of_nothing_fits(tmp_path: Path) -> None:
    (tmp_path / "empty.ndjson").write_text("", encoding="utf-8")
    summary = tmp_path / "summary.json"
    assert main(["scan", str(tmp_path / "empty.ndjson"), "--summary", str(summary)]) == 2
    assert problems("summary", [json.loads(summary.read_text("utf-8"))]) == []


def _objects(part: Any, trail: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        if part.get("properties"):
            yield trail, part
        for key, inner in part.items():
            yield from _objects(inner, f"{trail}/{key}")


@pytest.mark.parametrize("name", NAMES)
def test_every_object_is_strict(name: str) -> None:
    for trail, part in _objects(schema(name)):
        assert part["additionalProperties"] is False, trail
        optional = set(part["properties"]) - set(part["required"])
        assert not optional or "timeline" in trail, trail


@pytest.mark.parametrize("name", NAMES)
def test_every_key_has_a_description(name: str) -> None:
    for key, part in schema(name)["properties"].items():
        assert part["description"], key


@pytest.mark.parametrize("name", NAMES)
def test_a_key_more_or_less_is_refused(name: str, outputs: dict[str, list[Any]]) -> None:
    row = outputs[name][0]
    assert problems(name, [{**row, "more": 1}])
    for key in row:
        assert problems(name, [{other: value for other, value in row.items() if other != key}]), key


@pytest.mark.parametrize(
    ("trail", "value"),
    [
        ("verdict", "No Finding"),
        ("score", 101),
        ("detected_at", "2026-03-02 09:00"),
        ("detected_at", "2026-03-02T09:00:00.500Z"),
        ("finding_id", "1"),
        ("reasons", []),
        ("actor.ip", "203.0.113.9"),
        ("evidence.attempts", -1),
        ("evidence.absent_ratio", 1.5),
        ("evidence.names_sample", {"maybe": []}),
        ("evidence.timeline", [{"time": "2026-03-02T09:00:00Z", "not_found": 0}]),
        ("evidence.names_absent", None),
        ("suppressed_by", {"entry": "a.csv:3"}),
    ],
)
def test_a_wrong_value_is_refused(trail: str, value: object, outputs: dict[str, list[Any]]) -> None:
    row = copy.deepcopy(outputs["verdict"][0])
    *heads, last = trail.split(".")
    place = row
    for head in heads:
        place = place[head]
    place[last] = value
    assert len(problems("verdict", [row])) >= 1


def test_an_unknown_schema_is_refused() -> None:
    with pytest.raises(KeyError):
        schema("event")


def test_a_field_without_a_meaning_and_a_meaning_without_a_field_are_refused() -> None:
    fewer = {key: value for key, value in MEANINGS["CodeCount"].items() if key != "code"}
    with pytest.raises(KeyError, match="code"):
        schema_of(Summary, {**MEANINGS, "CodeCount": fewer})
    with pytest.raises(ValueError, match="Summary has no field started"):
        schema_of(Summary, {**MEANINGS, "Summary": {**MEANINGS["Summary"], "started": Meaning("when")}})


def test_check_says_that_nothing_is_stale() -> None:
    said: list[str] = []
    assert build_main(["--check"], said.append) == 0
    assert said == []
