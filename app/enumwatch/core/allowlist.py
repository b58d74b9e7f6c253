"""The owner's allowlist: known, dated, owned exceptions, applied to events before anything is counted."""

from __future__ import annotations

import re
from typing import AbstractSet, Dict, Iterable, List, Mapping, NamedTuple, Optional, Protocol, Sequence, Tuple

from .address import canonical_domain
from .lookup_rows import ProblemList, numbered, text_of
from .network import NetworkTable, canonical_ip
from .times import from_iso
from .wildcard import Wildcard, has_wildcard, matches_everything

ENTRY_TYPES: Tuple[str, ...] = ("ip", "cidr", "asn", "user_agent", "app_id", "actor", "target", "target_domain")

_CACHED_VALUES = 100_000
_DETECTION_ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# The forms every Python reads alike; newer ones take week dates and dates without hyphens too.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?", re.ASCII)
_ASN = re.compile(r"(?:as)?(\d{1,10})", re.ASCII | re.IGNORECASE)


class Attempt(Protocol):
    """What the allowlist reads of an event or a contact; `first` and `last` in microseconds since 1970 UTC."""

    @property
    def src_ip(self) -> str: ...
    @property
    def asn(self) -> str: ...
    @property
    def user_agent(self) -> str: ...
    @property
    def app_id(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def tenant(self) -> str: ...
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


class Entry(NamedTuple):
    """One exception: what it covers, for whom and until when.

    `tenant` is "" for all tenants and `detections` empty for all detections. It holds from `starts` (0 when open) until
    just before `expires`, both microseconds since 1970 UTC, also kept as written. `where` is `file:line`.
    """

    type: str
    value: str
    tenant: str
    detections: Tuple[str, ...]
    reason: str
    owner: str
    starts: Optional[int]
    expires: int
    where: str
    line: int
    starts_text: str
    expires_text: str

    def holds(self, first: int, last: int) -> bool:
        """Return whether the entry covers the whole span from first to last."""
        return last < self.expires and (self.starts is None or self.starts <= first)

    def described(self) -> Dict[str, str]:
        """What is told of the entry wherever it hid something."""
        return {
            "entry": self.where,
            "type": self.type,
            "value": self.value,
            "reason": self.reason,
            "owner": self.owner,
            "expires": self.expires_text,
        }


class Allowlist:
    """Entries prepared for lookup by value."""

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        self.entries: Tuple[Entry, ...] = tuple(sorted(entries, key=lambda entry: entry.line))
        self._networks: NetworkTable[Entry] = NetworkTable()
        self._by_type: Dict[str, _Values] = {}
        for entry in self.entries:
            if entry.type == "cidr":
                self._networks.add(entry.value, entry)
            else:
                self._by_type.setdefault(entry.type, _Values()).add(entry)

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, str]],
        path: str = "enumwatch_allowlist.csv",
        known_detections: Optional[AbstractSet[str]] = None,
    ) -> Allowlist:
        """Return the allowlist of these rows; raises LookupProblems with every row that is wrong.

        With known_detections, an entry that names another detection is wrong too.
        """
        problems = ProblemList(path)
        entries = [_read(problems, line, row, known_detections) for line, row in numbered(rows)]
        problems.raise_if_any()
        return cls([entry for entry in entries if entry is not None])

    def __len__(self) -> int:
        return len(self.entries)

    def match(self, attempt: Attempt, detection: Optional[str] = None) -> Optional[Entry]:
        """Return the first entry of the file that covers this attempt, or None.

        Without a detection only entries for all detections count; with one, those made for it count as well.
        """
        if not self.entries:
            return None
        best: Optional[Entry] = None
        for kind, values in self._by_type.items():
            text: str = getattr(attempt, "target" if kind == "target_domain" else "src_ip" if kind == "ip" else kind)
            if text:
                best = _earlier(best, values.entries_of(text), attempt, detection)
        if attempt.src_ip and len(self._networks):
            best = _earlier(best, self._networks.values_of(attempt.src_ip), attempt, detection)
        return best

    def expired(self, at: int) -> List[Entry]:
        """Return the entries that hold no longer at this moment (microseconds since 1970 UTC), in file order."""
        return [entry for entry in self.entries if entry.expires <= at]


def _earlier(
    best: Optional[Entry], found: Iterable[Entry], attempt: Attempt, detection: Optional[str]
) -> Optional[Entry]:
    for entry in found:
        if best is not None and best.line <= entry.line:
            continue
        if entry.tenant and entry.tenant != attempt.tenant.lower():
            continue
        if entry.detections and detection not in entry.detections:
            continue
        if entry.holds(attempt.first, attempt.last):
            best = entry
    return best


