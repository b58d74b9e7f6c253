"""Recording: what a benchmark printed, put into a page between its marks, with what it was measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import duckdb
from tests.marks import write_between

_DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, SCALE_PAGE = _DOCS / "benchmarks.md", _DOCS / "scale.md"


def machine() -> str:
    """What figures were measured on, in one line."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )


def record(name: str, text: str, page: Path = PAGE) -> None:
    """Replaces what a page holds between the marks of a benchmark. Raises ValueError where it has no such marks."""
    begin, end = f"<!-- measured: {name} -->", f"<!-- end: {name} -->"
    write_between(page, begin, end, f"\n\n{machine()}\n\n```\n{text.strip()}\n```\n\n")
