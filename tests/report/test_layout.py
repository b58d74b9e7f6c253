"""Text is measured and broken in terminal cells."""

from __future__ import annotations

import pytest

from enumwatch.report.layout import cell_width, clipped, padded, wrapped


def test_wide_characters_take_two_cells_and_combining_marks_none() -> None:
    assert cell_width("田中 e\u0301") == 6


@pytest.mark.parametrize(("width", "shown"), [(6, "田中ab"), (5, "田..."), (3, "..."), (2, "..")])
def test_text_is_clipped_to_cells(width: int, shown: str) -> None:
    assert clipped("田中ab", width) == shown


def test_padding_counts_cells_not_characters() -> None:
    assert padded("田中", 6) == "田中  "


def test_words_longer_than_a_line_are_broken_and_nothing_is_lost() -> None:
    lines = wrapped("ab " + "x" * 25, 10, "- ", "  ")
    assert lines == ["- ab", "  xxxxxxxx", "  xxxxxxxx", "  xxxxxxxx", "  x"]


def test_wide_words_never_pass_the_edge() -> None:
    lines = wrapped("田" * 20, 9, "* ", "  ")
    assert max(map(cell_width, lines)) <= 9
    assert "".join(line[2:] for line in lines) == "田" * 20
