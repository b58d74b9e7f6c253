"""Charts are bare shapes whose heights are the attempts."""

from __future__ import annotations

import re

import pytest
from tests.report.examples import timeline

from enumwatch.report.html.chart import Drawing, drawings
from enumwatch.report.html.timeline import drawn_timeline

BAR = re.compile(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-([\d.]+)z")


def both(**outcomes: list[int]) -> list[Drawing]:
    drawn = drawn_timeline({"timeline": timeline("2026-03-02T09:00:00", 60, **outcomes), "timeline_bucket_seconds": 60})
    assert drawn is not None
    return drawings(drawn)


def bars(path: str) -> list[tuple[float, ...]]:
    assert BAR.sub("", path) == ""
    return [tuple(map(float, match)) for match in BAR.findall(path)]


@pytest.mark.parametrize("number", [0, 1])
def test_bars_are_as_high_as_their_attempts(number: int) -> None:
    shapes = bars(both(not_found=[2, 4, 8])[number].bars["not_found"])
    heights = [height for _, _, _, height, _ in shapes]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[2] == pytest.approx(4 * heights[0], abs=0.2)


def test_outcomes_are_stacked_without_overlap() -> None:
    drawing = both(success=[3], not_found=[5])[0]
    (_, success_top, _, success_height, _), (_, top, _, height, _) = (bars(path)[0] for path in drawing.bars.values())
    assert top + height == pytest.approx(success_top, abs=0.2)
    assert height / success_height == pytest.approx(5 / 3, abs=0.02)


def test_columns_without_attempts_draw_nothing() -> None:
    assert len(bars(both(not_found=[2, 0, 0, 4])[0].bars["not_found"])) == 2


@pytest.mark.parametrize(("peak", "labels"), [(1, "0 1"), (3, "0 1 2 3"), (7, "0 2 4 6 8"), (42, "0 20 40 60")])
def test_the_scale_counts_in_whole_attempts_and_holds_the_peak(peak: int, labels: str) -> None:
    assert " ".join(label.text for label in both(not_found=[peak])[0].value_labels) == labels


@pytest.mark.parametrize("peak", [1, 3, 42, 99_999, 10**9])
def test_everything_lies_inside_the_box(peak: int) -> None:
    for drawing in both(not_found=[peak] * 60, success=[1] * 60):
        shapes = [bar for path in drawing.bars.values() for bar in bars(path)]
        assert all(x >= 0 and x + width <= drawing.width for x, _, width, _, _ in shapes)
        assert all(y >= 0 and y + height <= drawing.height for _, y, _, height, _ in shapes)
        assert all(0 <= label.y <= drawing.height for label in [*drawing.value_labels, *drawing.time_labels])


def test_grid_lines_meet_the_bars_they_measure() -> None:
    drawing = both(not_found=[4])[0]
    ((_, top, _, height, _),) = bars(drawing.bars["not_found"])
    lines = [float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)H", drawing.grid)]
    assert lines[0] == pytest.approx(top + height, abs=0.3)
    assert lines[-1] == pytest.approx(top, abs=0.3)


def test_the_same_timeline_gives_the_same_drawing() -> None:
    assert both(not_found=[1, 2, 3]) == both(not_found=[1, 2, 3])
