"""Invariants: what holds of every attempt, whatever it was given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .attempts import Ended
from .cases import SUMMARY, Case

MEBIBYTES_AT_MOST = 600.0  # what the command promises for any input; see docs/benchmarks.md
_CODES = (0, 1, 2)
_ACTING = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_FAULTS = (
    "Traceback (most recent",
    "enumwatch: unexpected",
    "Exception ignored",
    "Fatal Python",
    "panicked at",
    "Warning: ",
)
_OTHER = ("events", "duplicates", "not_relevant", "unreadable", "skipped")

Sound = Mapping[str, Any]


def broken(case: Case, ended: Ended, folder: Path, sound: Sound) -> Iterator[str]:
    """What did not hold, each as one line. `sound` are the findings of the sound log alone, by id."""
    if ended.code not in _CODES:
        yield f"ended with {'no end in time' if ended.code is None else ended.code}: {ended.stderr[-400:]!r}"
        return
    for word in _FAULTS:
        if word in ended.stderr:
            yield f"standard error holds {word!r}: {_line_with(word, ended.stderr)!r}"
    for stream, text in (("output", ended.stdout), ("error", ended.stderr)):
        found = _ACTING.search(text)
        if found:
            yield f"standard {stream} holds {found[0]!r}: {text[max(0, found.start() - 60) : found.end() + 20]!r}"
    if ended.mebibytes > MEBIBYTES_AT_MOST:
        yield f"took {ended.mebibytes:.0f} MiB"
    if ended.code == 2 and not (ended.stderr + ended.stdout).strip():
        yield "ended with 2 and said nothing"
    if case.is_scan:
        yield from _of_scan(ended, folder, sound)


def _line_with(word: str, text: str) -> str:
    return next(line for line in text.splitlines() if word in line)[:400]


def _of_scan(ended: Ended, folder: Path, sound: Sound) -> Iterator[str]:
    if ended.code != 0:
        yield f"a sound log was there, and the code is {ended.code}: {ended.stderr[-300:]!r}"
        return
    summary = json.loads((folder / SUMMARY).read_text("utf-8"))
    without_time = {one["path"] for one in summary["unreadable_times"]}
    for file in summary["files"]:
        yield from _of_file(file, has_told=file["path"] in without_time)
    found = {row["finding_id"]: row for row in map(json.loads, ended.stdout.splitlines())}
    for name, row in sound.items():
        if found.get(name) != row:
            told = (
                sorted(key for key in row if found.get(name, {}).get(key) != row[key]) if name in found else "missing"
            )
            yield f"finding {name} of the sound log is another: {told}"


def _of_file(file: Mapping[str, Any], *, has_told: bool) -> Iterator[str]:
    rest = file["records"] - sum(file[name] for name in _OTHER)
    if rest < 0 or (rest and file["source"] != ["contacts"]):
        yield f"{rest} records are not accounted for: {file}"
    is_told = bool(has_told or file["reason"] or file["problems"] or file["duplicate_of"])
    lost = file["skipped"] + file["unreadable"]
    if lost and not is_told:
        yield f"{lost} records are lost without a word: {file}"
    if not file["records"] and not is_told:
        yield f"nothing was read and nothing said: {file}"
    said = json.dumps([file["reason"], file["problems"]])
    if "unexpected" in said:
        yield f"an unexpected fault: {said}"
