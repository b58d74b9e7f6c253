"""Recording: the figures of a run, with the machine they are from, into the page about it."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence

from .attempts import ROOT
from .fuzzing import Tally

PAGE = ROOT / "docs" / "fuzzing.md"
_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def record(tally: Tally, seeds: Sequence[int], seconds: float) -> None:
    """Replaces what stands between the two marks of the page."""
    before, _, rest = PAGE.read_text("utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
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
    PAGE.write_text(before + _BEGIN + "\n".join(told) + _END + after, encoding="utf-8")


def _seeds(seeds: Sequence[int]) -> str:
    return f"Seed {seeds[0]}" if len(seeds) == 1 else f"Seeds {' and '.join(map(str, seeds))}"
