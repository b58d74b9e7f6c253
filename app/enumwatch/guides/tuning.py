"""Tuning: every limit with its meaning and effect, how to try it, the kinds of exceptions, and what is not seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..core.allowlist import ENTRY_TYPES
from ..rulebook.detection import Detection
from ..rulebook.guide import Guide
from ..rulebook.limit import Limit, spelled
from ..rulebook.ranges import ORDERED, range_of
from ..rulebook.source import Source
from ..tuning.thresholds import MAIN
from .markdown import Lines, bullets, section, table
from .places import trying

# What an entry of each kind takes out of what is counted.
ENTRIES: Mapping[str, str] = {
    "ip": "everything from one address",
    "cidr": "everything from a range of addresses; the widest of these that you should write is your own range",
    "asn": "everything from one autonomous system: a whole provider, so hardly ever right",
    "user_agent": "everything with an agent, which an attacker can copy; use it with another entry in mind first",
    "app_id": "everything through one application, the right kind for provisioning, federation and tools of your own",
    "actor": "everything one account or application does itself, the right kind for readers and makers of accounts",
    "target": "tries at one name, the right kind for a device with an old password",
    "target_domain": "tries at names of one domain, the right kind for a domain that was given up",
}


def tuning(detection: Detection, guide: Guide) -> Lines:
    """What to turn first, how to try it, and every limit."""
    yield from bullets(detection.filled(text) for text in guide.tune)
    yield from section("Trying it", trying(detection), 3)
    yield from section("Every limit", _limits(detection), 3)


def exceptions() -> Lines:
    """The kinds of entries of the allowlist."""
    yield (
        "An entry of `enumwatch_allowlist.csv` needs a reason, an owner and an expiry. What it hides is counted and shown; an "
        "expired one hides nothing and is reported. Set its `detections` to this detection alone where you can."
    )
    yield ""
    yield from table(("kind", "what it hides"), ((f"`{kind}`", ENTRIES[kind]) for kind in ENTRY_TYPES))


def blind_spots(detection: Detection, sources: Iterable[Source]) -> Lines:
    """What the detection does not see, and what its logs do not show."""
    yield from bullets(detection.filled(text) for text in detection.known_gaps)
    yield from section(
        "By log",
        table(
            ("log", "names", "tries at absent names", "what to know"),
            ((one.title, one.visibility.names, one.visibility.misses, one.visibility.note) for one in sources),
        ),
        3,
    )


def _limits(detection: Detection) -> Lines:
    tried = {one.limit for one in MAIN if one.detection == detection.id}
    if tried:
        yield f"`enumwatch tune` tries {', '.join(f'`{name}`' for name in detection.limits if name in tried)} by itself."
        yield ""
    ordered = [f"`{low}` up to `{high}`" for low, high in ORDERED.get(detection.id, ())]
    if ordered:
        yield f"These stay in order, or an overlay is refused: {', '.join(ordered)}."
        yield ""
    yield from table(
        ("limit", "value", "may be", "what it is", "raise it", "lower it"),
        (_limit(one, detection) for one in detection.limits.values()),
    )


def _limit(limit: Limit, detection: Detection) -> tuple[str, ...]:
    shipped = f" (shipped: {spelled(limit.shipped)})" if limit.shipped else ""
    meaning = detection.filled(limit.means) + (f" ({limit.origin})" if limit.origin else "")
    allowed = str(range_of(limit.shipped or limit))
    return f"`{limit.name}`", f"{spelled(limit)}{shipped}", allowed, meaning, limit.raised or "-", limit.lowered or "-"
