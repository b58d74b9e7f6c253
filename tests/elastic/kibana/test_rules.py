"""The rules as a file: every line a rule that Kibana takes, complete, and with nothing in it that acts."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from enumwatch.elastic.documents import SEVERITIES as POINTS
from enumwatch.elastic.kibana.attack import threat
from enumwatch.elastic.kibana.build import RULES_FILE, build, stale
from enumwatch.elastic.kibana.columns import text, types
from enumwatch.elastic.kibana.guide import IN_COUNTS, IN_DOCUMENTS, investigations
from enumwatch.elastic.kibana.rules import SEVERITIES, shipped
from enumwatch.rulebook.load import load
from enumwatch.rulebook.vocabulary import FILLABLE, TECHNIQUES

from .rule_form import FORMS

RULES = {rule["rule_id"]: rule for rule in map(json.loads, RULES_FILE.read_text("utf-8").splitlines())}
LARGEST = 1_000_000


def without_word(rule: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in rule.items() if name != key}


def test_file_is_what_its_sources_say(tmp_path: Any) -> None:
    assert stale() == []
    assert list(RULES) == [rule["rule_id"] for rule in shipped()]
    other = tmp_path / "rules.ndjson"
    assert stale(other) == [other]
    build(other)
    assert other.read_bytes() == RULES_FILE.read_bytes()
    assert RULES_FILE.stat().st_size < LARGEST


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_rule_has_the_form_that_kibana_takes(rule: dict[str, Any]) -> None:
    jsonschema.validate(rule, FORMS[rule["type"]])
    assert {one["name"] for one in rule["required_fields"]} <= types().keys()


def test_the_form_sees_an_offender() -> None:
    good = RULES["enumwatch-absent-contacts"]
    for wrong in (
        without_word(good, "note"),
        {**good, "colour": "red"},
        {**good, "severity": "bad"},
        {**good, "interval": "1d"},
        {**good, "threshold": {**good["threshold"], "field": ["a", "b", "c", "d"]}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, FORMS["threshold"])


def test_there_is_a_rule_for_each_detection_and_of_each_sort() -> None:
    over_verdicts = {name.removeprefix("enumwatch-verdict-") for name in RULES if "-verdict-" in name}
    assert over_verdicts == set(load().detections)
    assert {rule["type"] for rule in RULES.values()} == set(FORMS)


def test_numbers_are_those_of_the_rulebook() -> None:
    limits = {name: one.number for name, one in load().detections["email_enumeration"].limits.items()}
    threshold = RULES["enumwatch-absent-contacts"]["threshold"]
    assert threshold["value"] == threshold["cardinality"][0]["value"] == limits["moderate_names"]
    query = RULES["enumwatch-address-contacts"]["query"]
    assert f">= {limits['high_names']}" in query
    assert f"{limits['weight_absent']} *" in query


def test_required_fields_are_those_that_the_query_reads() -> None:
    known = types()
    for rule in RULES.values():
        if rule["type"] == "esql":
            read = set(re.findall(r"[a-z@][\w.@]*", rule["query"].split("STATS")[0].replace("`", "")))
            told = {one["name"] for one in rule["required_fields"]}
            later = {name for name in known if name in rule["query"].replace("`", "") and name not in read}
            assert read & known.keys() <= told
            assert told <= (read | later), rule["rule_id"]


def test_severity_follows_the_document() -> None:
    rule = RULES["enumwatch-verdict-email_enumeration"]
    assert {one["value"]: one["severity"] for one in rule["severity_mapping"]} == SEVERITIES
    assert SEVERITIES.keys() == {name for name, points in POINTS.items() if points}
    assert SEVERITIES["Compromise Suspected"] == "critical"


def test_every_technique_has_its_tactic() -> None:
    entries = threat(TECHNIQUES)
    named = {one["id"] for entry in entries for one in entry["technique"]}
    named |= {one["id"] for entry in entries for above in entry["technique"] for one in above["subtechnique"]}
    assert named >= set(TECHNIQUES)


def test_guides_fill_every_value_of_a_step_and_name_fields_that_are_there() -> None:
    known = {name for name in types() if name.startswith(("enumwatch.", "source.", "event.", "user_agent", "organ"))}
    assert set(IN_DOCUMENTS) == set(IN_COUNTS) == set(FILLABLE)
    for place in IN_DOCUMENTS.values():
        for field in re.findall(r"`([\w.]+)`", place):
            assert any(name == field or name.startswith(f"{field}.") for name in known) or "evidence" in field, field
    for rule in RULES.values():
        assert "{" not in re.sub(r"!\{investigate\{.*\}\}", "", rule["note"])


def test_buttons_are_json_in_a_line_of_their_own() -> None:
    for button in investigations():
        inside = json.loads(button.removeprefix("!{investigate").removesuffix("}"))
        assert set(inside) == {"label", "description", "providers", "relativeFrom", "relativeTo"}
        assert "\n" not in button


@pytest.mark.parametrize("word", ['"', "\\", '") OR 1 == 1 //', "a\nb", "{{x}}", "*"])
def test_a_word_stays_a_word_in_a_query(word: str) -> None:
    assert json.loads(text(word)) == word
    assert "\n" not in text(word)
