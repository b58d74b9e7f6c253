"""Definitions of lookups: every table in `lookups/`, and the collections in which findings and memory are kept."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping

from ...lookups import shipped_lookups
from .confs import Stanza
from .detections import has_memory
from .guidance import rules
from .names import FINDINGS, MEMORY_COLUMNS, RUN_COLUMNS, RUNS, memory_of

# How a table is asked where an equal text, in any case, is not enough. Those whose values are of several types are
# read by the commands as a whole; asked by hand they answer for what is equal or fits a pattern.
MATCHED: Mapping[str, str] = {
    "enumwatch_allowlist": "WILDCARD(value)",
    "enumwatch_networks": "CIDR(cidr)",
    "enumwatch_sensitive_accounts": "WILDCARD(account)",
    "enumwatch_approved_creators": "WILDCARD(actor)",
}

# Codes of a log mean what they mean in their own case only.
EXACT = frozenset({"enumwatch_outcome_keys"})

FINDING_FIELDS: Mapping[str, str] = {
    "finding_id": "string",
    "detection": "string",
    "detection_version": "number",
    "verdict": "string",
    "score": "number",
    "confidence": "string",
    "tenant": "string",
    "src": "",
    "cidr": "string",
    "asn": "string",
    "user_agent": "string",
    "app": "string",
    "app_id": "string",
    "client_app": "string",
    "actor": "string",
    "src_host": "string",
    "window_start": "string",
    "window_end": "string",
    "detected_at": "string",
    "detected": "number",
    "names_found": "",
    "compromised_accounts": "",
    "accounts_created": "",
    "reasons": "",
    "gaps": "",
    "mitre": "",
    "names_tried": "number",
    "names_absent": "number",
    "names_existing": "number",
    "attempts": "number",
    "addresses": "number",
    "suppressed_by": "string",
    "triage_answers": "",
    "escalate": "string",
    "conditions_met": "",
    "next_steps": "",
    "tier2_steps": "",
    "containment_steps": "",
    "cautions": "",
    "triage": "string",
    "finding": "string",
}
_MEMORY_TYPES = {"updated": "number", "expires": "number"}  # epoch seconds


def stanzas() -> Iterator[Stanza]:
    """Yield transforms of the tables in the order of their names, then collections with their transforms."""
    for file in sorted(shipped_lookups().glob("*.csv")):
        yield Stanza("transforms", file.stem, _table_keys(file.stem, file.name))
    yield from _kept(FINDINGS, FINDING_FIELDS, {"detected": 1})
    runs = {name: "number" if name == "ended" else "string" for name in RUN_COLUMNS}
    yield from _kept(RUNS, runs, {"ended": 1})
    for detection in rules().detections.values():
        if has_memory(detection):
            fields = {name: _MEMORY_TYPES.get(name, "string") for name in MEMORY_COLUMNS}
            yield from _kept(memory_of(detection.id), fields, {"tenant": 1, "memory_kind": 1})


def columns_of(table: str) -> list[str]:
    """Return the columns of a table in `lookups/`, as its first line names them."""
    with (shipped_lookups() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _table_keys(name: str, file: str) -> dict[str, str]:
    keys = {"filename": file, "case_sensitive_match": "true" if name in EXACT else "false"}
    if name in MATCHED:
        keys["match_type"] = MATCHED[name]
    return keys


def _kept(name: str, fields: Mapping[str, str], accelerated: Mapping[str, int]) -> Iterator[Stanza]:
    """A collection and the lookup that reads it; a field without a type may hold several values."""
    types = {f"field.{field}": sort for field, sort in fields.items() if sort}
    how = {f"accelerated_fields.by_{'_'.join(accelerated)}": json.dumps(accelerated)}
    yield Stanza("collections", name, {"enforceTypes": "false", **types, **how})
    listed = ", ".join(["_key", *fields])
    yield Stanza("transforms", name, {"external_type": "kvstore", "collection": name, "fields_list": listed})
