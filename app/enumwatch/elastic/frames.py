"""Frames: verdicts and contacts of a cluster as tables for an analyst, who counts and filters in the cluster by eland.

A frame holds no rows; `rows_of` brings what a filter left over, readable and harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..core.contact import Contact
from ..core.verdict import VERDICTS as LADDER
from ..core.verdict import is_at_least
from ..report.visible import visible
from .documents import MODULE, WITHDRAWN
from .faults import ClusterError, told_as_faults
from .names import CONTACT_FIELD, CONTACTS, VERDICTS

if TYPE_CHECKING:
    import eland
    import pandas
    from elasticsearch import Elasticsearch

Query = dict[str, Any]

CONTACT_COLUMNS: tuple[str, ...] = ("@timestamp", *(f"{CONTACT_FIELD}.{name}" for name in Contact._fields))
VERDICT_COLUMNS: tuple[str, ...] = (
    *("@timestamp", "event.id", "event.start", "event.end", "event.severity", "event.risk_score", "event.reason"),
    *("rule.id", "organization.id", "source.ip", "source.as.number", "user_agent.original", "threat.technique.id"),
    *(f"{MODULE}.{name}" for name in ("verdict", "score", "confidence", "names_found", "compromised_accounts")),
    *(f"{MODULE}.{name}" for name in ("accounts_created", "reasons", WITHDRAWN)),
    *(f"{MODULE}.evidence.{name}" for name in ("attempts", "names_tried", "names_absent", "names_existing", "sources")),
)


def verdict_frame(
    client: Elasticsearch,
    *,
    since: str | datetime | None = None,
    until: str | datetime | None = None,
    tenant: str | None = None,
    at_least: str | None = None,
    detection: str | None = None,
    address: str | None = None,
    withdrawn: bool = False,
    index: str = VERDICTS,
    columns: Iterable[str] = VERDICT_COLUMNS,
) -> eland.DataFrame:
    """The findings told since a time, those that are still held unless `withdrawn`.

    Times are ISO text (UTC where it says nothing), date math such as `now-7d`, or datetimes. `at_least` is a verdict: that
    bad or worse. Raises ClusterError where the cluster does not answer or a filter is none.
    """
    if at_least is not None and at_least not in LADDER:
        raise ClusterError(f"at_least={at_least!r} is no verdict: use one of {', '.join(LADDER)}")
    filters = [
        *_of_times(since, until),
        *_of_terms({"organization.id": tenant, "rule.id": detection, "source.ip": address}),
    ]
    if at_least is not None:
        filters.append({"terms": {f"{MODULE}.verdict": [name for name in LADDER if is_at_least(name, at_least)]}})
    without = [] if withdrawn else [{"exists": {"field": f"{MODULE}.{WITHDRAWN}"}}]
    return _frame(client, index, columns, filters, without)


def contact_frame(
    client: Elasticsearch,
    *,
    since: str | datetime | None = None,
    until: str | datetime | None = None,
    tenant: str | None = None,
    kind: str | None = None,
    source: str | None = None,
    outcome: str | Iterable[str] | None = None,
    address: str | None = None,
    target: str | None = None,
    index: str = CONTACTS,
    columns: Iterable[str] = CONTACT_COLUMNS,
) -> eland.DataFrame:
    """Who tried which name with which answer since a time; an address may be a network (`203.0.113.0/24`).

    Times are as for `verdict_frame`. Raises ClusterError where the cluster does not answer.
    """
    terms = {"tenant": tenant, "kind": kind, "source": source, "outcome": outcome, "target": target}
    filters = [
        *_of_times(since, until),
        *_of_terms({f"{CONTACT_FIELD}.{name}": value for name, value in terms.items()}),
        *_of_terms({"source.ip": address}),
    ]
    return _frame(client, index, columns, filters, [])


def rows_of(frame: eland.DataFrame, most: int = 10_000) -> pandas.DataFrame:
    """The rows of a frame in pandas, by time, under short names; what is hidden in a text of a log is made visible.

    Raises ClusterError where there are more than `most`, which would not fit into memory some day.
    """
    import eland

    with told_as_faults():
        count = len(frame)
        if count > most:
            raise ClusterError(f"{count} rows are more than {most}: filter further, or say most={count}")
        rows = eland.eland_to_pandas(frame)
    rows = rows.sort_values("@timestamp") if "@timestamp" in rows else rows
    rows = rows.rename(columns=short_name)
    for name in rows.columns:
        rows[name] = rows[name].map(_readable)
    return rows.reset_index(drop=True)


def short_name(column: str) -> str:
    """The name of a column without what all of ours have in front."""
    return column.removeprefix(f"{CONTACT_FIELD}.").removeprefix(f"{MODULE}.").removeprefix("evidence.")


def _readable(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    return [visible(one) for one in value] if isinstance(value, list) else value


def _frame(
    client: Elasticsearch, index: str, columns: Iterable[str], filters: list[Query], without: list[Query]
) -> eland.DataFrame:
    try:
        import eland
    except ImportError:
        raise ClusterError("the package eland is not installed: pip install 'enumwatch[elastic]'") from None
    with told_as_faults():
        frame = eland.DataFrame(client, es_index_pattern=index, columns=list(columns))
        return frame.es_query({"bool": {"filter": filters, "must_not": without}})


def _of_times(since: str | datetime | None, until: str | datetime | None) -> list[Query]:
    bounds = {"gte": since, "lt": until}
    given = {name: _time(value) for name, value in bounds.items() if value is not None}
    return [{"range": {"@timestamp": given}}] if given else []


def _time(value: str | datetime) -> str:
    if isinstance(value, str):
        return value
    moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc).isoformat()


def _of_terms(terms: Mapping[str, str | Iterable[str] | None]) -> list[Query]:
    found: list[Query] = []
    for field, value in terms.items():
        if isinstance(value, str):
            found.append({"term": {field: value}})
        elif value is not None:
            found.append({"terms": {field: list(value)}})
    return found
