"""Measure: the evidence of an incident, counted from its observations alone."""

from __future__ import annotations

from collections import Counter
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

from .evidence import SAMPLE_SIZE, Evidence
from .incident import Incident
from .network import network_of
from .observation import Observation
from .scope import ABSENT, EXISTING, WRONG_REALM
from .times import DAY, HOUR, MINUTE, SECOND, to_iso
from .traits import Behaviour

_BUCKETS = (SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY)
_BUCKETS_AT_MOST = 60


def measure(incident: Incident) -> Evidence:
    """Evidence over the whole incident so far; lists are samples of at most 50, sorted so that input order never shows."""
    failed = [one for one in incident.observations if one.contact.outcome != "success"]
    # How often a success was repeated is not counted anywhere, so each broken account adds one attempt.
    attempts = sum(one.attempts for one in failed) + len(incident.break_ins)
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
        sources=sorted({one.contact.source for one in failed}),
    )
    _spread(evidence, failed)
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


def _spread(evidence: Evidence, failed: Sequence[Observation]) -> None:
    addresses = {one.place.value for one in failed if one.place.sort == "ip"}
    evidence.addresses, evidence.addresses_sample = sample(addresses)
    evidence.networks, evidence.networks_sample = sample(network_of(one) for one in addresses)
    evidence.countries, evidence.countries_sample = sample(one.contact.country for one in failed)
    evidence.user_agents, evidence.user_agents_sample = sample(one.contact.user_agent for one in failed)
    evidence.apps, evidence.apps_sample = sample(one.contact.app for one in failed)


def sample(values: Iterable[str]) -> Tuple[int, List[str]]:
    """How many distinct values there are (empty ones do not count), and the first of them in order."""
    distinct = sorted({value for value in values if value})
    return len(distinct), distinct[:SAMPLE_SIZE]


def names_by_outcome(observations: Iterable[Observation]) -> Dict[str, List[str]]:
    """Names as the log writes them, by outcome; of several spellings of one name the first in order."""
    found: Dict[str, Dict[str, str]] = {}
    for one in observations:
        if one.name:
            names = found.setdefault(one.contact.outcome, {})
            target = one.contact.target
            if one.name not in names or target < names[one.name]:
                names[one.name] = target
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
    first, last = min(one.time for one in observations), max(one.time for one in observations)
    length = next((one for one in _BUCKETS if last // one - first // one < _BUCKETS_AT_MOST), _BUCKETS[-1])
    buckets: Dict[int, Counter[str]] = {}
    for one in observations:
        begin = one.time - one.time % length
        buckets.setdefault(begin, Counter())[one.contact.outcome] += one.attempts
    rows: List[Dict[str, object]] = []
    for begin in sorted(buckets):
        row: Dict[str, object] = {"time": to_iso(begin)}
        row.update((outcome, buckets[begin][outcome]) for outcome in sorted(buckets[begin]))
        rows.append(row)
    return rows, length // SECOND
