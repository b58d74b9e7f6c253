"""Tells the forms of JSON apart: one object per line, pages and arrays, objects printed over many lines."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from .pages import JSON_ERRORS, parser_of, record_path, unwrap

_LOOKED_AT_LINES = 200
_JUDGED_BYTES = 64 << 10


@dataclass(frozen=True)
class JsonForm:
    """`kind` json is read by ijson at `path`; ndjson line by line, in place when every line seen is in order."""

    kind: Literal["ndjson", "json", "text"]
    is_direct: bool = False
    path: str = ""
    reason: str = ""


def _lines(text: bytes, is_whole: bool) -> list[bytes]:
    found = text.split(b"\n", _LOOKED_AT_LINES)
    if len(found) > _LOOKED_AT_LINES or not is_whole:
        found.pop()  # cut off by the sample
    return [line for line in found if line.strip(b" \t\r\0")]


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _is_loose_object(line: bytes) -> bool:
    """True for what only a lenient reader takes: NaN, half surrogates."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def looks_like_json(text: bytes) -> bool:
    """True when at least half of the first lines are JSON objects, whatever precedes them."""
    found = _lines(text, is_whole=True)
    return bool(found) and sum(_object(line) is not None for line in found) * 2 >= len(found)


def sniff_json(text: bytes, is_whole: bool) -> JsonForm:
    """The form of text that begins with a brace or bracket."""
    lines = _lines(text, is_whole)
    objects = [_object(line) for line in lines]
    good = [found for found in objects if found is not None]
    is_paged = any(unwrap(found) is not None for found in good)
    if len(good) == 1 and len(lines) == 1 and is_paged and not is_whole:
        return JsonForm("json", path=record_path(text[:_JUDGED_BYTES]))
    if good and (objects[0] is not None or _is_loose_object(lines[0])):
        return JsonForm("ndjson", is_direct=len(good) == len(lines) and not is_paged)
    begins = _beginning(text[:_JUDGED_BYTES])
    if good and begins != "sound":
        return JsonForm("ndjson")
    return _whole_json(text, begins, is_first_line_cut=not lines and not is_whole)


def _whole_json(text: bytes, begins: str, *, is_first_line_cut: bool) -> JsonForm:
    """JSON over many lines, or one line too long for the sample; text when not even the beginning is JSON."""
    if begins == "none":
        return JsonForm("text", reason="it begins like JSON but is not; see whether the export is complete")
    path = record_path(text[:_JUDGED_BYTES])
    if is_first_line_cut and path == "" and text.lstrip().startswith(b"{"):
        return JsonForm("ndjson")
    return JsonForm("json", path=path)


def _beginning(head: bytes, *, use_float: bool = True) -> Literal["sound", "broken", "none"]:
    """Whether the head is JSON as far as it goes: sound, broken after some of it, or none from the start."""
    tokens = 0
    try:
        for _ in parser_of(use_float=use_float).basic_parse(
            io.BytesIO(head), multiple_values=True, use_float=use_float
        ):
            tokens += 1
    except JSON_ERRORS as error:
        if use_float and "overflow" in str(error):
            return _beginning(head, use_float=False)
        if tokens >= 2 and ("premature EOF" in str(error) or "ncomplete" in str(error)):
            return "sound"
        return "broken" if tokens >= 5 else "none"
    return "sound"
