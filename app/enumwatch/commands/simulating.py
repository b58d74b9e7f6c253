"""`enumwatch simulate`."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .inputs import rulebook_of
from .speech import OperatorError, say

if TYPE_CHECKING:
    from ..simulate import SimulationResult

DEMO = "demo"


def run_simulate(options: argparse.Namespace, start: datetime) -> int:
    """Lists scenarios, writes one, the demo or all, or compares verdicts with labels.

    Returns 0; 1 where a comparison misses something expected.
    """
    from ..simulate import matrix, scenarios

    if options.list:
        sys.stdout.writelines(f"{line.rstrip()}\n" for line in matrix())
        return 0
    if options.verify is not None:
        return _verified(options)
    if options.scenario is None and not options.all:
        for one in scenarios():
            sys.stdout.write(f"{one.id:24} {one.kind:10} {one.title}\n{'':24} for {', '.join(one.sources)}\n")
        return 0
    result = _written(options, start)
    for file in result.files:
        sys.stdout.write(f"{file}\n")
    say(f"{result.records} records, labels in {result.labels}, expected findings in {result.truth}")
    return 0


def _written(options: argparse.Namespace, start: datetime) -> SimulationResult:
    """Writes what was asked for; raises OperatorError."""
    from ..simulate import SimulateError, scenarios, simulate, write_demo, write_everything

    if options.out is None:
        raise OperatorError("simulate needs --out DIR: name a folder to write to")
    out = Path(options.out)
    try:
        if options.all:
            result = write_everything(out, seed=options.seed, start=start)
        elif options.scenario == DEMO:
            result = write_demo(out, seed=options.seed, **({"events": options.events} if options.events else {}))
        elif options.source is None:
            known = next((one.sources for one in scenarios() if one.id == options.scenario), ())
            raise OperatorError(
                f"simulate needs --source ID: choose from {', '.join(known) or 'the list of `simulate`'}"
            )
        else:
            result = simulate(
                options.scenario,
                options.source,
                seed=options.seed,
                out=out,
                start=start,
                days=options.days,
                users=options.users,
                events=options.events,
                form=options.form,
            )
    except SimulateError as error:
        raise OperatorError(str(error)) from error
    except OSError as error:
        raise OperatorError(f"{out} cannot be written ({error.strerror}): choose another --out") from error
    return result


def _verified(options: argparse.Namespace) -> int:
    """Prints what a run found, missed and falsely accused."""
    from ..report.visible import visible
    from ..simulate import SimulateError, compare, report

    if options.labels is None:
        raise OperatorError("--verify needs --labels DIR: name the folder that `simulate --out` wrote")
    sources = rulebook_of(options.rules)["sources"]
    emits = {name: [name, *source["emits"]] for name, source in sources.items()}
    try:
        made = compare(Path(options.verify), Path(options.labels), emits)
    except SimulateError as error:
        raise OperatorError(str(error)) from error
    sys.stdout.writelines(f"{visible(line, 400)}\n" for line in report(made))
    if made.false:
        say("What is falsely accused may only need the lookups of the simulation: scan with --lookups DIR/lookups")
    return 1 if made.missed else 0
