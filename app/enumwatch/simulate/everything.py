"""Everything: each scenario in each log that can hold it, small and labelled, far enough apart to be told one by one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from . import scenarios as book
from .event import microseconds
from .population import Organisation
from .run import DEFAULT_START, SimulationResult, Told, tell, write_beside, write_source
from .shapes import SHAPES

USERS = 60
# Weeks, so that a Monday stays one; longer than any scenario and than an incident stays open.
APART = timedelta(days=14)
# Enough to be what the scenario is; the others are small by themselves.
EVENTS = {"office": 250, "load_test": 250, "shared_egress": 300, "leavers_phones": 400, "account_burst": 160}


def write_everything(out: Path, *, seed: int, start: datetime = DEFAULT_START) -> SimulationResult:
    """Writes `<out>/<source>/<scenario>.<ext>` of everything that can be simulated, with labels, truth and lookups.

    Each scenario has its own people and tenant and begins two weeks after the one before, because half of the logs name
    no tenant. The same seed gives the same bytes.
    """
    files: list[Path] = []
    labels, truths, everything = [], [], []
    for number, scenario in enumerate(book.ALL):
        organisation = Organisation(seed, number, USERS)
        begin = microseconds(start + number * APART)
        for source in scenario.sources:
            shape = SHAPES[source]
            events = EVENTS.get(scenario.id)
            told: Told = tell(scenario, shape, organisation, seed=seed, start=begin, events=events)
            path, more_labels, more_truths = write_source(out, shape, scenario.id, [told], seed=seed)
            files.append(path)
            labels += more_labels
            truths += more_truths
            everything.append(told)
    return write_beside(out, files, labels, truths, everything)
