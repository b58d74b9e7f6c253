"""Reads NDJSON line by line: what is a JSON object goes on, what is not is named and left out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import orjson

from .lines import lines
from .pages import write_record
from .records import Limits, Problems
from .spool import Spool

_EXPECTED = "one JSON object per line"
_DECODER = json.JSONDecoder()


def convert_ndjson(chunks: Iterable[bytes], spool: Spool, problems: Problems, limits: Limits) -> None:
    """Writes every good line to the spool, pages unwrapped; bad lines become problems with their number."""
    for number, raw in lines(chunks, limits.max_line_bytes):
        if raw is None:
            problems.bad_record(number, f"the line is longer than {limits.max_line_bytes} bytes", _EXPECTED)
            continue
        line = raw.strip(b"\0 \t\r")
        if not line:
            continue
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            _mend(number, line, str(error), spool, problems)
        else:
            write_record(found, number, spool, problems)


def _mend(number: int, line: bytes, fault: str, spool: Spool, problems: Problems) -> None:
    """Takes objects that stand on one line without a line feed between them; anything else is a bad record."""
    if "UTF-8 byte order mark" in fault or line.startswith(b"\xef\xbb\xbf"):
        line = line.removeprefix(b"\xef\xbb\xbf")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        problems.bad_record(number, "the line holds bytes that are not UTF-8", _EXPECTED)
        return
    try:
        parts = _several(text)
    except (ValueError, RecursionError):
        problems.bad_record(number, "the line is not valid JSON", _EXPECTED)
        return
    for part in parts:
        write_record(part, number, spool, problems)


def _several(text: str) -> list[Any]:
    found, position = [], 0
    while position < len(text):
        value, position = _DECODER.raw_decode(text, position)
        found.append(value)
        while position < len(text) and text[position] in " \t\r":
            position += 1
    return found
