"""Watches on verdicts: they follow the documents that the runner writes and tell what is new or has risen.

Documents say when something happened and never when they were written, so that writing them again changes nothing.
What was told of which finding is therefore kept in an index of its own, one small document for each finding.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...core.verdict import VERDICTS as LADDER
from ..documents import CAUTIONS, LONGEST_TEXT
from ..names import NOTICES, VERDICTS
from .search import KNOWN, chain, days_before, known_findings, search_input
from .stored import script

_FINDINGS = 20  # told in one run, worst first; the next run takes the next
_VALUES = 4  # of one list
_LONGEST_VALUE = 200  # characters; longer ones are left out of notices
_LONGEST_REASON = 1_024
_CAUTIONS = 8  # of one finding; each is of another kind
_DAYS = 7  # findings older than so many days are not told any more

_LISTS = ("names_found", "compromised_accounts", "accounts_created")
_SAMPLES = ("networks_sample", "user_agents_sample", "apps_sample", "sensitive_names", "sources")
_TEXTS = {
    "verdict": "enumwatch.verdict",
    "digest": "enumwatch.digest",
    "tenant": "enumwatch.tenant",
    "account": "enumwatch.actor.account",
    "host": "enumwatch.actor.host",
    "user_agent": "enumwatch.actor.user_agent",
    "asn": "enumwatch.actor.asn",
    **{name: f"enumwatch.{name}" for name in _LISTS},
    **{name: f"enumwatch.evidence.{name}" for name in _SAMPLES},
}
_NUMBERS = {"score": "enumwatch.score", "names_tried": "enumwatch.evidence.names_tried"}
_TIMES = ("window_start", "window_end", "detected_at")

_BUCKETS = "ctx.payload.known.aggregations.digests.buckets"
_TOLD, _TOLD_DIGESTS = "told", f'[{{{{#{_BUCKETS}}}}}"{{{{key}}}}",{{{{/{_BUCKETS}}}}}""]'

Body = dict[str, Any]


def follow(rule: Mapping[str, Any]) -> Body:
    """Input, condition and transform of the watch that follows the verdicts of a detection."""
    detection = rule["id"]
    since = {"range": {"@timestamp": {"gte": days_before(_DAYS)}}}
    mine = [{"term": {"finding.detection": detection}}, since]
    known = known_findings(NOTICES, mine, "finding.id", "finding.verdict")
    body, extract = known["search"]["request"]["body"], known["search"]["extract"]
    body["aggs"]["digests"] = {"terms": {"field": "finding.digest", "size": KNOWN}}
    known["search"]["extract"] = [*extract, "aggregations.digests.buckets.key"]
    return {
        "input": chain(known, _found(detection, since)),
        "condition": {"compare": {"ctx.payload.found.hits.total": {"gt": 0}}},
        "transforms": [
            script("verdicts-follow", detection=detection, lists=_LISTS, samples=_SAMPLES, ladder=list(LADDER))
        ],
        "index": NOTICES,
    }


def _found(detection: str, since: Body) -> Body:
    untold = [{"exists": {"field": "enumwatch.withdrawn_at"}}, {"terms": {"enumwatch.digest": _TOLD}}]
    query = {"bool": {"filter": [{"term": {"rule.id": detection}}, since], "must_not": untold}}
    order = [{"severity": "desc"}, {"detected_at": "desc"}, {"_key": "asc"}]
    findings = {
        "terms": {"field": "event.id", "size": _FINDINGS, "order": order},
        "aggs": {"severity": {"max": {"field": "event.severity"}}, **_measures()},
    }
    body = {"track_total_hits": True, "query": query, "aggs": {"findings": findings}}
    made = search_input(VERDICTS, body, ["hits.total", "aggregations.findings.buckets"])
    request = made["search"]["request"]
    # A list made by a template cannot stand in a body, so the body is text.
    text = json.dumps(request.pop("body")).replace(json.dumps(_TOLD), _TOLD_DIGESTS)
    request["template"] = {"source": text}
    return made


def _measures() -> Body:
    """Aggregations that bring a few values of each field of a finding."""
    found: Body = {name: _values(field, _LONGEST_VALUE) for name, field in _TEXTS.items()}
    found |= {
        "ip": {"terms": {"field": "source.ip", "size": _VALUES}},
        "reason": _values("event.reason", _LONGEST_REASON),
        "cautions": _values(f"enumwatch.{CAUTIONS}", LONGEST_TEXT, _CAUTIONS),
    }
    found |= {name: {"max": {"field": field}} for name, field in _NUMBERS.items()}
    found |= {name: {"max": {"field": f"enumwatch.{name}"}} for name in _TIMES}
    found |= {f"{name}_total": {"value_count": {"field": f"enumwatch.{name}"}} for name in _LISTS}
    return found


def _values(field: str, longest: int, most: int = _VALUES) -> Body:
    return {"terms": {"field": field, "size": most, "order": {"_key": "asc"}, "include": f".{{0,{longest}}}"}}
