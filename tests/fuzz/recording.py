"""Recording: the figures of a run, with the machine they are from, into the page about it."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence

from tests.marks import write_between

from .attempts import ROOT
from .fuzzing import Tally

PAGE = ROOT / "docs" / "fuzzing.md"
_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def record(tally: Tally, seeds: Sequence[int], seconds: float) -> None:
    """Replaces what stands between the two marks of the page."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    machine = f"{os.cpu_count()} cores, {memory} GiB, {platform.system()}, Python {platform.python_version()}"
    told = [
        f"{_seeds(seeds)}, {seconds:.0f} s each, {tally.cases:,} cases and the giants, {len(tally.failures)} failures; "
        "the worst is "
        f"{max(tally.mebibytes.values(), default=0):.0f} MiB and {max(tally.seconds.values(), default=0):.1f} s ({machine}):",
        "",
        "```",
        *tally.lines(),
        "```",
        "",
    ]
    write_between(PAGE, _BEGIN, _END, "\n".join(told))


def _seeds(seeds: Sequence[int]) -> str:
    return f"Seed {seeds[0]}" if len(seeds) == 1 else f"Seeds {' and '.join(map(str, seeds))}"
