"""Reads a page as a stranger does: its headings, links, and everything that stands in backticks or to be copied."""

from __future__ import annotations

import re
from functools import lru_cache

from enumwatch.guides.page import pages
from enumwatch.rulebook.load import Rulebook, load

_FENCE = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)]+)\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    return load()


@lru_cache(maxsize=1)
def shipped_pages() -> dict[str, str]:
    return pages(rulebook())


def fenced(page: str) -> list[str]:
    """Every line that is there to be copied."""
    return [line for block in _FENCE.findall(page) for line in block.splitlines()]


def prose(page: str) -> str:
    """The page without what is there to be copied."""
    return _COMMENT.sub("", _FENCE.sub("", page))


def spans(page: str) -> list[str]:
    """What stands in backticks within sentences."""
    return _SPAN.findall(prose(page))


def links(page: str) -> list[str]:
    return _LINK.findall(page)


def headings(page: str, level: int = 2) -> list[str]:
    return [line[level + 1 :] for line in page.splitlines() if line.startswith("#" * level + " ")]


def part(page: str, title: str) -> str:
    """What stands below a heading of the second level."""
    return page.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]
