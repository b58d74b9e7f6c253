"""`python -m tests.bench.charts`: the charts of docs/scale.md, drawn from the figures that the page records."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from .drawing import Panel, Point, Series, Tell, drawn
from .recording import SCALE_PAGE
from .scale import BILLION, SLOWER, Size, cores_for, slope

FOLDER = SCALE_PAGE.parent / "images"
MEASURED, BILLION_A_DAY = "scale-measured.svg", "scale-billion.svg"
_ROW = re.compile(
    r"^ *([\d,]+) +([\d,]+) +([\d,]+) +([\d,]+) +([\d.]+) +([\d.]+) s +([\d.]+) s +([\d,]+)$", re.MULTILINE
)
_FITTED = re.compile(r"([\d.]+) microseconds to contacts and ([\d.]+) to findings")
_MEBIBYTES, _FEWEST_SIZES = 1e6, 2
_DAYS = (1e7, 1e10)  # events a day that are reckoned for
_LARGE_DAYS = (1e9, 1e10, 1e11)
_TENANTS = (1, 1_000)
_COLOURS = ("a", "b", "c")


def sizes_of(page: str) -> list[Size]:
    """The logs that the page tells of. Raises ValueError where it tells of fewer than two."""
    found = [[float(cell.replace(",", "")) for cell in row] for row in _ROW.findall(page)]
    if len(found) < _FEWEST_SIZES:
        raise ValueError("the page has no table of sizes: run python -m tests.bench --parts scale --record")
    return [Size(*map(int, row[:4]), int(row[4] * _MEBIBYTES), *row[5:]) for row in found]


def charts_of(page: str) -> Mapping[str, str]:
    """Every chart by the name of its file."""
    sizes = sizes_of(page)
    found = _FITTED.search(page)
    if found is None:
        raise ValueError("the page has no fitted costs: run python -m tests.bench --parts scale --record")
    grouping, deciding = (float(one) / 1e6 for one in found.groups())
    return {
        MEASURED: drawn(_growth(sizes), "What contacts, bytes, processor seconds and memory come to, by events"),
        BILLION_A_DAY: drawn([_grouping(grouping), _deciding(deciding)], "What a billion events a day come to"),
    }


def write_charts() -> None:
    """Draws them anew beside the page."""
    for name, text in charts_of(SCALE_PAGE.read_text(encoding="utf-8")).items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


def _growth(sizes: Sequence[Size]) -> list[Panel]:
    def panel(title: str, tell: Tell, *series: Series) -> Panel:
        return Panel(title, "events; dots measured, dashed fitted", series, amount, tell)

    def straight(value: str, name: str, colour: str = "a") -> Series:
        fixed, each = slope(sizes, value)
        return _measured(sizes, value, name, colour, lambda events: fixed + each * events)

    return [
        panel("Contacts", amount, straight("contacts", "so many for each event")),
        panel("Contact table as Parquet", in_bytes, straight("bytes", "so many bytes for each event")),
        panel(
            "Processor seconds",
            in_seconds,
            straight("grouping", "to contacts"),
            straight("deciding", "to findings", "b"),
        ),
        panel("Memory of a scan", in_mebibytes, _measured(sizes, "mebibytes", *_power(sizes, "mebibytes"))),
    ]


def _measured(sizes: Sequence[Size], value: str, name: str, colour: str, fit: Callable[[float], float]) -> Series:
    """What was measured, and the fit through it: a straight line is a curve on scales like these."""
    first, last = sizes[0].events, sizes[-1].events
    xs = [first * (last / first) ** (step / 40) for step in range(41)]
    reckoned = [(x, fit(x)) for x in xs if fit(x) > 0]
    return Series(name, colour, dots=[(one.events, float(getattr(one, value))) for one in sizes], dashed=reckoned)


def _power(sizes: Sequence[Size], value: str) -> tuple[str, str, Callable[[float], float]]:
    """Name, colour and fit of what grows with a power of the events: the straight line through the logarithms."""
    xs = [math.log(one.events) for one in sizes]
    ys = [math.log(float(getattr(one, value))) for one in sizes]
    mean_x, mean_y = fmean(xs), fmean(ys)
    power = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)
    return (
        f"{10**power:.1f} times as much for ten times the events",
        "a",
        lambda events: math.exp(mean_y + power * (math.log(events) - mean_x)),
    )


def _grouping(seconds: float) -> Panel:
    def needed(slower: int) -> list[Point]:
        xs = [_DAYS[0] * (_DAYS[1] / _DAYS[0]) ** (step / 60) for step in range(61)]
        return [(x, cores_for(x, seconds * slower)) for x in xs]

    names = ("as fast as here", *(f"{slower} times slower" for slower in SLOWER[1:]))
    series = [
        Series(name, colour, line=needed(slower), dots=[(BILLION, cores_for(BILLION, seconds * slower))])
        for name, colour, slower in zip(names, _COLOURS, SLOWER, strict=True)
    ]
    return Panel("Cores of indexers or shards that group", "events a day; dots: a billion", series, amount, amount)


def _deciding(seconds: float) -> Panel:
    """Cores needed by events a day; dashed where there are too few tenants to share among so many."""
    series = []
    for events, colour in zip(_LARGE_DAYS, _COLOURS, strict=True):
        needed = cores_for(events, seconds)
        begin, end = min(max(needed, _TENANTS[0]), _TENANTS[1]), _TENANTS[1]
        series.append(
            Series(
                f"{amount(events)} a day",
                colour,
                dots=[(begin, needed)],
                dashed=[(_TENANTS[0], needed), (begin, needed)],
                line=[(begin, needed), (end, needed)],
            )
        )
    shared = Series("one each", "bound", dashed=[(one, one) for one in _TENANTS])
    return Panel(
        "Cores that decide", "tenants of like size; dashed: too few of them", [*series, shared], amount, amount
    )


def amount(value: float) -> str:
    """A number with its thousands as letters."""
    for unit, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:g}{letter}"
    return f"{value:g}"


def in_bytes(value: float) -> str:
    """Bytes in the largest unit that fits."""
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= unit:
            return f"{value / unit:g} {name}"
    return f"{value:g} B"


def in_seconds(value: float) -> str:
    """Seconds."""
    return f"{value:g} s"


def in_mebibytes(value: float) -> str:
    """Mebibytes."""
    return f"{value:g} MiB"


if __name__ == "__main__":
    write_charts()
    sys.exit(0)
