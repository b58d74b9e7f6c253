"""The NDJSON file that converters write to, in the caller's scratch folder."""

from __future__ import annotations

import math
import os
import re
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

# DuckDB refuses JSON nested deeper than 128; no log is.
MAX_DEPTH = 100
_BRACKET = re.compile(rb"[\[\]{}]")


class TooDeepError(ValueError):
    """A record is nested deeper than MAX_DEPTH."""


def new_file(scratch: Path, suffix: str) -> tuple[int, str]:
    """An open descriptor and the path of a new file, readable by this user only."""
    return tempfile.mkstemp(prefix="spool-", suffix=suffix, dir=scratch)


class Spool:
    """Writes records as NDJSON. A context manager; `records` counts the lines written."""

    def __init__(self, scratch: Path) -> None:
        descriptor, self.file = new_file(scratch, ".ndjson")
        self._out = os.fdopen(descriptor, "wb", buffering=1 << 20)
        self.records = 0

    def write(self, record: dict[str, Any]) -> None:
        """Appends one record. Raises TooDeepError when it is nested deeper than DuckDB reads."""
        try:
            line = orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
        except (TypeError, ValueError):  # integers beyond 64 bits, half surrogates, too deep
            line = orjson.dumps(_plain(record, MAX_DEPTH), option=orjson.OPT_APPEND_NEWLINE)
        if line.count(b"{") + line.count(b"[") > MAX_DEPTH and _is_too_deep(line):
            _plain(record, MAX_DEPTH)
        self._out.write(line)
        self.records += 1

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.close()


def _is_too_deep(line: bytes) -> bool:
    """A cheap upper bound: brackets inside strings count too, so True only means that a closer look is needed."""
    depth = 0
    for match in _BRACKET.finditer(line):
        depth += 1 if match.group() in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _plain(value: Any, depth_left: int) -> Any:
    if depth_left < 0:
        raise TooDeepError
    if isinstance(value, dict):
        return {_text(str(name)): _plain(part, depth_left - 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, depth_left - 1) for part in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
        return str(value)
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    number = float(value)  # Decimal, where a JSON number does not fit 64 bits
    return number if math.isfinite(number) else str(value)


def _text(value: str) -> str:
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
