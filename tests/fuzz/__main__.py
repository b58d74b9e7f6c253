"""`python -m tests.fuzz [--seconds N] [--seed N] [--only SURFACE] [--case N] [--no-giants] [--record]`; exit 1 on a failure."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from .attempts import ROOT, Attempts
from .cases import SURFACES
from .fuzzing import Fuzz, Tally
from .recording import PAGE, record
from .searching import Searching

SEARCH, _SEARCH_EVERY = "search", 10
KEPT = ROOT / "build" / "fuzz"


def main() -> int:
    """Tries, tells, returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--seed", type=int, nargs="+", help="one or several, of --seconds each (default: another each time)"
    )
    parser.add_argument("--only", choices=[*sorted(SURFACES), SEARCH])
    parser.add_argument("--case", type=int, help="only this one, of --seed")
    parser.add_argument("--no-giants", action="store_true", help="leave out what needs a GiB of scratch")
    parser.add_argument("--record", action="store_true", help=f"write the figures into {PAGE.name}")
    options = parser.parse_args()
    seeds = options.seed or [time.time_ns() % 1_000_000]
    print(f"seed {' '.join(map(str, seeds))}", flush=True)
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, Attempts() as attempts:
        fuzz = Fuzz(Path(folder), attempts, KEPT)
        if options.case is None and options.only is None and not options.no_giants:
            fuzz.giants(tally)
        for seed in seeds:
            _try(fuzz, seed, options, tally)
    for line in tally.lines():
        print(line)
    for one in tally.failures:
        print(one[:1000])
    if tally.failures:
        print(f"{len(tally.failures)} failures; inputs in {KEPT}, again with --seed and --case")
    if options.record:
        record(tally, seeds, options.seconds)
    return 1 if tally.failures else 0


def _try(fuzz: Fuzz, seed: int, options: argparse.Namespace, tally: Tally) -> None:
    """Cases of one seed, as long as was asked for, or the one that was."""
    searching: Searching | None = None
    until, number = time.monotonic() + options.seconds, options.case or 0
    while number == options.case or (options.case is None and time.monotonic() < until):
        if options.only == SEARCH or (options.only is None and number % _SEARCH_EVERY == 0):
            if searching is None:
                folder = fuzz.folder / f"search-{seed}"
                folder.mkdir()
                searching = Searching(folder)
            searching.attempt(seed, number, tally)
        else:
            fuzz.attempt(seed, number, tally, options.only)
        number += 1
        tally.cases += 1


if __name__ == "__main__":
    sys.exit(main())
