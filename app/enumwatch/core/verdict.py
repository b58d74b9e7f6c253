"""Verdict: what is claimed about one actor, how sure, and why."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Optional, Tuple

from .evidence import Evidence
from .times import to_iso

# Worst first. The order is the ladder: a finding only ever moves towards the front while it is open.
VERDICTS: Tuple[str, ...] = (
    "Compromise Suspected",
    "High Confidence Enumeration",
    "Moderate Enumeration",
    "Low-Level Enumeration",
    "Password Spray",
    "Password Guessing",
    "Directory Harvest",
    "Identity Probing",
    "Account Creation Burst",
    "Suspicious New Account",
    "Not Enough Evidence",
    "No Finding",
)
COMPROMISE, HIGH, MODERATE, LOW, SPRAY, GUESSING = VERDICTS[:6]
NOT_ENOUGH, NO_FINDING = VERDICTS[-2:]

_RANKS = {name: rank for rank, name in enumerate(VERDICTS)}


def rank(verdict: str) -> int:
    """Place of a verdict in the ladder, 0 is the worst. Raises KeyError for a name that is none."""
    return _RANKS[verdict]


def is_at_least(verdict: str, other: str) -> bool:
    """True where `verdict` is as bad as `other` or worse."""
    return rank(verdict) <= rank(other)


@dataclass
class Actor:
    """Whatever identifies who acted; None where a key does not."""

    ip: Optional[List[str]] = None
    cidr: Optional[str] = None
    asn: Optional[str] = None
    user_agent: Optional[str] = None
    app: Optional[str] = None
    app_id: Optional[str] = None
    client_app: Optional[str] = None
    account: Optional[str] = None
    host: Optional[str] = None


@dataclass
class Verdict:
    """One finding as delivered; times are microseconds since 1970 UTC, ISO text in `to_dict`."""

    finding_id: str
    detection: str
    version: int
    verdict: str
    score: int
    confidence: str
    tenant: str
    actor: Actor
    window_start: int
    window_end: int
    detected_at: int
    names_found: List[str] = field(default_factory=list)
    compromised_accounts: List[str] = field(default_factory=list)
    accounts_created: List[str] = field(default_factory=list)
    evidence: Evidence = field(default_factory=Evidence)
    reasons: List[str] = field(default_factory=list)
    suppressed_by: Optional[Dict[str, str]] = None
    mitre: List[str] = field(default_factory=list)
    triage: Optional[Dict[str, Any]] = None

    def to_dict(self) -> Dict[str, Any]:
        """The verdict as plain values, keys in the order of the record, times as ISO text."""
        row = asdict(self)
        for key in ("window_start", "window_end", "detected_at"):
            row[key] = to_iso(row[key])
        return row


SEPARATOR = "\x1f"  # of what an id is made from


def finding_id(*parts: object) -> str:
    """A stable id of an incident from what will not change while it is open."""
    text = SEPARATOR.join(str(part) for part in parts)
    return "ew-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def worst_first(verdict: Verdict) -> Tuple[int, int, int, str]:
    """Sort key: ladder, score, time, id."""
    return rank(verdict.verdict), -verdict.score, verdict.window_start, verdict.finding_id
