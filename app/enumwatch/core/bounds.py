"""Bounds: how much of a flood is followed, so that memory stays with what a company at work needs.

Of what one place, one name or one tenant leaves in one hour the first contacts are followed and the rest is counted. An hour is
that of the contacts, so where a log is cut into runs makes no difference as long as it is cut between hours. Whatever says that
a name exists is never cut for its place, and whatever says that a password was right is never cut at all. Once a tenant's hour is
full, the first contacts of places that left little so far still find room, so a flood from elsewhere does not hide them.
"""

from __future__ import annotations

from collections import Counter
from operator import attrgetter
from typing import Dict, Iterable, List, Mapping, NamedTuple, Sequence, Tuple

from .contact import Contact
from .outcome import CONFIRMS_EXISTENCE, CONFIRMS_SECRET

PLACE, NAME, TENANT = "place", "name", "tenant"
_QUIET, _QUIET_PLACE = "quiet", "quiet place"


class Bounds(NamedTuple):
    """Contacts of one hour that are followed, for each place, for each name and for each tenant.

    Beyond those of the tenant `quiet` more are, of each place up to its `quiet_place` first.
    """

    place: int
    name: int
    tenant: int
    quiet: int = 0
    quiet_place: int = 0

    @classmethod
    def of(cls, limits: Mapping[str, float]) -> Bounds:
        """The bounds among the limits of a rule."""
        names = ("place_contacts", "name_contacts", "tenant_contacts", "quiet_contacts", "quiet_place_contacts")
        return cls(*(int(limits[name]) for name in names))


class Cut(NamedTuple):
    """What was not followed of one place, name or tenant: since when (microseconds), how many contacts and attempts."""

    tenant: str
    of: str
    value: str
    first: int
    contacts: int
    attempts: int


_Key = Tuple[str, str, int]


def within(tried: Sequence[Contact], bounds: Bounds) -> Tuple[Sequence[Contact], List[Cut]]:
    """Failed tries of one tenant without what goes beyond the bounds, in their order, and what that was."""
    places = Counter((place_of(one), one.hour) for one in tried if one.outcome not in CONFIRMS_EXISTENCE)
    names = Counter((one.target, one.hour) for one in tried)
    hours = Counter(map(attrgetter("hour"), tried))
    if not (_is_beyond(places, bounds.place) or _is_beyond(names, bounds.name) or _is_beyond(hours, bounds.tenant)):
        return tried, []
    seen: Counter[_Key] = Counter()
    beyond: Dict[Contact, Tuple[str, str]] = {}
    for one in sorted(tried, key=lambda one: (one.first, one)):
        reached = _reached(one, bounds, seen)
        if reached:
            beyond[one] = reached[0]
    return [one for one in tried if one not in beyond], _cuts(beyond)


def place_of(one: Contact) -> str:
    """The address of a contact, else its machine, else the account that acted."""
    return one.src_ip or one.host or one.actor


def together(cuts: Iterable[Cut]) -> List[Cut]:
    """One cut for each tenant, place and name, in order."""
    found: Dict[Tuple[str, str, str], Cut] = {}
    for one in cuts:
        before = found.get(one[:3])
        if before is not None:
            first = min(one.first, before.first)
            one = Cut(*one[:3], first, one.contacts + before.contacts, one.attempts + before.attempts)
        found[one[:3]] = one
    return [found[key] for key in sorted(found)]


def widest(cuts: Iterable[Cut]) -> List[Cut]:
    """Of several cuts of one place, name or tenant that tell of the same rows the one that tells of most, in order."""
    found: Dict[Tuple[str, str, str], Cut] = {}
    for one in cuts:
        before = found.get(one[:3])
        found[one[:3]] = one if before is None or before.contacts < one.contacts else before
    return [found[key] for key in sorted(found)]


def told(one: Cut, bounds: Bounds) -> str:
    """A sentence about what was cut."""
    most = dict(zip((PLACE, NAME, TENANT), bounds))[one.of]
    rest = f"{one.contacts:,} contacts with {one.attempts:,} attempts"
    limit = f"beyond the first {most:,} of one {one.of} an hour"
    return f"{one.value or 'no tenant named'}: {rest} {limit} were counted and not followed"


def _is_beyond(counts: Counter[Tuple[str, int]] | Counter[int], most: int) -> bool:
    return bool(counts) and max(counts.values()) > most


def _reached(one: Contact, bounds: Bounds, seen: Counter[_Key]) -> List[Tuple[str, str]]:
    """Counts a contact, and names the bounds that it lies beyond."""
    if one.outcome in CONFIRMS_SECRET:
        return []
    keys = [(NAME, one.target, bounds.name), (TENANT, one.tenant, bounds.tenant)]
    if one.outcome not in CONFIRMS_EXISTENCE:
        keys.insert(0, (PLACE, place_of(one), bounds.place))
    reached = []
    for of, value, most in keys:
        key = (of, value, one.hour)
        seen[key] += 1
        if seen[key] > most:
            reached.append((of, value))
    return [] if _finds_quiet_room(one, bounds, seen, reached) else reached


def _finds_quiet_room(one: Contact, bounds: Bounds, seen: Counter[_Key], reached: Sequence[Tuple[str, str]]) -> bool:
    """Counts what its place left so far; True for a contact that only its tenant has no room for, of a place that left little."""
    if reached and reached[0][0] != TENANT:
        return False
    place, room = (_QUIET_PLACE, place_of(one), one.hour), (_QUIET, one.tenant, one.hour)
    seen[place] += 1
    if not reached or seen[place] > bounds.quiet_place or seen[room] >= bounds.quiet:
        return False
    seen[room] += 1
    return True


def _cuts(beyond: Mapping[Contact, Tuple[str, str]]) -> List[Cut]:
    return together(Cut(one.tenant, *reached, one.first, 1, one.attempts) for one, reached in beyond.items())
