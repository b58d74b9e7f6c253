"""Recording: the figures of a run, with the machine they are from, into the page about it."""

from __future__ import annotations

import os
import platform

from .attempts import ROOT
from .fuzzing import Tally

PAGE = ROOT / "docs" / "fuzzing.md"
_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def record(tally: Tally, seed: int, seconds: float) -> None:
    """Replaces what stands between the two marks of the page."""
    before, _, rest = PAGE.read_text("utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    machine = f"{os.cpu_count()} cores, {memory} GiB, {platform.system()}, Python {platform.python_version()}"
    told = [
        f"Seed {seed}, {seconds:.0f} s, {len(tally.failures)} failures ({machine}):",
        "",
        "```",
        *tally.lines(),
        "```",
        "",
    ]
    PAGE.write_text(before + _BEGIN + "\n".join(told) + _END + after, encoding="utf-8")
