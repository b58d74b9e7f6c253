"""Recording: what a benchmark printed, put into a page between its marks, with what it was measured on."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

import duckdb

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
    marks = f"<!-- measured: {name} -->", f"<!-- end: {name} -->"
    whole = page.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(marks[0])}.*?{re.escape(marks[1])}", re.DOTALL)
    if not pattern.search(whole):
        raise ValueError(f"{page.name}: no marks of {name}: write {marks[0]} and {marks[1]} where its figures belong")
    block = f"{marks[0]}\n\n{machine()}\n\n```\n{text.strip()}\n```\n\n{marks[1]}"
    page.write_text(pattern.sub(lambda _: block, whole), encoding="utf-8", newline="\n")
