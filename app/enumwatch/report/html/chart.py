"""A timeline drawn by pygal, reduced to bare shapes.

pygal writes scripts, styles, comments with today's date and generated ids into its SVG. A report under a content
security policy can use none of that, so only bar positions, grid lines and labels are taken from its tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

from enumwatch.report.html.timeline import Timeline, label_columns

HEIGHT = 190
_FONT_SIZE = 12
_BASELINE = 0.35  # pygal sets an axis text this part of its size below the line it names


@dataclass(frozen=True)
class Label:
    """A text at a place of the drawing."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """A stacked bar chart as SVG path data per outcome, grid lines and labels, in a box of width by height."""

    kind: str
    width: int
    height: int
    bars: dict[str, str]
    grid: str
    value_labels: list[Label]
    time_labels: list[Label]


def drawings(timeline: Timeline) -> list[Drawing]:
    """Returns the chart twice, for a wide screen and for a phone, so that its labels are readable on both."""
    return [_drawing(timeline, "wide", 660, 8), _drawing(timeline, "narrow", 330, 4)]


def _drawing(timeline: Timeline, kind: str, width: int, most_labels: int) -> Drawing:
    tree = _pygal_tree(timeline, width)
    plot = next(_with_class(tree, "g", "plot"))
    left, top = _translation(plot)
    times = label_columns(timeline, most_labels)
    bars = {
        outcome: "".join(_bar(rect, left, top) for rect in next(_with_class(plot, "g", f"serie-{index}")).iter("rect"))
        for index, outcome in enumerate(timeline.series)
    }
    value_axis, time_axis = next(_with_class(plot, "g", "y")), next(_with_class(plot, "g", "x"))
    value_labels = [_label(text, left, top, text.text or "") for text in value_axis.iter("text")]
    time_labels = [_label(text, left, top, times[int(text.text or 0)]) for text in time_axis.iter("text")]
    grid = "".join(f"M{left:.1f} {label.y - _BASELINE * _FONT_SIZE:.1f}H{width}" for label in value_labels)
    return Drawing(kind, width, HEIGHT, bars, grid, value_labels, time_labels)


def _pygal_tree(timeline: Timeline, width: int) -> Element:
    chart = pygal.StackedBar(
        width=width,
        height=HEIGHT,
        js=(),
        show_legend=False,
        margin=0,
        margin_top=4,
        margin_right=10,
        spacing=6,
        truncate_label=-1,
        show_minor_x_labels=False,
        formatter=lambda value: f"{value:,.0f}",
        style=Style(label_font_size=_FONT_SIZE, major_label_font_size=_FONT_SIZE),
    )
    # Labels are column numbers until they have been placed: pygal takes equal texts for one column.
    chart.x_labels = [str(index) for index in range(timeline.columns)]
    chart.x_labels_major = [str(index) for index in label_columns(timeline, 8 if width > 400 else 4)]
    chart.y_labels = _value_ticks(timeline.peak)
    for outcome, counts in timeline.series.items():
        chart.add(outcome, list(counts))
    tree: Element = chart.render_tree()
    return tree


def _value_ticks(peak: int) -> list[int]:
    """Returns whole numbers from 0 to at least `peak`, in steps of 1, 2 or 5 times a power of ten."""
    step = next(n * 10**power for power in range(19) for n in (1, 2, 5) if n * 10**power * 4 >= peak)
    return list(range(0, peak + step, step))


def _with_class(tree: Element, tag: str, name: str) -> Iterator[Element]:
    return (element for element in tree.iter(tag) if name in (element.get("class") or "").split())


def _translation(element: Element) -> tuple[float, float]:
    numbers = (element.get("transform") or "").removeprefix("translate(").removesuffix(")").split(",")
    return float(numbers[0]), float(numbers[1])


def _bar(rect: Element, left: float, top: float) -> str:
    x, y, width, height = (float(rect.get(key) or 0) for key in ("x", "y", "width", "height"))
    if height <= 0:
        return ""
    return f"M{x + left:.1f} {y + top:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z"


def _label(text: Element, left: float, top: float, words: str) -> Label:
    return Label(float(text.get("x") or 0) + left, float(text.get("y") or 0) + top, words)
