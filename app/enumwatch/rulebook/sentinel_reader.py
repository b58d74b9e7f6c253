"""Reads what a source file says about its log in Microsoft Sentinel, and brings in what its rules and the lookup say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.outcome import FALLBACKS, OUTCOMES
from ..lookups import load_table
from .problems import Trail, place
from .reader import Reader
from .vocabulary import EVENT_FIELDS, KINDS

_GIVEN = frozenset({"kind", "source", "time", "outcome", "reason", "event_id"})  # never columns of the table
SENTINEL_COLUMNS: tuple[str, ...] = tuple(name for name in EVENT_FIELDS if name not in _GIVEN)


def check_sentinel(reader: Reader, value: Any, trail: Trail) -> None:
    """Notes faults of the section: `rows`, `columns` in KQL, and perhaps `where`, `kinds`, `rules_tell_by`."""
    content = reader.mapping(value, trail, ("rows", "columns"), ("where", "kinds", "rules_tell_by"))
    for key in ("rows", "where"):
        reader.take(content, key, reader.text, "", trail)
    reader.take(content, "kinds", reader.some_of(KINDS), (), trail)
    key = reader.take(content, "rules_tell_by", reader.name, "", trail)
    columns = reader.take(content, "columns", reader.any_mapping, {}, trail)
    for name, text in columns.items():
        where = (*trail, "columns", name)
        reader.text(text, where)
        if name not in (*SENTINEL_COLUMNS, key):
            reader.add(where, f"{place(where)} is no column", "one of " + ", ".join(SENTINEL_COLUMNS), name)
    if key and key not in columns:
        reader.add((*trail, "rules_tell_by"), "the rules tell kinds by no column", "one of " + ", ".join(columns), key)


def compiled_sentinel(content: Mapping[str, Any]) -> dict[str, Any]:
    """The section of a source: `key` is the column that tells kinds, `kinds` its values for each, none where all rows are of
    one kind; `outcomes` has the codes of each outcome that the lookup tells by the code alone."""
    section = content["sentinel"]
    by_key = section.get("rules_tell_by", "")
    columns = dict(section["columns"])
    kinds: dict[str, list[str]] = {kind: [] for kind in section.get("kinds", content["kinds"])}
    for rule in content["event"] if by_key else ():
        keys, kind = rule.get("when", {}).get(by_key), rule["set"].get("kind")
        if isinstance(keys, list) and kind in kinds:
            kinds[kind] += [one for one in keys if one not in kinds[kind]]
    key = columns.pop(by_key) if by_key else ""
    outcomes = _outcomes(content["provider"])
    made = {"rows": section["rows"], "where": section.get("where", ""), "columns": columns}
    return {**made, "key": key, "kinds": kinds, "outcomes": outcomes}


def _outcomes(provider: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {outcome: [] for outcome in OUTCOMES}
    own: set[str] = set()
    for name in (provider, FALLBACKS.get(provider)):
        rows = [row for row in load_table("outcomes").rows if row["provider"] == name and not row["reason"]]
        for row in rows:
            if row["code"] not in own:
                found[row["outcome"]].append(row["code"])
        own |= {row["code"] for row in rows}
    return {outcome: codes for outcome, codes in found.items() if codes}
