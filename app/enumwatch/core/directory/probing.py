"""Probing: follows every place and opens a finding where several forms of one person's name fail from it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Deque, Dict, Iterable, Iterator, List, NamedTuple, Optional, Protocol, Set, Tuple

from ..context import Context
from ..moment import Moment
from ..observation import Place, Placed, place_of
from ..times import DAY
from .forms import FormBook
from .limits import GATHERING, Limits

# More names than this within a day are a roll call; looking for forms among them would cost the square of them.
_LOOKS_AT = 40
# Tries of a day beyond this are let go, the oldest first: a finding opens on few names.
_KEPT_TRIES = 1000

# Who signed in at a place where nobody did for so long is forgotten.
FORGOTTEN_AFTER = 180 * DAY

Where = Tuple[str, str, str, str]  # tenant, address, machine and account as the log writes them


class Target(Placed, Protocol):
    """A try at a name somewhere."""

    @property
    def target(self) -> str: ...
    @property
    def target_visible(self) -> bool: ...


class TriedName(NamedTuple):
    """A name that failed at a place: when first and last, and what the answers said of it."""

    first: int
    last: int
    name: str
    local: str
    written: str
    outcome: str


class Failure(NamedTuple):
    """One moment of a try that failed."""

    time: int
    attempts: int
    name: str
    agent: str
    country: str
    app: str
    source: str


@dataclass
class Probing:
    """One place's finding. It grows until nothing failed there for the closing time."""

    place: Place
    agent: Optional[str]
    start: int
    raised_at: int
    last: int
    forms: List[str]
    share: float  # of the names that failed when it opened
    attempts: int = 0
    names: Dict[str, TriedName] = field(default_factory=dict)
    agents: Set[str] = field(default_factory=set)
    countries: Set[str] = field(default_factory=set)
    apps: Set[str] = field(default_factory=set)
    sources: Set[str] = field(default_factory=set)
    told_names: int = 0
    told_attempts: int = 0
    is_closed: bool = False

    def take(self, failure: Failure, tried: TriedName) -> None:
        """Adds a try at the same place."""
        self.last = failure.time
        self.attempts += failure.attempts
        self.names[failure.name] = tried
        self.agents.add(failure.agent)
        self.countries.add(failure.country)
        self.apps.add(failure.app)
        self.sources.add(failure.source)


@dataclass
class ProbedPlace:
    """What one place did lately."""

    failed: Dict[str, TriedName] = field(default_factory=dict)  # name → its tries of a day, the latest last
    tries: Deque[Failure] = field(default_factory=lambda: deque(maxlen=_KEPT_TRIES))
    succeeded: Set[str] = field(default_factory=set)
    chain_start: int = 0  # first failure after a pause of an hour
    last_failed: int = 0
    last_succeeded: int = 0

    def expire(self, horizon: int) -> None:
        """Drops what is older than the horizon."""
        while self.failed:
            oldest = next(iter(self.failed))
            if self.failed[oldest].last >= horizon:
                break
            del self.failed[oldest]
        while self.tries and self.tries[0].time < horizon:
            self.tries.popleft()

    def note(self, failure: Failure, local: str, written: str, outcome: str) -> bool:
        """Adds a failed try; true where the name was not among those of the last day."""
        self.tries.append(failure)
        before = self.failed.pop(failure.name, None)
        self.failed[failure.name] = TriedName(
            before.first if before else failure.time,
            failure.time,
            failure.name,
            local,
            min(before.written, written) if before else written,
            _stronger(before.outcome, outcome) if before else outcome,
        )
        return before is None


