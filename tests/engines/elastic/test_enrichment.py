"""What is known of domains and networks: policies, and the pipeline that asks them.

Only a full cluster has enrich; the requests are told with those of setup.
"""

from __future__ import annotations

from typing import Any

import pytest
from elasticsearch import Elasticsearch

from enumwatch.elastic.setup.enrich import enrich_pieces, policy_name
from enumwatch.engines.elastic.enrichment import tags_pipeline
from enumwatch.engines.elastic.pipeline import TAGS_PIPELINE, pipelines
from enumwatch.lookups import COLUMNS
from enumwatch.rulebook.compiled import compiled

POLICIES = {table: policy_name(table) for table in ("domains", "networks")}
(PROCESSORS,) = (body["processors"] for body in tags_pipeline(POLICIES).values())


def test_the_policies_that_setup_makes_are_asked_and_may_fail() -> None:
    asked = [one["enrich"] for one in PROCESSORS if "enrich" in one]
    assert {one["policy_name"] for one in asked} == {piece.name for piece in enrich_pieces()}
    assert all(one["ignore_failure"] and one["ignore_missing"] for one in asked)
    assert [one["field"] for one in asked] == ["enumwatch.tags.domain", "enumwatch.contact.src_ip"]


def test_a_table_without_a_policy_is_not_asked() -> None:
    for table in COLUMNS:
        ((_, body),) = tags_pipeline({table: "policy"}).items()
        asked = [one["enrich"]["tag"] for one in body["processors"] if "enrich" in one]
        assert asked == ([table] if table in ("domains", "disposable_domains", "free_mail", "networks") else [])


@pytest.mark.parametrize(
    ("target", "domain"),
    [
        ("Anna@Mail.Example", "mail.example"),
        ("a@b@c.example", "c.example"),
        ("anna", None),
        ("", None),
        ("anna@", None),
    ],
)
def test_the_domain_of_the_name_is_looked_up(target: str, domain: str | None, opensearch: Elasticsearch) -> None:
    found = domain_of(opensearch, {"enumwatch": {"contact": {"target": target}}})
    assert found["enumwatch"]["tags"] == ({"domain": domain} if domain else {})


def test_events_without_a_contact_are_left_alone(opensearch: Elasticsearch) -> None:
    for document in ({}, {"enumwatch": "text"}, {"enumwatch": {"other": 1}}):
        assert domain_of(opensearch, document) == document


def domain_of(client: Elasticsearch, document: dict[str, Any]) -> dict[str, Any]:
    docs = [{"_source": document}]
    done = client.ingest.simulate(pipeline={"processors": PROCESSORS[:1]}, docs=docs)["docs"]
    found: dict[str, Any] = done[0]["doc"]["_source"]
    return found


def test_tags_are_asked_for_where_a_cluster_can_look_things_up() -> None:
    for has_tags in (False, True):
        for body in pipelines(compiled(), has_tags=has_tags).values():
            called = [one["pipeline"]["name"] for one in body["processors"] if "pipeline" in one]
            assert called == ([TAGS_PIPELINE] if has_tags else [])
