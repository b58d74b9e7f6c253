"""The charts of the page show the figures of the page."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from tests.bench.charts import FOLDER, charts_of, sizes_of
from tests.bench.drawing import Panel, Series, drawn, ticks
from tests.bench.recording import SCALE_PAGE

PAGE = SCALE_PAGE.read_text(encoding="utf-8")


def test_charts_are_drawn_from_the_figures_that_are_recorded() -> None:
    for name, text in charts_of(PAGE).items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, "draw them anew: python -m tests.bench.charts"
        assert f"(images/{name})" in PAGE
        ElementTree.fromstring(text)


def test_every_size_of_the_table_is_drawn() -> None:
    sizes = sizes_of(PAGE)
    assert sizes[0].events < 20_000
    assert sizes[-1].events > 9_000_000
    (measured, _) = charts_of(PAGE).values()
    assert measured.count("<circle") == 5 * len(sizes)


def test_another_figure_is_another_chart() -> None:
    row = f"{sizes_of(PAGE)[1].contacts:,}"
    assert charts_of(PAGE.replace(row, "50,000")) != charts_of(PAGE)
    with pytest.raises(ValueError, match="no table"):
        charts_of("")
    with pytest.raises(ValueError, match="no fitted"):
        charts_of(PAGE.replace("microseconds", "hours"))


def test_a_point_lies_where_its_figure_says() -> None:
    text = drawn([Panel("a <b>", "x", [Series("s", "a", dots=[(10, 10), (1000, 100)])], str, str)], "about")
    root = ElementTree.fromstring(text)
    first, last = root.iter("{http://www.w3.org/2000/svg}circle")
    frame = next(one for one in root.iter("{http://www.w3.org/2000/svg}rect") if one.get("class") == "frame")
    left, top, width, height = (float(frame.get(name, "")) for name in ("x", "y", "width", "height"))
    assert (float(first.get("cx", "")), float(first.get("cy", ""))) == (left, top + height)
    assert (float(last.get("cx", "")), float(last.get("cy", ""))) == (left + width, top)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((11_000, 9_900_000), [1e4, 1e5, 1e6, 1e7]),
        ((139, 444), [100, 200, 500]),
        ((10, 1000), [10, 30, 100, 300, 1000]),
    ],
)
def test_ticks_are_round_and_enclose_the_values(values: tuple[float, float], expected: list[float]) -> None:
    assert ticks(values) == expected
