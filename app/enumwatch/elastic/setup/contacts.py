"""Contacts: what makes the cluster itself group its logs into contacts: pipelines, their callers, and transforms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ...engines.elastic.attach import custom_pipelines, other_indices
from ...engines.elastic.enrichment import tags_pipeline
from ...engines.elastic.pipeline import pipelines
from ...engines.elastic.pivot import document_pipeline, transforms
from .enrich import policy_name
from .piece import Piece


def contact_pieces(rulebook: Mapping[str, Any], tables: Collection[str] = ()) -> list[Piece]:
    """Return what is needed, in the order in which it is made: nothing is called before it is there.

    `tables` are those whose enrich policies are there; events are then also given what they know.
    """
    tags = tags_pipeline({table: policy_name(table) for table in tables}) if tables else {}
    bodies = {**tags, **document_pipeline(), **pipelines(rulebook, has_tags=bool(tables))}
    return [
        *(Piece("pipeline", name, body) for name, body in bodies.items()),
        *(Piece("transform", name, body) for name, body in transforms(rulebook).items()),
        *(Piece("attachment", name, {"calls": called}) for name, called in custom_pipelines(rulebook).items()),
    ]


def unattached(rulebook: Mapping[str, Any]) -> list[str]:
    """Return a line for each log whose pipeline is the owner's business."""
    return [
        f"events of {pattern} become contacts when the pipeline of that index calls {name}; only its owner can do that"
        for pattern, name in other_indices(rulebook).items()
    ]
