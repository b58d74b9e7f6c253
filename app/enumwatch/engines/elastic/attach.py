"""Attach: how the events of an integration come to the pipeline of their source, and how they leave it again.

Fleet calls `logs-DATASET@custom` at the end of every integration's own pipeline, where the owner of the cluster may have
processors already. Ours is one processor among them that calls our pipeline; the rest stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .contacts import logs
from .pipeline import Body, pipeline_name

# A data stream's index pattern: type, dataset and a namespace that may be anything.
_STREAM = "logs-{}-*"
_CUSTOM = "logs-{}@custom"


def custom_pipelines(rulebook: Mapping[str, Any]) -> dict[str, str]:
    """The name of our pipeline by the name of the @custom pipeline that has to call it."""
    return {
        _CUSTOM.format(dataset): pipeline_name(source)
        for source, log in logs(rulebook).items()
        for dataset in _datasets(log.indices)
    }


def other_indices(rulebook: Mapping[str, Any]) -> dict[str, str]:
    """The name of our pipeline by each index pattern that Fleet does not manage; its owner has to call it there."""
    return {
        pattern: pipeline_name(source)
        for source, log in logs(rulebook).items()
        for pattern in log.indices
        if not _datasets((pattern,))
    }


def attached(existing: Mapping[str, Any] | None, name: str) -> Body:
    """The body of a @custom pipeline that calls ours last; None is one that is not there yet."""
    body = dict(existing or {"description": "Processors of the owner of this cluster"})
    if not is_attached(body, name):
        body["processors"] = [*body.get("processors", ()), _call(name)]
    return body


def detached(existing: Mapping[str, Any], name: str) -> Body | None:
    """The body without the call of ours; None where nothing is left that would be missed."""
    body = dict(existing)
    body["processors"] = [one for one in existing.get("processors", ()) if not _calls(one, name)]
    return body if body["processors"] or body.get("on_failure") else None


def is_attached(existing: Mapping[str, Any], name: str) -> bool:
    """True where a @custom pipeline calls ours, be it by a processor that its owner wrote."""
    return any(_calls(one, name) for one in existing.get("processors", ()))


def _call(name: str) -> Body:
    # Without our pipeline events go on as if it had never been there; OpenSearch has no word of its own for that.
    return {"pipeline": {"tag": "enumwatch", "name": name, "ignore_failure": True}}


def _calls(processor: Mapping[str, Any], name: str) -> bool:
    return bool(processor.get("pipeline", {}).get("name") == name)


def _datasets(indices: tuple[str, ...]) -> list[str]:
    before, after = _STREAM.split("{}")
    return [
        pattern.removeprefix(before).removesuffix(after)
        for pattern in indices
        if pattern.startswith(before) and pattern.endswith(after)
    ]
