"""Reader: takes typed values out of a document and notes everything that is not as it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from .document import Document
from .duration import parse_duration
from .expression import describe
from .path import PathError, Step, parse_path
from .problems import Trail, place

_Item = TypeVar("_Item")
_Default = TypeVar("_Default")
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class Reader:
    """Reads one document; every method takes a value and its trail, and returns something usable in any case."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.add = document.add

    def wrong(self, value: Any, trail: Trail, expected: str) -> None:
        """Note that a value is of the wrong kind."""
        self.add(trail, f"{place(trail)} is wrong", expected, describe(value))

    def report(self, trail: Trail, what: str, expected: str, found: str) -> None:
        """Note a fault that a parser found in a part of the document."""
        self.add(trail, f"{place(trail)}: {what}", expected, found)

    def mapping(self, value: Any, trail: Trail, required: Collection[str], optional: Collection[str]) -> dict[str, Any]:
        """A mapping with all required keys and no unknown one; unknown keys are left out."""
        if not isinstance(value, dict):
            self.wrong(value, trail, "a mapping")
            return {}
        allowed = [*required, *optional]
        for key, inner in value.items():
            if key not in allowed:
                self._unknown_key(key, inner, trail, allowed)
        for key in required:
            if key not in value:
                self.add(trail, f'the key "{place((*trail, key))}" is missing')
        return {key: inner for key, inner in value.items() if key in allowed}

    def take(
        self,
        content: Mapping[str, Any],
        key: str,
        read: Callable[[Any, Trail], _Item],
        default: _Default,
        trail: Trail = (),
    ) -> _Item | _Default:
        """One key of a mapping, read by `read`; the default where the key is not there."""
        return read(content[key], (*trail, key)) if key in content else default

    def _unknown_key(self, key: str, value: Any, trail: Trail, allowed: list[str]) -> None:
        near = get_close_matches(key, allowed, 1)
        expected = near[0] if near else "one of " + ", ".join(sorted(allowed))
        if value is None and not near:
            # `{means: one, two}` is a key without a value after the comma, and nothing else looks like that.
            expected = "quotes around a text with a comma"
        self.add((*trail, key), f'unknown key "{place((*trail, key))}"', expected, key)

    def any_mapping(self, value: Any, trail: Trail, is_empty_fine: bool = False) -> dict[str, Any]:
        """A mapping whose keys are the author's own."""
        if isinstance(value, dict) and (value or is_empty_fine):
            return value
        self.wrong(value, trail, "a mapping" + ("" if is_empty_fine else " with at least one key"))
        return {}

    def text(self, value: Any, trail: Trail) -> str:
        """A text that is not empty, trimmed."""
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.wrong(value, trail, "text")
        return ""

    def name(self, value: Any, trail: Trail) -> str:
        """A name of lower-case letters, digits and underscores."""
        if isinstance(value, str) and _PLAIN_NAME.match(value):
            return value
        self.wrong(value, trail, "a name of lower-case letters, digits and _")
        return ""

    def choice(self, value: Any, trail: Trail, choices: Collection[str]) -> str:
        """One of a closed set of words, "" where the value is none of them."""
        if isinstance(value, str) and value in choices:
            return value
        self.wrong(value, trail, "one of " + ", ".join(choices))
        return ""

    def whole(self, value: Any, trail: Trail, least: int) -> int:
        """A whole number, not smaller than `least`."""
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.wrong(value, trail, f"a whole number from {least}")
        return least

    def truth(self, value: Any, trail: Trail) -> bool:
        """True or false."""
        if isinstance(value, bool):
            return value
        self.wrong(value, trail, "true or false")
        return False

    def seconds(self, value: Any, trail: Trail) -> int:
        """Seconds of a duration such as 90s, 10m, 1h or 7d."""
        seconds = parse_duration(value) if isinstance(value, str) else None
        if seconds is None:
            self.wrong(value, trail, "a duration such as 90s, 10m, 1h or 7d")
            return 0
        return seconds

    def items(
        self, value: Any, trail: Trail, read: Callable[[Any, Trail], _Item], is_empty_fine: bool = False
    ) -> tuple[_Item, ...]:
        """A list, every item read by `read`."""
        if not isinstance(value, list) or not (value or is_empty_fine):
            self.wrong(value, trail, "a list" + ("" if is_empty_fine else " with at least one item"))
            return ()
        return tuple(read(item, (*trail, number)) for number, item in enumerate(value))

    def texts(self, value: Any, trail: Trail) -> tuple[str, ...]:
        """A list of at least one text."""
        return self.items(value, trail, self.text)

    def some_texts(self, value: Any, trail: Trail) -> tuple[str, ...]:
        """A list of texts that may be empty."""
        return self.items(value, trail, self.text, is_empty_fine=True)

    def whole_from_one(self, value: Any, trail: Trail) -> int:
        """A whole number from 1."""
        return self.whole(value, trail, 1)

    def one_of(self, allowed: Collection[str]) -> Callable[[Any, Trail], str]:
        """A reader of one word of a closed set."""
        return lambda value, trail: self.choice(value, trail, allowed)

    def some_of(self, allowed: Collection[str]) -> Callable[[Any, Trail], tuple[str, ...]]:
        """A reader of a list of different words of a closed set."""

        def read(value: Any, trail: Trail) -> tuple[str, ...]:
            words = self.items(value, trail, self.one_of(allowed))
            for number, word in enumerate(words):
                if word and word in words[:number]:
                    self.add((*trail, number), f"{place((*trail, number))} stands twice", "every value once", word)
            return words

        return read

    def path(self, value: Any, trail: Trail) -> tuple[Step, ...]:
        """The steps of a path."""
        text = self.text(value, trail)
        try:
            return parse_path(text) if text else ()
        except PathError as error:
            expected = "a.b.c, list[0].x or list[Key=text].x"
            self.add(trail, f"{place(trail)} is no path: {error}", expected, describe(text))
            return ()

    def paths(self, value: Any, trail: Trail) -> tuple[tuple[Step, ...], ...]:
        """A list of paths."""
        return self.items(value, trail, self.path)

    def fields(self, value: Any, trail: Trail) -> dict[str, tuple[tuple[Step, ...], ...]]:
        """Raw fields by name, each with the paths it may be found at."""
        fields = {}
        for name, paths in self.any_mapping(value, trail).items():
            self.name(name, (*trail, name))
            fields[name] = self.paths(paths, (*trail, name))
        return fields
