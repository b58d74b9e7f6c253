"""Making: one maker's finding while it is open: the accounts it made, and what they did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, NamedTuple, Set, Tuple

from .account import Maker, MakerKey
from .limits import Limits
from .signs import Signs, Volume

BURST, SINGLE = "Account Creation Burst", "Suspicious New Account"


class Seen(NamedTuple):
    """What judging a maker found."""

    verdict: str
    signs: Signs
    volume: Volume


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
    is_closed: bool = False


def opened(key: MakerKey, maker: Maker, seen: Seen, made_at: int, now: int, limits: Limits) -> Making:
    """The finding that was seen; its accounts are added by whoever keeps them."""
    times = [time for time, _ in maker.day] + list(maker.bulk)
    making = Making(key, min([*times, made_at]), seen.verdict, now, now, 0, [], {}, [])
    making.events = max(0, len(maker.day) + len(maker.bulk) - 1)  # the one that decided is added with the others
    if maker.bulk:
        making.gaps.append(
            f"{len(maker.bulk)} bulk jobs made accounts that the log does not name; each counts as {limits.burst}"
        )
    if seen.volume.own.days < limits.own_days:
        making.gaps.append(
            f"Only {seen.volume.own.days} earlier days of this maker are known, {limits.own_days} are needed to say what is usual"
        )
    if not maker.addresses:
        making.gaps.append("The log gives no address; where the accounts were made from is not known")
    raise_to(making, seen, now)
    return making


def raise_to(making: Making, seen: Seen, now: int) -> None:
    """Takes over what was seen where it is worse than what was said."""
    is_worse = seen.verdict == BURST and making.verdict != BURST
    if not is_worse and (seen.signs.weight <= making.weight or (making.verdict == BURST and seen.verdict != BURST)):
        return
    if is_worse:
        making.verdict, making.raised_at = BURST, now
    making.weight = seen.signs.weight
    ordered: List[Tuple[int, str]] = sorted(seen.signs.found, key=lambda sign: -sign[0])
    making.sentences = [sentence for _, sentence in ordered]
    own = seen.volume.own
    making.baseline = {
        "measure": "accounts made",
        "window_seconds": seen.volume.length // 1_000_000,
        "value": seen.volume.number,
        "floor": seen.volume.floor,
        "days": own.days,
        "median": round(own.median, 1),
        "deviation": round(own.deviation, 1),
        "most": own.most,
        "bound": round(own.bound, 1) if own.days else None,
    }
