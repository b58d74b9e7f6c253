"""`python -m tests.bench.phases LOG`: where the time of one scan goes, in seconds of the clock."""

from __future__ import annotations

import sys
import time
from pathlib import Path

BEGAN = time.perf_counter()


def phases(log: Path) -> dict[str, float]:
    """Seconds by what the scan said it was doing."""
    from enumwatch.engines.local.scan import Request, scan
    from enumwatch.lookups import load_lookups
    from enumwatch.rulebook.compiled import compiled

    marks = [("start-up", BEGAN)]

    def note(what: str) -> None:
        marks.append(("reading" if what == str(log) else what, time.perf_counter()))

    scan(Request([str(log)], compiled(), load_lookups()), note)
    ends = [moment for _, moment in marks[1:]] + [time.perf_counter()]
    return {what: end - begin for (what, begin), end in zip(marks, ends, strict=True)}


if __name__ == "__main__":
    for name, seconds in phases(Path(sys.argv[1])).items():
        print(f"{'':9}{name:32}{seconds:9.2f}")
