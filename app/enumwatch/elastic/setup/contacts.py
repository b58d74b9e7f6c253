"""Contacts: what makes the cluster itself group its logs into contacts, as pipelines and transforms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...engines.elastic.pipeline import pipelines
from ...engines.elastic.pivot import document_pipeline, transforms
from .piece import Piece


def contact_pieces(rulebook: Mapping[str, Any]) -> list[Piece]:
    """Return the pipelines, then the transforms that read what they add."""
    every = {**pipelines(rulebook), **document_pipeline()}
    return [
        *(Piece("pipeline", name, body) for name, body in every.items()),
        *(Piece("transform", name, body) for name, body in transforms(rulebook).items()),
    ]
