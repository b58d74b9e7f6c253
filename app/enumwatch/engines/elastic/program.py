"""Program: a pattern of the rulebook as steps for the matcher of the ingest scripts.

Scripts in a cluster may use regular expressions only where its settings allow it, and there with a limit that a hostile
text can exceed. The steps are taken by painless/matching.painless instead, in time that grows with the text and no
faster, and mean what the pattern means to RE2 in the local engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# What a step does, as the script knows it.
WITHIN, OUTSIDE, WORD, FOLDED, SPLIT, JUMP, BEGIN, END, OPEN, CLOSE, FOUND = range(11)

_CLASSES = {"d": "09", "w": "09AZ__az", "s": "\t\n\f\r  "}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
# Letters of ASCII that another character folds to.
_FOLDS = {"k": "\u212a", "s": "\u017f"}
_MOST_REPEATS = 100

Step = list[Any]
Emit = Callable[["_Steps"], None]


@dataclass(frozen=True)
class Program:
    """The steps of a pattern. `has_group` tells whether what is found is group 1."""

    steps: tuple[Step, ...]
    has_group: bool
    is_anchored: bool  # can be found at the begin of a text only

    def as_params(self) -> dict[str, Any]:
        """What the script is given."""
        marks = sum(step[0] == SPLIT for step in self.steps)
        return {"steps": list(self.steps), "marks": marks, "group": self.has_group, "anchored": self.is_anchored}


def program_of(pattern: str) -> Program:
    """The program of a pattern; raises ValueError for one with parts that no rule has used so far."""
    parser = _Parser(pattern)
    emit = parser.whole()
    steps = _Steps()
    emit(steps)
    steps.add(FOUND)
    return Program(tuple(steps.made), parser.groups > 0, steps.made[0][0] == BEGIN)


@dataclass
class _Steps:
    made: list[Step] = field(default_factory=list)
    _marks: int = 0

    def add(self, *step: Any) -> int:
        self.made.append(list(step))
        return len(self.made) - 1

    def split(self) -> int:
        """A step that goes one way and comes back for the other; each place in a text is left once only."""
        self._marks += 1
        return self.add(SPLIT, 0, 0, self._marks - 1)

    def lead(self, split: int, first: int, second: int, is_lazy: bool = False) -> None:
        self.made[split][1:3] = [second, first] if is_lazy else [first, second]

    @property
    def here(self) -> int:
        return len(self.made)


class _Parser:
    """Reads a pattern; every part becomes a function that adds its steps."""

    def __init__(self, pattern: str) -> None:
        self._ignores_case = pattern.startswith("(?i)")
        self._text = pattern[4:] if self._ignores_case else pattern
        self._place = 0
        self.groups = 0

    def whole(self) -> Emit:
        emit = self._either()
        if self._place < len(self._text):
            raise ValueError(f"a bracket too many in {self._text}")
        return emit

    def _either(self) -> Emit:
        options = [self._sequence()]
        while self._next("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else _either(options)

    def _sequence(self) -> Emit:
        parts: list[Emit] = []
        word = ""
        while self._place < len(self._text) and self._text[self._place] not in "|)":
            letter = self._letter()
            if letter and not self._peek("*", "+", "?", "{"):
                word += letter
                continue
            if word:
                parts.append(self._word(word))
                word = ""
            parts.append(self._repeated(self._word(letter) if letter else self._part()))
        if word:
            parts.append(self._word(word))
        return _sequence(parts)

    def _letter(self) -> str:
        """The next character where it stands for itself; else none is taken."""
        one = self._text[self._place]
        if one == "\\" and self._text[self._place + 1 : self._place + 2] not in "dwsDWSzAbB":
            self._place += 2
            escaped = self._text[self._place - 1]
            return _CONTROLS.get(escaped, escaped)
        if one in "\\([.^$*+?{":
            return ""
        self._place += 1
        return one

    def _part(self) -> Emit:
        one = self._take()
        if one == "(":
            return self._group()
        if one == "[":
            return self._class()
        if one == ".":
            return _one(OUTSIDE, "\n\n")
        if one == "^":
            return lambda steps: _ignored(steps.add(BEGIN))
        if one == "$":
            return lambda steps: _ignored(steps.add(END))
        letter = self._take() if one == "\\" else ""
        if letter == "z":
            return lambda steps: _ignored(steps.add(END))
        if letter.lower() in _CLASSES:
            return _one(WITHIN if letter.islower() else OUTSIDE, self._folded_pairs(_CLASSES[letter.lower()]))
        raise ValueError(f"{one}{letter} is not understood in {self._text}")

    def _group(self) -> Emit:
        if self._next("?"):
            if not self._next(":"):
                raise ValueError(f"a group with flags in {self._text}")
            is_first = False
        else:
            self.groups += 1
            is_first = self.groups == 1
        inner = self._either()
        if not self._next(")"):
            raise ValueError(f"a bracket is not closed in {self._text}")
        return _captured(inner) if is_first else inner

    def _class(self) -> Emit:
        kind = OUTSIDE if self._next("^") else WITHIN
        pairs, is_first = "", True
        while is_first or not self._next("]"):
            is_first = False
            low = self._take()
            if low == "\\":
                low = self._take()
                if low in _CLASSES:
                    pairs += _CLASSES[low]
                    continue
                if low.lower() in _CLASSES:
                    raise ValueError(f"\\{low} inside brackets in {self._text}")
                low = _CONTROLS.get(low, low)
            high = low
            if self._peek("-") and self._text[self._place + 1 : self._place + 2] not in ("]", ""):
                self._place += 1
                high = self._take()
                high = self._take() if high == "\\" else high
            pairs += low + high
        return _one(kind, self._folded_pairs(pairs))

    def _folded_pairs(self, pairs: str) -> str:
        if not self._ignores_case:
            return pairs
        more = ""
        for low, high in zip(pairs[::2], pairs[1::2], strict=True):
            if high > "\x7f":
                raise ValueError(f"{high!r} without regard to case in {self._text}")
            for one in map(chr, range(ord(low), ord(high) + 1)):
                if one.isalpha():
                    more += one.swapcase() * 2 + _FOLDS.get(one.lower(), "") * 2
        return pairs + more

    def _repeated(self, emit: Emit) -> Emit:
        bounds = re.compile(r"\*|\+|\?|\{(\d+)(,?)(\d*)\}").match(self._text, self._place)
        if bounds is None:
            return emit
        self._place = bounds.end()
        is_lazy = self._next("?")
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(bounds[0], (0, 0))
        if bounds[1]:
            least = int(bounds[1])
            most = int(bounds[3]) if bounds[3] else None if bounds[2] else least
        if max(least, most or 0) > _MOST_REPEATS:
            raise ValueError(f"{bounds[0]} repeats too often in {self._text}")
        return _repeated(emit, least, most, is_lazy)

    def _word(self, word: str) -> Emit:
        if not self._ignores_case or not any(one.isalpha() for one in word):
            return lambda steps: _ignored(steps.add(WORD, word))
        if not word.isascii():
            raise ValueError(f"{word!r} without regard to case in {self._text}")
        return lambda steps: _ignored(steps.add(FOLDED, word.lower()))

    def _take(self) -> str:
        if self._place == len(self._text):
            raise ValueError(f"something is missing at the end of {self._text}")
        self._place += 1
        return self._text[self._place - 1]

    def _peek(self, *marks: str) -> bool:
        return self._text.startswith(marks, self._place)

    def _next(self, mark: str) -> bool:
        is_next = self._peek(mark)
        self._place += is_next
        return is_next


def _ignored(_: int) -> None:
    return None


def _one(kind: int, pairs: str) -> Emit:
    return lambda steps: _ignored(steps.add(kind, pairs))


def _sequence(parts: list[Emit]) -> Emit:
    def emit(steps: _Steps) -> None:
        for part in parts:
            part(steps)

    return emit


def _captured(inner: Emit) -> Emit:
    def emit(steps: _Steps) -> None:
        steps.add(OPEN)
        inner(steps)
        steps.add(CLOSE)

    return emit


def _either(options: list[Emit]) -> Emit:
    def emit(steps: _Steps) -> None:
        ends = []
        for option in options[:-1]:
            split = steps.split()
            option(steps)
            ends.append(steps.add(JUMP, 0))
            steps.lead(split, split + 1, steps.here)
        options[-1](steps)
        for end in ends:
            steps.made[end][1] = steps.here

    return emit


def _repeated(inner: Emit, least: int, most: int | None, is_lazy: bool) -> Emit:
    def emit(steps: _Steps) -> None:
        for _ in range(least):
            inner(steps)
        if most is None:
            split = steps.split()
            inner(steps)
            steps.add(JUMP, split)
            steps.lead(split, split + 1, steps.here, is_lazy)
            return
        splits = []
        for _ in range(most - least):
            splits.append(steps.split())
            inner(steps)
        for split in splits:
            steps.lead(split, split + 1, steps.here, is_lazy)

    return emit
