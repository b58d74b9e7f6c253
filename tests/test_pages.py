"""Pages are Markdown that reads as it is meant: tables have as many cells in each row as in their head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BAR = re.compile(r"(?<!\\)\|")


def broken_rows(text: str) -> Iterator[int]:
    """The numbers of rows, from 1 up, with another number of cells than the head of their table."""
    cells, is_code = 0, False
    for number, line in enumerate(text.splitlines(), 1):
        is_code ^= line.startswith("```")
        if is_code or not line.startswith("|"):
            cells = 0
        elif cells and len(_BAR.findall(line)) != cells:
            yield number
        else:
            cells = len(_BAR.findall(line))


def test_every_row_of_a_table_has_a_cell_for_each_head() -> None:
    assert len(PAGES) > 20
    found = {page.name: list(broken_rows(page.read_text("utf-8"))) for page in PAGES}
    assert {name: rows for name, rows in found.items() if rows} == {}


def test_a_bar_in_a_cell_is_seen() -> None:
    text = "| a | b |\n|---|---|\n| ES|QL | x |\n| ES\\|QL | x |\n\n| c |\n```\n| d | e |\n```\n"
    assert list(broken_rows(text)) == [3]
