"""Runs documents through ingest pipelines in a real node, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from elasticsearch import Elasticsearch

Document = dict[str, Any]

# Documents, and bytes, that one request takes along.
_DOCUMENTS, _BYTES = 500, 8_000_000


class NotIngestedError(AssertionError):
    """A document that a pipeline refused, which it must never do."""


def ingested(client: Elasticsearch, pipeline: Mapping[str, Any], documents: Iterable[Document]) -> list[Document]:
    """The documents as the pipeline leaves them; those that it drops are missing."""
    found: list[Document] = []
    for some in _parts(documents):
        docs = [{"_index": "logs", "_id": "1", "_source": document} for document in some]
        for one in client.ingest.simulate(pipeline=pipeline, docs=docs)["docs"]:
            if one is not None and "error" in one:
                raise NotIngestedError(one["error"])
            if one is not None:
                found.append(one["doc"]["_source"])
    return found


def _parts(documents: Iterable[Document]) -> Iterator[list[Document]]:
    part: list[Document] = []
    size = 0
    for document in documents:
        part.append(document)
        size += len(orjson.dumps(document))
        if len(part) == _DOCUMENTS or size > _BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part
