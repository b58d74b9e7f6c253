"""Logs in a real node that are in order, and single faults planted in them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import orjson
from elasticsearch import Elasticsearch
from tests.engines.elastic.indexing import put, template

from enumwatch.elastic.doctor.asking import look_at_log
from enumwatch.elastic.doctor.examination import Examination, check_log, examine
from enumwatch.engines.elastic.contacts import logs
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate

SOURCE, INDEX = "entra_signin", "logs-azure.signinlogs-planted"
QUICK = timedelta(seconds=90)


def sound_documents(folder: Path, now: datetime) -> list[dict[str, Any]]:
    """Sign-ins of the last hour, which came within two minutes."""
    made = simulate("fast_enumeration", "entra_signin", seed=5, out=folder, users=20, form="ecs")
    documents = [orjson.loads(line) for file in made.files for line in file.read_bytes().splitlines()]
    for place, document in enumerate(documents):
        dated(document, now - timedelta(seconds=300 + 3000 * place / len(documents)), QUICK)
    return documents


def dated(document: dict[str, Any], moment: datetime, lag: timedelta) -> None:
    """Gives a document a time, and the time at which it came."""
    document["@timestamp"] = moment.isoformat()
    document.setdefault("event", {})["ingested"] = (moment + lag).isoformat()


@contextmanager
def planted(
    client: Elasticsearch,
    documents: Sequence[dict[str, Any]],
    mapping: dict[str, Any] | None = None,
    index: str = INDEX,
) -> Iterator[None]:
    """The node with these documents; the fields of `mapping` have those types."""
    template(client)
    properties = {"event": {"properties": {"ingested": {"type": "date"}}}, **(mapping or {})}
    client.indices.create(index=index, mappings={"properties": properties})
    try:
        put(client, index, copy.deepcopy(list(documents)))
        yield
    finally:
        client.indices.delete(index=index)


def examined(client: Elasticsearch, now: datetime | None = None) -> Examination:
    """What the doctor says, without waiting for a runner."""
    return examine(client, compiled(), now or datetime.now(timezone.utc), patience_seconds=0.0)


def of_log(client: Elasticsearch) -> dict[str, str]:
    """What the doctor says of the log that was planted: words to level."""
    look = look_at_log(client, SOURCE, logs(compiled())[SOURCE])
    return {one.what: one.level for one in check_log(look)}


def told(found: Examination, where: str) -> dict[str, str]:
    """What is told of a place: words to level."""
    return {one.what: one.level for one in found.troubles if where in one.where}
