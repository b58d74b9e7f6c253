"""What the doctor asks of a full cluster with --live, as requests: no node of these tests serves them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig, Transport, TransportApiResponse
from elasticsearch import Elasticsearch

from enumwatch.elastic.doctor.live import ask_live, live_checks
from enumwatch.elastic.kibana.rules import shipped

ANSWERS: dict[str, Any] = {
    "/_query": {"columns": [{"name": "source.ip", "type": "ip"}], "values": [["192.0.2.1"]]},
    "/_transform/enumwatch-*/_stats": {"transforms": [{"id": "enumwatch-contacts-hourly", "state": "indexing"}]},
    "/_watcher/_query/watches": {"watches": [{"_id": "enumwatch-a"}, {"_id": "others"}]},
}
ASKED = [
    *["POST /_query"] * 4,
    *("GET /_transform/enumwatch-*/_stats", "GET /_enrich/policy", "POST /_watcher/_query/watches"),
    *("GET /_ilm/status", "GET /_security/_authenticate", "GET /"),
]


def cluster(requests: list[tuple[str, Any]], status: int = 200, answers: dict[str, Any] | None = None) -> Elasticsearch:
    """A client that notes its requests and answers as a full cluster does."""
    told = ANSWERS if answers is None else answers

    class Noting(Transport):
        def perform_request(self, method: str, target: str, **keywords: Any) -> TransportApiResponse:
            path = target.partition("?")[0]
            requests.append((f"{method} {path}", keywords.get("body")))
            headers = HttpHeaders({"x-elastic-product": "Elasticsearch", "content-type": "application/json"})
            meta = ApiResponseMeta(status, "1.1", headers, 0.0, NodeConfig("http", "nobody", 80))
            return TransportApiResponse(meta, told.get(path, {}))

    return Elasticsearch("http://nobody.example:9200", transport_class=Noting)


def test_unserved_live_checks_are_these_requests() -> None:
    requests: list[tuple[str, Any]] = []
    with cluster(requests) as client:
        answers = list(ask_live(client))
    assert [asked for asked, _ in requests] == ASKED
    assert {one.verdict for one in answers} == {"ok"}
    assert "ok: transforms: 1 transforms, none failed" in map(str, answers)
    assert "ok: watches: 1 watches of enumwatch" in map(str, answers)


def test_unserved_queries_are_those_of_the_rules() -> None:
    requests: list[tuple[str, Any]] = []
    with cluster(requests) as client:
        list(ask_live(client))
    sent = [body["query"] for asked, body in requests if asked == "POST /_query"]
    assert sent == [rule["query"] for rule in shipped() if rule["type"] == "esql"]
    assert all(len(json.dumps(query)) < 1_000_000 for query in sent)


def test_unserved_a_failed_transform_is_wrong() -> None:
    failed = {**ANSWERS, "/_transform/enumwatch-*/_stats": {"transforms": [{"id": "enumwatch-a", "state": "failed"}]}}
    with cluster([], answers=failed) as client:
        (wrong,) = (one for one in ask_live(client) if one.verdict != "ok")
    assert (wrong.verdict, wrong.check.name) == ("wrong", "transforms")
    assert wrong.told.endswith("run enumwatch elastic setup")


@pytest.mark.parametrize(
    ("status", "error", "verdict"),
    [
        (400, {"type": "parsing_exception", "reason": "line 1:1: token recognition error"}, "wrong"),
        (400, {"type": "illegal_argument_exception", "reason": "no handler found for uri [/_query]"}, "unserved"),
        (403, {"type": "security_exception", "reason": "current license is non-compliant for [watcher]"}, "unserved"),
        (403, {"type": "security_exception", "reason": "action [x] is unauthorized for user [y]"}, "wrong"),
    ],
)
def test_unserved_refusals_are_told_apart(status: int, error: dict[str, str], verdict: str) -> None:
    everywhere = {asked.split()[1]: {"error": error, "status": status} for asked in ASKED}
    with cluster([], status, everywhere) as client:
        assert {one.verdict for one in ask_live(client)} == {verdict}


def test_unserved_an_index_that_is_not_there_is_no_fault_of_a_query() -> None:
    error = {
        "type": "verification_exception",
        "reason": "Found 1 problem\nline 1:6: Unknown index [enumwatch-contacts]",
    }
    with cluster([], 400, {"/_query": {"error": error, "status": 400}}) as client:
        queries = [one for one in ask_live(client) if one.check.name.startswith("ES|QL")]
    assert {(one.verdict, one.told) for one in queries} == {("ok", "no such index here, so nothing to read")}


def test_every_live_check_says_what_it_proves() -> None:
    assert len(live_checks()) == len(ASKED)
    assert all(one.proves for one in live_checks())
