"""Evidence: what is known of one actor over one window, with the gaps that limit what it can support."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Optional

SAMPLE_SIZE = 50


@dataclass
class Evidence:
    """Measures of one incident. `None` means the detection does not compute the measure; shares are 0 to 1."""

    attempts: int = 0
    names_tried: int = 0
    names_absent: int = 0
    names_existing: int = 0
    names_wrong_realm: int = 0
    names_hidden: int = 0  # attempts whose name the log hides
    absent_ratio: Optional[float] = None  # absent / (absent + existing)
    attempts_per_name: Optional[float] = None
    names_per_minute: Optional[float] = None  # only by published_threshold: names_tried / minutes
    minutes: Optional[int] = None  # only by published_threshold: minute boundaries between first and last, plus one
    addresses: int = 0
    addresses_sample: List[str] = field(default_factory=list)
    networks: int = 0
    networks_sample: List[str] = field(default_factory=list)
    countries: int = 0
    countries_sample: List[str] = field(default_factory=list)
    user_agents: int = 0
    user_agents_sample: List[str] = field(default_factory=list)
    apps: int = 0
    apps_sample: List[str] = field(default_factory=list)
    names_sample: Dict[str, List[str]] = field(default_factory=dict)  # by outcome
    unseen_share: Optional[float] = None  # names that nobody had signed in with before / names tried
    order_share: Optional[float] = None  # neighbours in ascending order / neighbours; chance gives 0.5
    name_pattern: Optional[str] = None
    name_pattern_share: Optional[float] = None  # names of that form / names tried
    gap_variation: Optional[float] = None  # standard deviation of the gaps between first tries / their mean
    machine_traits: List[str] = field(default_factory=list)
    tools: List[Dict[str, str]] = field(default_factory=list)
    intelligence: List[Dict[str, str]] = field(default_factory=list)
    actors_consistent: List[str] = field(default_factory=list)
    sensitive_names: List[str] = field(default_factory=list)
    decoy_names: List[str] = field(default_factory=list)
    success_share: Optional[float] = None  # names that succeeded / names seen from the source
    objects_read: int = 0  # distinct objects of the directory asked for one by one
    pages_read: int = 0  # later pages of lists
    lists_read: int = 0  # lists downloaded as a whole
    sections: List[str] = field(default_factory=list)  # parts of the directory that were read
    sensitive_sections: List[str] = field(default_factory=list)
    refused_share: Optional[float] = None  # refused calls / calls
    accounts_made: int = 0
    accounts_woken: int = 0  # old accounts set free again
    accounts_deleted: int = 0  # of those made, soon after
    bulk_uploads: int = 0  # jobs that made accounts without naming them
    machine_made: int = 0  # accounts whose names look made by a machine
    disposable_domains: List[str] = field(default_factory=list)
    lookalike_domains: List[str] = field(default_factory=list)
    mails_sent: int = 0  # by the accounts made, within their first day
    recipients_outside: int = 0
    bounce_share: Optional[float] = None  # mails not delivered / mails sent
    baseline: Optional[Dict[str, Any]] = None
    sources: List[str] = field(default_factory=list)
    timeline: List[Dict[str, Any]] = field(default_factory=list)
    timeline_bucket_seconds: int = 0
    gaps: List[str] = field(default_factory=list)

    def to_dict(self) -> Dict[str, Any]:
        """The evidence as plain values in the order of the record."""
        return asdict(self)
