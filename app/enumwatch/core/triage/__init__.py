"""Triage: a playbook's questions answered from one finding and what is known around it."""

from __future__ import annotations

from .known import NOTHING_KNOWN, Known, Reading
from .queries import LANGUAGES
from .subject import Wanted, is_told_by, wanted
from .triage import triage

__all__ = ["LANGUAGES", "NOTHING_KNOWN", "Known", "Reading", "Wanted", "is_told_by", "triage", "wanted"]
