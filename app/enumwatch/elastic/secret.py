"""Secret: a text that no output, traceback or log shows."""

from __future__ import annotations


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
        return self._text

    def hidden_in(self, text: str) -> str:
        """Return a text with stars where this secret stood in it."""
        return text.replace(self._text, "***") if self._text else text
