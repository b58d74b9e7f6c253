"""Drawing: small charts as SVG text, on logarithmic scales, in light and dark; the same figures give the same bytes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 400, 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 18, 62, 46
_FEWEST_TICKS = 3
_STYLE = """<style>
svg { font-family: system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; font-size: 12px }
.ground { fill: #ffffff } .frame { stroke: #8a929c; fill: none } .grid { stroke: #e3e6ea }
text { fill: #2b3138 } .title { font-size: 14px; font-weight: 600 } .quiet { fill: #59626c }
.a { stroke: #1d5fd1; fill: #1d5fd1 } .b { stroke: #b45309; fill: #b45309 } .c { stroke: #0f7b5f; fill: #0f7b5f }
.line { fill: none; stroke-width: 2 } .dashed { stroke-dasharray: 5 4; stroke-width: 1.5 } text.key { stroke: none }
.bound { stroke: #59626c; fill: #59626c }
@media (prefers-color-scheme: dark) {
.ground { fill: #14181d } .frame { stroke: #77818c } .grid { stroke: #2a3038 } text { fill: #e4e8ec } .quiet { fill: #a7b0ba }
.a { stroke: #7db0ff; fill: #7db0ff } .b { stroke: #f0a458; fill: #f0a458 } .c { stroke: #5fd0ae; fill: #5fd0ae }
.bound { stroke: #a7b0ba; fill: #a7b0ba } text.key { stroke: none }
}
</style>"""

Point = tuple[float, float]
Tell = Callable[[float], str]


@dataclass(frozen=True)
class Series:
    """One thing that is shown: `dots` were measured, `line` and `dashed` are reckoned; `colour` is a, b, c or bound."""

    name: str
    colour: str
    dots: Sequence[Point] = ()
    line: Sequence[Point] = ()
    dashed: Sequence[Point] = ()

    @property
    def points(self) -> list[Point]:
        """All of them."""
        return [*self.dots, *self.line, *self.dashed]


@dataclass(frozen=True)
class Panel:
    """One chart; both axes are logarithmic, `tell_x` and `tell_y` write their ticks."""

    title: str
    below: str
    series: Sequence[Series]
    tell_x: Tell
    tell_y: Tell


def drawn(panels: Sequence[Panel], about: str) -> str:
    """The panels side by side, two in a row, as one SVG; `about` is told to those who cannot see it."""
    rows = math.ceil(len(panels) / 2)
    width, height = 2 * _WIDTH, rows * _HEIGHT
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
    lines = [head, f"<title>{escape(about)}</title>", _STYLE]
    lines.append(f'<rect class="ground" width="{width}" height="{height}"/>')
    for number, panel in enumerate(panels):
        lines.append(f'<g transform="translate({number % 2 * _WIDTH} {number // 2 * _HEIGHT})">')
        lines += _panel(panel)
        lines.append("</g>")
    return "\n".join([*lines, "</svg>"]) + "\n"


def _panel(panel: Panel) -> Iterator[str]:
    every = [point for one in panel.series for point in one.points]
    xs, ys = ticks([x for x, _ in every]), ticks([y for _, y in every])

    def place(point: Point) -> tuple[str, str]:
        x = _LEFT + _part(point[0], xs) * (_WIDTH - _LEFT - _RIGHT)
        y = _HEIGHT - _BOTTOM - _part(point[1], ys) * (_HEIGHT - _TOP - _BOTTOM)
        return f"{x:.1f}", f"{y:.1f}"

    yield f'<text class="title" x="{_LEFT}" y="22">{escape(panel.title)}</text>'
    yield from _key(panel.series)
    for tick in xs:
        x, _ = place((tick, ys[0]))
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>'
        yield f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{escape(panel.tell_x(tick))}</text>'
    for tick in ys:
        _, y = place((xs[0], tick))
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y}" dy="4" text-anchor="end">{escape(panel.tell_y(tick))}</text>'
    yield (
        f'<rect class="frame" x="{_LEFT}" y="{_TOP}" width="{_WIDTH - _LEFT - _RIGHT}" height="{_HEIGHT - _TOP - _BOTTOM}"/>'
    )
    middle = (_LEFT + _WIDTH - _RIGHT) // 2
    yield f'<text class="quiet" x="{middle}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(panel.below)}</text>'
    for one in panel.series:
        for points, style in ((one.line, "line"), (one.dashed, "line dashed")):
            if points:
                path = " ".join(",".join(place(point)) for point in points)
                yield f'<polyline class="{one.colour} {style}" style="fill:none" points="{path}"/>'
        for point in one.dots:
            x, y = place(point)
            yield f'<circle class="{one.colour}" cx="{x}" cy="{y}" r="4"/>'


def _key(series: Sequence[Series]) -> Iterator[str]:
    """What the colours mean, in one row."""
    x = float(_LEFT)
    for one in series:
        yield f'<text class="{one.colour} key" x="{x:.0f}" y="44">{escape(one.name)}</text>'
        x += 6.4 * len(one.name) + 16


def ticks(values: Sequence[float]) -> list[float]:
    """Round values around positive ones, from the largest below to the smallest above all of them."""
    for steps in ((1,), (1, 3), (1, 2, 5)):
        begin, end = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        every = [step * 10.0**power for power in range(begin, end + 1) for step in steps]
        low = max((one for one in every if one <= min(values) * 1.0001), default=every[0])
        high = min((one for one in every if one >= max(values) * 0.9999), default=every[-1])
        found = [one for one in every if low <= one <= high]
        if len(found) > _FEWEST_TICKS:
            return found
    return found


def _part(value: float, ends: Sequence[float]) -> float:
    """Where a value lies between the first and the last tick, 0 to 1."""
    return math.log(value / ends[0]) / math.log(ends[-1] / ends[0])
