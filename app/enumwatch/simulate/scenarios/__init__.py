"""All scenarios, in the order users should meet them."""

from __future__ import annotations

from ..event import SimulateError
from ..story import Scenario
from . import accounts, enumeration, everyday, guessing, identities, lookalikes, office, on_premises

ALL: tuple[Scenario, ...] = tuple(
    sorted(
        (*enumeration.SCENARIOS, *guessing.SCENARIOS, *on_premises.SCENARIOS, *accounts.SCENARIOS,
         *identities.SCENARIOS,
         *lookalikes.SCENARIOS, *everyday.SCENARIOS,
         *office.SCENARIOS),
        key=lambda scenario: ("attack", "benign", "background").index(scenario.kind),
    )
)  # fmt: skip
BY_ID = {scenario.id: scenario for scenario in ALL}


def find(scenario: str, source: str) -> Scenario:
    """The scenario with this id, if it exists for `source`; SimulateError says what to choose instead."""
    if scenario not in BY_ID:
        raise SimulateError(f"scenario {scenario!r} does not exist; choose one of {', '.join(BY_ID)}")
    found = BY_ID[scenario]
    if source not in found.sources:
        known = {name for each in ALL for name in each.sources}
        what = "leaves nothing in" if source in known else "cannot be written for unknown source"
        raise SimulateError(f"scenario {scenario} {what} {source!r}; choose --source {', '.join(found.sources)}")
    return found
