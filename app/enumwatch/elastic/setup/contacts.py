"""Contacts: what makes the cluster itself group its logs into contacts, as pipelines and transforms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .piece import Piece


def contact_pieces(rulebook: Mapping[str, Any]) -> list[Piece]:
    """Return the pipelines, then the transforms that read what they add."""
    return []
