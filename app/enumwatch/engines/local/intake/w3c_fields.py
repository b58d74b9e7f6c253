"""Field names of W3C extended logs, and whether lines without a #Fields line can be read in the default order."""

from __future__ import annotations

import re

# The default selection and order of IIS 7 and later (Microsoft Learn, "W3C Logging").
DEFAULT_FIELDS = (
    "date", "time", "s-ip", "cs-method", "cs-uri-stem", "cs-uri-query", "s-port", "cs-username", "c-ip",
    "cs(User-Agent)", "cs(Referer)", "sc-status", "sc-substatus", "sc-win32-status", "time-taken",
)  # fmt: skip
# IIS writes a space inside these as a plus sign; everywhere else a plus sign is one.
PLUS_FIELDS = frozenset({"cs(User-Agent)", "cs(Referer)", "cs(Cookie)"})

_STARTS_WITH_TIME = re.compile(rb"(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d \S")
_METHODS = {b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PROPFIND", b"RPC_IN_DATA", b"RPC_OUT_DATA"}
_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{2,45}(?:%\w{1,20})?\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_TIME = re.compile(r"\d\d:\d\d:\d\d\Z")
_WORD = re.compile(r"[A-Z_]{2,40}\Z")
_NUMBER = re.compile(r"\d{1,10}\Z")
# Position in the default order -> what can stand there; the other positions take any word.
_SHAPES = {
    0: _DATE, 1: _TIME, 2: _ADDRESS, 3: _WORD, 6: _NUMBER, 8: _ADDRESS,
    11: _NUMBER, 12: _NUMBER, 13: _NUMBER, 14: _NUMBER,
}  # fmt: skip
_LOOKED_AT_LINES = 100


def _body(text: bytes) -> list[bytes]:
    found = [line.strip() for line in text.split(b"\n")[:_LOOKED_AT_LINES]]
    return [line for line in found if line and not line.startswith(b"#")]


def looks_like_w3c(text: bytes) -> bool:
    """True for lines of many words that begin with a date or time and hold an HTTP method."""
    found = _body(text)[:10]
    hits = sum(bool(_STARTS_WITH_TIME.match(line)) and not _METHODS.isdisjoint(line.split(b" ")[:8]) for line in found)
    return bool(found) and hits * 2 >= len(found)


def is_default_order(tokens: list[str]) -> bool:
    """True when the words of a line fit the default order: addresses, port and numbers stand where they must."""
    return len(tokens) == len(DEFAULT_FIELDS) and all(
        shape.match(tokens[position]) is not None for position, shape in _SHAPES.items()
    )


def fits_default(text: bytes) -> bool:
    """True when more than half of the first lines fit the default order."""
    found = _body(text)
    fitting = sum(is_default_order(line.decode("utf-8", "replace").split(" ")) for line in found)
    return fitting * 2 > len(found)
