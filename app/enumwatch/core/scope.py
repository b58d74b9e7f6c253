"""Scope: what one place (or one agent at a place) tried and where it succeeded, inside sliding windows."""

from __future__ import annotations

from collections import deque
from typing import Deque, Dict, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from .observation import Observation

ABSENT, WRONG_REALM, EXISTING, UNCLEAR = "absent", "wrong_realm", "existing", "unclear"

CLASS_OF_OUTCOME = {
    "not_found": ABSENT,
    "wrong_realm": WRONG_REALM,
    "exists_bad_secret": EXISTING,
    "exists_good_secret": EXISTING,
    "exists_blocked": EXISTING,
    "ambiguous": UNCLEAR,
}


def class_of(outcome: str) -> str:
    """Class of a failed answer: absent, wrong_realm, existing or unclear."""
    return CLASS_OF_OUTCOME.get(outcome, UNCLEAR)


class Limits(NamedTuple):
    """The limits of all three rules that watch a place, times in microseconds; each number comes from the rulebook."""

    window: int
    alarm_attempts_per_name: float
    shared_users: int
    shared_alarm_names: int
    hidden_attempts: int
    unclear_names: int
    revisit_after: int
    close_after: int
    spray_names: int
    spray_attempts_per_name: float
    spray_shared_names: int
    round_names: int
    round_spread: int
    round_attempts: int
    round_evenness: float
    guess_names: int
    guess_burst_attempts: int
    guess_burst: int
    guess_hour_attempts: int
    guess_addresses: int
    guess_level: float
    guess_rate: float
    first_try: int
    success_share: float
    follow: int
    fewest_names: int  # with fewer names in a window
    fewest_attempts: int  # and fewer attempts none of the rules that count at a place fires


class Tried(NamedTuple):
    """One failed observation inside a window."""

    time: int
    name: str
    sort: str  # one of the four classes above
    attempts: int
    is_first_contact: bool
    is_familiar: bool
    kind: str
    hides_name: bool
    since: int  # when the first of these attempts can have been made


class NameWindow:
    """Counts over the failed observations of the last `length` microseconds, kept up to date in constant time."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._entries: Deque[Tried] = deque()
        self._first_contacts: Dict[str, Dict[str, int]] = {}  # class → name → entries
        self._attempts: Dict[str, int] = {}  # name → attempts
        self.attempts = 0
        self.hidden_attempts = 0

    def add(self, tried: Tried) -> None:
        if not tried.name and not tried.hides_name:
            return
        self._entries.append(tried)
        if tried.hides_name:
            self.hidden_attempts += tried.attempts
            return
        self.attempts += tried.attempts
        self._attempts[tried.name] = self._attempts.get(tried.name, 0) + tried.attempts
        if tried.is_first_contact and not tried.is_familiar:
            names = self._first_contacts.setdefault(_sort(tried), {})
            names[tried.name] = names.get(tried.name, 0) + 1

    def expire(self, now: int) -> None:
        """Drops what is older than the window."""
        horizon = now - self._length
        entries = self._entries
        while entries and entries[0].time < horizon:
            old = entries.popleft()
            if old.hides_name:
                self.hidden_attempts -= old.attempts
                continue
            self.attempts -= old.attempts
            _subtract(self._attempts, old.name, old.attempts)
            if old.is_first_contact and not old.is_familiar:
                _subtract(self._first_contacts[_sort(old)], old.name, 1)

    def names_without(self, sort: str, kind: str, succeeded: Mapping[str, int]) -> int:
        """The same without names that have signed in since: a slip and then the right password is nobody's attack."""
        names = self._first_contacts.get(sort + kind)
        if not names:
            return 0
        return sum(1 for name in names if name not in succeeded) if succeeded else len(names)

    def names(self, sort: str, kind: str = "") -> int:
        """Distinct names first tried in the window of one class (of one kind of event, where classes are kept apart)."""
        return len(self._first_contacts.get(sort + kind, ()))

    @property
    def names_tried(self) -> int:
        """Distinct names with any failed attempt in the window."""
        return len(self._attempts)

    @property
    def attempts_per_name(self) -> float:
        return self.attempts / len(self._attempts) if self._attempts else 0.0

    @property
    def start(self) -> Optional[int]:
        """Time of the oldest entry, microseconds."""
        return self._entries[0].time if self._entries else None

    def entries(self) -> List[Tried]:
        return list(self._entries)


def _sort(tried: Tried) -> str:
    # An unclear answer means something else to a sign-in (a lock) than to autodiscover (a name in the URL).
    return tried.sort + tried.kind if tried.sort == UNCLEAR else tried.sort


def _subtract(counts: Dict[str, int], name: str, amount: int) -> None:
    left = counts[name] - amount
    if left > 0:
        counts[name] = left
    else:
        del counts[name]


