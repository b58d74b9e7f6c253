"""Known names: their spellings, found in any text in one pass however many there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"\w+")
_MOST_WORDS = 64  # a name of more is found where it stands alone, not inside another text


class KnownNames:
    """Spellings of names, each with what is told in its place; those of fewer letters than `fewest` are left alone,
    because a short name is more often a part of a word than a name."""

    def __init__(self, fewest: int) -> None:
        self._fewest = fewest
        self._told: dict[str, str] = {}
        self._firsts: set[str] = set()
        self._longest = 0

    def add(self, spelled: str, told: str) -> None:
        """Takes in one spelling; of two that differ in case only the first counts."""
        words = list(_WORD.finditer(spelled))
        if not words or len(words) > _MOST_WORDS:
            return
        core = spelled[words[0].start() : words[-1].end()].lower()
        if len(core) < self._fewest:
            return
        self._told.setdefault(core, told)
        self._firsts.add(words[0].group().lower())
        self._longest = max(self._longest, len(words))

    def __contains__(self, spelled: str) -> bool:
        return spelled.lower() in self._told

    def replaced(self, text: str) -> str:
        """The text with every spelling replaced that stands in it as words of its own, in any case, longest first."""
        words = list(_WORD.finditer(text))
        if self._firsts.isdisjoint(word.group().lower() for word in words):
            return text
        parts, done, at = [], 0, 0
        while at < len(words):
            begin = words[at].start()
            found = self._longest_at(text, words, at)
            if found is None:
                at += 1
                continue
            told, at = found
            parts += [text[done:begin], told]
            done = words[at - 1].end()
        return "".join([*parts, text[done:]])

    def _longest_at(self, text: str, words: list[re.Match[str]], at: int) -> tuple[str, int] | None:
        """What is told of the longest spelling that begins at a word, and the word behind it."""
        if words[at].group().lower() not in self._firsts:
            return None
        for end in range(min(len(words), at + self._longest), at, -1):
            told = self._told.get(text[words[at].start() : words[end - 1].end()].lower())
            if told is not None:
                return told, end
        return None


def words_of(texts: Iterable[str]) -> set[str]:
    """Every word of some texts, in small letters."""
    return {word.group().lower() for text in texts for word in _WORD.finditer(text)}


def spellings(name: str) -> Iterator[str]:
    """A name as other texts quote it: whole, without its mail domain, without its Windows domain."""
    yield name
    if "@" in name:
        yield name.rpartition("@")[0]
    if "\\" in name:
        yield name.rpartition("\\")[2]


def domains(name: str) -> Iterator[str]:
    """Domains that a name is written with."""
    if "@" in name:
        yield name.rpartition("@")[2]
    if "\\" in name:
        yield name.partition("\\")[0]


def first_word(spelled: str) -> str:
    """The first word of a text in small letters, "" where it has none."""
    found = _WORD.search(spelled)
    return found.group().lower() if found else ""
