"""Text placed in terminal columns: wide characters take two cells, combining marks none."""

from __future__ import annotations

import unicodedata


def cell_width(text: str) -> int:
    """Returns how many terminal cells `text` takes (Unicode TR 11: W and F are two cells, combining marks none)."""
    if text.isascii():
        return len(text)
    return sum(_char_cells(char) for char in text)


def clipped(text: str, width: int) -> str:
    """Returns `text` in at most `width` cells; what was cut ends in `...`."""
    if cell_width(text) <= width:
        return text
    dots = "..."[:width]
    return _head(text, width - len(dots)) + dots


def padded(text: str, width: int) -> str:
    """Returns `text` in exactly `width` cells, cut or filled with spaces on the right."""
    shown = clipped(text, width)
    return shown + " " * (width - cell_width(shown))


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Returns lines of at most `width` cells, the first opened by `first`, the others by `rest`.

    Words longer than a line (a 64 kB name, an IPv6 list) are broken.
    """
    lines: list[str] = []
    line, is_empty = first, True
    for word in text.split(" "):
        gap = "" if is_empty else " "
        if cell_width(line) + len(gap) + cell_width(word) <= width:
            line, is_empty = line + gap + word, False
            continue
        if not is_empty:
            lines.append(line)
            line = rest
        while cell_width(line) + cell_width(word) > width:
            head = _head(word, max(width - cell_width(line), 2))
            lines.append(line + head)
            line, word = rest, word[len(head) :]
        line, is_empty = line + word, False
    lines.append(line)
    return lines


def _head(text: str, width: int) -> str:
    taken = 0
    for index, char in enumerate(text):
        taken += _char_cells(char)
        if taken > width:
            return text[:index]
    return text


def _char_cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
