"""`enumwatch simulate`."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from .speech import OperatorError, say

DEMO = "demo"


def run_simulate(options: argparse.Namespace, start: datetime) -> int:
    """Lists the scenarios, or writes one (or the demo); returns 0."""
    from ..simulate import SimulateError, scenarios, simulate, write_demo

    if options.scenario is None:
        for one in scenarios():
            sys.stdout.write(f"{one.id:24} {one.kind:10} {one.title}\n{'':24} for {', '.join(one.sources)}\n")
        return 0
    if options.out is None:
        raise OperatorError("simulate needs --out DIR: name a folder to write to")
    out = Path(options.out)
    try:
        if options.scenario == DEMO:
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
    for file in result.files:
        sys.stdout.write(f"{file}\n")
    say(f"{result.records} records, labels in {result.labels}, expected findings in {result.truth}")
    return 0
