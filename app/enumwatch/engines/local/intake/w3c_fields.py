"""Field names of W3C extended logs, and which columns a line has that no #Fields line precedes."""

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


def _is_default_order(tokens: list[str]) -> bool:
    return len(tokens) == len(DEFAULT_FIELDS) and all(
        shape.match(tokens[position]) is not None for position, shape in _SHAPES.items()
    )


def assumed_fields(tokens: list[str]) -> tuple[str, ...] | None:
    """The columns of a line that no #Fields line precedes: the default order, or the run of request columns that every
    layout of Exchange keeps, found by what can stand in it. Other columns are called by
    their number. None: no line of IIS.
    """
    if _is_default_order(tokens):
        return DEFAULT_FIELDS
    start = next((begin for begin in _REQUEST_BEGINS if _is_request(tokens, begin)), None)
    if start is None or not _DATE.match(tokens[0]) or not _TIME.match(tokens[1]):
        return None
    after = start + len(_REQUEST)
    status = next((place for place in range(after, len(tokens) - 2) if _is_status(tokens, place)), None)
    if status is None:
        return None
    names = [f"column_{number}" for number in range(1, len(tokens) + 1)]
    names[:2] = DEFAULT_FIELDS[:2]
    names[start:after] = _REQUEST
    names[status : status + 3] = DEFAULT_FIELDS[11:14]
    return tuple(names)


_REQUEST = DEFAULT_FIELDS[2:10]  # from s-ip to cs(User-Agent)
_REQUEST_BEGINS = (2, 3, 4)  # s-sitename and s-computername can stand before it
_STATUS = re.compile(r"[1-5]\d\d\Z")


def _is_request(tokens: list[str], start: int) -> bool:
    return (
        len(tokens) > start + len(_REQUEST)
        and all(shape.match(tokens[start + place - 2]) for place, shape in _SHAPES.items() if 2 <= place < 10)
        and tokens[start + 2].startswith("/")
    )


def _is_status(tokens: list[str], place: int) -> bool:
    return bool(_STATUS.match(tokens[place])) and all(_NUMBER.match(token) for token in tokens[place + 1 : place + 3])


def fits_assumed(text: bytes) -> bool:
    """True when the columns of more than half of the first lines can be told."""
    found = _body(text)
    fitting = sum(assumed_fields(line.decode("utf-8", "replace").split(" ")) is not None for line in found)
    return fitting * 2 > len(found)
