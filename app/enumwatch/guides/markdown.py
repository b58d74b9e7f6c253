"""Markdown: the few forms that the pages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Lines = Iterator[str]


def flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def section(title: str, lines: Iterable[str], level: int = 2) -> Lines:
    """A heading with what stands below it; nothing where nothing does."""
    content = list(lines)
    if any(content):
        gap = () if content[0] == "" else ("",)
        yield from ("", f"{'#' * level} {title}", *gap, *content)


def bullets(texts: Iterable[str]) -> Lines:
    """A list."""
    yield from (f"- {flat(text)}" for text in texts)


def numbered(texts: Iterable[str]) -> Lines:
    """A list of steps in their order."""
    yield from (f"{number}. {flat(text)}" for number, text in enumerate(texts, start=1))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Lines:
    """A table; nothing where it has no row."""
    content = [[flat(cell).replace("|", "\\|") for cell in row] for row in rows]
    if content:
        yield f"| {' | '.join(heads)} |"
        yield "|" + "---|" * len(heads)
        yield from (f"| {' | '.join(row)} |" for row in content)


def code(lines: Iterable[str]) -> Lines:
    """Something to copy."""
    yield from ("```", *lines, "```")
