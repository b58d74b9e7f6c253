"""Requests for transforms, as the real client sends them. No node here serves them.

What they do in a cluster is not proven by these tests; docs/elastic-contacts.md says how to see it there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig, Transport, TransportApiResponse
from elasticsearch import Elasticsearch

from enumwatch.elastic.mappings import contact_mapping
from enumwatch.elastic.names import CONTACTS
from enumwatch.engines.elastic.pivot import document_pipeline, transforms
from enumwatch.rulebook.compiled import compiled

from .pivoting import TRANSFORMS

Sent = list[tuple[str, str, Any]]
# Where a group or an aggregation lands that no mapping names: the pipeline of the destination takes it away.
COUNTED = {"ids", "without_id"}


@pytest.fixture
def recorded() -> Iterator[tuple[Elasticsearch, Sent]]:
    """A client that sends nothing, and what it would have sent."""
    sent: Sent = []

    class Recording(Transport):
        def perform_request(self, method: str, target: str, **keywords: Any) -> TransportApiResponse:
            sent.append((method, target, json.loads(json.dumps(keywords.get("body")))))
            headers = HttpHeaders({"x-elastic-product": "Elasticsearch", "content-type": "application/json"})
            meta = ApiResponseMeta(200, "1.1", headers, 0.0, NodeConfig("http", "nobody", 80))
            return TransportApiResponse(meta, {"acknowledged": True})

    with Elasticsearch("http://nobody:80", transport_class=Recording) as client:
        yield client, sent


def test_unserved_transforms_are_put_and_started(recorded: tuple[Elasticsearch, Sent]) -> None:
    client, sent = recorded
    for name, body in transforms(compiled()).items():
        client.transform.put_transform(transform_id=name, **body)
        client.transform.start_transform(transform_id=name)
    assert [(method, target) for method, target, _ in sent] == [
        (method, f"/_transform/{name}{end}")
        for name in TRANSFORMS
        for method, end in (("PUT", ""), ("POST", "/_start"))
    ]
    assert [body for method, _, body in sent if method == "PUT"] == list(TRANSFORMS.values())


def test_unserved_transforms_are_previewed(recorded: tuple[Elasticsearch, Sent]) -> None:
    client, sent = recorded
    for body in TRANSFORMS.values():
        client.transform.preview_transform(**body)
    assert {(method, target) for method, target, _ in sent} == {("POST", "/_transform/_preview")}


@pytest.mark.parametrize("name", sorted(TRANSFORMS))
def test_unserved_transforms_write_only_fields_that_the_index_has(name: str) -> None:
    fields = contact_mapping()["properties"]["enumwatch"]["properties"]["contact"]["properties"]
    pivot = TRANSFORMS[name]["pivot"]
    written = {*pivot["group_by"], *pivot["aggregations"]} - COUNTED
    assert {one.removeprefix("enumwatch.contact.") for one in written} <= fields.keys()
    assert TRANSFORMS[name]["dest"] == {"index": CONTACTS, "pipeline": next(iter(document_pipeline()))}


@pytest.mark.parametrize("name", sorted(TRANSFORMS))
def test_unserved_transforms_use_only_what_a_pivot_may_have(name: str) -> None:
    """As the client's own reference lists it: kinds of groups and of aggregations, keys, and names without brackets."""
    body = TRANSFORMS[name]
    allowed = {"source", "dest", "pivot", "sync", "frequency", "retention_policy", "settings", "description"}
    assert body.keys() <= allowed
    pivot = body["pivot"]
    assert {kind for one in pivot["group_by"].values() for kind in one} == {"date_histogram", "terms"}
    assert {kind for one in pivot["aggregations"].values() for kind in one} <= {"min", "max", "cardinality", "filter"}
    assert not any(set(one) & set("[]>") for one in (*pivot["group_by"], *pivot["aggregations"]))
    assert not pivot["group_by"].keys() & pivot["aggregations"].keys()
    assert body["settings"].keys() <= {"align_checkpoints", "deduce_mappings", "max_page_search_size", "unattended"}
    assert 10 <= body["settings"]["max_page_search_size"] <= 65_536
