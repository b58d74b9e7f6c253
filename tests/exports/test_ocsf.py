"""Events hold to the OCSF schema of every version since the one they name."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import jsonschema
import pytest
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from tests.hostile.corpus import CORPUS, with_hostile_names

from enumwatch.core.verdict import VERDICTS
from enumwatch.exports.ocsf import CLASS, OCSF_VERSION, event_of, severity_of
from enumwatch.rulebook.vocabulary import TECHNIQUES

from .material import Row, cleaned, examples, keeper, one, rules

LATEST = "1.8.0"


@lru_cache
def schema(version: str) -> Any:
    return get_ocsf_schema(version=version)


@lru_cache
def validator(version: str) -> jsonschema.Draft202012Validator:
    found = OcsfJsonSchemaEmbedded(schema(version)).get_class_schema(class_name="detection_finding", profiles=[])
    return jsonschema.Draft202012Validator(found)


def problems(event: Any, version: str = LATEST) -> list[str]:
    return [
        f"{'.'.join(map(str, error.path))}: {error.message[:200]}" for error in validator(version).iter_errors(event)
    ]


def event(row: Row) -> dict[str, Any]:
    (kept,) = cleaned([row], keeper())
    return json.loads(json.dumps(event_of(kept, rules())))


def plain() -> Row:
    return one(["198.51.100.7"], number=9, reasons=["first", "second."], tenant="")


@pytest.mark.parametrize("version", [OCSF_VERSION, "1.5.0", LATEST])
def test_events_hold_to_the_schema(version: str) -> None:
    for row in [*examples(), plain(), one([])]:
        assert problems(event(row), version) == []


def test_the_schema_refuses_what_is_wrong() -> None:
    wrong = event(plain()) | {"severity_id": 7, "surprise": 1}
    assert len(problems(wrong)) == 2


@pytest.mark.parametrize("name", ["severity", "status", "confidence", "activity", "type"])
def test_captions_are_those_of_their_numbers(name: str) -> None:
    number, caption = ("type_uid", "type_name") if name == "type" else (f"{name}_id", name)
    caption = "activity_name" if name == "activity" else caption
    captions = schema(LATEST)["classes"]["detection_finding"]["attributes"][number]["enum"]
    for row in [*examples(), plain()]:
        made = event(row)
        assert captions[str(made[number])]["caption"] == made[caption]


def test_sorts_of_observables_are_those_of_the_schema() -> None:
    kinds = schema(OCSF_VERSION)["objects"]["observable"]["attributes"]["type_id"]["enum"]
    for row in examples():
        for each in event(row)["observables"]:
            assert kinds[str(each["type_id"])]["caption"] == each["type"]


def test_observables_point_at_what_they_name() -> None:
    made = event(examples()[0])
    for each in made["observables"]:
        if each["name"].startswith("evidences["):
            number, path = each["name"].removeprefix("evidences[").split("].")
            value = made["evidences"][int(number)]
            for key in path.split("."):
                value = value[key]
            assert value == each["value"]


def test_an_event_says_what_the_finding_says() -> None:
    made = event(plain())
    assert made["type_uid"] == CLASS * 100 + made["activity_id"]
    assert (made["time"], made["duration"]) == (1_772_445_600_000, 3_600_000)
    assert made["finding_info"]["uid"] == made["metadata"]["uid"] == "ew-0000000000000009"
    assert made["finding_info"]["desc"] == "first. second."
    assert made["evidences"] == [{"src_endpoint": {"ip": "198.51.100.7"}}]
    assert [one["sub_technique"]["uid"] for one in made["finding_info"]["attacks"]] == ["T1589.002", "T1087.004"]
    assert made["finding_info"]["attacks"][0]["tactic"]["name"] == "Reconnaissance"
    assert "gaps" in made["unmapped"]


def test_a_technique_without_one_below_it_is_told_alone() -> None:
    row = one([], detection="identity_gathering", mitre=["T1589"])
    (attack,) = event(row)["finding_info"]["attacks"]
    assert attack["technique"]["name"] == TECHNIQUES["T1589"]
    assert "sub_technique" not in attack


def test_containment_travels_where_it_is_known() -> None:
    assert event(examples()[0])["remediation"]["desc"].startswith("Reset both passwords")
    assert "remediation" not in event(plain())


def test_every_verdict_has_a_severity_and_worse_is_never_less() -> None:
    numbers = [severity_of(verdict)[0] for verdict in VERDICTS[:4]]
    assert numbers == sorted(numbers, reverse=True)
    assert severity_of("No Finding") == (1, "Informational")


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_hostile_names_stay_values(text: str) -> None:
    row = with_hostile_names(examples()[1], text) | {
        "detection": "email_enumeration",
        "finding_id": "ew-1",
        "mitre": [],
    }
    row |= {"suppressed_by": None, "confidence": "low", "names_found": [text]}
    row["actor"] |= {"ip": ["198.51.100.7"]}
    assert problems(event(row)) == []
