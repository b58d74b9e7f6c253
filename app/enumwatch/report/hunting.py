"""What a hunt is and what it found, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from .layout import cell_width, clipped, padded, wrapped
from .phrases import count
from .visible import visible

_WIDTH = 80
_MOST_LISTED = 5
_TEXT_WIDTH = 60


def hunts_text(hunts: Iterable[tuple[str, str, str]]) -> str:
    """Every hunt as technique, id and title, under the name of its technique."""
    lines: list[str] = []
    known = ""
    for technique, name, title in hunts:
        if technique != known:
            lines += ["", technique] if lines else [technique]
            known = technique
        lines += wrapped(title, _WIDTH, f"  {padded(name, 26)} ", " " * 29)
    return "\n".join(lines)


def rows_text(columns: Sequence[str], rows: Sequence[Sequence[Any]], by: int) -> str:
    """Each row as a head of the columns it is grouped by, and the rest below; no line is wider than 80 cells."""
    if not rows:
        return "Nothing found."
    lines = [count(len(rows), "row")]
    for row in rows:
        lines += ["", clipped("  ".join(_told(cell) for cell in row[:by] if cell != ""), _WIDTH)]
        told = [f"{name} {_told(cell)}" for name, cell in zip(columns[by:], row[by:], strict=True)]
        lines += _packed(told)
    return "\n".join(lines)


def explained(hunt: Mapping[str, Any]) -> str:
    """What a hunt looks for, what an answer means, what is harmless and what to do next."""
    lines = [f"{hunt['technique']}  {hunt['title']}", ""]
    lines += [*wrapped(hunt["hypothesis"], _WIDTH), ""]
    lines += [*wrapped(hunt["means"], _WIDTH, "An answer means: ", "  "), ""]
    for one in hunt["benign"]:
        lines += wrapped(one, _WIDTH, "Harmless: ", "  ")
    for one in hunt["next"]:
        lines += wrapped(one, _WIDTH, "Next: ", "  ")
    lines += ["", *wrapped(", ".join(hunt["needs"]), _WIDTH, "Needs one of: ", "  ")]
    for name, value, means in hunt["limits"]:
        lines += wrapped(f"{name} = {value}: {means}", _WIDTH, "Limit: ", "  ")
    return "\n".join(lines)


def _packed(parts: Iterable[str]) -> list[str]:
    """Parts, as many on a line as fit."""
    lines: list[str] = []
    for part in parts:
        fits = lines and cell_width(lines[-1]) + cell_width(part) + 2 <= _WIDTH
        if fits:
            lines[-1] += f", {part}"
        else:
            lines += wrapped(part, _WIDTH, "  ", "    ")
    return lines


def _told(cell: Any) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float):
        return f"{cell:.2f}".rstrip("0").rstrip(".")
    if isinstance(cell, list):
        shown = ", ".join(visible(one, _TEXT_WIDTH) for one in cell[:_MOST_LISTED])
        return f"{shown} and {len(cell) - _MOST_LISTED} more" if len(cell) > _MOST_LISTED else shown or "-"
    return visible(str(cell), _TEXT_WIDTH) or "-"
