"""Marks: a page is written by hand but for what stands between two marks, which a script puts there."""

from __future__ import annotations

from pathlib import Path


def with_between(page: str, begin: str, end: str, text: str) -> str:
    """The page with the text between its two marks. Raises ValueError where it lacks one of them."""
    head, has_begin, rest = page.partition(begin)
    _, has_end, tail = rest.partition(end)
    if not has_begin or not has_end:
        raise ValueError(
            f"no marks in the page: write {begin.strip()} and {end.strip()} where what was measured belongs"
        )
    return head + begin + text + end + tail


def write_between(page: Path, begin: str, end: str, text: str) -> None:
    """Replaces what a page holds between two marks. Raises ValueError, which names the page, where it lacks one."""
    try:
        whole = with_between(page.read_text("utf-8"), begin, end, text)
    except ValueError as error:
        raise ValueError(f"{page.name}: {error}") from None
    page.write_text(whole, encoding="utf-8", newline="\n")
