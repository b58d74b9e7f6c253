"""What is known of domains and networks: policies, and the pipeline that asks them.

Only a full cluster has enrich; the requests are told in `test_unserved_contacts`.
"""

from __future__ import annotations

from typing import Any

import pytest
from elasticsearch import Elasticsearch

from enumwatch.engines.elastic.enrichment import policies, policy_name, tags_pipeline
from enumwatch.engines.elastic.pipeline import TAGS_PIPELINE, pipelines
from enumwatch.lookups import COLUMNS
from enumwatch.rulebook.compiled import compiled

(PROCESSORS,) = (body["processors"] for body in tags_pipeline().values())


def test_policies_read_the_columns_that_the_tables_have() -> None:
    for table in ("disposable_domains", "free_mail", "domains", "networks"):
        ((_, policy),) = policies()[policy_name(table)].items()
        assert {policy["match_field"], *policy["enrich_fields"]} <= set(COLUMNS[table])


def test_every_policy_is_asked_and_may_fail() -> None:
    asked = [one["enrich"] for one in PROCESSORS if "enrich" in one]
    assert {one["policy_name"] for one in asked} == set(policies())
    assert all(one["ignore_failure"] and one["ignore_missing"] for one in asked)


def test_policies_may_have_other_names_in_a_cluster() -> None:
    ((_, body),) = tags_pipeline({policy_name("networks"): "enumwatch-networks-1a2b"}).items()
    assert body["processors"][-1]["enrich"]["policy_name"] == "enumwatch-networks-1a2b"


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