class ProbingWatch:
    """State by place in plain tables; `take` gives the findings that opened or grew."""

    def __init__(self, context: Context, pause: int) -> None:
        self.limits = Limits.of(context.limits(GATHERING))
        self.pause = pause
        self._book = context.book()
        self._forms = FormBook()
        self.places: Dict[Place, ProbedPlace] = {}
        self.open: Dict[Place, Probing] = {}

    def worth_a_look(self, tries: Iterable[Target]) -> Dict[Where, Place]:
        """Where enough forms of one name failed, whenever that was; nowhere else can anything open in these tries."""
        targets: Dict[Where, Set[str]] = {}
        for one in tries:
            if one.target_visible and one.target:
                targets.setdefault((one.tenant, one.src_ip, one.host, one.actor), set()).add(one.target)
        places = {where: _place_at(where) for where in targets}
        tried: Dict[Place, Set[str]] = {}
        for where, found in targets.items():
            tried.setdefault(places[where], set()).update(found)
        worth = {place for place, found in tried.items() if self._has_forms(found)}
        return {where: place for where, place in places.items() if place in worth}

    def _has_forms(self, targets: Set[str]) -> bool:
        if len(targets) < self.limits.forms:
            return False
        locals_ = set(map(self._book.local, targets))
        return len(locals_) >= self.limits.forms and self._forms.has_forms(locals_, self.limits.forms)

    def learn(self, time: int, where: Place, target: str) -> None:
        """Somebody signed in at a place."""
        if target:
            place = self._place(where, time)
            place.succeeded.add(self._book.key(target))
            place.last_succeeded = time

    def _place(self, where: Place, now: int) -> ProbedPlace:
        place = self.places.get(where)
        if place is None:
            place = self.places[where] = ProbedPlace()
        elif place.succeeded and now - place.last_succeeded >= FORGOTTEN_AFTER:
            place.succeeded.clear()
        return place

    def take(self, moment: Moment) -> Iterator[Probing]:
        """Yields what is worth telling of the place after this moment; one that closed comes with its last word."""
        contact = moment.contact
        if not contact.target_visible or not contact.target:
            return
        where = place_of(contact)
        place = self._place(where, moment.time)
        address = self._book.address(contact.target)
        probing = self.open.get(where)
        if probing is not None and moment.time - probing.last > self.limits.close_after:
            probing.is_closed = True
            yield self.open.pop(where)
            probing = None
        if moment.time - place.last_failed > self.pause or not place.last_failed:
            place.chain_start = moment.time
        place.last_failed = moment.time
        if address.normal in place.succeeded or not address.local:
            return
        place.expire(moment.time - self.limits.forms_window)
        failure = Failure(
            moment.time,
            moment.attempts,
            address.normal,
            contact.user_agent,
            contact.country,
            contact.app,
            contact.source,
        )
        is_new = place.note(failure, address.local, contact.target, contact.outcome)
        if probing is not None:
            probing.take(failure, place.failed[address.normal])
            yield probing
        elif is_new:
            opened = self._judge(where, place, failure)
            if opened is not None:
                self.open[where] = opened
                yield opened

    def _judge(self, where: Place, place: ProbedPlace, failure: Failure) -> Optional[Probing]:
        limits = self.limits
        if not limits.forms <= len(place.failed) <= _LOOKS_AT:
            return None
        locals_ = {tried.local for tried in place.failed.values()}
        forms = self._forms.forms_of_one(locals_)
        if len(forms) < limits.forms or len(forms) < limits.forms_share * len(locals_):
            return None
        start = min(tried.first for tried in place.failed.values() if tried.local in forms)
        agent = failure.agent if place.succeeded and failure.agent else None
        start = place.chain_start if start >= place.chain_start else start
        probing = Probing(where, agent, start, failure.time, failure.time, forms, len(forms) / len(locals_))
        for one in place.tries:
            if one.time >= start:
                probing.take(one, place.failed[one.name])
        return probing


def _place_at(where: Where) -> Place:
    return place_of(_Somewhere(*where))


class _Somewhere(NamedTuple):
    tenant: str
    src_ip: str
    host: str
    actor: str


_STRENGTH = ("not_found", "wrong_realm", "exists_good_secret", "exists_bad_secret", "exists_blocked", "ambiguous")


def _stronger(one: str, other: str) -> str:
    return min(one, other, key=lambda outcome: _STRENGTH.index(outcome) if outcome in _STRENGTH else len(_STRENGTH))
