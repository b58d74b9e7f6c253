"""Around: a finding that the runner wrote into a cluster, and what the cluster knows around it, for its triage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from ..core.contact import Contact
from ..core.context import Context
from ..core.times import DAY, day_of, to_iso
from ..core.triage import Known, Reading, Wanted, known_around, wanted
from ..engines.elastic.view import View
from .documents import MODULE, WITHDRAWN, contact_of, finding_of
from .faults import ClusterError
from .names import CONTACT_FIELD, CONTACTS, VERDICTS
from .runner.reading import Logs

Query = dict[str, Any]
Finding = dict[str, Any]

WORST = "worst"
_ID, _SCORE = "event.id", f"{MODULE}.score"
_FEWEST_LETTERS = 4
_MOST_NAMED = 5
_PAGE = 2_000
# As many names are looked for however they are spelled; of more, those spelled as the finding has them and in small letters.
_MOST_SPELLED = 400


def finding_in(client: Elasticsearch, asked: str) -> Finding:
    """The finding of an id, of the beginning of one, or the worst; raises ClusterError where that is not one."""
    worst = _found(client, {"match_all": {}})
    if not worst:
        raise ClusterError("there is no finding in the cluster: `enumwatch elastic run` decides on its logs")
    if asked == WORST:
        return worst[0]
    found = _found(client, {"term": {_ID: asked}})
    if not found and len(asked) >= _FEWEST_LETTERS:
        found = _found(client, {"prefix": {_ID: asked}})
    if len(found) == 1:
        return found[0]
    known = ", ".join(one["finding_id"] for one in (found or worst))
    what = "is not one finding" if found else "is no finding of the cluster"
    raise ClusterError(f"{asked!r} {what}: take one of {known}, or {WORST}")


def _found(client: Elasticsearch, query: Query) -> list[Finding]:
    """Standing findings, worst first, some of them."""
    standing = {"bool": {"filter": [query], "must_not": [{"exists": {"field": f"{MODULE}.{WITHDRAWN}"}}]}}
    try:
        answer = client.search(
            index=VERDICTS,
            size=_MOST_NAMED,
            query=standing,
            sort=[{_SCORE: {"order": "desc"}}, {"@timestamp": {"order": "asc"}}, {_ID: {"order": "asc"}}],
        )
    except NotFoundError:
        return []
    return [json.loads(finding_of(hit["_source"])) for hit in answer["hits"]["hits"]]


def known_in(client: Elasticsearch, finding: Finding, context: Context, logs: Logs, sources: Iterable[str]) -> Known:
    """What is known around a finding: from the contacts index where it holds any of its time, else from the logs."""
    asked = wanted(finding, context)
    readings = _readings(client, asked)
    if readings:
        return known_around(finding, context, readings, _contacts(client, asked))
    read, near = _from_logs(logs, sources, asked)
    return known_around(finding, context, read, near)


def _readings(client: Elasticsearch, asked: Wanted) -> dict[tuple[str, str], Reading]:
    """From when to when the contacts index holds each log, by tenant and source."""
    keys = [
        {name: {"terms": {"field": f"{CONTACT_FIELD}.{name}", "missing_bucket": True}}} for name in ("tenant", "source")
    ]
    found: dict[tuple[str, str], Reading] = {}
    if not client.indices.exists(index=CONTACTS):
        return found
    with View(client, [CONTACTS]) as view:
        for field in ("first", "last"):
            for group in view.groups(_within(asked), keys, f"{CONTACT_FIELD}.{field}"):
                key = str(group.key["tenant"] or ""), str(group.key["source"] or "")
                times = [time * 1_000 for time in (group.first, group.last) if time is not None]
                known = found.get(key)
                times += [known.first, known.last] if known is not None else []
                found[key] = Reading(min(times), max(times))
    return found


def _contacts(client: Elasticsearch, asked: Wanted) -> Iterator[Contact]:
    """Contacts of the index that have an address or a name of the finding."""
    either = [{"terms": {f"{CONTACT_FIELD}.src_ip": sorted(asked.addresses)}}]
    for field in (f"{CONTACT_FIELD}.target", f"{CONTACT_FIELD}.actor"):
        either += _named(field, sorted(asked.names))
    query = {"bool": {"filter": [_within(asked)], "should": either, "minimum_should_match": 1}}
    with View(client, [CONTACTS]) as view:
        for hit in view.documents(query, [CONTACT_FIELD], f"{CONTACT_FIELD}.last", _PAGE):
            yield contact_of(hit["_source"])


def _named(field: str, names: list[str]) -> list[Query]:
    if len(names) > _MOST_SPELLED:
        return [{"terms": {field: names}}]
    return [{"term": {field: {"value": name, "case_insensitive": True}}} for name in names]


def _within(asked: Wanted) -> Query:
    times = {"last": {"gte": to_iso(asked.since)}, "first": {"lte": to_iso(asked.until)}}
    return {"bool": {"filter": [{"range": {f"{CONTACT_FIELD}.{name}": bound}} for name, bound in times.items()]}}


def _from_logs(
    logs: Logs, sources: Iterable[str], asked: Wanted
) -> tuple[Mapping[tuple[str, str], Reading], list[Contact]]:
    readings: dict[tuple[str, str], Reading] = {}
    near: list[Contact] = []
    found = logs.found(day_of(asked.since), day_of(asked.until) + DAY, 0)
    for source in sources:
        if not found.marks.get(source):
            continue
        for one in logs.contacts(source, day_of(asked.since), day_of(asked.until) + DAY):
            key = one.tenant, one.source
            known = readings.get(key, Reading(one.first, one.last))
            readings[key] = Reading(min(known.first, one.first), max(known.last, one.last))
            if asked.takes(one):
                near.append(one)
    return readings, near
