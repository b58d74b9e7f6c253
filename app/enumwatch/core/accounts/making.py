"""Making: one maker's finding while it is open: the accounts it made, and what they did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Set

from .account import MakerKey

BURST, SINGLE = "Account Creation Burst", "Suspicious New Account"


@dataclass
class Making:
    """What belongs to one finding. It grows until the maker was quiet for the closing time; its verdict only gets worse."""

    maker: MakerKey
    start: int
    verdict: str
    raised_at: int
    last: int
    weight: int
    sentences: List[str]
    baseline: Dict[str, Any]
    gaps: List[str]
    events: int = 0
    bulk: int = 0
    accounts: Set[str] = field(default_factory=set)  # keys
    addresses: Set[str] = field(default_factory=set)
    countries: Set[str] = field(default_factory=set)
    agents: Set[str] = field(default_factory=set)
    apps: Set[str] = field(default_factory=set)
    app_ids: Set[str] = field(default_factory=set)
    creators: Set[str] = field(default_factory=set)
    sources: Set[str] = field(default_factory=set)
    told_verdict: str = ""
    told_accounts: int = 0
    told_events: int = 0
