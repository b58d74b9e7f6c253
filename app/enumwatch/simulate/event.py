"""The neutral event every scenario tells its story in; each shape turns it into its provider's own record."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from random import Random
from typing import NamedTuple

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

KINDS = ("sign_in", "autodiscover", "directory_read", "account_created", "account_deleted", "mail_sent")
ANSWERS = (
    "not_found",
    "exists_bad_secret",
    "exists_good_secret",
    "exists_blocked",
    "wrong_realm",
    "ambiguous",
    "noise",
    "throttled",
    "success",
)
LABELS = ("attack", "benign", "background")


class SimulateError(ValueError):
    """What was asked for cannot be simulated; the message is one line that ends in what to do."""


class SimEvent(NamedTuple):
    """One thing that happened, before any log has written it down.

    `time` is in microseconds since 1970 UTC; `answer` is one of ANSWERS and is the truth, which a log may hide;
    `detail` picks among a provider's codes with that answer ("expired", "mfa", "kerberos", ...); `target_id` is the
    directory's id of the target and empty where no such account exists. `is_past` marks what is usual in the log of an
    attack that only shows beside it; it is labelled as background.
    """

    time: int
    kind: str
    tenant: str
    src_ip: str = ""
    asn: int = 0
    country: str = ""
    user_agent: str = ""
    app: str = ""
    app_id: str = ""
    client_app: str = ""
    actor: str = ""
    host: str = ""
    target: str = ""
    answer: str = "success"
    detail: str = ""
    target_id: str = ""
    interactive: bool = True
    is_past: bool = False


@lru_cache(maxsize=4096)
def _date(day: int) -> str:
    return datetime.fromtimestamp(day * 86400, timezone.utc).strftime("%Y-%m-%d")


def clock(time: int) -> tuple[str, str, int]:
    """("2026-03-02", "09:00:05", microseconds of that second) of a time in microseconds since 1970 UTC."""
    day, rest = divmod(time, DAY)
    seconds, fraction = divmod(rest, SECOND)
    return _date(day), f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}", fraction


def iso(time: int, digits: int = 7) -> str:
    """ISO 8601 in UTC with exactly `digits` decimals (0 to 7), the precision each provider writes."""
    date, hms, fraction = clock(time)
    if digits == 0:
        return f"{date}T{hms}Z"
    return f"{date}T{hms}.{f'{fraction:06d}0'[:digits]}Z"


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 UTC; a datetime without a zone is read as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    delta = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (delta.days * 86400 + delta.seconds) * SECOND + delta.microseconds


def guid(rng: Random) -> str:
    """A version 4 GUID drawn from `rng`, so that the same seed gives the same ids."""
    bits = f"{rng.getrandbits(128):032x}"
    return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-8{bits[17:20]}-{bits[20:]}"
