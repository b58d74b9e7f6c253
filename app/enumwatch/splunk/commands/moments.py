"""Moments: times as Splunk writes them, seconds since 1970 with a fraction, and as the core counts them."""

from __future__ import annotations

from ...core.times import EARLIEST, LATEST, SECOND, from_iso

_LATEST = 10**11  # seconds; a larger number was written in other units


def micro_of(text: str) -> int:
    """Microseconds of a time in epoch seconds, exact to the sixth decimal, or in ISO form; raises ValueError."""
    second, _, fraction = text.partition(".")
    if second.isdigit() and second.isascii() and (not fraction or (fraction.isdigit() and fraction.isascii())):
        whole = int(second)
        if whole >= _LATEST:
            raise ValueError(f"no time in seconds: {text[:40]}")
        return whole * SECOND + int(fraction[:6].ljust(6, "0"))
    if "-" in text[1:] and "e" not in text.lower():
        time = from_iso(text)
        if not EARLIEST <= time < LATEST:
            raise ValueError(f"no time of a log: {text[:40]}")
        return time
    number = float(text)  # 1.7e9, as some commands of Splunk write large numbers
    if not 0 <= number < _LATEST:
        raise ValueError(f"no time in seconds: {text[:40]}")
    return round(number * SECOND)


def epoch_text(time: int) -> str:
    """Epoch seconds of a time in microseconds, with a fraction only where there is one."""
    second, fraction = divmod(time, SECOND)
    return f"{second}.{fraction:06d}".rstrip("0") if fraction else str(second)
