"""Bundles hold to STIX 2.1, repeat byte by byte, and tell no names unless asked to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from stix2patterns.validator import run_validator
from stix2validator import ValidationOptions, validate_string
from tests.hostile.corpus import CORPUS

from enumwatch.exports.blocks import blocks_of
from enumwatch.exports.stix import Choices, agent_pattern, bundle

from .material import Row, cleaned, examples, keeper, one, rules

STRICT = ValidationOptions(version="2.1", enforce_refs=True)
# Advice that is not followed: ids are made from what they name, and ATT&CK publishes no hash of a page.
ADVICE = ("{103}", "{302}")


def text_of(*findings: Row, **choices: Any) -> str:
    keeps = keeper()
    kept = cleaned(findings, keeps)
    return bundle(kept, blocks_of(kept, keeps, rules()), Choices(**choices))


def objects(text: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for each in json.loads(text)["objects"]:
        found.setdefault(each["type"], []).append(each)
    return found


def problems(text: str) -> list[str]:
    result = validate_string(text, STRICT)
    told = [*(result.errors or ()), *(result.warnings or ())]
    return [str(each) for each in told if not any(code in str(each) for code in ADVICE)]


@pytest.mark.parametrize("with_names", [False, True])
def test_bundles_are_valid(with_names: bool) -> None:
    assert problems(text_of(*examples(), one([], number=7), with_names=with_names)) == []
    assert problems(text_of(with_names=with_names)) == []


def test_the_validator_refuses_what_is_wrong() -> None:
    assert problems(text_of(one(["198.51.100.7"])).replace('"valid_from"', '"valid_form"')) != []


def test_a_repeat_gives_the_same_bytes_and_another_producer_other_ids() -> None:
    assert text_of(*examples()) == text_of(*examples())
    mine, theirs = (objects(text_of(*examples(), producer=name)) for name in ("Contoso", "Fabrikam"))
    for kind in ("indicator", "attack-pattern", "identity", "observed-data"):
        assert {each["id"] for each in mine[kind]}.isdisjoint({each["id"] for each in theirs[kind]}), kind
    assert mine["identity"][0]["identity_class"] == "organization"


def test_an_indicator_ends_with_its_block_and_leads_to_the_technique() -> None:
    found = objects(text_of(examples()[0]))
    indicator = found["indicator"][0]
    assert indicator["pattern"] == "[ipv4-addr:value ISSUBSET '198.51.100.0/24']"
    assert (indicator["valid_from"], indicator["valid_until"]) == ("2026-03-01T21:04:12Z", "2026-03-18T18:40:56Z")
    targets = {each["target_ref"] for each in found["relationship"] if each["source_ref"] == indicator["id"]}
    assert targets == {each["id"] for each in (*found["attack-pattern"], *found["observed-data"])}
    assert {each["sighting_of_ref"] for each in found["sighting"]} == {each["id"] for each in found["attack-pattern"]}


def test_the_same_finding_grown_keeps_its_ids_and_its_birth() -> None:
    before, after = (objects(text_of(one(["198.51.100.7"], end=f"2026-03-0{day}T10:00:00Z"))) for day in (2, 4))
    for kind in ("indicator", "observed-data", "sighting"):
        (old,), (new,) = before[kind][:1], after[kind][:1]
        assert (old["id"], old["created"]) == (new["id"], new["created"])
        assert old["modified"] < new["modified"]


def test_what_must_not_be_blocked_is_no_indicator() -> None:
    shared = one(["198.51.100.7"])
    shared["evidence"]["success_share"] = 0.9
    found = objects(text_of(shared))
    assert "indicator" not in found
    assert found["ipv4-addr"][0]["value"] == "198.51.100.7"


def test_names_go_along_only_where_asked_for() -> None:
    assert "contoso" not in text_of(*examples())
    accounts = objects(text_of(*examples(), with_names=True))["user-account"]
    assert "dilek.adler@contoso.example" in {each["account_login"] for each in accounts}


@pytest.mark.parametrize("marking", ["white", "green", "amber", "red"])
def test_everything_is_marked(marking: str) -> None:
    found = objects(text_of(one(["198.51.100.7"]), marking=marking))
    (definition,) = found.pop("marking-definition")
    assert definition["name"] == f"TLP:{marking.upper()}"
    for kind in ("indicator", "identity", "attack-pattern", "observed-data", "sighting", "relationship"):
        assert all(each["object_marking_refs"] == [definition["id"]] for each in found[kind]), kind


def with_agent(agent: str) -> Row:
    row = one(["198.51.100.7"], actor={"user_agent": agent}, names_found=[agent])
    row["evidence"]["tools"] = [{"tool": "o365spray", "match": "user_agent", "confidence": "medium"}]
    return row


@pytest.mark.parametrize("agent", ["it's", "a\\'] OR [file:name = 'x", "o'] FOLLOWEDBY ['", "python-requests/2.31"])
def test_agents_are_escaped_in_patterns(agent: str) -> None:
    pattern = agent_pattern(with_agent(agent))
    assert run_validator(pattern, stix_version="2.1") == []
    assert pattern.count("] ") == agent.count("] ")
    assert problems(text_of(with_agent(agent), with_names=True)) == []


def test_an_agent_that_names_an_address_left_out_makes_no_pattern() -> None:
    (row,) = cleaned([with_agent("probe/10.0.0.1")], keeper())
    assert agent_pattern(row) == ""


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_hostile_texts_stay_values(text: str) -> None:
    made = text_of(with_agent(text), with_names=True)
    assert json.loads(made)["type"] == "bundle"
    for each in objects(made)["indicator"]:
        assert run_validator(each["pattern"], stix_version="2.1") == []
