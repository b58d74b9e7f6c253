"""Recognises comma, semicolon and tab separated tables, with the `#` lines that Exchange writes."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_DELIMITERS = ",;\t|"
_LOOKED_AT_ROWS = 50
_MAX_HEADING = 200


@dataclass(frozen=True)
class CsvLayout:
    """Delimiter and headings of a table; `is_plain`: comma separated, headings in the first line, no `#` lines."""

    delimiter: str
    columns: tuple[str, ...]
    is_plain: bool


def fields_of_comment(line: str) -> list[str] | None:
    """The headings of an Exchange `#Fields: a,b,c` line; None for any other line."""
    if not line.startswith("#Fields:") or "," not in line:
        return None
    return [name.strip() for name in line.removeprefix("#Fields:").strip().split(",")]


def csv_layout(text: bytes, is_whole: bool) -> CsvLayout | None:
    """The layout of a table that begins with `text`, None when it is no table."""
    raw = text.decode("utf-8", "replace")
    lines = raw.split("\n")
    if not is_whole and len(lines) > 1:
        lines.pop()
    comments = [line for line in lines if line.startswith("#")]
    rows = [line for line in lines if line.strip() and not line.startswith("#")]
    named = next((names for names in map(fields_of_comment, comments) if names), None)
    if named is not None:
        return CsvLayout(",", tuple(named), is_plain=False)
    if not rows:
        return None
    delimiter = _delimiter(rows[0])
    if delimiter is None:
        return None
    cells = list(_rows([line + "\n" for line in rows], delimiter))
    if not cells or not _is_heading(cells[0]) or not _is_table(cells, is_whole):
        return None
    is_plain = delimiter == "," and not comments and bool(lines[0].strip()) and "\0" not in raw
    is_one_line = next(_rows([rows[0] + "\n"], delimiter), []) == cells[0]
    return CsvLayout(delimiter, tuple(cells[0]), is_plain and is_one_line)


def _delimiter(heading: str) -> str | None:
    unquoted = "".join(heading.split('"')[0::2])
    delimiter, count = Counter({mark: unquoted.count(mark) for mark in _DELIMITERS}).most_common(1)[0]
    return delimiter if count else None


def _rows(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter)):
            if number > _LOOKED_AT_ROWS:
                return
            if row:
                yield row
    except csv.Error:
        return


def _is_heading(cells: list[str]) -> bool:
    named = [cell.strip() for cell in cells if cell.strip()]
    is_long = any(len(name) > _MAX_HEADING for name in named)
    return (
        len(named) >= 2
        and not is_long
        and sum(name[0].isalpha() or name[0] in "_@\"'" for name in named) * 10 >= len(named) * 9
    )


def _is_table(rows: list[list[str]], is_whole: bool) -> bool:
    width, body = len(rows[0]), rows[1:]
    if not body:
        return is_whole and all(" " not in cell.strip() or len(cell) < 40 for cell in rows[0])
    fitting = sum(len(row) == width for row in body)
    return fitting * 2 >= len(body)
