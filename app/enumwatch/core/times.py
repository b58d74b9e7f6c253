"""Times: whole microseconds since 1970-01-01 UTC inside, ISO 8601 text outside."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# Outside of these no log says when something happened: zero times of other systems lie before, marks of "never" after,
# and windows can still be added to the last.
EARLIEST, LATEST = 0, 221_845_392_000 * SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

# What datetime.fromisoformat takes for ISO grew with every Python; a time must mean the same under all of them.
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ]((?:[01]\d|2[0-3]):\d\d(?::\d\d)?)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):?([0-5]\d))?)?",
    re.ASCII,
)


def to_iso(time: int) -> str:
    """ISO text of a time in microseconds, `2026-03-02T09:00:00Z`, with a fraction only where there is one."""
    moment = _EPOCH + timedelta(microseconds=time)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    fraction = time % SECOND
    if fraction:
        text += f".{fraction:06d}".rstrip("0")
    return text + "Z"


def from_iso(text: str) -> int:
    """Microseconds of an ISO time; a time without zone is UTC, digits beyond the sixth are dropped.

    Raises ValueError where the text is no ISO date or time.
    """
    found = _ISO.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not an ISO date or time: {text!r}")
    day, clock, fraction, sign, hours, minutes = found.groups()
    moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}").replace(tzinfo=timezone.utc)
    time = (moment - _EPOCH) // timedelta(microseconds=1) + int((fraction or "")[:6].ljust(6, "0"))
    offset = int(hours or 0) * HOUR + int(minutes or 0) * MINUTE
    return time + offset if sign == "-" else time - offset


def hour_of(time: int) -> int:
    """Start of the UTC hour a time lies in."""
    return time - time % HOUR


def day_of(time: int) -> int:
    """Start of the UTC day a time lies in."""
    return time - time % DAY


def minutes_between(first: int, last: int) -> int:
    """Minute boundaries crossed between two times, as Kusto's datetime_diff('minute', …) counts them."""
    return last // MINUTE - first // MINUTE
