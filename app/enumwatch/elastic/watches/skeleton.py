"""Skeleton: what the document of a finding has whatever was found, and what scores the core gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ...core.evidence import Evidence
from ...core.judge import score_of
from ...core.verdict import HIGH, LOW, MODERATE, NO_FINDING, SEPARATOR, SPRAY, VERDICTS, Actor, Verdict
from ..documents import LONGEST_MESSAGE, MODULE, SEVERITIES, finding_json, verdict_document
from .stored import script

# The steps of the ladder as the scripts number them; the first is a spray, which they leave to the runner.
STEPS: tuple[str, ...] = (SPRAY, LOW, MODERATE, HIGH)
_MOST_NAMES = 20_000  # above so many no score changes any more
_FOUND = frozenset({"@timestamp", "message", "related", MODULE})
_FOUND_IN_EVENT = frozenset({"id", "start", "end", "severity", "risk_score", "reason"})


def documents(rule: Mapping[str, Any], rulebook: Mapping[str, Any], needs_address: bool) -> dict[str, Any]:
    """The script that makes documents of a detection's findings, with its parameters."""
    empty = _empty(rule)
    document = {
        key: value for key, value in verdict_document(finding_json(empty), rulebook).items() if key not in _FOUND
    }
    document["event"] = {key: value for key, value in document["event"].items() if key not in _FOUND_IN_EVENT}
    return script(
        "documents",
        document=document,
        nothing=empty.to_dict(),
        keys=[one.name for one in fields(Verdict)],
        actor_keys=[one.name for one in fields(Actor)],
        evidence_keys=[one.name for one in fields(Evidence)],
        severities={name: SEVERITIES[name] for name in STEPS},
        ladder=list(VERDICTS),
        longest_message=LONGEST_MESSAGE,
        separator=SEPARATOR,
        escaped='"\\\n\r\t\b\f',
        escapes='"\\nrtbf',
        needs_address=needs_address,
    )


def scores() -> list[list[list[int]]]:
    """For each step of the ladder pairs of names and score: from so many names on the core gives so much."""
    return [_changes(verdict) for verdict in STEPS]


def _changes(verdict: str) -> list[list[int]]:
    found: list[list[int]] = []
    for names in range(_MOST_NAMES):
        score = score_of(verdict, names)
        if not found or score != found[-1][1]:
            found.append([names, score])
    return found


def _empty(rule: Mapping[str, Any]) -> Verdict:
    return Verdict(
        finding_id="",
        detection=rule["id"],
        version=rule["version"],
        verdict=NO_FINDING,
        score=0,
        confidence="",
        tenant="",
        actor=Actor(),
        window_start=0,
        window_end=0,
        detected_at=0,
        mitre=list(rule["techniques"]),
    )
