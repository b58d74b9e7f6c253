"""Feeding: chunks of JSON text for the parser, which would hold whatever one element asks it to."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Far beyond what any log nests; the parser keeps the whole path of each level, so memory grows with the square.
_DEEPEST = 2000
# A text that goes over many pieces is put together anew with each, so pieces are large where nothing can be deep in them.
PIECE_BYTES, _STEP_BYTES, _COUNTED_BYTES = 1 << 20, 64 << 10, 4 << 10
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*("|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


def shallow(head: bytes) -> bytes:
    """The beginning of JSON text, as far as it is no deeper than any log."""
    depth, at = 0, 0
    for text in [*_STRING.finditer(head), None]:
        for bracket in _BRACKET.finditer(head, at, len(head) if text is None else text.start()):
            depth += 1 if bracket[0] in b"[{" else -1
            if depth > _DEEPEST:
                return head[: bracket.start()]
        at = len(head) if text is None else text.end()
    return head


class RecordTooLongError(ValueError):
    """One element of the JSON text is longer than the limit."""


class PerhapsDeepError(ValueError):
    """One element opens many brackets that it does not close, in texts or in earnest."""


class NestedError(ValueError):
    """The JSON text is nested deeper than any log."""


class Feeding:
    """File-like over chunks; refuses to feed one element more bytes than the limit, or more depth.

    Counting brackets is cheap and takes those in texts along; `is_exact` passes over texts, which is slow.
    """

    def __init__(self, chunks: Iterator[bytes], max_record_bytes: int, *, is_exact: bool) -> None:
        self._chunks = chunks
        self._max_record_bytes = max_record_bytes
        self._is_exact = is_exact
        self._rest = memoryview(b"")
        self._record_bytes = self._record_depth = self._depth = 0
        self._text_before = b""

    def next_record(self) -> None:
        """An element is complete."""
        self._record_bytes = self._record_depth = 0

    def read(self, size: int = -1) -> bytes:
        """As of a file. Raises the errors of this module."""
        if size == 0:  # ijson asks for nothing to learn the type
            return b""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = memoryview(chunk)
        taken = bytes(self._rest[:size])
        if taken.count(b"[") + taken.count(b"{") > _DEEPEST:
            taken = taken[:_STEP_BYTES]
        self._rest = self._rest[len(taken) :]
        self._record_bytes += len(taken)
        if self._record_bytes > self._max_record_bytes:
            raise RecordTooLongError
        if self._is_exact:
            return self._go_down(taken)
        for at in range(0, len(taken), _COUNTED_BYTES):
            self._count(taken[at : at + _COUNTED_BYTES])
        return taken

    def _count(self, piece: bytes) -> None:
        opened = piece.count(b"[") + piece.count(b"{")
        self._record_depth += opened - piece.count(b"]") - piece.count(b"}")
        if self._record_depth > _DEEPEST:
            raise PerhapsDeepError

    def _go_down(self, taken: bytes) -> bytes:
        """What of a piece is not too deep; raises NestedError where that is nothing."""
        content, known, at = self._text_before + taken, len(self._text_before), 0
        self._text_before = b""
        for text in [*_STRING.finditer(content), None]:
            for bracket in _BRACKET.finditer(content, at, len(content) if text is None else text.start()):
                self._depth += 1 if bracket[0] in b"[{" else -1
                if self._depth > _DEEPEST:
                    return self._last(content[known : bracket.start()])
            if text is not None:
                at = text.end()
                if not text[1].startswith(b'"'):  # goes on in the next piece, perhaps after half an escape
                    self._text_before = b'"' + text[1]
        return taken

    def _last(self, taken: bytes) -> bytes:
        """What precedes the depth, once, for the elements that are complete there."""
        self._chunks, self._rest = iter((b"[",)), memoryview(b"")
        self._text_before = b""
        if not taken:
            raise NestedError
        return taken
