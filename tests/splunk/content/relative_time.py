"""Relative times as Splunk's manual "Specify time modifiers in your search" has them, in UTC: -65m@m, -7d@d, @h, now, +1h."""

from __future__ import annotations

import re

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_RELATIVE = re.compile(r"(?=.)(?:([+-]\d+)([smhdw]))?(?:@([smhd]))?")


def moment(text: str, now: float) -> float:
    """Epoch seconds of a relative time; raises ValueError for a text that is none."""
    if text == "now":
        return now
    found = _RELATIVE.fullmatch(text)
    if not found:
        raise ValueError(f"no relative time: {text!r}")
    time = now + int(found[1]) * _SECONDS[found[2]] if found[1] else now
    return time // _SECONDS[found[3]] * _SECONDS[found[3]] if found[3] else time
