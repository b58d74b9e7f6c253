"""Judgement: the verdict of a moment."""

from __future__ import annotations

from typing import NamedTuple, Tuple


class Judgement(NamedTuple):
    """What an incident's counts support."""

    verdict: str
    detection: str
    steps_raised: Tuple[str, ...] = ()  # why the ladder went up
