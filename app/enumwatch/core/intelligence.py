"""The owner's feeds: addresses and agents others have reported, and own addresses known to be public or leaked."""

from __future__ import annotations

from typing import Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Optional, Tuple

from .address import canonical_domain, read_address
from .lookup_rows import LookupProblem, LookupProblems, ProblemList, numbered, text_of
from .network import NetworkTable, canonical_ip
from .times import DAY, from_iso

REPORT_TYPES: Tuple[str, ...] = ("ip", "cidr", "asn", "user_agent", "domain", "address")
REPORT_CONFIDENCES: Tuple[str, ...] = ("low", "medium", "high")
FRESH_DAYS = 30


class Report(NamedTuple):
    """One line of a feed; `seen` in microseconds since 1970 UTC (the start of the day where only a date is given)."""

    type: str
    value: str
    source: str
    confidence: str
    seen: int
    where: str


class Intelligence:
    """Feed lines and exposed addresses prepared for lookup."""

    def __init__(self) -> None:
        self._by_value: Dict[Tuple[str, str], List[Report]] = {}
        self._networks: NetworkTable[Report] = NetworkTable()
        self._exposed: Dict[str, str] = {}

    @classmethod
    def from_rows(
        cls,
        threat_intel: Iterable[Mapping[str, str]] = (),
        exposed_addresses: Iterable[Mapping[str, str]] = (),
        paths: Optional[Mapping[str, str]] = None,
    ) -> Intelligence:
        """Return what these rows say; raises LookupProblems with every row that is wrong.

        `paths` maps threat_intel and exposed_addresses to the file names used in messages.
        """
        made = cls()
        problems: List[LookupProblem] = []
        tables = (
            (threat_intel, "threat_intel", made._add_report),
            (exposed_addresses, "exposed_addresses", made._add_exposed),
        )
        for rows, table, add in tables:
            noted = ProblemList((paths or {}).get(table, f"enumwatch_{table}.csv"))
            for line, row in numbered(rows):
                add(noted, line, row)
            problems.extend(noted.found)
        if problems:
            raise LookupProblems(problems)
        return made

    @property
    def has_reports(self) -> bool:
        """Whether any feed was given: without one, "not in a feed" says nothing."""
        return bool(self._by_value) or len(self._networks) > 0

    @property
    def exposed(self) -> FrozenSet[str]:
        """Own addresses known to be public or leaked, as counting keys."""
        return frozenset(self._exposed)

    def exposure_of(self, name: str) -> str:
        """Return where a name was exposed, "" when it is not known to be."""
        return self._exposed.get(read_address(name).normal, "")

    def reports_on(self, kind: str, value: str, at: int, fresh_days: int = FRESH_DAYS) -> List[Report]:
        """Return the reports on a value seen in the fresh_days before `at` (microseconds since 1970 UTC).

        `kind` is ip (networks included), asn, user_agent, domain or address. A report from after `at` is left out: a
        verdict must not rest on what nobody knew yet.
        """
        found = list(self._by_value.get((kind, _comparable(kind, value)), ()))
        if kind == "ip":
            found.extend(self._networks.values_of(value))
        return [report for report in found if at - fresh_days * DAY <= report.seen <= at]

    def _add_report(self, problems: ProblemList, line: int, row: Mapping[str, str]) -> None:
        before = len(problems.found)
        kind, value, confidence = text_of(row, "type"), text_of(row, "value"), text_of(row, "confidence")
        problems.add_choice(line, "type", kind, REPORT_TYPES)
        problems.add_choice(line, "confidence", confidence, REPORT_CONFIDENCES)
        seen = _read_seen(problems, line, text_of(row, "seen"))
        if not value or (kind != "cidr" and not _comparable(kind, value)):
            problems.add(line, "bad value", f"a value of type {kind or 'ip'}", value)
        if len(problems.found) > before or seen is None:
            return
        report = Report(kind, value, text_of(row, "source"), confidence, seen, problems.where(line))
        if kind != "cidr":
            self._by_value.setdefault((kind, _comparable(kind, value)), []).append(report)
            return
        try:
            self._networks.add(value, report)
        except ValueError:
            problems.add(line, "value is no network", "a network such as 192.0.2.0/24", value)

    def _add_exposed(self, problems: ProblemList, line: int, row: Mapping[str, str]) -> None:
        address = text_of(row, "address")
        if not address:
            problems.add(line, "address is empty", "a mail address or account name", "")
            return
        if text_of(row, "seen"):
            _read_seen(problems, line, text_of(row, "seen"))
        self._exposed.setdefault(read_address(address).normal, text_of(row, "source") or "listed as exposed")


def _comparable(kind: str, value: str) -> str:
    if kind == "ip":
        return canonical_ip(value)
    if kind == "domain":
        return canonical_domain(value)
    if kind == "address":
        return read_address(value).normal
    text = value.strip().lower()
    return text[2:] if kind == "asn" and text.startswith("as") else text


def _read_seen(problems: ProblemList, line: int, text: str) -> Optional[int]:
    try:
        return from_iso(text)
    except (ValueError, OverflowError):
        problems.add(line, "bad date in seen" if text else "seen is empty", "an ISO date, such as 2026-03-31", text)
        return None