class Scope:
    """One place, or one agent at a place: its windows, what it tried before, who succeeded there."""

    FIXED = ("_limits",)  # what every run brings along

    def __init__(self, limits: Limits, succeeded: Mapping[str, int]) -> None:
        """`succeeded` are the names that signed in here with the time of their first success; it grows as more is known."""
        self._limits = limits
        self.succeeded = succeeded
        self.window = NameWindow(limits.window)
        self._seen: Dict[str, int] = {}  # name → last failed attempt
        self.chain: List[Observation] = []  # what belongs together without a pause of a whole window
        self._last_failed: Optional[int] = None

    def take(self, observation: Observation, is_at_home: bool = False) -> Tried:
        """Adds a failed observation; returns what was tried. `is_at_home` where the name is at work in that network."""
        if not self.is_busy(observation.time):
            self.chain = []
        self._last_failed = observation.time
        self.chain.append(observation)
        tried = self._tried(observation, is_at_home)
        self.window.expire(observation.time)
        self.window.add(tried)
        return tried

    def take_late(self, observations: Sequence[Observation]) -> None:
        """Adds what nobody asked about so far: failures, none by a name that is at work in that network, and successes.

        A success in the middle of a run of failures is remembered with it.
        """
        horizon = observations[-1].time - self._limits.window
        for one in observations:
            if one.contact.outcome == "success":
                if self.is_busy(one.time):
                    self.chain.append(one)
                continue
            if one.time >= horizon:
                self.take(one)
                continue
            # It has left the window already, so all that is left of it is that it was.
            if not self.is_busy(one.time):
                self.chain = []
            self._last_failed = one.time
            self.chain.append(one)
            if one.name:
                self._seen[one.name] = one.time

    @property
    def last_failed(self) -> int:
        """When something failed here last, microseconds; 0 for never."""
        return self._last_failed or 0

    def is_busy(self, now: int) -> bool:
        """True where something failed less than a window ago."""
        return self._last_failed is not None and now - self._last_failed <= self._limits.window

    def _tried(self, observation: Observation, is_at_home: bool) -> Tried:
        name, contact = observation.name, observation.contact
        sort = class_of(contact.outcome)
        before = self._seen.get(name)
        is_first = before is None or observation.time - before > self._limits.revisit_after
        if name:
            self._seen[name] = observation.time
        # A first challenge that names nobody is how every client begins; only an answer that says "no such name" counts.
        hides_name = not name and sort in (ABSENT, WRONG_REALM)
        return Tried(
            time=observation.time,
            name=name,
            sort=sort,
            attempts=observation.attempts,
            is_first_contact=bool(name) and is_first,
            is_familiar=sort in (EXISTING, UNCLEAR) and (is_at_home or self._had_succeeded(name, observation.time)),
            kind=contact.kind,
            hides_name=hides_name,
            since=observation.time if observation.is_first else contact.first,
        )

    def _had_succeeded(self, name: str, time: int) -> bool:
        first = self.succeeded.get(name)
        return first is not None and first < time

    @property
    def users(self) -> int:
        """Names that have succeeded here so far."""
        return len(self.succeeded)

    def sort_counts(self, signed_in: Mapping[str, int]) -> Dict[str, int]:
        """Distinct first-tried names of the window by class; existing names that have `signed_in` since do not count."""
        window = self.window
        return {
            ABSENT: window.names(ABSENT),
            WRONG_REALM: window.names(WRONG_REALM),
            EXISTING: window.names_without(EXISTING, "", signed_in),
            "unclear_sign_in": window.names_without(UNCLEAR, "sign_in", signed_in),
            "unclear_autodiscover": window.names_without(UNCLEAR, "autodiscover", signed_in),
        }


def rounds(entries: List[Tried], limits: Limits) -> Set[str]:
    """Names of the window that were tried in rounds: several tries for each, all of them first tried within seconds.

    Returns the names of the largest such group, empty where it is smaller than the limit or uneven.
    """
    first: Dict[str, int] = {}
    attempts: Dict[str, int] = {}
    for entry in entries:
        if entry.name and not entry.is_familiar and entry.sort in (EXISTING, UNCLEAR) and entry.kind == "sign_in":
            first.setdefault(entry.name, entry.time)
            attempts[entry.name] = attempts.get(entry.name, 0) + entry.attempts
    repeated: List[Tuple[int, str]] = sorted(
        (time, name) for name, time in first.items() if attempts[name] >= limits.round_attempts
    )
    best: List[Tuple[int, str]] = []
    begin = 0
    for end, (time, _) in enumerate(repeated):
        while time - repeated[begin][0] > limits.round_spread:
            begin += 1
        if end - begin + 1 > len(best):
            best = repeated[begin : end + 1]
    names = {name for _, name in best}
    if len(names) < limits.round_names:
        return set()
    counts = [attempts[name] for name in names]
    return names if max(counts) <= limits.round_evenness * min(counts) else set()


def is_burst(entries: List[Tried], limits: Limits) -> bool:
    """True where attempts on few unfamiliar existing names come faster or more often than a person types."""
    tried = [entry for entry in entries if entry.name and entry.sort == EXISTING and not entry.is_familiar]
    if not tried or len({entry.name for entry in tried}) > limits.guess_names:
        return False
    now = tried[-1].time
    if sum(entry.attempts for entry in tried if entry.since >= now - limits.window) >= limits.guess_hour_attempts:
        return True
    # Attempts whose exact times are not known count only where all of them must lie within the burst.
    within = sum(entry.attempts for entry in tried if entry.since >= now - limits.guess_burst)
    return within >= limits.guess_burst_attempts
