"""Copies: a log that lies under two names would count twice, where its records carry no id of their own."""

from __future__ import annotations

import hashlib
from functools import partial
from itertools import zip_longest

_HEAD_BYTES = 64 << 10
_CHUNK_BYTES = 1 << 20


class Copies:
    """Remembers files by their size; only where two are of one size is anything read, mostly no more than a head."""

    def __init__(self) -> None:
        self._paths: dict[int, list[str]] = {}
        self._heads: dict[str, bytes] = {}

    def original(self, path: str, size_bytes: int) -> str | None:
        """The file shown before that holds the very same bytes, else None. An empty file is no copy: it holds nothing."""
        earlier = self._paths.setdefault(size_bytes, [])
        found = None
        if size_bytes:
            found = next((other for other in earlier if self._is_copy(path, other)), None)
        if found is None:
            earlier.append(path)
        return found

    def _is_copy(self, path: str, other: str) -> bool:
        try:
            return self._head(path) == self._head(other) and _are_equal(path, other)
        except OSError:  # what is wrong with it is told when it is read
            return False

    def _head(self, path: str) -> bytes:
        if path not in self._heads:
            with open(path, "rb") as file:
                self._heads[path] = hashlib.sha256(file.read(_HEAD_BYTES)).digest()
        return self._heads[path]


def _are_equal(path: str, other: str) -> bool:
    with open(path, "rb") as left, open(other, "rb") as right:
        chunks = (iter(partial(file.read, _CHUNK_BYTES), b"") for file in (left, right))
        return all(one == two for one, two in zip_longest(*chunks))
