"""Costs: what a process takes, and the best of several that run in turn."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

ROOT = Path(__file__).resolve().parents[2]

# What a process costs is asked by a small one: the memory of whoever starts it would be counted as its own.
_ASK = """
import resource, subprocess, sys, time
begin = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(code)
"""


class Cost(NamedTuple):
    """What one process cost: wall clock and processor seconds, peak memory in MiB."""

    seconds: float
    processor_seconds: float
    mebibytes: float


def measured(
    command: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    environment: Mapping[str, str] | None = None,
    is_quiet: bool = True,
) -> Cost:
    """Runs a command to its end; raises CalledProcessError where it fails. What it says of errors is shown unless quiet."""
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _ASK, *command],
        stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if is_quiet else None,
        env=environment, cwd=ROOT, text=True, check=True,
    ).stdout  # fmt: skip
    return Cost(*map(float, said.split()))


def best_of(runs: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, Cost]:
    """The best cost of each, run in turn so that all meet the same machine."""
    found: dict[str, Cost] = {}
    for _ in range(rounds):
        for name, run in runs.items():
            spent = run()
            found[name] = Cost(*map(min, found.get(name, spent), spent))
    return found
