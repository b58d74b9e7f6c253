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
_DEFAULT_LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%]*) [A-Z_]+ \S+ \S+ \d+ \S+ "
    r"(?:[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%]*) \S+ \S+ \d{3} \d+ \d+ \d+$"
)
_LOOKED_AT_LINES = 100


def _body(text: bytes) -> list[bytes]:
    found = [line.strip() for line in text.split(b"\n")[:_LOOKED_AT_LINES]]
    return [line for line in found if line and not line.startswith(b"#")]


def looks_like_w3c(text: bytes) -> bool:
    """True for lines of many words that begin with a date or time and hold an HTTP method."""
    found = _body(text)[:10]
    hits = sum(bool(_STARTS_WITH_TIME.match(line)) and not _METHODS.isdisjoint(line.split(b" ")[:8]) for line in found)
    return bool(found) and hits * 2 >= len(found)


def is_default_line(line: str) -> bool:
    """True when a line can only be the default order: addresses, port and numbers stand where they must."""
    return _DEFAULT_LINE.match(line) is not None


def fits_default(text: bytes) -> bool:
    """True when more than half of the first lines fit the default order."""
    found = _body(text)
    fitting = sum(is_default_line(line.decode("utf-8", "replace")) for line in found)
    return fitting * 2 > len(found)
