"""What the cluster refuses for now is sent again, what it refuses for good is named, the rest is done once."""

from __future__ import annotations

from typing import Any

import pytest
from elasticsearch import Elasticsearch

from enumwatch.elastic.faults import ClusterError
from enumwatch.elastic.runner.bulk import Action, create_action, delete_action, index_action, write


class Cluster:
    """Answers bulk requests as it was told to, item by item."""

    def __init__(self, *statuses: list[int]) -> None:
        self.statuses = list(statuses)
        self.sent: list[list[str]] = []

    def bulk(self, operations: list[dict[str, Any]]) -> dict[str, Any]:
        heads = [one for one in operations if one.keys() & {"index", "create", "delete"}]
        self.sent.append([one["_id"] for head in heads for one in head.values()])
        items = []
        for head, status in zip(heads, self.statuses.pop(0), strict=True):
            (kind, one), *_ = head.items()
            said = {} if status < 300 else {"error": {"type": _TYPES.get(status, "x"), "reason": "because"}}
            items.append({kind: {"_id": one["_id"], "_index": "i", "status": status, **said}})
        return {"items": items, "errors": True}


_TYPES = {429: "es_rejected_execution_exception", 400: "document_parsing_exception", 403: "security_exception"}


def actions(*ids: str) -> list[Action]:
    return [index_action("i", one, {"x": one}) for one in ids]


def test_only_what_was_refused_for_now_is_sent_again_after_ever_longer_pauses() -> None:
    cluster = Cluster([200, 429, 201], [429], [200])
    pauses: list[float] = []
    done = write(cluster, actions("a", "b", "c"), pauses.append)  # type: ignore[arg-type]
    assert (done.done, done.refused, cluster.sent) == (3, {}, [["a", "b", "c"], ["b"], ["b"]])
    assert pauses == [0.5, 1.0]


def test_a_cluster_that_stays_busy_is_told() -> None:
    with pytest.raises(ClusterError, match="too much to do") as told:
        write(Cluster(*([[429]] * 20)), actions("a"), lambda _: None)  # type: ignore[arg-type]
    assert told.value.is_passing


def test_a_document_that_is_refused_is_named_and_the_others_are_written() -> None:
    done = write(Cluster([200, 400, 409]), actions("a", "b", "c"), lambda _: None)  # type: ignore[arg-type]
    assert (done.done, list(done.refused), done.conflicts) == (1, ["b"], ["c"])
    assert "another type" in str(done.refused["b"])


def test_a_missing_permission_ends_it() -> None:
    with pytest.raises(ClusterError, match="privileges"):
        write(Cluster([403]), actions("a"), lambda _: None)  # type: ignore[arg-type]


def test_many_and_large_documents_go_in_several_requests() -> None:
    cluster = Cluster([200] * 1_000, [200] * 500)
    write(cluster, actions(*map(str, range(1_500))), lambda _: None)  # type: ignore[arg-type]
    assert [len(one) for one in cluster.sent] == [1_000, 500]
    cluster = Cluster([200], [200, 200])
    large = [index_action("i", one, {"a": {"b": "x" * 1_200_000}}) for one in "ab"]
    write(cluster, [*large, delete_action("i", "c")], lambda _: None)  # type: ignore[arg-type]
    assert cluster.sent == [["a"], ["b", "c"]]


def test_on_a_real_node(empty_cluster: Elasticsearch) -> None:
    created = [create_action("enumwatch-runs", "a", {"message": "x"})]
    assert write(empty_cluster, created).done == 1
    assert write(empty_cluster, created).conflicts == ["a"]
    bad = write(empty_cluster, [index_action("enumwatch-runs", "b", {"@timestamp": "never"})])
    assert list(bad.refused) == ["b"]
    assert write(empty_cluster, [delete_action("enumwatch-runs", one) for one in ("a", "never there")]).done == 2
