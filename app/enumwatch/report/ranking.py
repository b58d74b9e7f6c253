"""Findings in the order a reader should meet them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from enumwatch.report.labels import SEVERITY

Verdict = Mapping[str, Any]
"""One verdict in its JSON form."""

Summary = Mapping[str, Any]
"""The summary of one run in its JSON form."""

_RANK = {name: rank for rank, name in enumerate(SEVERITY)}


def worst_first(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Returns the verdicts, suppressed ones last, then by verdict, score, start and id; ties never depend on input."""
    return sorted(verdicts, key=_key)


def is_suppressed(verdict: Verdict) -> bool:
    """Returns whether an allowlist entry covers this finding."""
    return bool(verdict.get("suppressed_by"))


def _key(verdict: Verdict) -> tuple[bool, int, float, str, str]:
    rank = _RANK.get(str(verdict.get("verdict")), len(_RANK))
    score = verdict.get("score")
    return (
        is_suppressed(verdict),
        rank,
        -float(score) if isinstance(score, (int, float)) else 0.0,
        str(verdict.get("window_start")),
        str(verdict.get("finding_id")),
    )
