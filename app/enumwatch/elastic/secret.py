"""Secret: a text that no output, traceback or log shows."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_CREDENTIAL = re.compile(r"\b(ApiKey|Basic|Bearer)\s+[^\s,;)\"']+", re.IGNORECASE)
_sent: set[str] = set()


class Secret:
    """Holds a key or a password; what prints it prints stars."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def reveal(self) -> str:
        """Return the text, for the one place that sends it."""
        _sent.add(self._text)
        return self._text

    def hidden_in(self, text: str) -> str:
        """Return a text with stars where this secret stood in it."""
        return text.replace(self._text, "***") if self._text else text


def content_of(file: Path, most: int) -> tuple[bytes, bool]:
    """Up to so many bytes of a file that may hold a secret, and whether others can read it too. Raises OSError."""
    with file.open("rb") as opened:
        mode = os.fstat(opened.fileno()).st_mode
        return opened.read(most), os.name == "posix" and bool(mode & _READABLE_BY_OTHERS)


def without_sent(text: str) -> str:
    """Return what somebody answered, with stars where it repeats a secret that was sent: proxies and gateways do."""
    for one in _sent - {""}:
        text = text.replace(one, "***")
    return _CREDENTIAL.sub(r"\1 ***", text)
