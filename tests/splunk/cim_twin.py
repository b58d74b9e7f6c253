"""Stand-in for `tstats` over the data model Authentication, which the SPL engine of the tests does not know.

Splunk's Search Reference, tstats: it counts by the listed fields, `_time span=1h` is the start of the hour, and
`fillnull_value` stands in for a field that an event does not have, which otherwise would not be counted. The fields carry
the name of the data model; the `rename` after it takes that off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .engine import Row

_TSTATS = re.compile(r'tstats summariesonly=false fillnull_value="([^"]*)" .* by _time span=1h (?P<by>.*)')
_RENAMED = re.compile(r"([\w.]+) AS (\w+)")


def counted(tstats: str, rename: str, events: Iterable[Row]) -> list[Row]:
    """Rows that both commands give for events with the fields of the data model, `_time` and sourcetype."""
    parsed = _TSTATS.fullmatch(tstats)
    assert parsed is not None, tstats
    names = dict(_RENAMED.findall(rename.removeprefix("rename ")))
    groups: dict[tuple[str, ...], list[float]] = {}
    fields = parsed["by"].split()
    for event in events:
        hour = event["_time"] // 3600 * 3600
        values = [event.get(field.removeprefix("Authentication.")) or parsed[1] for field in fields]
        groups.setdefault((hour, *values), []).append(event["_time"])
    columns = [names.get(field, field) for field in fields]
    return [
        {
            "_time": hour, "index": "main", "attempts": str(len(times)), "first": str(min(times)), "last": str(max(times)),
            **dict(zip(columns, values, strict=True)),
        }
        for (hour, *values), times in groups.items()
    ]  # fmt: skip
