"""Times: whole microseconds since 1970-01-01 UTC inside, ISO 8601 text outside."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


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
    text = text.strip()
    if text[-1:] in "Zz":
        text = text[:-1] + "+00:00"
    head, dot, tail = text.partition(".")
    if dot:
        digits = len(tail) - len(tail.lstrip("0123456789"))
        head += "." + tail[:digits][:6].ljust(6, "0") + tail[digits:]
    moment = datetime.fromisoformat(head)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def hour_of(time: int) -> int:
    """Start of the UTC hour a time lies in."""
    return time - time % HOUR


def day_of(time: int) -> int:
    """Start of the UTC day a time lies in."""
    return time - time % DAY


def minutes_between(first: int, last: int) -> int:
    """Minute boundaries crossed between two times, as Kusto's datetime_diff('minute', …) counts them."""
    return last // MINUTE - first // MINUTE
