"""Attachment: the call of one of our pipelines in a pipeline that belongs to the owner of the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...engines.elastic.attach import attached, detached
from ...engines.elastic.pipeline import pipeline_name

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Body = dict[str, Any]

CALLERS = "logs-*@custom"
_OURS = pipeline_name("")
# What a cluster tells of a pipeline and takes again.
_WRITTEN = ("description", "processors", "on_failure", "version", "_meta", "deprecated", "field_access_pattern")


def called_by(pipeline: Body) -> str:
    """Return which of our pipelines a pipeline calls; empty where none."""
    names = [str(one.get("pipeline", {}).get("name", "")) for one in pipeline.get("processors", ())]
    return next((name for name in names if name.startswith(_OURS)), "")


def get(client: Elasticsearch, name: str) -> Body:
    """Return what the owner's pipeline calls; KeyError where that is none of ours."""
    called = called_by(client.ingest.get_pipeline(id=name)[name])
    if not called:
        raise KeyError(name)
    return {"calls": called}


def every(client: Elasticsearch) -> dict[str, Body]:
    """Return every attachment by the name of the owner's pipeline."""
    found = {name: called_by(body) for name, body in client.ingest.get_pipeline(id=CALLERS).items()}
    return {name: {"calls": called} for name, called in found.items() if called}


def put(client: Elasticsearch, name: str, called: str) -> Any:
    """Lets the owner's pipeline call ours last; what else it does stays."""
    return client.ingest.put_pipeline(id=name, body=attached(_there(client, name), called))


def delete(client: Elasticsearch, name: str) -> Any:
    """Takes the call out; a pipeline that did nothing else goes."""
    there = _there(client, name) or {}
    body = detached(there, called_by(there))
    return client.ingest.put_pipeline(id=name, body=body) if body else client.ingest.delete_pipeline(id=name)


def _there(client: Elasticsearch, name: str) -> Body | None:
    from elasticsearch import NotFoundError

    try:
        found: Body = client.ingest.get_pipeline(id=name)[name]
    except (NotFoundError, KeyError):
        return None
    return {key: value for key, value in found.items() if key in _WRITTEN}
