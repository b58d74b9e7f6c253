"""View: one unchanging look at some indices, through which everything of one read is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import quote

from elasticsearch import BadRequestError, Elasticsearch

from .capabilities import PLAIN, capabilities
from .fields import Query

_KEPT_ALIVE = "5m"
_SOURCES = "groups"
_UNKNOWN_PATH = "no handler found"
# Buckets of one answer; a cluster refuses more than 65,536.
PAGE = 5_000


class Group(NamedTuple):
    """Documents with equal keys; times are milliseconds since 1970 UTC, None where they were not asked for."""

    key: dict[str, Any]
    documents: int
    first: int | None
    last: int | None


class View:
    """A point in time of the indices that fit some patterns; a context manager that gives it back."""

    def __init__(self, client: Elasticsearch, indices: Sequence[str]) -> None:
        self._client = client
        self._indices = list(indices)
        self._id: str | None = None
        self._is_of_opensearch = False

    def __enter__(self) -> View:
        try:
            answer = self._client.open_point_in_time(
                index=self._indices, keep_alive=_KEPT_ALIVE, ignore_unavailable=True, expand_wildcards="open"
            )
            self._id = answer["id"]
        except BadRequestError as refused:
            if _UNKNOWN_PATH not in str(refused):
                raise
            self._open_in_opensearch()
        return self

    def _open_in_opensearch(self) -> None:
        """OpenSearch has the same under another path."""
        asked = f"keep_alive={_KEPT_ALIVE}&expand_wildcards=open&ignore_unavailable=true"
        path = f"/{quote(','.join(self._indices), safe=',*')}/_search/point_in_time?{asked}"
        self._id = self._client.perform_request("POST", path, headers=PLAIN).body["pit_id"]
        self._is_of_opensearch = True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._id is not None and self._is_of_opensearch:
            body = {"pit_id": [self._id]}
            self._client.perform_request("DELETE", "/_search/point_in_time", headers=PLAIN, body=body)
        elif self._id is not None:
            self._client.close_point_in_time(id=self._id)

    def capabilities(self, names: Sequence[str]) -> dict[str, Any]:
        """Types of these fields, as the indices have them."""
        return capabilities(self._client, self._indices, names).fields

    def counts(self, query: Query, asked: Mapping[str, Query]) -> dict[str, int]:
        """How many of the query's documents fit each of the asked queries."""
        if not asked:
            return {}
        names = list(asked)
        filters = {f"n{number}": {"filter": asked[name]} for number, name in enumerate(names)}
        found = self._search(query, filters)["aggregations"]
        return {name: found[f"n{number}"]["doc_count"] for number, name in enumerate(names)}

    def count(self, query: Query) -> int:
        """How many documents fit."""
        return int(self._search(query, {})["hits"]["total"]["value"])

    def days(self, query: Query, time_field: str) -> dict[int, int]:
        """Documents by the UTC day they lie in, milliseconds."""
        histogram = {"date_histogram": {"field": time_field, "calendar_interval": "1d", "min_doc_count": 1}}
        buckets = self._search(query, {"days": histogram})["aggregations"]["days"]["buckets"]
        return {int(bucket["key"]): bucket["doc_count"] for bucket in buckets}

    def groups(
        self, query: Query, sources: Sequence[Mapping[str, Any]], time_field: str | None = None, page: int | None = None
    ) -> Iterator[Group]:
        """Every group of the query's documents, with the times of its first and last where a time field is given."""
        if not sources:
            return
        times = (
            {}
            if time_field is None
            else {"first": {"min": {"field": time_field}}, "last": {"max": {"field": time_field}}}
        )
        composite: dict[str, Any] = {"size": page or PAGE, "sources": list(sources)}
        while True:
            body = {_SOURCES: {"composite": composite, **({"aggs": times} if times else {})}}
            answer = self._search(query, body, track_total_hits=False)["aggregations"][_SOURCES]
            for bucket in answer["buckets"]:
                first, last = (int(bucket[name]["value"]) if times else None for name in ("first", "last"))
                yield Group(bucket["key"], bucket["doc_count"], first, last)
            # A page may be empty and yet not be the last.
            if "after_key" not in answer:
                return
            composite["after"] = answer["after_key"]

    def documents(self, query: Query, fields: Sequence[str], time_field: str, page: int) -> Iterator[Mapping[str, Any]]:
        """Hits of the query with these parts of their source, and their time in milliseconds as `fields`."""
        after: list[Any] | None = None
        while True:
            answer = self._client.search(
                size=page,
                query=query,
                pit=self._pit,
                sort=[{"_shard_doc": "asc"}],
                source={"includes": list(fields)},
                docvalue_fields=[{"field": time_field, "format": "epoch_millis"}],
                track_total_hits=False,
                search_after=after,
            )
            hits = self._whole(answer)["hits"]["hits"]
            if not hits:
                return
            yield from hits
            after = hits[-1]["sort"]

    @property
    def _pit(self) -> dict[str, Any]:
        return {"id": self._id, "keep_alive": _KEPT_ALIVE}

    def _search(self, query: Query, aggregations: Mapping[str, Any], *, track_total_hits: bool = True) -> Any:
        answer = self._client.search(
            size=0, query=query, pit=self._pit, aggregations=dict(aggregations), track_total_hits=track_total_hits
        )
        return self._whole(answer)

    def _whole(self, answer: Any) -> Any:
        """The answer; half of one would be taken for the truth."""
        failed = answer["_shards"].get("failed", 0)
        if failed or answer.get("timed_out"):
            reasons = [one.get("reason", {}).get("reason", "") for one in answer["_shards"].get("failures", [])]
            raise IncompleteAnswerError(
                f"{failed} shards did not answer: {'; '.join(filter(None, reasons)) or 'timed out'}"
            )
        return answer


class IncompleteAnswerError(RuntimeError):
    """The cluster answered for a part of the documents only."""
