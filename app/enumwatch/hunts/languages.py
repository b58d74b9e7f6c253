"""Languages that a hunt is told in: where its text runs, and how it is called."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.triage.queries import LANGUAGES

# How each is called, and how a page marks its text.
FENCES: Mapping[str, tuple[str, str]] = {
    "spl": ("SPL", "spl"),
    "esql": ("ES|QL", "esql"),
    "kql": ("KQL", "kql"),
    "sql": ("SQL", "sql"),
}

__all__ = ["FENCES", "LANGUAGES"]
