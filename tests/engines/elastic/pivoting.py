"""Does what a transform does with its pivot: pages through the groups and writes one document for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from elasticsearch import Elasticsearch

from enumwatch.core.contact import Contact
from enumwatch.elastic.documents import contact_of
from enumwatch.engines.elastic.pivot import document_pipeline, transforms
from enumwatch.rulebook.compiled import compiled

from .indexing import index_name, put
from .ingesting import Document, ingested

TRANSFORMS = transforms(compiled())
((_, DOCUMENT_PIPELINE),) = document_pipeline().items()


def pivoted(client: Elasticsearch, index: str, transform: Mapping[str, Any], page: int | None = None) -> list[Document]:
    """What the transform hands to the pipeline of its destination, read from one index."""
    pivot = transform["pivot"]
    sources = [{name: group} for name, group in pivot["group_by"].items()]
    page = page or transform["settings"]["max_page_search_size"]
    composite: dict[str, Any] = {"size": page, "sources": sources}
    found = []
    while True:
        groups = {"groups": {"composite": composite, "aggregations": pivot["aggregations"]}}
        answer = client.search(index=index, size=0, query=transform["source"]["query"], aggregations=groups)
        answer = answer["aggregations"]["groups"]
        found += [dict(_document(bucket, pivot)) for bucket in answer["buckets"]]
        if "after_key" not in answer:
            return [_nested(one) for one in found]
        composite["after"] = answer["after_key"]


def _document(bucket: Mapping[str, Any], pivot: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from bucket["key"].items()
    for name, aggregation in pivot["aggregations"].items():
        result = bucket[name]
        if "filter" in aggregation:
            yield name, result["doc_count"]
        else:
            yield name, result.get("value_as_string", result["value"])


def _nested(flat: Mapping[str, Any]) -> Document:
    """A name with dots is a path."""
    document: Document = {}
    for name, value in flat.items():
        *above, last = name.split(".")
        place = document
        for key in above:
            place = place.setdefault(key, {})
        place[last] = value
    return document


def contact_documents(
    cluster: Elasticsearch, opensearch: Elasticsearch, pattern: str, events: list[Document], page: int | None = None
) -> list[Document]:
    """The documents of the contacts of events that went through the pipeline of their source."""
    index = index_name(pattern, "pivoted")
    put(cluster, index, events)
    try:
        groups = [one for transform in TRANSFORMS.values() for one in pivoted(cluster, index, transform, page)]
    finally:
        cluster.indices.delete(index=index)
    return ingested(opensearch, DOCUMENT_PIPELINE, groups)


def contacts(documents: list[Document]) -> list[Contact]:
    """The contacts of these documents, sorted."""
    return sorted(contact_of(document) for document in documents)
