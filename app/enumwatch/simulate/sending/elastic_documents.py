"""Elastic documents: a log's records as its integration writes them, marked, each with an id that a repeat has too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...core.times import to_iso
from ...elastic.runner.bulk import Action
from ...rulebook.compiled import compiled
from ..event import SimulateError
from ..shapes import SHAPES
from .manifest import Manifest, Part
from .marks import LABEL, NAMESPACE, RUN, SCENARIO, SOURCE, TAG, document_id, index_of
from .playing import Play

# Of the forms of a log, the first of these that it has.
_FORMS = ("ecs", "winlogbeat")
NO_PIPELINE = "_none"  # the documents are what the integration's own pipeline would have made


def form_of(source: str) -> str:
    """The form in which a log lies in Elasticsearch; raises SimulateError where no integration reads it."""
    _place(source)
    return next(form for form in _FORMS if form in SHAPES[source].forms)


def place_of(source: str) -> str:
    """The data stream of tests that the readers of a log find; raises SimulateError."""
    return index_of(_place(source))


def places() -> dict[str, str]:
    """Every data stream of tests, by its log."""
    return {name: place_of(name) for name, rule in compiled()["sources"].items() if "elastic" in rule}


def actions(manifest: Manifest, play: Play, part: Part, pipelines: Mapping[str, str]) -> Iterator[Action]:
    """What creates each document of a part that is not there yet; `pipelines` says which pipeline a log goes through."""
    source, scenario = play.shape.id, play.told.scenario.id
    ingested = to_iso(manifest.began)
    for number, one in enumerate(play.labelled()):
        document: dict[str, Any] = {**one.record}
        document["labels"] = {RUN: manifest.run, SCENARIO: scenario, SOURCE: source, LABEL: one.label}
        document["tags"] = [TAG]
        document["event"] = {**document.get("event", {}), "ingested": ingested}
        if "data_stream" in document:
            document["data_stream"] = {**document["data_stream"], "namespace": NAMESPACE}
        unique = document_id(manifest.run, scenario, source, number)
        pipeline = pipelines.get(source, NO_PIPELINE)
        yield {"create": {"_index": part.place, "_id": unique, "pipeline": pipeline}}, document


def _place(source: str) -> str:
    rule = compiled()["sources"][source].get("elastic")
    if not rule:
        known = ", ".join(name for name, one in compiled()["sources"].items() if "elastic" in one)
        raise SimulateError(f"no integration of Elastic reads {source}: choose --source {known}")
    return str(rule["indices"][0])
