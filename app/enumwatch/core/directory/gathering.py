"""Gathering: every finding of the rule identity_gathering, with each of its updates."""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, List, NamedTuple, Protocol, Sequence, Tuple

from ..contact import Contact
from ..context import Context
from ..event import TRYING_KINDS
from ..moment import Moment, moments
from ..observation import Place, place_of
from ..times import SECOND
from ..verdict import Verdict
from .harvest import Harvest
from .probing import Probing, ProbingWatch, Where
from .told import harvest_verdict, probing_verdict
from .watch import ReadingWatch

READING = "directory_read"
_Update = Tuple[int, Verdict]  # when it would have been told, microseconds
_NO_FAILURE = ("noise", "throttled", "success")


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


class Entrance(NamedTuple):
    """Somebody signed in."""

    time: int
    place: Place
    target: str


class Gathering:
    """Follows readers and places of all tenants; fed in slices of time it tells the same as at once."""

    def __init__(self, context: Context, with_updates: bool = True) -> None:
        self._context = context
        self._with_updates = with_updates
        self.reading = ReadingWatch(context)
        self.probing = ProbingWatch(context, int(context.limits("email_enumeration")["window"] * SECOND))
        self._harvests: Dict[Tuple[str, str], Harvest] = {}  # seen since the last `close`
        self._probings: Dict[Place, Probing] = {}

    def follow(self, known: Iterable[Moment], entrances: Sequence[Entrance] = ()) -> Iterator[_Update]:
        """Updates worth telling of reads and failed tries, in time order; nothing here is earlier than what came before."""
        turn = 0
        for moment in known:
            while turn < len(entrances) and entrances[turn].time <= moment.time:
                self.probing.learn(*entrances[turn])
                turn += 1
            if moment.contact.kind == READING:
                for harvest in self.reading.take(moment):
                    yield from self._tell_of_reading(harvest)
            else:
                for probing in self.probing.take(moment):
                    yield from self._tell_of_probing(probing)
        for one in entrances[turn:]:
            self.probing.learn(*one)

    def close(self) -> Iterator[_Update]:
        """The last word on every finding that took something in since it was last told; what is open stays open."""
        for harvest in self._harvests.values():
            yield from self._last_of_reading(harvest)
        for probing in self._probings.values():
            yield from self._last_of_probing(probing)
        self._harvests, self._probings = {}, {}

    def _tell_of_reading(self, harvest: Harvest) -> Iterator[_Update]:
        key = (harvest.tenant, harvest.reader)
        if harvest.is_closed:
            self._harvests.pop(key, None)
            yield from self._last_of_reading(harvest)
            return
        self._harvests[key] = harvest
        volume = harvest.volume(self.reading.limits)
        if volume >= max(1, 2 * harvest.told_volume):
            harvest.told_volume = volume
            if self._with_updates:
                yield from self._last_of_reading(harvest)

    def _last_of_reading(self, harvest: Harvest) -> Iterator[_Update]:
        if harvest.told_calls < harvest.calls:
            harvest.told_calls = harvest.calls
            yield harvest.last, harvest_verdict(harvest, self._context, self.reading.limits)

    def _tell_of_probing(self, probing: Probing) -> Iterator[_Update]:
        if probing.is_closed:
            self._probings.pop(probing.place, None)
            yield from self._last_of_probing(probing)
            return
        self._probings[probing.place] = probing
        if len(probing.names) >= max(1, 2 * probing.told_names):
            probing.told_names = len(probing.names)
            if self._with_updates:
                yield from self._last_of_probing(probing)

    def _last_of_probing(self, probing: Probing) -> Iterator[_Update]:
        if probing.told_attempts < probing.attempts:
            probing.told_attempts = probing.attempts
            yield probing.last, probing_verdict(probing, self._context, self.probing.limits)


def identity_gathering(
    rows: Sequence[Contact], context: Context, with_updates: bool = True, arrivals: Sequence[Arrival] = ()
) -> Iterator[_Update]:
    """Updates of all findings; without `with_updates` only the last word on each.

    Successes come among the rows, or as `arrivals`. Nothing is remembered here, so places at which no person's name failed
    in enough forms are left out from the begin.
    """
    gathering = Gathering(context, with_updates)
    known = [row for row in rows if row.kind == READING]
    failed = failures(rows)
    worth = gathering.probing.worth_a_look(failed)
    came: List[Entrance] = []
    if worth:
        known += [row for row in failed if (row.tenant, row.src_ip, row.host, row.actor) in worth]
        came = entrances([*_successes(rows), *arrivals], worth)
    yield from gathering.follow(moments(known), came)
    yield from gathering.close()


def known_of(rows: Sequence[Contact], arrivals: Sequence[Arrival] = ()) -> Tuple[List[Moment], List[Entrance]]:
    """All that a gathering follows whose state is remembered: any place may matter in a later slice."""
    came = [*_successes(rows), *arrivals]
    places = {(one.tenant, one.src_ip, one.host, one.actor): place_of(one) for one in _one_each(came)}
    reads = [row for row in rows if row.kind == READING]
    return moments([*reads, *failures(rows)]), entrances(came, places)


def _one_each(came: Sequence[Arrival]) -> Iterable[Arrival]:
    return {(one.tenant, one.src_ip, one.host, one.actor): one for one in came}.values()


def failures(rows: Iterable[Contact]) -> List[Contact]:
    """Tries at names that failed."""
    return [row for row in rows if row.kind in TRYING_KINDS and row.outcome not in _NO_FAILURE]


def entrances(arrivals: Iterable[Arrival], places: Dict[Where, Place]) -> List[Entrance]:
    """Successes at these places, in time order."""
    found = []
    addresses = {where[1] for where in places}
    for one in arrivals:
        if one.src_ip not in addresses:
            continue  # most are, and one text is compared sooner than four
        place = places.get((one.tenant, one.src_ip, one.host, one.actor))
        if place is not None:
            found.append(Entrance(one.first, place, one.target))
    return sorted(found)


def _successes(rows: Iterable[Contact]) -> List[Contact]:
    return [row for row in rows if row.outcome == "success" and row.kind in TRYING_KINDS and row.target_visible]


def without_those_told_worse(own: List[_Update], others: Sequence[_Update]) -> List[_Update]:
    """Leaves out what another rule had already told, under the same finding, as something worse."""
    first: Dict[str, int] = {}
    for time, verdict in others:
        first[verdict.finding_id] = min(time, first.get(verdict.finding_id, time))
    return [(time, one) for time, one in own if time < first.get(one.finding_id, time + 1)]
