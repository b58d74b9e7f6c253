"""Gathering: every finding of the rule identity_gathering, with each of its updates."""

from __future__ import annotations

from typing import Dict, Iterator, List, Protocol, Sequence, Set, Tuple

from ..contact import Contact
from ..context import Context
from ..event import TRYING_KINDS
from ..moment import moments
from ..observation import Place, place_of
from ..times import SECOND
from ..verdict import Verdict
from .harvest import Harvest
from .limits import Limits
from .probing import Probing, ProbingWatch
from .told import harvest_verdict, probing_verdict
from .watch import ReadingWatch

_Update = Tuple[int, Verdict]  # when it would have been told, microseconds
_IGNORED = ("noise", "throttled")


class Arrival(Protocol):
    """A success as an engine hands it over: who signed in, where, and when first."""

    @property
    def tenant(self) -> str: ...
    @property
    def src_ip(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def first(self) -> int: ...


def identity_gathering(
    rows: Sequence[Contact], context: Context, with_updates: bool = True, arrivals: Sequence[Arrival] = ()
) -> Iterator[_Update]:
    """Updates of all findings; without `with_updates` only the last word on each.

    Successes come among the rows, or as `arrivals`.
    """
    yield from _readings(rows, context, with_updates)
    yield from _probings(rows, arrivals, context, with_updates)


def _readings(rows: Sequence[Contact], context: Context, with_updates: bool) -> Iterator[_Update]:
    watch = ReadingWatch(context)
    told: Dict[int, Harvest] = {}
    for moment in moments(row for row in rows if row.kind == "directory_read"):
        for harvest in watch.take(moment):
            told[id(harvest)] = harvest
            volume = harvest.volume(watch.limits)
            if with_updates and volume >= max(1, 2 * harvest.told_volume):
                harvest.told_volume, harvest.told_calls = volume, harvest.calls
                yield harvest.last, harvest_verdict(harvest, context, watch.limits)
    for harvest in told.values():
        if harvest.told_calls < harvest.calls:
            yield harvest.last, harvest_verdict(harvest, context, watch.limits)


def _probings(
    rows: Sequence[Contact], arrivals: Sequence[Arrival], context: Context, with_updates: bool
) -> Iterator[_Update]:
    watch = ProbingWatch(context, int(context.limits("email_enumeration")["window"] * SECOND))
    tried = [row for row in rows if row.kind in TRYING_KINDS and row.outcome not in _IGNORED]
    failed = [row for row in tried if row.outcome != "success"]
    worth = _places_worth_a_look(failed, watch.limits)
    came = [*(row for row in tried if row.outcome == "success" and row.target_visible), *arrivals]
    successes = sorted((one.first, place_of(one), one.target) for one in came if place_of(one) in worth)
    told: Dict[int, Probing] = {}
    learnt = 0
    for moment in moments(row for row in failed if place_of(row) in worth):
        while learnt < len(successes) and successes[learnt][0] <= moment.time:
            watch.learn(*successes[learnt][1:])
            learnt += 1
        for probing in watch.take(moment):
            told[id(probing)] = probing
            if with_updates and len(probing.names) >= max(1, 2 * probing.told_names):
                probing.told_names, probing.told_attempts = len(probing.names), probing.attempts
                yield probing.last, probing_verdict(probing, context, watch.limits)
    for probing in told.values():
        if probing.told_attempts < probing.attempts:
            yield probing.last, probing_verdict(probing, context, watch.limits)


def _places_worth_a_look(failed: Sequence[Contact], limits: Limits) -> Set[Place]:
    """The places at which enough different names failed; at no other can anything open."""
    names: Dict[Place, Set[str]] = {}
    for row in failed:
        if row.target_visible and row.target:
            names.setdefault(place_of(row), set()).add(row.target)
    return {place for place, found in names.items() if len(found) >= limits.forms}


def without_those_told_worse(own: List[_Update], others: Sequence[_Update]) -> List[_Update]:
    """Leaves out what another rule had already told, under the same finding, as something worse."""
    first: Dict[str, int] = {}
    for time, verdict in others:
        first[verdict.finding_id] = min(time, first.get(verdict.finding_id, time))
    return [(time, one) for time, one in own if time < first.get(one.finding_id, time + 1)]
