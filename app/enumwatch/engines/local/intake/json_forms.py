"""Tells the forms of JSON apart: one object per line, pages and arrays, objects printed over many lines."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Literal

import ijson
import orjson

from .pages import record_path, unwrap

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
    if good and objects[0] is not None:
        return JsonForm("ndjson", is_direct=len(good) == len(lines) and not is_paged)
    path = record_path(text[:_JUDGED_BYTES])
    if not good or path:
        return _whole_json(text, path, lines, is_whole)
    return JsonForm("ndjson") if len(good) * 2 >= len(lines) else _whole_json(text, path, lines, is_whole)


def _whole_json(text: bytes, path: str, lines: list[bytes], is_whole: bool) -> JsonForm:
    """JSON over many lines, or one line too long for the sample; text when not even the beginning is JSON."""
    is_first_line_cut = not lines and not is_whole
    if not _begins_as_json(text[:_JUDGED_BYTES]):
        return JsonForm("text", reason="it begins like JSON but is not; see whether the export is complete")
    if is_first_line_cut and path == "" and text.lstrip().startswith(b"{"):
        return JsonForm("ndjson")
    return JsonForm("json", path=path)


def _begins_as_json(head: bytes) -> bool:
    """True when the head is JSON as far as its first value or its end, at least two tokens in."""
    tokens = 0
    try:
        for tokens, _ in enumerate(ijson.basic_parse(io.BytesIO(head), multiple_values=True, use_float=True), 1):
            if tokens > 10_000:
                return True
    except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
        is_cut = "premature EOF" in str(error) or "ncomplete" in str(error) or "overflow" in str(error)
        return tokens >= 2 if is_cut else tokens >= 5
    return tokens >= 1
