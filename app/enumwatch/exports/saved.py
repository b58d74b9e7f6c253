"""Saved: findings read back from a file that `scan`, Splunk or Elasticsearch wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..core.evidence import Evidence
from ..core.times import EARLIEST, LATEST, from_iso
from ..core.verdict import NO_FINDING, VERDICTS, Actor, Verdict
from ..exported import NotExportedError, exported_rows
from ..rulebook.vocabulary import TECHNIQUES

Finding = dict[str, Any]

_ID = re.compile(r"ew-[0-9a-f]{16}", re.ASCII)
_EMPTY: Mapping[str, Any] = Verdict("", "", 1, NO_FINDING, 0, "low", "", Actor(), 0, 0, 0).to_dict()
_EVIDENCE: Mapping[str, Any] = Evidence().to_dict()
_ACTOR: Mapping[str, Any] = asdict(Actor())
_TIMES = ("window_start", "window_end", "detected_at")
_NEEDED = ("finding_id", "detection", "verdict", "score", *_TIMES, "actor", "evidence")
_REPAIR = "export every field of the findings as JSON, as `scan --format ndjson` writes them"


class SavedError(ValueError):
    """What is wrong with a file of findings, in one line that ends in what to do."""


def saved_findings(path: Path, detections: Mapping[str, Any]) -> list[Finding]:
    """The last word on every finding of a file, in the order of the file, with every key of the record.

    Findings that were taken back, and rows that say that there is none, are left out. Raises SavedError.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SavedError(f"{path} cannot be read: name what `scan --format ndjson` or your export wrote") from None
    last: dict[str, Finding] = {}
    try:
        for line, row in exported_rows(text):
            wrong = _wrong(row, detections)
            if wrong:
                raise SavedError(f"{path}:{line} is no finding of this version ({wrong}): {_REPAIR}")
            last.pop(row["finding_id"], None)
            if row["verdict"] != NO_FINDING and not row.get("withdrawn_at"):
                last[row["finding_id"]] = _complete(row)
    except NotExportedError as error:
        raise SavedError(f"{path}:{error.line} is no JSON: {_REPAIR}") from None
    return list(last.values())


def _wrong(row: Finding, detections: Mapping[str, Any]) -> str:
    """What keeps a row from being a finding, "" for nothing."""
    missing = [key for key in _NEEDED if key not in row]
    if missing:
        return f"{missing[0]} is missing"
    if not isinstance(row["finding_id"], str) or not _ID.fullmatch(row["finding_id"]):
        return "finding_id is none"
    if row["verdict"] not in VERDICTS:
        return "its verdict is none of the ladder"
    if row["detection"] not in detections:
        return "no rule made it"
    for key in _TIMES:
        if not _is_time(row[key]):
            return f"{key} is no time"
    if isinstance(row.get("mitre"), list) and not all(
        one in TECHNIQUES for one in row["mitre"] if isinstance(one, str)
    ):
        return "mitre names a technique that no rule has"
    for part, empty in ((row, _EMPTY), (row["actor"], _ACTOR), (row["evidence"], _EVIDENCE)):
        found = _misfit(part, empty)
        if found:
            return found
    return ""


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and EARLIEST <= from_iso(value) < LATEST
    except (ValueError, OverflowError):
        return False


def _misfit(part: Any, empty: Mapping[str, Any]) -> str:
    """The first value whose sort is another than that of the record."""
    if not isinstance(part, Mapping):
        return "actor and evidence must be objects"
    for key, usual in empty.items():
        if part.get(key) is None:
            if key in _NEEDED:
                return f"{key} is missing"
        elif not _fits(key, part[key], usual):
            return f"{key} is of another sort"
    return ""


def _fits(key: str, value: Any, usual: Any) -> bool:
    if key == "ip":
        return _is_texts(value)
    if usual is None:
        return not isinstance(value, list)
    if key in ("tools", "intelligence", "timeline"):
        return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)
    if isinstance(usual, list):
        return _is_texts(value)
    if key == "names_sample":
        return isinstance(value, Mapping) and all(_is_texts(names) for names in value.values())
    if isinstance(usual, Mapping):
        return isinstance(value, Mapping)
    return isinstance(value, (int, float)) and not isinstance(value, bool) if _is_number(usual) else _is_text(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _complete(row: Finding) -> Finding:
    """The row with every key of the record and no other."""
    found = {key: _given(row, key, empty) for key, empty in _EMPTY.items()}
    found["actor"] = {key: row["actor"].get(key) for key in _ACTOR}
    found["evidence"] = {key: _given(row["evidence"], key, empty) for key, empty in _EVIDENCE.items()}
    return found


def _given(part: Finding, key: str, empty: Any) -> Any:
    """A value, or the empty one where an export left it out."""
    value = part.get(key)
    return empty if value is None else value
