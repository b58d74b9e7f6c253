"""Measure: the evidence of an incident, counted from its observations alone."""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import Dict, Iterable, List, Optional, Sequence, Set, Tuple

from .contact import Contact
from .evidence import SAMPLE_SIZE, Evidence
from .incident import Incident
from .network import network_of
from .observation import Observation
from .scope import ABSENT, EXISTING, WRONG_REALM
from .times import DAY, HOUR, MINUTE, SECOND, to_iso
from .traits import Behaviour

_BUCKETS = (SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY)
_BUCKETS_AT_MOST = 60

# Fields of an observation, taken out of thousands of them at once.
_time, _place, _attempts, _contact = (
    itemgetter(Observation._fields.index(one)) for one in ("time", "place", "attempts", "contact")
)


def measure(incident: Incident) -> Evidence:
    """Evidence over the whole incident so far; lists are samples of at most 50, sorted so that input order never shows."""
    failed = incident.observations
    if incident.break_ins:  # no other success is among them
        failed = [one for one in failed if one.contact.outcome != "success"]
    contacts = list(map(_contact, failed))
    # How often a success was repeated is not counted anywhere, so each broken account adds one attempt.
    attempts = sum(map(_attempts, failed)) + len(incident.break_ins)
    sorts = incident.sorts
    counts = incident.counts
    visible_attempts = attempts - incident.hidden_attempts
    told = counts[ABSENT] + counts[EXISTING]
    evidence = Evidence(
        attempts=attempts,
        names_tried=len(sorts),
        names_absent=counts[ABSENT],
        names_existing=counts[EXISTING],
        names_wrong_realm=counts[WRONG_REALM],
        names_hidden=incident.hidden_attempts,
        absent_ratio=round(counts[ABSENT] / told, 3) if told else None,
        attempts_per_name=round(visible_attempts / len(sorts), 2) if sorts else None,
        sources=sorted(set(map(attrgetter("source"), contacts))),
    )
    _spread(evidence, {one.value for one in set(map(_place, failed)) if one.sort == "ip"}, contacts)
    evidence.names_sample = names_by_outcome(incident.observations)
    evidence.success_share = _success_share(incident)
    evidence.timeline, evidence.timeline_bucket_seconds = timeline(incident.observations)
    return evidence


def add_behaviour(evidence: Evidence, behaviour: Behaviour) -> None:
    """Adds how the names were tried: order and gaps of the first tries, and the form most names have."""
    order, variation = behaviour.pace
    evidence.order_share = None if order is None else round(order, 3)
    evidence.gap_variation = None if variation is None else round(variation, 3)
    if behaviour.pattern is not None:
        evidence.name_pattern = behaviour.pattern.form
        evidence.name_pattern_share = round(behaviour.pattern.share, 3)


def _spread(evidence: Evidence, addresses: Set[str], contacts: Sequence[Contact]) -> None:
    evidence.addresses, evidence.addresses_sample = sample(addresses)
    evidence.networks, evidence.networks_sample = sample(network_of(one) for one in addresses)
    evidence.countries, evidence.countries_sample = sample(map(attrgetter("country"), contacts))
    evidence.user_agents, evidence.user_agents_sample = sample(map(attrgetter("user_agent"), contacts))
    evidence.apps, evidence.apps_sample = sample(map(attrgetter("app"), contacts))


def sample(values: Iterable[str]) -> Tuple[int, List[str]]:
    """How many distinct values there are (empty ones do not count), and the first of them in order."""
    distinct = sorted(set(values) - {""})
    return len(distinct), distinct[:SAMPLE_SIZE]


def names_by_outcome(observations: Iterable[Observation]) -> Dict[str, List[str]]:
    """Names as the log writes them, by outcome; of several spellings of one name the first in order."""
    found: Dict[str, Dict[str, str]] = {}
    for _, _, name, _, _, contact in observations:
        if name:
            outcome, target = contact.outcome, contact.target
            names = found.get(outcome)
            if names is None:
                names = found[outcome] = {}
            if names.setdefault(name, target) > target:
                names[name] = target
    return {outcome: sorted(found[outcome].values())[:SAMPLE_SIZE] for outcome in sorted(found)}


def _success_share(incident: Incident) -> Optional[float]:
    """Share of the names that succeeded; only where one place is the actor: of a team nobody's colleagues are counted."""
    if len(incident.places) > 1:
        return None
    succeeded = incident.break_ins | incident.succeeded_before
    everyone = succeeded | set(incident.sorts)
    return round(len(succeeded) / len(everyone), 3) if everyone else None


def timeline(observations: Sequence[Observation]) -> Tuple[List[Dict[str, object]], int]:
    """Attempts by outcome in at most 60 buckets of equal length, empty ones left out, and that length in seconds.

    A contact tells its first and last attempt exactly; those between are shown at the last.
    """
    if not observations:
        return [], 0
    times = list(map(_time, observations))
    first, last = min(times), max(times)
    length = next((one for one in _BUCKETS if last // one - first // one < _BUCKETS_AT_MOST), _BUCKETS[-1])
    buckets: Dict[int, Dict[str, int]] = {}
    for time, _, _, _, attempts, contact in observations:
        begin, outcome = time - time % length, contact.outcome
        bucket = buckets.get(begin)
        if bucket is None:
            bucket = buckets[begin] = {}
        bucket[outcome] = bucket.get(outcome, 0) + attempts
    rows: List[Dict[str, object]] = []
    for begin in sorted(buckets):
        row: Dict[str, object] = {"time": to_iso(begin)}
        row.update((outcome, buckets[begin][outcome]) for outcome in sorted(buckets[begin]))
        rows.append(row)
    return rows, length // SECOND
