"""Self-contained watches: they read contacts and compute the verdict themselves, so they need no runner.

`published_threshold` is computed exactly. Of `email_enumeration` they compute what the tries of one address say by
themselves; what needs memory, other addresses or lookups is the runner's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...core.contact import Contact
from ...core.context import Context
from ...core.evidence import SAMPLE_SIZE
from ...core.incident import PRECEDENCE
from ...core.judge import SURE_FROM_NAMES, SURE_FROM_RATIO, UNSURE_BELOW_NAMES
from ...core.place_rules import ENUMERATION
from ...core.published import CONFIDENCE, DETECTION, GAP, REASON
from ...core.roll_call import weighing
from ...core.roll_call.running_sum import ALARM_RATE_FLOORS, ALARM_RATE_TIMES
from ...core.scope import CLASS_OF_OUTCOME
from ...core.times import DAY, HOUR, MINUTE, SECOND
from ..names import CONTACT_FIELD, CONTACTS, VERDICTS
from . import skeleton
from .search import NOW, chain, days_before, known_findings, search_input
from .stored import script

_PREFIX = f"{CONTACT_FIELD}."
_ADDRESSES = 25  # looked at in one run, those with most names first
_GROUPS = 5  # of one address in one run
# Texts of one finding: bytes in all copies, and what one letter takes, a plain one and any other. A run stays below 1 MB.
_BYTES, _COSTS = 22_000, (5, 24)
_LONGEST_STEM = 40  # of a name, where its form is looked at
_DAYS = 1  # whole days before that of the trigger
_GAPS = (
    "Computed in the cluster from the tries of this address alone: without names known from before, other addresses, "
    "known tools and lookups"
)
CUT = "More names and agents than the cluster hands over at once; counts are whole, lists are not"
_ROLL_CALL_REASON = (
    "{absent} of {names} names do not exist here and {existing} exist, "
    "tried from one address where nobody signed in before"
)
_TRAIT_REASON = "{traits} traits of a machine after {{number}} names; with fewer this verdict takes {names} names"
_PUBLISHED_TEXTS = ("client_app", "user_agent", "target", "app", "tenant", "source")
_FACTS = {"user_agent": "user_agents", "app": "apps", "country": "countries", "source": "sources"}

Body = dict[str, Any]


def published_threshold(rulebook: Mapping[str, Any]) -> Body:
    """Input, condition and transforms of the watch for the published rule."""
    rule = rulebook["detections"][DETECTION]
    limits, units = rule["limits"], {"hour": HOUR}
    metric = _metric(
        "rows-init",
        script("rows-map", prefix=_PREFIX, texts=_PUBLISHED_TEXTS),
        "rows-combine",
        script("published-reduce", limits=limits, bytes=_BYTES, costs=_COSTS, groups=_GROUPS, **units),
    )
    filters = [
        {"range": {"@timestamp": {"gte": f"{NOW}||-{_DAYS}d/h", "lt": NOW}}},
        {"terms": {f"{_PREFIX}code": rule["codes"]}},
        {"terms": {f"{_PREFIX}source": rule["sources"]}},
    ]
    verdicts = script(
        "published-verdicts",
        detection=DETECTION,
        limits=limits,
        minute=MINUTE,
        scores=skeleton.scores(),
        verdicts=skeleton.STEPS,
        confidence=CONFIDENCE,
        reason=REASON.format(names="{names}", rate="{rate}", limit=limits["names"]),
        gaps=[GAP],
    )
    return _body(rule, rulebook, filters, limits["names"], metric, [verdicts], needs_address=False)


def email_enumeration(rulebook: Mapping[str, Any]) -> Body:
    """Input, condition and transforms of the watch for roll calls from one address."""
    rule = rulebook["detections"][ENUMERATION]
    limits = rule["limits"]
    ranks = {outcome: PRECEDENCE[sort] for outcome, sort in CLASS_OF_OUTCOME.items()}
    metric = _metric("roll-call-init", _roll_call_map(rulebook, ranks), "roll-call-combine", _roll_call_reduce(limits))
    success = {"term": {f"{_PREFIX}outcome": "success"}}
    remembered = max(1, int(limits["revisit_after"] * SECOND // DAY))
    tries = {"bool": {"must_not": [success], "filter": [{"range": {"@timestamp": {"gte": days_before(_DAYS)}}}]}}
    filters = [
        {"range": {"@timestamp": {"gte": days_before(remembered), "lt": NOW}}},
        {"terms": {f"{_PREFIX}kind": rule["kinds"]}},
        {"bool": {"must_not": [{"terms": {f"{_PREFIX}outcome": ["noise", "throttled"]}}]}},
        {"bool": {"should": [success, tries], "minimum_should_match": 1}},
    ]
    verdicts = script(
        "roll-call-verdicts",
        verdicts=skeleton.STEPS,
        scores=skeleton.scores(),
        ranks=ranks,
        lists=[*_FACTS.values(), "codes"],
        sample_size=SAMPLE_SIZE,
        blind=sorted(Context(rulebook).sources_without_misses()),
        sure_from_names=SURE_FROM_NAMES,
        sure_from_ratio=SURE_FROM_RATIO,
        unsure_below_names=UNSURE_BELOW_NAMES,
        reason=_ROLL_CALL_REASON,
        trait_reason=_TRAIT_REASON.format(traits=limits["moderate_traits"], names=limits["moderate_names"]),
        gaps=[_GAPS],
        cut=CUT,
    )
    steps = [script("roll-call-pace", limits=limits), script("roll-call-traits", limits=limits), verdicts]
    return _body(rule, rulebook, filters, limits["address_names"], metric, steps, needs_address=True)


SELF_CONTAINED: Mapping[str, Callable[[Mapping[str, Any]], Body]] = {
    DETECTION: published_threshold,
    ENUMERATION: email_enumeration,
}


def _roll_call_map(rulebook: Mapping[str, Any], ranks: Mapping[str, int]) -> Body:
    # Equal times are told in the order of contacts, and that is the order of their keys.
    order = [name for name in Contact._fields if name not in ("hour", "target_visible", "attempts", "first", "last")]
    limits = rulebook["detections"][ENUMERATION]["limits"]
    return script(
        "roll-call-map",
        prefix=_PREFIX,
        texts=order,
        order=order,
        ranks=ranks,
        facts=_FACTS,
        proof=weighing.PROOF,
        mail_sources=sorted(Context(rulebook).mail_sources()),
        test_parts=weighing.TEST_PARTS,
        test_words=weighing.TEST_WORDS,
        look_up_phrases=weighing.LOOK_UP_PHRASES,
        costs=_COSTS,
        longest_stem=_LONGEST_STEM,
        look_up_words=[f" {word} " for word in weighing.LOOK_UP_WORDS],
        limits={name: limits[name] for name in ("weight_absent", "weight_existing")},
    )


def _roll_call_reduce(limits: Mapping[str, Any]) -> Body:
    units = {"second": SECOND, "hour": HOUR, "day": DAY}
    times, floors = ALARM_RATE_TIMES, ALARM_RATE_FLOORS
    return script("roll-call-reduce", limits=limits, bytes=_BYTES, alarm_times=times, alarm_floors=floors, **units)


def _metric(init: str, mapped: Body, combine: str, reduced: Body) -> Body:
    scripts = {"init_script": script(init), "map_script": mapped, "combine_script": script(combine)}
    return {"scripted_metric": {**scripts, "reduce_script": reduced}}


def _body(
    rule: Mapping[str, Any],
    rulebook: Mapping[str, Any],
    filters: list[Body],
    least: float,
    metric: Body,
    steps: list[Body],
    needs_address: bool,
) -> Body:
    """A watch that goes through the addresses with most names. Each name makes a contact at least, so fewer say nothing."""
    failed = {
        "filter": {"bool": {"must_not": [{"term": {f"{_PREFIX}outcome": "success"}}]}},
        "aggs": {"names": {"cardinality": {"field": f"{_PREFIX}target"}}},
    }
    addresses = {
        "terms": {
            "field": f"{_PREFIX}src_ip",
            "size": _ADDRESSES,
            "min_doc_count": int(least),
            "order": {"failed>names": "desc"},
            "collect_mode": "breadth_first",
        },
        "aggs": {"failed": failed, "rule": metric},
    }
    nowhere = {"term": {f"{_PREFIX}src_ip": ""}}
    query = {"bool": {"filter": filters, "must_not": [nowhere]}}
    body = {"track_total_hits": False, "query": query, "aggs": {"addresses": addresses}}
    path = "aggregations.addresses.buckets"
    mine = [{"term": {"rule.id": rule["id"]}}, {"range": {"@timestamp": {"gte": days_before(_DAYS + 1)}}}]
    return {
        "input": chain(
            known_findings(VERDICTS, mine, "event.id", "enumwatch.verdict"),
            search_input(CONTACTS, body, [f"{path}.key", f"{path}.rule.value"]),
        ),
        "condition": {"script": script("anything")},
        "transforms": [*steps, skeleton.documents(rule, rulebook, needs_address)],
        "index": VERDICTS,
    }
