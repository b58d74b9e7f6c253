"""Probing: follows every place and opens a finding where several forms of one person's name fail from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Iterator, List, NamedTuple, Optional, Set

from ..context import Context
from ..moment import Moment
from ..observation import Place, place_of
from .forms import forms_of_one
from .limits import GATHERING, Limits

# More names than this within a day are a roll call; looking for forms among them would cost the square of them.
_LOOKS_AT = 40


class Tried(NamedTuple):
    """A name that failed at a place: when first and last, and what the answers said of it."""

    first: int
    last: int
    name: str
    local: str
    written: str
    outcome: str


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
    names: Dict[str, Tried] = field(default_factory=dict)
    agents: Set[str] = field(default_factory=set)
    countries: Set[str] = field(default_factory=set)
    apps: Set[str] = field(default_factory=set)
    sources: Set[str] = field(default_factory=set)
    told_names: int = 0
    told_attempts: int = 0


@dataclass
class _Place:
    """What one place did lately."""

    failed: Dict[str, Tried] = field(default_factory=dict)  # name → its tries of the last day
    rows: List[Moment] = field(default_factory=list)  # the same as moments
    succeeded: Set[str] = field(default_factory=set)
    chain_start: int = 0  # first failure after a pause of an hour
    last_failed: int = 0


class ProbingWatch:
    """State by place in plain tables; `take` gives the findings that opened or grew."""

    def __init__(self, context: Context, pause: int) -> None:
        self.limits = Limits.of(context.limits(GATHERING))
        self._pause = pause
        self._book = context.book()
        self._places: Dict[Place, _Place] = {}
        self._open: Dict[Place, Probing] = {}

    def learn(self, where: Place, target: str) -> None:
        """Somebody signed in at a place."""
        if target:
            self._places.setdefault(where, _Place()).succeeded.add(self._book.key(target))

    def take(self, moment: Moment) -> Iterator[Probing]:
        """Yields what is worth telling of the place after this moment; one that closed comes with its last word."""
        contact = moment.contact
        if not contact.target_visible or not contact.target:
            return
        where = place_of(contact)
        place = self._places.setdefault(where, _Place())
        address = self._book.address(contact.target)
        probing = self._open.get(where)
        if probing is not None and moment.time - probing.last > self.limits.close_after:
            yield self._open.pop(where)
            probing = None
        if moment.time - place.last_failed > self._pause or not place.last_failed:
            place.chain_start = moment.time
        place.last_failed = moment.time
        if address.normal in place.succeeded or not address.local:
            return
        is_new = self._note(place, moment, address.normal, address.local)
        if probing is not None:
            _add(probing, moment, place.failed[address.normal])
            yield probing
        elif is_new:
            probing = self._judge(where, place, moment)
            if probing is not None:
                self._open[where] = probing
                yield probing

    def close(self) -> Iterator[Probing]:
        """Every finding still open, for its last word."""
        for where in sorted(self._open):
            yield self._open[where]
        self._open.clear()

    def _note(self, place: _Place, moment: Moment, name: str, local: str) -> bool:
        """Adds a failed try; true where the name was not among those of the last day."""
        horizon = moment.time - self.limits.forms_window
        for old in [old for old, tried in place.failed.items() if tried.last < horizon]:
            del place.failed[old]
        place.rows = [row for row in place.rows if row.time >= horizon][-1000:]
        place.rows.append(moment)
        before = place.failed.get(name)
        outcome = moment.contact.outcome
        place.failed[name] = Tried(
            before.first if before else moment.time,
            moment.time,
            name,
            local,
            min(before.written, moment.contact.target) if before else moment.contact.target,
            _stronger(before.outcome, outcome) if before else outcome,
        )
        return before is None

    def _judge(self, where: Place, place: _Place, moment: Moment) -> Optional[Probing]:
        limits = self.limits
        if not limits.forms <= len(place.failed) <= _LOOKS_AT:
            return None
        locals_ = {tried.local for tried in place.failed.values()}
        forms = forms_of_one(locals_)
        if len(forms) < limits.forms or len(forms) < limits.forms_share * len(locals_):
            return None
        start = min(tried.first for tried in place.failed.values() if tried.local in forms)
        agent = moment.contact.user_agent if place.succeeded and moment.contact.user_agent else None
        start = place.chain_start if start >= place.chain_start else start
        probing = Probing(where, agent, start, moment.time, moment.time, forms, len(forms) / len(locals_))
        for row in place.rows:
            if row.time >= start:
                name = self._book.address(row.contact.target).normal
                _add(probing, row, place.failed[name])
        return probing


def _add(probing: Probing, moment: Moment, tried: Tried) -> None:
    contact = moment.contact
    probing.last = moment.time
    probing.attempts += moment.attempts
    probing.names[tried.name] = tried
    probing.agents.add(contact.user_agent)
    probing.countries.add(contact.country)
    probing.apps.add(contact.app)
    probing.sources.add(contact.source)


_STRENGTH = ("not_found", "wrong_realm", "exists_good_secret", "exists_bad_secret", "exists_blocked", "ambiguous")


def _stronger(one: str, other: str) -> str:
    return min(one, other, key=lambda outcome: _STRENGTH.index(outcome) if outcome in _STRENGTH else len(_STRENGTH))
