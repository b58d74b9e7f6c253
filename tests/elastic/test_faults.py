"""Every fault of a cluster is one line that ends in what to do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, ConnectionTimeout, HttpHeaders, NodeConfig, TlsError
from elastic_transport import ConnectionError as NoConnection
from elasticsearch import ApiError
from elasticsearch.helpers import BulkIndexError

from enumwatch.elastic.connection import Connection, client_of
from enumwatch.elastic.faults import FAULTS, ClusterError, fault_of, told_as_faults, translated


def error(status: int, kind: str, reason: str, **more: Any) -> ApiError:
    body = {"error": {"type": kind, "reason": reason, "root_cause": [{"type": kind, "reason": reason, **more}]}}
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "a", 1))
    return ApiError(kind, meta, body)


PERMISSION = (
    "action [indices:data/write/bulk[s]] is unauthorized for user [anna] with effective roles [r] on indices [logs-x], "
    "this action is granted by the index privileges [create_doc,create,delete,index,write,all]"
)
SAID = [
    (401, "security_exception", "unable to authenticate with provided credentials", "refused_key", False),
    (403, "security_exception", PERMISSION, "permission", False),
    (403, "security_exception", "current license is non-compliant for [watcher]", "licence", False),
    (403, "cluster_block_exception", "index [e] blocked by: [FORBIDDEN/8/index write (api)];", "read_only", True),
    (429, "cluster_block_exception", "index [e] blocked by: [TOO_MANY_REQUESTS/12/disk usage]", "read_only", True),
    (429, "circuit_breaking_exception", "[parent] Data too large, data for [x] would be [1]", "breaker", True),
    (503, "circuit_breaking_exception", "[parent] Data too large", "breaker", True),
    (429, "es_rejected_execution_exception", "rejected execution of x", "busy", True),
    (503, "search_phase_execution_exception", "all shards failed", "unready", True),
    (503, "master_not_discovered_exception", "null", "unready", True),
    (404, "index_not_found_exception", "no such index [enumwatch-contacts]", "no_index", True),
    (404, "search_context_missing_exception", "No search context found for id [1]", "view_gone", True),
    (400, "illegal_argument_exception", "mapper [a] cannot be changed from type [long] to [ip]", "mapping", False),
    (400, "document_parsing_exception", "[1:2] failed to parse field [a] of type [date]", "mapping", False),
    (400, "strict_dynamic_mapping_exception", "mapping set to strict", "mapping", False),
    (400, "illegal_argument_exception", "no handler found for uri [/_ilm/policy] and method [GET]", "unserved", False),
    (
        400,
        "invalid_index_name_exception",
        "Invalid index name [_transform], must not start with '_'.",
        "unserved",
        False,
    ),
    (410, "api_not_available_exception", "not available when running in serverless mode", "unserved", False),
    (405, "", "Incorrect HTTP method", "unserved", False),
    (409, "version_conflict_engine_exception", "[1]: version conflict", "conflict", True),
    (413, "", "", "too_large", False),
    (502, "", "<html>", "down", True),
    (504, "", "<html>", "slow", True),
    (404, "resource_not_found_exception", "policy [x] not found", "missing", False),
    (500, "null_pointer_exception", "x", "broken", True),
    (400, "parsing_exception", "unknown query [x]", "refused", False),
]


@pytest.mark.parametrize(("status", "kind", "reason", "name", "is_passing"), SAID)
def test_what_the_cluster_says_is_told_as_one_line(
    status: int, kind: str, reason: str, name: str, is_passing: bool
) -> None:
    fault = translated(error(status, kind, reason))
    assert fault is not None
    assert (fault.kind, fault.is_passing) == (name, is_passing)
    assert "\n" not in str(fault)


def test_every_line_ends_in_what_to_do() -> None:
    imperative = re.compile(
        r"(start|try|name|mend|pip install|make|give|renew|free|lower|wait|run|move|raise|see|set)\b"
    )
    assert [name for name, fault in FAULTS.items() if not imperative.match(fault.line.rpartition(": ")[2])] == []
    of_no_answer = {"certificate", "other_product", "other_version", "unreadable"}
    assert {said[3] for said in SAID} | of_no_answer == FAULTS.keys()


def test_a_missing_privilege_is_named() -> None:
    line = str(fault_of(403, "security_exception", PERMISSION))
    assert "indices:data/write/bulk[s] on logs-x" in line
    assert "create_doc or create" in line
    assert line.endswith("give it the privileges that enumwatch elastic setup --roles prints")


def test_the_wrong_version_of_the_client_is_told_with_the_right_one() -> None:
    reason = "Accept version must be either version 8 or 7, but found 9. Accept=application/vnd.elasticsearch+json"
    line = str(fault_of(400, "media_type_header_exception", reason))
    assert "does not speak with a cluster of version 8" in line
    assert "pip install 'elasticsearch>=8,<9'" in line


def test_long_and_broken_words_of_the_cluster_are_one_short_line() -> None:
    line = str(fault_of(400, "x", "a\nb\r\n" + "c" * 100_000))
    assert "\n" not in line
    assert len(line) < 500


def test_the_deepest_cause_is_told_and_a_bulk_tells_its_first_fault() -> None:
    body = {"error": {"type": "a", "reason": "outside", "caused_by": {"type": "b", "reason": "inside"}}}
    meta = error(400, "", "").meta
    assert "inside" in str(translated(ApiError("a", meta, body)))
    items = [
        {"index": {"_index": "i", "status": 201}},
        {"index": {"_index": "j", "status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "r"}}},
    ]
    fault = translated(BulkIndexError("2 documents failed", items))
    assert fault is not None
    assert fault.kind == "busy"


def test_connections_that_fail_are_told() -> None:
    told = {
        one.kind: one
        for one in map(translated, (NoConnection("refused"), ConnectionTimeout("x"), TlsError("y")))
        if one
    }
    assert told.keys() == {"down", "slow", "certificate"}
    assert told["down"].is_passing
    assert not told["certificate"].is_passing
    with (
        client_of(Connection(url="http://127.0.0.1:9")) as client,
        pytest.raises(ClusterError) as caught,
        told_as_faults(),
    ):
        client.count()
    assert caught.value.kind == "down"
    assert str(caught.value).endswith("start it, or mend the url")


def test_what_is_no_fault_of_a_cluster_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError), told_as_faults():
        _ = 1 / 0
    with pytest.raises(ClusterError, match="as it was"), told_as_faults():
        raise ClusterError("as it was")
