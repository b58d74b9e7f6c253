"""`enumwatch simulate`, as far as it writes files; what goes to a live system is in `sending`."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from .inputs import moment_of, rulebook_of
from .speech import OperatorError, say

if TYPE_CHECKING:
    from ..simulate import SimulationResult

DEMO = "demo"
_START = "2026-03-02T00:00:00Z"
_SEED = 1


def run_simulate(options: argparse.Namespace) -> int:
    """Lists scenarios, writes or sends some, the demo or all, removes a run, or compares verdicts with labels.

    Returns 0; 1 where a comparison misses something expected. Raises OperatorError.
    """
    from ..simulate import matrix, scenarios

    if options.list:
        sys.stdout.writelines(f"{line.rstrip()}\n" for line in matrix())
        return 0
    if options.verify is not None:
        return _verified(options)
    if options.remove or options.resume or options.to:
        from .sending import run_sending

        return run_sending(options)
    start = datetime.fromtimestamp((moment_of(options.start or _START, "--start") or 0) / 1_000_000, timezone.utc)
    if not options.scenario and not options.all:
        for one in scenarios():
            sys.stdout.write(f"{one.id:24} {one.kind:10} {one.title}\n{'':24} for {', '.join(one.sources)}\n")
        return 0
    for result in _written(options, start):
        for file in result.files:
            sys.stdout.write(f"{file}\n")
        say(f"{result.records} records, labels in {result.labels}, expected findings in {result.truth}")
    return 0


def plays_wanted(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Each scenario with each named log that it leaves something in; raises OperatorError where that is none."""
    from ..simulate import scenarios

    known = {one.id: one.sources for one in scenarios()}
    wanted = []
    for scenario in dict.fromkeys(options.scenario):
        if not options.source:
            choice = ", ".join(known.get(scenario, ())) or "the list of `simulate`"
            raise OperatorError(f"simulate needs --source ID: choose from {choice}")
        named = list(dict.fromkeys(options.source))
        fitting = [source for source in named if source in known.get(scenario, ())]
        # Of one that fits nowhere the first is refused by name.
        wanted += [(scenario, source) for source in fitting or named[:1]]
    for source in dict.fromkeys(options.source or ()):
        if wanted and source not in {one for _, one in wanted}:
            raise OperatorError(
                f"none of the scenarios leaves anything in {source}: leave it out, or see simulate --list"
            )
    return wanted


def _written(options: argparse.Namespace, start: datetime) -> list[SimulationResult]:
    """Writes what was asked for; raises OperatorError."""
    from ..simulate import SimulateError, simulate, write_demo, write_everything

    if options.out is None:
        raise OperatorError("simulate needs --out DIR: name a folder to write to")
    out = Path(options.out)
    seed = _SEED if options.seed is None else options.seed
    try:
        if options.all:
            return [write_everything(out, seed=seed, start=start)]
        if options.scenario == [DEMO]:
            return [write_demo(out, seed=seed, **({"events": options.events} if options.events else {}))]
        return [
            simulate(
                scenario,
                source,
                seed=seed,
                out=out,
                start=start,
                days=options.days,
                users=options.users,
                events=options.events,
                form=options.form,
            )
            for scenario, source in plays_wanted(options)
        ]
    except SimulateError as error:
        raise OperatorError(str(error)) from error
    except OSError as error:
        raise OperatorError(f"{out} cannot be written ({error.strerror}): choose another --out") from error


def _verified(options: argparse.Namespace) -> int:
    """Prints what a run found, missed and falsely accused."""
    from ..report.visible import visible
    from ..simulate import SimulateError, compare, report

    if options.labels is None:
        raise OperatorError("--verify needs --labels DIR: name the folder that `simulate --out` wrote")
    try:
        made = compare(Path(options.verify), Path(options.labels), emitted(options.rules))
    except SimulateError as error:
        raise OperatorError(str(error)) from error
    sys.stdout.writelines(f"{visible(line, 400)}\n" for line in report(made))
    if made.false:
        say("What is falsely accused may only need the lookups of the simulation: scan with --lookups DIR/lookups")
    return 1 if made.missed else 0


def emitted(rules: str | None) -> dict[str, list[str]]:
    """The source ids that the events of each log carry; raises OperatorError."""
    sources = rulebook_of(rules)["sources"]
    return {name: [name, *source["emits"]] for name, source in sources.items()}
