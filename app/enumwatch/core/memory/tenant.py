"""Tenant: what one watch knows, as rows, and a watch that goes on from rows."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, List, Mapping, Tuple

from ..incident import Incident
from ..observation import Place
from ..roll_call.habits import FORGOTTEN_AFTER as HABITS_FORGOTTEN
from ..roll_call.running_sum import FORGOTTEN_AFTER as SUMS_FORGOTTEN
from ..times import DAY
from ..watch import TenantWatch
from .codec import dumps, loads
from .row import MemoryRow
from .rows import written

KNOWN_FOR = 180 * DAY  # how long a name or a place is remembered after it was last heard of

KINDS = frozenset({"name", "place", "habits", "sum", "counting", "incident", "tenant"})

_Part = Tuple[str, str, Any, int, int]  # kind, key, value, updated, expires


def remembered(watch: TenantWatch, tenant: str, now: int) -> List[MemoryRow]:
    """Everything a watch needs to go on later as if it had never stopped, in a fixed order."""
    return written(((tenant, *part) for part in _parts(watch, now)), now)


def _parts(watch: TenantWatch, now: int) -> Iterator[_Part]:
    knowledge, statistics = watch.knowledge, watch.statistics
    for name, networks in sorted(knowledge.names().items()):
        seen = max([knowledge.heard_of(name), *networks.values()])
        yield "name", name, networks, seen, seen + KNOWN_FOR
    for place, agents in knowledge.places():
        seen = max(time for users in agents.values() for time in users.values())
        yield "place", _key(place), agents, seen, seen + KNOWN_FOR
    statistics.count_all()
    for place, habits in statistics.habits.items():
        yield "habits", _key(place), habits, habits.last, habits.last + HABITS_FORGOTTEN
    for key, running in statistics.sums.items():
        yield "sum", dumps(key), running, running.last, running.last + SUMS_FORGOTTEN
    for place, rules in watch.places.items():
        rules.count()
        yield "counting", _key(place), rules, rules.last_failed, rules.last_failed + watch.limits.revisit_after
    incidents = watch.incidents
    for incident in incidents.by_number.values():
        ends = incident.last_failed + watch.limits.follow
        yield "incident", str(incident.number), incident, incident.last_failed, ends
    whole = {
        "begin": statistics.began,
        "opened": incidents.opened,
        "routes": incidents.routes,
        "teams": incidents.teams,
        "means": knowledge.means(),
        "absent_by_day": statistics.absent_by_day,
    }
    yield "tenant", "", whole, now, now + KNOWN_FOR


def recall(watch: TenantWatch, rows: Iterable[MemoryRow], now: int) -> None:
    """Gives a fresh watch what the rows hold and has not expired; raises UnreadableMemoryError for a row of another make."""
    fixed = {"_limits": watch.limits, "_owner": watch.owner, "_knowledge": watch.knowledge}
    parts: Dict[str, List[Tuple[str, Any]]] = {}
    knowledge, statistics, incidents = watch.knowledge, watch.statistics, watch.incidents
    for row in sorted(rows):
        if row.expires > now and row.kind == "name":
            knowledge.recall_name(row.key, loads(row.value, fixed), row.updated)
        elif row.expires > now:
            parts.setdefault(row.kind, []).append((row.key, loads(row.value, fixed)))
    for key, agents in parts.get("place", ()):
        knowledge.recall_place(_place(key, fixed), agents)
    for key, habits in parts.get("habits", ()):
        statistics.recall_habits(_place(key, fixed), habits)
    for key, running in parts.get("sum", ()):
        statistics.sums[loads(key, fixed)] = running
    for key, rules in parts.get("counting", ()):
        rules.connect()
        watch.places[_place(key, fixed)] = rules
    kept = [one for _, one in parts.get("incident", ()) if isinstance(one, Incident)]
    for _, whole in parts.get("tenant", ()):
        statistics.begin(whole["begin"])
        knowledge.recall_means(whole["means"])
        statistics.absent_by_day = whole["absent_by_day"]
        incidents.recall(sorted(kept, key=_number), whole["routes"], whole["teams"], whole["opened"])


def _number(incident: Incident) -> int:
    return incident.number


def _key(place: Place) -> str:
    return f"{place.sort} {place.value}"


def _place(key: str, fixed: Mapping[str, Any]) -> Place:
    sort, _, value = key.partition(" ")
    return Place(fixed["_owner"].tenant, sort, value)
