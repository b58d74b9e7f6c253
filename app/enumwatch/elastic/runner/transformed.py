"""Transformed: contacts that a transform of the cluster keeps up to date, in place of the logs."""

from __future__ import annotations

from collections.abc import Iterator

from elasticsearch import Elasticsearch

from ...core.contact import Contact
from ...core.times import day_of
from ...engines.elastic.view import View
from ..documents import contact_of
from ..names import CONTACT_FIELD, CONTACTS
from .reading import MILLISECOND, Found, whole
from .state import Mark

SOURCE = "contacts"  # all logs together
_HOUR, _LAST, _ATTEMPTS = (f"{CONTACT_FIELD}.{name}" for name in ("hour", "last", "attempts"))
_CONTACTS_OF_ONE_PAGE = 2_000


class Transformed:
    """The contacts index as the only log."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client

    def found(self, since: int, until: int | None, cursor: int) -> Found:
        """What lies between two midnights. A transform does not say when events came, so nothing is told as too late."""
        inner = {"attempts": {"sum": {"field": _ATTEMPTS}}, "last": {"max": {"field": _LAST}}}
        histogram = {"field": _HOUR, "calendar_interval": "1d", "min_doc_count": 1}
        answer = whole(
            self._client.search(
                index=CONTACTS,
                size=0,
                query=_between(since, until),
                aggregations={"days": {"date_histogram": histogram, "aggs": inner}},
                track_total_hits=False,
            )
        )
        found = Found(without_ingest_time=[SOURCE])
        days = found.marks[SOURCE] = {}
        for bucket in answer["aggregations"]["days"]["buckets"]:
            last = int(bucket["last"]["value"] or 0)
            # Attempts too: one more of them changes a contact and makes none.
            number = bucket["doc_count"] + int(bucket["attempts"]["value"])
            days[day_of(int(bucket["key"]) * MILLISECOND)] = Mark(number, last)
            found.newest = max(found.newest, last * MILLISECOND)
        return found

    def contacts(self, source: str, since: int, until: int) -> Iterator[Contact]:
        """Contacts of some whole days."""
        with View(self._client, [CONTACTS]) as view:
            for hit in view.documents(_between(since, until), [CONTACT_FIELD], _LAST, _CONTACTS_OF_ONE_PAGE):
                yield contact_of(hit["_source"])


def _between(since: int, until: int | None) -> dict[str, object]:
    bounds = {"gte": since // MILLISECOND, "lt": None if until is None else until // MILLISECOND}
    window = {name: time for name, time in bounds.items() if time is not None}
    return {"range": {_HOUR: {**window, "format": "epoch_millis"}}}
