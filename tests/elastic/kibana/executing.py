"""Runs a KQL or threshold rule as the query and the aggregation that Kibana makes of it, on a real node."""

from __future__ import annotations

from typing import Any

from elasticsearch import Elasticsearch

_GROUPS = 10_000
_EXACT = 40_000


def query_of(tree: Any) -> dict[str, Any]:
    """A parsed KQL expression as Elasticsearch takes it: phrases, alternatives, `field: *` for any value."""
    if "op" not in tree:
        return _of_field(tree["field"], tree["value"])
    if tree["op"] == "not":
        return {"bool": {"must_not": [query_of(tree["expr"])]}}
    parts = [query_of(one) for one in _parts(tree)]
    if tree["op"] == "and":
        return {"bool": {"filter": parts}}
    return {"bool": {"should": parts, "minimum_should_match": 1}}


def threshold_groups(client: Elasticsearch, rule: dict[str, Any], query: dict[str, Any]) -> dict[tuple[str, ...], int]:
    """Distinct values by group, of the groups that a threshold rule tells."""
    asked = rule["threshold"]
    counted = asked["cardinality"][0]
    composite = {"size": _GROUPS, "sources": [{name: {"terms": {"field": name}}} for name in asked["field"]]}
    # Kibana leaves groups out with a script; this node has none, so they are left out here.
    inside = {"names": {"cardinality": {"field": counted["field"], "precision_threshold": _EXACT}}}
    answer = client.search(
        index=rule["index"], size=0, query=query, aggs={"groups": {"composite": composite, "aggs": inside}}
    )
    return {
        tuple(str(value) for value in one["key"].values()): one["names"]["value"]
        for one in answer["aggregations"]["groups"]["buckets"]
        if one["doc_count"] >= asked["value"] and one["names"]["value"] >= counted["value"]
    }


def new_terms(client: Elasticsearch, rule: dict[str, Any], query: dict[str, Any], since: str) -> set[str]:
    """Values that the documents since a time have and those before it have not."""
    (field,) = rule["new_terms_fields"]
    terms = {"values": {"terms": {"field": field, "size": _GROUPS}}}

    def values(times: dict[str, str]) -> set[str]:
        asked = {"bool": {"filter": [query, {"range": {"@timestamp": times}}]}}
        answer = client.search(index=rule["index"], size=0, query=asked, aggs=terms)
        return {one["key"] for one in answer["aggregations"]["values"]["buckets"]}

    return values({"gte": since}) - values({"lt": since})


def _parts(tree: Any) -> list[Any]:
    found = []
    for one in tree.get("exprs", [tree.get("left"), tree.get("right")]):
        found += _parts(one) if isinstance(one, dict) and one.get("op") == tree["op"] else [one]
    return found


def _of_field(field: str, value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        some = [_of_field(field, one) for one in _parts(value)]
        return {"bool": {"should": some, "minimum_should_match": 1}}
    if isinstance(value, (tuple, list)):
        assert list(value) == ["*"], value
        return {"exists": {"field": field}}
    return {"match_phrase": {field: value}}
