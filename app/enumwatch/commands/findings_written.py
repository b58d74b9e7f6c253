"""Findings written: each format of `enumwatch scan`, from findings, the summary, and what the page tells beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .. import __version__
from .inert import inert_json
from .redact import Redactor

Row = Mapping[str, Any]


def page_of(seen: Row | None, rulebook: Row, redact: Redactor | None) -> Row:
    """What the page of a scan tells beside findings and summary, given as `page` to what writes them."""
    from ..visibility.report import lost_by_field

    if seen is None:
        return {}
    return {"visibility": redact.visibility(seen) if redact is not None else seen, "lost": lost_by_field(rulebook)}


def _write_ndjson(write: Callable[[str], object], shown: Iterable[Row], summary: Row, page: Row) -> None:
    for row in shown:
        write(inert_json(row) + "\n")


def _write_json(write: Callable[[str], object], shown: Sequence[Row], summary: Row, page: Row) -> None:
    write(inert_json({"findings": shown, "summary": summary}, indent=2) + "\n")


def _write_csv(write: Callable[[str], object], shown: Iterable[Row], summary: Row, page: Row) -> None:
    from ..report.csv import csv_lines

    for line in csv_lines(shown):
        write(line)


def write_page(write: Callable[[str], object], shown: Sequence[Row], summary: Row, page: Row) -> None:
    """Writes the HTML report; `page` is of `page_of`."""
    from ..report.html import render

    write(render(shown, summary, generated_by=f"enumwatch {__version__}", **page))


# By the word of --format; each takes the result of `page_of` as well.
WRITERS: dict[str, Callable[[Callable[[str], object], Sequence[Row], Row, Row], None]] = {
    "ndjson": _write_ndjson,
    "json": _write_json,
    "csv": _write_csv,
    "html": write_page,
}
