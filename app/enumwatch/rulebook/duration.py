"""Durations: `90s`, `10m`, `1h`, `7d` as whole seconds."""

from __future__ import annotations

import re

_DURATION = re.compile(r"([0-9]{1,6})([smhd])\Z")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_UNIT_NAMES = {"s": "second", "m": "minute", "h": "hour", "d": "day"}


def parse_duration(text: str) -> int | None:
    """Seconds of a duration, None where the text is none; `0s` is one."""
    found = _DURATION.match(text)
    return int(found.group(1)) * _UNIT_SECONDS[found.group(2)] if found else None


def spell_duration(text: str) -> str:
    """A duration in words: `1h` is "1 hour", `90s` is "90 seconds"; any other text is returned as it is."""
    found = _DURATION.match(text)
    if not found:
        return text
    count = int(found.group(1))
    return f"{count} {_UNIT_NAMES[found.group(2)]}{'' if count == 1 else 's'}"
