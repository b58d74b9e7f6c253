"""Pipelines give events the fields of their contact, and never cost anybody an event."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from enumwatch.engines.elastic.attach import attached
from enumwatch.engines.elastic.enrichment import tags_pipeline
from enumwatch.engines.elastic.pipeline import pipeline_name, pipelines
from enumwatch.engines.elastic.pivot import document_pipeline
from enumwatch.rulebook.compiled import compiled

from .comparing import LOGS
from .indexing import index_name
from .ingesting import Document, ingested
from .test_contacts import documents as scenario

PIPELINES = pipelines(compiled(), has_tags=True)
FIELDS = {
    *(
        "kind",
        "source",
        "tenant",
        "src_ip",
        "asn",
        "country",
        "user_agent",
        "app",
        "app_id",
        "client_app",
        "actor",
        "host",
    ),
    *("target", "target_visible", "code", "outcome", "event_id", "plain_success"),
}
# Longer than a script may loop.
_TOO_LONG = "x" * 400_000
_LONGEST_SCRIPT = 100  # lines


def event(name: str = "anna@example.com", code: str = "50034") -> Document:
    """A failed sign-in as the Azure integration leaves it."""
    return {
        "@timestamp": "2026-03-02T09:00:00.000Z",
        "event": {"dataset": "azure.signinlogs", "id": "one"},
        "source": {"ip": "2001:DB8:0:0::1"},
        "azure": {"signinlogs": {"result_type": code, "properties": {"user_principal_name": name}}},
    }


def request() -> Document:
    """A request as the IIS integration leaves it."""
    return {
        "@timestamp": "2026-03-02T09:00:00.000Z",
        "event": {"dataset": "iis.access"},
        "url": {"path": "/autodiscover/autodiscover.xml"},
        "http": {"response": {"status_code": 401}},
    }


def passed(client: Elasticsearch, document: Document, source: str = "entra_signin") -> Document:
    """The document behind the pipeline of a source."""
    (found,) = ingested(client, pipelines(compiled())[pipeline_name(source)], [document])
    return found


def test_an_event_gets_all_fields_each_with_one_value(opensearch: Elasticsearch) -> None:
    contact = passed(opensearch, event())["enumwatch"]["contact"]
    assert contact.keys() == FIELDS
    assert {name for name, value in contact.items() if not isinstance(value, str)} == {
        "target_visible",
        "plain_success",
    }
    assert (contact["src_ip"], contact["outcome"], contact["plain_success"]) == ("2001:db8::1", "not_found", False)
    assert passed(opensearch, event(code="0"))["enumwatch"]["contact"]["plain_success"] is True


def test_what_makes_no_contact_stays_as_it_is(opensearch: Elasticsearch) -> None:
    noise = event(code="50140")
    other = event() | {"event": {"dataset": "another.log"}}
    irrelevant = request() | {"url": {"path": "/index.html"}}
    assert passed(opensearch, noise) == noise
    assert passed(opensearch, other) == other
    assert passed(opensearch, irrelevant, "iis") == irrelevant


@pytest.mark.parametrize("code", ["50034", "50140"])
def test_nothing_that_an_event_says_of_itself_is_taken_for_ours(code: str, opensearch: Elasticsearch) -> None:
    honest = passed(opensearch, event(code=code))
    claims: dict[str, Any] = {
        "enumwatch": {"contact": {"target": "nobody"}, "contact.code": "0", "contact_error": "none"},
        "enumwatch.contact.outcome": "success",
        "enumwatch_temporary": {"texts": {"code": "0"}, "rule": 0},
    }
    found = passed(opensearch, {**event(code=code), **claims})
    assert found.get("enumwatch", {}) == honest.get("enumwatch", {})
    assert {name for name in found if name.startswith("enumwatch")} <= {"enumwatch"}


@pytest.mark.parametrize("value", ["text", 7, ["list"]])
def test_what_stands_in_the_place_of_our_fields_gives_way(value: Any, opensearch: Elasticsearch) -> None:
    assert passed(opensearch, event() | {"enumwatch": value}) == passed(opensearch, event())


def test_an_event_that_cannot_be_worked_out_goes_on_and_says_why(opensearch: Elasticsearch) -> None:
    too_much = request() | {"user_agent": {"original": _TOO_LONG}}
    found = passed(opensearch, too_much, "iis")
    reason = found.pop("enumwatch")["contact_error"]
    assert reason.startswith("rule: ")
    assert "maximum number of statements" in reason
    assert found == too_much


def test_events_are_indexed_through_the_pipeline_of_the_owner(opensearch: Elasticsearch, tmp_path: Path) -> None:
    """As in a cluster: the owner's pipeline calls ours, and with or without what it calls the event arrives."""
    ours = PIPELINES[pipeline_name("entra_signin")]
    name, index = "owned-ours", index_name(LOGS["entra_signin"].indices[0], "owned")
    custom = attached({"processors": [{"set": {"field": "labels.site", "value": "north"}}]}, name)
    opensearch.ingest.put_pipeline(id="owned", **custom)
    given = [*scenario(tmp_path, "entra_signin", events=10), event()]
    try:
        for has_ours in (False, True):
            if has_ours:
                opensearch.ingest.put_pipeline(id=name, **ours)
            for document in given:
                opensearch.index(index=index, document=document, pipeline="owned")
        opensearch.indices.refresh(index=index)
        assert opensearch.count(index=index, q="labels.site:north")["count"] == 2 * len(given)
        assert opensearch.count(index=index, q="_exists_:enumwatch.contact.kind")["count"] == len(given)
    finally:
        opensearch.indices.delete(index=index, ignore_unavailable=True)
        for one in ("owned", name):
            opensearch.options(ignore_status=404).ingest.delete_pipeline(id=one)


def test_pipelines_are_the_same_every_time_and_no_script_is_long() -> None:
    every = {**PIPELINES, **document_pipeline(), **tags_pipeline({"domains": "a", "networks": "b"})}
    assert json.dumps(pipelines(compiled(), has_tags=True)) == json.dumps(PIPELINES)
    scripts = [one["script"] for body in every.values() for one in body["processors"] if "script" in one]
    assert scripts
    for script in scripts:
        assert len(script["source"].splitlines()) <= _LONGEST_SCRIPT, script["tag"]
        # Many clusters allow no regular expressions in scripts, or only slow ones.
        assert "=~" not in script["source"]
    assert max(len(json.dumps(body)) for body in every.values()) < 100_000


def test_parameters_are_not_changed_by_events(opensearch: Elasticsearch) -> None:
    body = pipelines(compiled())[pipeline_name("iis")]
    before = deepcopy(body)
    assert len(ingested(opensearch, body, [request()] * 3)) == 3
    assert body == before
