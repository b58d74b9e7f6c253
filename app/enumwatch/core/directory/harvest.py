"""Harvest: one reader's finding while it is open: everything read from its first suspicious window on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Set

from .limits import Limits
from .read import Read
from .signs import Signs, Standing
from .window import KEPT_READS, ReadWindow


@dataclass
class Harvest:
    """What belongs to one finding. It grows until the reader was quiet for the closing time."""

    tenant: str
    reader: str
    start: int
    raised_at: int
    last: int
    weight: int
    sentences: List[str]
    baseline: Dict[str, Any]
    gaps: List[str]
    is_over_need: bool  # far more signs than needed
    calls: int = 0
    refused: int = 0
    pages: int = 0
    lists: int = 0
    objects: Set[str] = field(default_factory=set)
    sections: Set[str] = field(default_factory=set)
    sensitive: Set[str] = field(default_factory=set)
    addresses: Set[str] = field(default_factory=set)
    countries: Set[str] = field(default_factory=set)
    agents: Set[str] = field(default_factory=set)
    app_ids: Set[str] = field(default_factory=set)
    sources: Set[str] = field(default_factory=set)
    told_volume: int = 0
    told_calls: int = 0
    is_closed: bool = False

    def take(self, read: Read) -> None:
        """Adds a read of the same reader."""
        self.last = read.time
        self.calls += read.calls
        self.addresses.add(read.address)
        self.countries.add(read.country)
        self.agents.add(read.agent)
        self.app_ids.add(read.app_id)
        self.sources.add(read.source)
        if read.is_refused:
            self.refused += read.calls
            return
        self.sections.add(read.section)
        if read.is_sensitive:
            self.sensitive.add(read.section or read.target)
        if read.is_page:
            self.pages += read.calls
        elif read.is_list:
            self.lists += read.calls
        elif read.target and len(self.objects) < KEPT_READS:
            self.objects.add(read.target)

    def volume(self, limits: Limits) -> int:
        """Objects read so far, later pages and whole lists counted with what they hold at least."""
        return len(self.objects) + self.pages * limits.page_objects + self.lists * limits.list_objects


def opened(window: ReadWindow, read: Read, standing: Standing, signs: Signs, limits: Limits) -> Harvest:
    """The finding that this window opens, with everything in it."""
    own = standing.own
    found = sorted((sign for sign in signs.found if sign[0]), key=lambda sign: -sign[0])
    harvest = Harvest(
        tenant=read.tenant,
        reader=read.reader,
        start=window.reads[0].time,
        raised_at=read.time,
        last=read.time,
        weight=signs.weight,
        sentences=[sentence for _, sentence in found],
        baseline={
            "measure": "objects read",
            "window_seconds": standing.length // 1_000_000,
            "value": standing.volume,
            "floor": standing.floor,
            "days": own.days,
            "median": round(own.median, 1),
            "deviation": round(own.deviation, 1),
            "most": own.most,
            "bound": round(own.bound, 1) if standing.has_history else None,
        },
        gaps=_gaps(window, standing, limits),
        is_over_need=standing.has_history and signs.weight >= signs.needed + 2,
    )
    for one in window.reads:
        harvest.take(one)
    return harvest


def _gaps(window: ReadWindow, standing: Standing, limits: Limits) -> List[str]:
    gaps = []
    if not standing.has_history:
        gaps.append(
            f"Only {standing.own.days} earlier days of this reader are known, {limits.own_days} are needed to say what "
            "is usual for it; absolute limits decided"
        )
    if window.pages or window.lists:
        gaps.append(
            f"What pages and lists hold is not logged: a later page counts as {limits.page_objects} objects, a whole list as "
            f"{limits.list_objects}"
        )
    if not any(window.networks):
        gaps.append("The log gives no address; where it was read from is not known")
    if window.is_cut:
        gaps.append(f"Only the newest {KEPT_READS} reads of a window are counted")
    return gaps
