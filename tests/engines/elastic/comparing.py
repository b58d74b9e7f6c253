"""Contacts of the same documents, once by the local engine and once by the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from elasticsearch import Elasticsearch

from enumwatch.core.contact import Contact
from enumwatch.engines.elastic.contacts import ContactReader, Tally, logs
from enumwatch.engines.local.scan import Request, counted
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

from .indexing import index_name, put

LOGS = logs(compiled())


def local_contacts(paths: Sequence[Path], lookups: Path | None = None) -> tuple[list[Contact], dict[str, int]]:
    """What the local engine makes of files, sorted, and the events that are noise by code."""
    request = Request([str(path) for path in paths], compiled(), load_lookups(lookups))
    with counted(request, lambda _: None) as (contacts, _):
        return sorted(contacts.everything()), {str(one["code"]): int(str(one["attempts"])) for one in contacts.noise()}


def cluster_contacts(
    cluster: Elasticsearch, source: str, documents: Sequence[Any], **bounds: int
) -> tuple[list[Contact], Tally]:
    """What the cluster makes of the same documents, sorted; the index is gone afterwards."""
    index = index_name(LOGS[source].indices[0], "compared")
    put(cluster, index, documents)
    try:
        reader = ContactReader(cluster, LOGS[source], load_lookups().outcomes, **bounds)
        return sorted(reader.contacts()), reader.tally
    finally:
        cluster.indices.delete(index=index)


def written(folder: Path, documents: Sequence[Any]) -> Path:
    """The documents as a file."""
    path = folder / "documents.ndjson"
    path.write_bytes(b"".join(orjson.dumps(document) + b"\n" for document in documents))
    return path
