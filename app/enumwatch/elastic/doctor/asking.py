"""Asking: one log or index as the doctor looks at it, by field capabilities and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ...engines.elastic.capabilities import capabilities
from ...engines.elastic.contacts import Log
from ...engines.elastic.fields import TIME_TYPES, Columns, Query, both, columns_of, names_asked, recognised
from ..faults import told_as_faults

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

INGESTED = "event.ingested"


class Look(NamedTuple):
    """One log as it lies in the cluster: where its raw fields stand, and how its time is kept."""

    client: Elasticsearch
    source: str
    log: Log
    capabilities: Mapping[str, Any]
    indices: Sequence[str]

    @property
    def where(self) -> str:
        """The log as people should read it."""
        return f"log {self.source} ({', '.join(self.log.indices)})"

    @property
    def columns(self) -> Columns:
        """The columns of every raw field."""
        return columns_of(self.log.shape, self.capabilities)

    @property
    def time_field(self) -> str | None:
        """The field by which the log is read; None where no field holds its time as a date."""
        return next((name for name in self.log.time_fields if self.types_of(name) & TIME_TYPES), None)

    def types_of(self, field: str) -> set[str]:
        """The types that the indices give a field."""
        return set(self.capabilities.get(field, {})) - {"unmapped"}

    def search(self, query: Query, aggs: Mapping[str, Any], **more: Any) -> Any:
        """The answer of a search among the records of this log; raises ClusterError."""
        whole = both([recognised(self.log.shape), query])
        given = {"size": 0, "track_total_hits": True, **more}
        with told_as_faults():
            return self.client.search(
                index=",".join(self.log.indices), query=whole, aggs=dict(aggs) or None, ignore_unavailable=True, **given
            )

    def count_all(self) -> int:
        """How many documents there are, records of this log or not; raises ClusterError."""
        with told_as_faults():
            return int(self.client.count(index=",".join(self.log.indices), ignore_unavailable=True)["count"])


def look_at_log(client: Elasticsearch, source: str, log: Log) -> Look:
    """Return one log as it lies in the cluster; raises ClusterError."""
    asked = sorted({*names_asked(log.shape), *log.time_fields, INGESTED})
    with told_as_faults():
        answer = capabilities(client, log.indices, asked)
    return Look(client, source, log, answer.fields, answer.indices)
