"""Saved searches of the detections: what they read, when they run, what they tell, all of it from the rulebook."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import pytest
from tests.splunk.content.spl_names import commands, lookups, macros

from enumwatch.core.evidence import Evidence
from enumwatch.rulebook.detection import Detection
from enumwatch.rulebook.load import load
from enumwatch.rulebook.vocabulary import FILLABLE
from enumwatch.splunk.content import detections, enterprise, guidance, knowledge
from enumwatch.splunk.content.confs import Stanza
from enumwatch.splunk.content.lookups import FINDING_FIELDS

DETECTIONS = list(load().detections.values())
STANZAS: dict[str, Stanza] = dict(
    zip((one.id for one in DETECTIONS), detections.stanzas(), strict=True),
)
_RELATIVE = re.compile(r"(?:now|[+-]\d+[smhdw](?:@[smhdw])?)")
_TOKEN = re.compile(r"\$(?:result\.)?(\w+)\$")


@pytest.fixture(params=DETECTIONS, ids=lambda one: one.id)
def detection(request: pytest.FixtureRequest) -> Detection:
    found: Detection = request.param
    return found


@pytest.fixture
def keys(detection: Detection) -> dict[str, str]:
    return dict(STANZAS[detection.id].keys)


def test_the_search_reads_only_what_the_detection_looks_at(detection: Detection, keys: dict[str, str]) -> None:
    first = keys["search"].split("\n")[0]
    assert all(f'"{kind}"' in first for kind in detection.kinds)
    assert ("log_source IN" in first) == bool(detection.sources)
    assert ("code IN" in first) == bool(detection.codes)
    assert f'enumverdict detections="{detection.id}" ' in keys["search"]


def test_memory_is_read_before_the_verdict_and_written_after_it(detection: Detection, keys: dict[str, str]) -> None:
    written = [(command, name) for command, name in lookups(keys["search"])]
    memory = f"enumwatch_memory_{detection.id}"
    expected = [("inputlookup", memory), ("outputlookup", memory)] if detections.has_memory(detection) else []
    assert written == [*expected, ("outputlookup", "enumwatch_runs"), ("outputlookup", "enumwatch_findings")]
    assert ("remember=true" in keys["search"]) == detections.has_memory(detection)
    # A run that failed early has no rows; it must not empty what earlier runs remembered.
    assert ("override_if_empty=false" in keys["search"]) == detections.has_memory(detection)


def test_what_is_for_the_admin_comes_after_memory_and_before_findings(
    detection: Detection, keys: dict[str, str]
) -> None:
    search = keys["search"]
    assert macros(search).count(f"enumwatch_{detection.id}_filter") == 1
    place = search.index(f"`enumwatch_{detection.id}_filter`")
    assert search.index('where row_type="finding"') < place < search.index("outputlookup append=t key_field=finding_id")
    assert commands(search)[-1] == "where"


def test_searches_are_shipped_disabled_and_spread_over_the_hour() -> None:
    minutes = []
    for stanza in STANZAS.values():
        assert stanza.keys["disabled"] == "true"
        assert stanza.keys["enableSched"] == "1"
        found = re.fullmatch(r"(\d+) \* \* \* \*", stanza.keys["cron_schedule"])
        assert found
        minutes.append(int(found[1]))
    assert len(set(minutes)) == len(minutes)
    assert all(0 <= minute <= 59 for minute in minutes)


def test_times_are_times_and_runs_meet_without_gap_or_overlap(detection: Detection, keys: dict[str, str]) -> None:
    for key, value in keys.items():
        if key.startswith("dispatch."):
            assert _RELATIVE.fullmatch(value), (key, value)
    assert keys["realtime_schedule"] == "0"
    if detections.has_memory(detection):
        begin, end = (re.fullmatch(r"-(\d+)m@m", keys[f"dispatch.index_{one}"]) for one in ("earliest", "latest"))
        assert begin
        assert end
        assert int(begin[1]) - int(end[1]) == 60
    else:
        assert (keys["dispatch.earliest_time"], keys["dispatch.latest_time"]) == ("-2h@h", "-1h@h")
        assert "dispatch.index_earliest" not in keys


def test_one_alert_for_each_finding_and_verdict(keys: dict[str, str]) -> None:
    assert keys["alert.digest_mode"] == "0"
    assert keys["alert.suppress"] == "1"
    assert keys["alert.suppress.fields"] == "finding_id,verdict"
    assert keys["action.email.content_type"] == "plain"


def test_every_token_is_a_column_of_a_finding(keys: dict[str, str]) -> None:
    of_results = {name: value for name, value in keys.items() if name.startswith("action.")}
    known = {*FINDING_FIELDS, "info_min_time", "info_max_time"}
    tokens = {(name, token) for name, value in of_results.items() for token in _TOKEN.findall(value)}
    assert {token for _, token in tokens} >= {"finding_id", "verdict", "reasons", "next_steps", "src"}
    assert sorted((name, token) for name, token in tokens if token not in known) == []


def test_values_in_json_are_what_enterprise_security_reads(detection: Detection, keys: dict[str, str]) -> None:
    annotations = json.loads(keys["action.correlationsearch.annotations"])
    assert annotations["mitre_attack"] == list(detection.techniques)
    assert annotations["data_source"]
    assert json.loads(keys["action.correlationsearch.metadata"])["detection_id"] == detection.id
    risk = json.loads(keys["action.risk.param._risk"])
    assert {tuple(sorted(one)) for one in risk} == {
        ("risk_object_field", "risk_object_type", "risk_score"),
        ("threat_object_field", "threat_object_type"),
    }
    for one in risk:
        assert one.get("risk_object_type", "user") in {"user", "system", "other"}
        assert 0 < one.get("risk_score", 1) <= 100
        assert {one.get("risk_object_field", "src"), one.get("threat_object_field", "src")} <= set(FINDING_FIELDS)
    assert json.loads(keys["action.notable.param._entities"]) == [one for one in risk if "risk_object_field" in one]
    for one in json.loads(keys["action.notable.param.drilldown_searches"]):
        assert set(one) == {"name", "search", "earliest_offset", "latest_offset"}
    assert json.loads(keys["action.notable.param.drilldown_dashboards"]) == []
    assert keys["action.notable.param.security_domain"] in {
        "access",
        "endpoint",
        "network",
        "threat",
        "identity",
        "audit",
    }
    assert keys["action.notable.param.severity"] in {"informational", "low", "medium", "high", "critical"}
    assert set(keys["action.notable.param.nes_fields"].split(",")) <= set(FINDING_FIELDS)


def test_next_steps_are_the_playbook(detection: Detection, keys: dict[str, str]) -> None:
    told = json.loads(keys["action.notable.param.next_steps"])
    assert told["version"] == 1
    text = told["data"]
    playbook = load().playbooks[detection.playbook]
    assert all(playbook.filled(condition) in text for condition in playbook.escalate.values())
    assert text.index("First look") < text.index("Tier 2") < text.index("Containment")
    for step in (*playbook.l1, *playbook.tier2, *playbook.containment):
        assert step.step.split("{")[0].strip() in text
    assert "{" not in text
    linked = re.findall(r"\[\[action\|(\w+)\]\]", text)
    assert linked == list(enterprise.ACTIONS) == keys["action.notable.param.recommended_actions"].split(", ")


def test_numbers_of_the_rulebook_reach_the_texts(detection: Detection, keys: dict[str, str]) -> None:
    text = keys["description"]
    assert not re.search(r"\{[a-z_]+\}", text), "a limit is not filled in"
    for one in detection.false_positives:
        assert f"{one.name}: " in text
    for source in guidance.sources_of(detection):
        assert f"macro enumwatch_{source.id})" in text


def test_every_value_that_a_step_may_name_has_its_words() -> None:
    assert set(guidance.IN_ROWS) == set(FILLABLE)


def test_every_detection_stands_somewhere_in_enterprise_security() -> None:
    assert set(enterprise.STANDING) == {one.id for one in DETECTIONS}
    for standing in enterprise.STANDING.values():
        assert set(standing.entities) <= set(FINDING_FIELDS)


def test_measures_of_the_dashboard_are_measures_of_the_evidence() -> None:
    assert set(knowledge.MEASURES) <= {one.name for one in fields(Evidence)}
