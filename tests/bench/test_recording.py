"""Figures go between their marks and nowhere else, and every page has the marks of what is measured."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bench.recording import PAGE, SCALE_PAGE, record


def test_figures_replace_what_was_between_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "a\n<!-- measured: x -->\nold\n<!-- end: x -->\nb <!-- measured: y -->\n<!-- end: y -->\n", encoding="utf-8"
    )
    record("x", "1 2 3 \\1\n", page)
    text = page.read_text(encoding="utf-8")
    assert "old" not in text
    assert "1 2 3 \\1" in text
    assert text.startswith("a\n<!-- measured: x -->")
    assert text.endswith("b <!-- measured: y -->\n<!-- end: y -->\n")
    with pytest.raises(ValueError, match=r"page.md: no marks.*measured: z"):
        record("z", "", page)


def test_pages_have_marks_for_all_that_is_measured() -> None:
    for page, names in ((PAGE, ("scan", "ten", "splunk", "elastic", "extremes")), (SCALE_PAGE, ("scale",))):
        for name in names:
            assert f"<!-- measured: {name} -->" in page.read_text(encoding="utf-8")
