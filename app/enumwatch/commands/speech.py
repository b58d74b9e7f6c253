"""Speech: where words go. Results to standard output or a file, everything about the run to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_LONGEST_LINE = 4_000


class OperatorError(Exception):
    """Something the operator can mend: one line, ending in what to do."""


def say(text: str) -> None:
    """Writes about the run, to standard error; nothing a file name or a lookup holds can act there."""
    from ..report.visible import visible

    sys.stderr.write("".join(f"{visible(line, _LONGEST_LINE)}\n" for line in text.rstrip("\n").split("\n")))
    sys.stderr.flush()


def check_outputs(inputs: Sequence[str], outputs: Mapping[str, str | None]) -> None:
    """Raises OperatorError where a result could not be written in the end, or would be written over what is read.

    `outputs` are paths by option. Reading can take hours, so this is asked before.
    """
    for option, path in outputs.items():
        if path is None or path == "-":
            continue
        target = Path(path)
        if not target.name or target.is_dir():
            raise OperatorError(f"{option} {path!r} is a folder: name a file in it")
        if not target.parent.is_dir():
            raise OperatorError(
                f"{option} {path!r} is in no folder that exists: make {str(target.parent)!r} or choose another"
            )
        if not os.access(target.parent, os.W_OK | os.X_OK):
            raise OperatorError(f"{option} {path!r} is in a folder that cannot be written to: choose another")
        if target.is_file() and any(Path(one).is_file() and target.samefile(one) for one in inputs):
            raise OperatorError(f"{option} {path!r} is a log to be read: choose another file, a log is evidence")


@contextmanager
def writing(path: str | None) -> Iterator[None]:
    """Turns what can go wrong while a file is written into an OperatorError."""
    from duckdb import IOException

    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, IOException) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OperatorError(
            f"{path or 'the result'} cannot be written ({reason}): choose another place for it"
        ) from error


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
    if target.exists() and not target.is_file():  # a pipe or a device is written to, never replaced
        with writing(path), target.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield file.write
        return
    part = target.with_name(target.name + ".part")
    try:
        with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield file.write
        part.replace(target)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written ({error.strerror}): choose another place for it") from error
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
