"""Speech: where words go. Results to standard output or a file, everything about the run to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class OperatorError(Exception):
    """Something the operator can mend: one line, ending in what to do."""


def say(text: str) -> None:
    """Writes about the run, to standard error."""
    sys.stderr.write(text.rstrip("\n") + "\n")
    sys.stderr.flush()


@contextmanager
def output(path: str | None) -> Iterator[Callable[[str], object]]:
    """A function that writes text to a file or to standard output; a file appears only when it is whole."""
    if path is None or path == "-":
        stream = sys.stdout
        if hasattr(stream, "reconfigure"):
            # Names may hold what the terminal's encoding cannot; half surrogates cannot be written anywhere.
            stream.reconfigure(errors="backslashreplace")
        yield stream.write
        stream.flush()
        return
    target = Path(path)
    part = target.with_name(target.name + ".part")
    try:
        with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield file.write
        part.replace(target)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written ({error.strerror}): choose another --output") from error
    finally:
        part.unlink(missing_ok=True)


class ProgressLine:
    """One changing line on a terminal, nothing in a pipe; a context manager that clears it."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __call__(self, text: str) -> None:
        if self._is_shown:
            from ..report.visible import visible

            sys.stderr.write(f"\r\x1b[K{visible(text)[-78:]}")
            sys.stderr.flush()