class _Values:
    """Entries of one type by exact value, and the patterns beside them; remembers answers for values seen before."""

    def __init__(self) -> None:
        self._exact: Dict[str, List[Entry]] = {}
        self._patterns: List[Tuple[Wildcard, Entry]] = []
        self._found: Dict[str, Tuple[Entry, ...]] = {}
        self._type = ""

    def add(self, entry: Entry) -> None:
        self._type = entry.type
        if has_wildcard(entry.value):
            self._patterns.append((Wildcard(entry.value), entry))
        else:
            self._exact.setdefault(comparable(entry.type, entry.value), []).append(entry)

    def entries_of(self, text: str) -> Tuple[Entry, ...]:
        found = self._found.get(text)
        if found is None:
            value = comparable(self._type, text.rpartition("@")[2] if self._type == "target_domain" else text)
            fitting = [entry for pattern, entry in self._patterns if pattern.matches(value)]
            found = (*self._exact.get(value, ()), *fitting)
            if len(self._found) >= _CACHED_VALUES:
                self._found.clear()
            self._found[text] = found
        return found


def comparable(entry_type: str, value: str) -> str:
    """Return a value in the spelling in which entries of this type and logged values are compared."""
    if entry_type == "ip":
        return canonical_ip(value)
    if entry_type == "target_domain":
        return canonical_domain(value)
    value = value.strip().lower()
    if entry_type == "asn":
        number = _ASN.fullmatch(value)
        return str(int(number.group(1))) if number else ""
    return value


def _read(
    problems: ProblemList, line: int, row: Mapping[str, str], known_detections: Optional[AbstractSet[str]]
) -> Optional[Entry]:
    before = len(problems.found)
    entry_type = text_of(row, "type").lower()
    if problems.add_choice(line, "type", entry_type, ENTRY_TYPES):
        _check_value(problems, line, entry_type, text_of(row, "value"))
    for column in ("reason", "owner"):
        if not text_of(row, column):
            problems.add(line, f"{column} is empty", f"a {column}, so that the exception can be judged later", "")
    starts_text, expires_text = text_of(row, "starts"), text_of(row, "expires")
    starts = _read_moment(problems, line, "starts", starts_text) if starts_text else None
    expires = _read_moment(problems, line, "expires", expires_text)
    if starts is not None and expires is not None and starts >= expires:
        problems.add(line, "expires is not after starts", f"a date after {starts_text}", expires_text)
    detections = _read_detections(problems, line, text_of(row, "detections"), known_detections)
    tenant = text_of(row, "tenant").lower()
    if len(problems.found) > before or expires is None:
        return None
    return Entry(
        type=entry_type,
        value=text_of(row, "value"),
        tenant="" if tenant == "*" else tenant,
        detections=detections,
        reason=text_of(row, "reason"),
        owner=text_of(row, "owner"),
        starts=starts,
        expires=expires,
        where=problems.where(line),
        line=line,
        starts_text=starts_text,
        expires_text=expires_text,
    )


def _check_value(problems: ProblemList, line: int, entry_type: str, value: str) -> None:
    if not value:
        problems.add(line, "value is empty", f"a value of type {entry_type}", "")
    elif entry_type == "cidr":
        _check_cidr(problems, line, value)
    elif entry_type == "ip" and not canonical_ip(value):
        problems.add(line, "value is no address", "an IPv4 or IPv6 address (type cidr takes networks)", value)
    elif entry_type == "asn" and not _ASN.fullmatch(value):
        problems.add(line, "value is no network number", "digits, such as 64500", value)
    elif matches_everything(value):
        problems.add(line, "value matches everything", "a value that names what is allowed", value)
    elif entry_type == "target_domain" and not has_wildcard(value) and not canonical_domain(value):
        problems.add(line, "value is no domain", "a domain, such as contoso.example", value)


def _check_cidr(problems: ProblemList, line: int, value: str) -> None:
    try:
        NetworkTable[str]().add(value, value)
    except ValueError:
        expected = "a network whose address has no bits beyond its length, such as 192.0.2.0/24"
        problems.add(line, "value is no network", expected, value)
        return
    if value.endswith("/0"):
        problems.add(line, "value matches everything", "a network longer than /0", value)


def _read_moment(problems: ProblemList, line: int, column: str, text: str) -> Optional[int]:
    if _MOMENT.fullmatch(text):
        try:
            return from_iso(text)
        except (ValueError, OverflowError):
            pass
    what = f"bad date in {column}" if text else f"{column} is empty"
    problems.add(line, what, "an ISO date or time, such as 2026-03-31 or 2026-03-31T18:00:00Z", text)
    return None


def _read_detections(
    problems: ProblemList, line: int, text: str, known_detections: Optional[AbstractSet[str]]
) -> Tuple[str, ...]:
    if text in ("", "*"):
        return ()
    names = tuple(name.strip() for name in text.split("|"))
    for name in names:
        if not _DETECTION_ID.fullmatch(name):
            problems.add(line, "bad detections", '"*" or detection ids joined by "|"', text)
        elif known_detections is not None and name not in known_detections:
            problems.add(line, "unknown detection", "one of " + ", ".join(sorted(known_detections)), name)
    return names
