"""Changes every limit of every detection, and every constant of the running sums, by 30 % up and down and asks whether
some case notices.

`python -m tests.cases.mutate_limits` lists every change with the case that turned red, and ends with 1 where a change
survived that is not written down here with its reason.
"""

from __future__ import annotations

import copy
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from enumwatch.core.roll_call import habits, running_sum, statistics

from .shipped import cases, rulebook, stage
from .staging import Stage, title

_CHANGE = 0.3

_LEVEL_ASKS = "so few names never reach the level: the level divided by the weight of an absent name asks for more"

# Changes that no case can notice, and why that is right.
_FLOOD = "a flood of thousands of events is no case to read; tests/core/test_bounds.py holds both sides of a bound"
REASONS: Mapping[str, str] = {
    **{
        f"email_enumeration.{bound}_contacts = {number}": _FLOOD
        for bound, numbers in (
            *(("place", (1400, 2600)), ("name", (350, 650)), ("tenant", (7000, 13000))),
            *(("quiet", (1750, 3250)), ("quiet_place", (14, 26))),
        )
        for number in numbers
    },
    "email_enumeration.address_names = 2": _LEVEL_ASKS,
    "email_enumeration.agent_names = 4": _LEVEL_ASKS,
    "email_enumeration.shared_names = 11": _LEVEL_ASKS,
    "email_enumeration.team_names = 7": _LEVEL_ASKS,
}
# Numbers of the statistics that the rulebook does not hold, because nobody should tune them.
_CONSTANTS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "running_sum": (running_sum, ("ALARM_RATE_TIMES", "ALARM_RATE_FLOORS")),
    "statistics": (statistics, ("FORGOTTEN_AFTER",)),
    "habits": (habits, ("FORGOTTEN_AFTER",)),
}


class Change(NamedTuple):
    """One limit of one detection (or constant of a module) with another number (seconds where a limit is a duration)."""

    detection: str
    limit: str
    number: float

    @property
    def limit_name(self) -> str:
        """The limit with its detection."""
        return f"{self.detection}.{self.limit}"

    @property
    def name(self) -> str:
        """How the change is called in lists."""
        return f"{self.limit_name} = {self.number:g}"


def changes() -> Iterator[Change]:
    """Every limit and constant moved by 30 %; whole numbers are rounded away from where they were."""
    for detection, rule in rulebook()["detections"].items():
        for limit, number in rule["limits"].items():
            yield from _both_ways(detection, limit, number)
    for name, (module, constants) in _CONSTANTS.items():
        for constant in constants:
            yield from _both_ways(name, constant, getattr(module, constant))


def _both_ways(owner: str, limit: str, number: float) -> Iterator[Change]:
    low, high = number * (1 - _CHANGE), number * (1 + _CHANGE)
    if isinstance(number, int):
        low, high = math.floor(low), math.ceil(high)
    yield Change(owner, limit, low)
    yield Change(owner, limit, high)


@contextmanager
def _under(change: Change) -> Iterator[Stage]:
    """The stage under a change."""
    if change.detection in _CONSTANTS:
        module = _CONSTANTS[change.detection][0]
        before = getattr(module, change.limit)
        setattr(module, change.limit, change.number)
        try:
            yield stage()
        finally:
            setattr(module, change.limit, before)
        return
    changed = copy.deepcopy(rulebook())
    changed["detections"][change.detection]["limits"][change.limit] = change.number
    yield stage().with_rulebook(changed)


def first_red(change: Change) -> str | None:
    """The first case that turns red under a change, the detection's own tried first; None where all stay green."""
    ordered = sorted(_green(), key=lambda one: bool(one["detection"] != change.detection))
    with _under(change) as altered:
        return next((title(case) for case in ordered if _is_red(altered, case)), None)


@lru_cache(maxsize=1)
def _green() -> list[dict[str, Any]]:
    """The cases that are green before any change: one that is red already notices nothing."""
    return [case for case in cases() if not _is_red(stage(), case)]


def _is_red(altered: Any, case: Mapping[str, Any]) -> bool:
    try:
        return bool(altered.differences(case))
    except ArithmeticError:
        return True


def main() -> int:
    """Prints what became of every change; returns 1 where one survived without a reason."""
    survivors = 0
    for change in changes():
        red = first_red(change)
        is_explained = red is None and change.name in REASONS
        survivors += red is None and not is_explained
        fate = f"red: {red}" if red else f"survives: {REASONS[change.name]}" if is_explained else "SURVIVES"
        sys.stdout.write(f"{change.name:55} {fate}\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
