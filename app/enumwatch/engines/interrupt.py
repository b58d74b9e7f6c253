"""Interrupt: Ctrl-C, however an engine words it."""

from __future__ import annotations

_STOPPED_QUERIES = ("Query interrupted", "INTERRUPT Error")  # what DuckDB says, in exceptions of several kinds


def is_interrupt(error: BaseException | None) -> bool:
    """True where this, or what it was raised from, is what became of Ctrl-C."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or any(said in str(error) for said in _STOPPED_QUERIES):
            return True
        error = error.__cause__ or error.__context__
    return False
