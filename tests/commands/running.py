"""Runs the command line in this process or in one of its own, and says what every run must keep to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import pytest

from enumwatch.cli import main
from enumwatch.simulate import simulate

Run = Callable[..., "Ran"]
LINES = 60


@dataclass(frozen=True)
class Ran:
    """What one run did."""

    code: int
    out: str
    err: str


@lru_cache
def log_text() -> str:
    """A log of 60 lines that gives one finding."""
    with TemporaryDirectory() as folder:
        result = simulate("fast_enumeration", "entra_signin", seed=5, out=Path(folder), users=40, events=LINES)
        return result.files[0].read_text(encoding="utf-8")


def log_file(folder: Path, name: str = "good.ndjson") -> Path:
    """That log as a file."""
    path = folder / name
    path.write_text(log_text(), encoding="utf-8")
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process; checks that it shows no traceback and ends in a known way."""

    def runner(*arguments: object) -> Ran:
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as stop:  # how argparse refuses
            code = int(str(stop.code))
        out, err = capsys.readouterr()
        return checked(Ran(code, out, err))

    return runner


def checked(ran: Ran) -> Ran:
    """The run itself, if it keeps to what holds for every run."""
    assert "Traceback" not in ran.err + ran.out
    assert "unexpected" not in ran.err, ran.err
    assert ran.code in (0, 1, 2, 130)
    if ran.code == 2:
        assert (ran.err + ran.out).strip(), "an exit code of 2 needs a word about what to mend"
    return ran


def in_own_process(arguments: Sequence[object], stdout_to: IO[str] | int = subprocess.PIPE) -> Ran:
    """Runs the command in a process of its own."""
    done = subprocess.run(
        command(arguments), stdout=stdout_to, stderr=subprocess.PIPE, timeout=60, env=environment(), text=True
    )
    return checked(Ran(done.returncode, done.stdout or "", done.stderr))


def command(arguments: Sequence[object]) -> list[str]:
    return [sys.executable, "-c", "from enumwatch.cli import run; run()", *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}


def says(ran: str, text: object) -> bool:
    """True where the words were said; lines are broken at the width of a terminal, long paths in their middle."""
    return "".join(str(text).split()) in "".join(ran.split())


def advises(text: str) -> bool:
    """True where a message says what to do: what was expected, or an imperative behind a semicolon."""
    *_, last = " ".join(text.split()).split("; ")
    return last.startswith(("expected ", "see ", "export ", "fetch ", "unpack ", "add ", "save ", "run ", "split "))
