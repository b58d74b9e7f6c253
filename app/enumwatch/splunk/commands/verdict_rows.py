"""Verdict rows: findings, memory and the summary as rows with the same columns, whatever was found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...core.decide import Decision
from ...core.memory.row import MemoryRow
from ...core.times import to_iso
from ...core.verdict import Verdict
from .columns import MEMORY_COLUMNS, ROW_TYPE
from .moments import epoch_text

ACTOR_COLUMNS = ("cidr", "asn", "user_agent", "app", "app_id", "client_app")
MEASURES = ("names_tried", "names_absent", "names_existing", "attempts", "addresses")
FINDING_COLUMNS = (
    *("_time", ROW_TYPE, "finding_id", "detection", "detection_version", "verdict", "score", "confidence", "tenant"),
    *("src", *ACTOR_COLUMNS, "actor", "src_host", "window_start", "window_end", "detected_at", "names_found"),
    *("compromised_accounts", "accounts_created", "reasons", "gaps", "mitre", *MEASURES, "suppressed_by", "finding"),
)
SUMMARY_COLUMNS = ("summary",)


def finding_row(verdict: Verdict) -> dict[str, Any]:
    """One finding; `finding` is the whole of it as JSON in ASCII, so that no character in it does anything."""
    whole = verdict.to_dict()
    actor, evidence = whole["actor"], whole["evidence"]
    return {
        "_time": epoch_text(verdict.detected_at),
        ROW_TYPE: "finding",
        "finding_id": verdict.finding_id,
        "detection": verdict.detection,
        "detection_version": verdict.version,
        "verdict": verdict.verdict,
        "score": verdict.score,
        "confidence": verdict.confidence,
        "tenant": verdict.tenant,
        "src": actor["ip"] or "",
        **{name: actor[name] or "" for name in ACTOR_COLUMNS},
        "actor": actor["account"] or "",
        "src_host": actor["host"] or "",
        "window_start": to_iso(verdict.window_start),
        "window_end": to_iso(verdict.window_end),
        "detected_at": to_iso(verdict.detected_at),
        "names_found": verdict.names_found,
        "compromised_accounts": verdict.compromised_accounts,
        "accounts_created": verdict.accounts_created,
        "reasons": verdict.reasons,
        "gaps": evidence["gaps"],
        "mitre": verdict.mitre,
        **{name: evidence[name] for name in MEASURES},
        "suppressed_by": json.dumps(verdict.suppressed_by) if verdict.suppressed_by else "",
        "finding": json.dumps(whole, separators=(",", ":")),
    }


def memory_row(row: MemoryRow) -> dict[str, Any]:
    """One thing to remember; times in epoch seconds."""
    return {
        ROW_TYPE: "memory",
        "memory_key": row.key,
        "tenant": row.tenant,
        "memory_kind": row.kind,
        "memory_value": row.value,
        "updated": epoch_text(row.updated),
        "expires": epoch_text(row.expires),
    }


def summary_row(summary: Mapping[str, Any]) -> dict[str, Any]:
    """What was read and what became of it, as JSON."""
    return {ROW_TYPE: "summary", "summary": json.dumps(summary, separators=(",", ":"))}


def columns(*, has_memory: bool, has_summary: bool) -> list[str]:
    """The columns of every row of one run."""
    names = [*FINDING_COLUMNS]
    if has_memory:
        names += [name for name in MEMORY_COLUMNS if name not in names]
    if has_summary:
        names += SUMMARY_COLUMNS
    return [ROW_TYPE, *(name for name in names if name != ROW_TYPE)]


def complete(rows: Iterable[Mapping[str, Any]], names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows with every column in this order, empty where a row has no value."""
    empty = dict.fromkeys(names, "")
    for row in rows:
        yield {**empty, **row}


def told(decision: Decision, is_updates: bool) -> list[Verdict]:
    """What is told: the last word on each finding, or every update."""
    return decision.updates if is_updates else decision.findings
