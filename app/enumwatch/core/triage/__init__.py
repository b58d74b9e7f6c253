"""Triage: a playbook's questions answered from one finding and what is known around it."""

from __future__ import annotations

from .known import NOTHING_KNOWN, Known, Reading
from .queries import LANGUAGES
from .subject import MOST_AROUND, Wanted, is_told_by, known_around, wanted
from .triage import cautions_of, triage

__all__ = [
    "LANGUAGES",
    "MOST_AROUND",
    "NOTHING_KNOWN",
    "Known",
    "Reading",
    "Wanted",
    "cautions_of",
    "is_told_by",
    "known_around",
    "triage",
    "wanted",
]
