"""Pace: in what order and at what distances names were first tried, per source and agent."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple, Union

from .observation import Observation, Place

_DIGITS = re.compile(r"(\d+)")
_LONGEST_NUMBER = 18  # digits; Python refuses to read numbers of thousands of them

Key = Tuple[Tuple[int, Union[int, str]], ...]


class Pace(NamedTuple):
    """Shares and variation are None where there were too few neighbours or gaps to tell."""

    order_share: Optional[float]  # ascending neighbours / neighbours
    gap_variation: Optional[float]  # coefficient of variation of the gaps


Try = Tuple[int, str]  # the first try of a name: its time in microseconds, and the name


def pace_of(observations: Iterable[Observation], least: int) -> Pace:
    """Order and gaps of the first tries of each name, by source and agent; None for either below `least` of them.

    Where names are spread so thinly over sources and agents that none has a run of its own, all first tries together are
    taken for one: a list is worked off in its order through however many addresses.
    """
    runs = list(_runs(observations).values())
    if sum(len(run) - 1 for run in runs) < least:
        runs = [sorted(one for run in runs for one in run)]
    return Pace(_order(runs, least), _variation(runs, least))


def _runs(observations: Iterable[Observation]) -> Dict[Tuple[Place, str], List[Try]]:
    """First tries in time order by (place, agent); each name once, at its first."""
    first: Dict[str, Tuple[int, Place, str]] = {}
    for time, place, name, _, _, contact in observations:
        if name and contact.outcome != "success":
            known = first.get(name)
            if known is None:
                first[name] = (time, place, contact.user_agent)
            elif time <= known[0]:
                first[name] = min(known, (time, place, contact.user_agent))
    runs: Dict[Tuple[Place, str], List[Try]] = {}
    for name, (time, place, agent) in first.items():
        runs.setdefault((place, agent), []).append((time, name))
    return {key: sorted(runs[key]) for key in sorted(runs)}


def _order(runs: Sequence[Sequence[Try]], least: int) -> Optional[float]:
    """Share of ascending neighbours, None below `least` of them; chance gives 0.5, an alphabetical list 1, one from its end 0.

    The log does not say which of two tries of one moment came first, so neighbours are moments: each counts the share of
    pairs, one name of either moment, that ascend.
    """
    ascending, neighbours = 0.0, 0
    for run in runs:
        moments = _moments(run)
        neighbours += len(moments) - 1
        ascending += sum([_ascending_share(moments[turn - 1], moments[turn]) for turn in range(1, len(moments))])
    return ascending / neighbours if neighbours >= least else None


def _moments(run: Sequence[Try]) -> List[List[str]]:
    """The local parts of the names, moment by moment."""
    moments: List[List[str]] = []
    last: Optional[int] = None
    for time, name in run:
        if time != last:
            moments.append([])
            last = time
        moments[-1].append(name.partition("@")[0])
    return moments


def _ascending_share(before: Sequence[str], after: Sequence[str]) -> float:
    if len(before) == len(after) == 1:
        one, other = before[0][:1], after[0][:1]
        if one != other and one.isalpha() and other.isalpha():
            return float(one < other)  # what decides where names begin with different letters
    earlier, later = sorted(map(sort_key, before)), list(map(sort_key, after))
    if len(earlier) == len(later) == 1 and earlier[0] != later[0]:
        return float(earlier[0] < later[0])
    # Equal keys (one name in two domains) say nothing either way and count half.
    pairs = sum(bisect_left(earlier, one) + bisect_right(earlier, one) for one in later)
    return pairs / (2 * len(before) * len(after))


def sort_key(name: str) -> Key:
    """Sorts as a list of names is sorted: by letters, numbers by their value, whatever the domain."""
    local = name.partition("@")[0]
    if _DIGITS.search(local) is None:
        return ((1, local),)
    parts = _DIGITS.split(local)
    return tuple(
        (0, int(part)) if turn % 2 and len(part) <= _LONGEST_NUMBER and part.isascii() else (1, part)
        for turn, part in enumerate(parts)
        if part
    )


def _variation(runs: Sequence[Sequence[Try]], least: int) -> Optional[float]:
    """Standard deviation of the gaps over their mean, each run measured by its own mean.

    A timer is near 0, a Poisson process (people, independent of each other) at 1. A run of few gaps always looks more even
    than it is, so only runs of `least` gaps or more count.
    """
    squares, number = 0.0, 0
    for run in runs:
        gaps = [run[turn][0] - run[turn - 1][0] for turn in range(1, len(run))]
        mean = sum(gaps) / len(gaps) if gaps else 0.0
        if len(gaps) >= least and mean:
            squares += sum([(gap / mean - 1.0) ** 2 for gap in gaps])
            number += len(gaps)
    return math.sqrt(squares / number) if number else None
