"""Last run: what the runner said of itself when it ended last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .faults import ClusterError, told_as_faults
from .names import RUNS

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch


def last_run(client: Elasticsearch) -> dict[str, Any] | None:
    """Return the newest health document, None where no runner ever wrote one; raises ClusterError."""
    try:
        with told_as_faults():
            hits = client.search(
                index=RUNS,
                size=1,
                query={"exists": {"field": "enumwatch.run.health"}},
                sort=[{"@timestamp": {"order": "desc", "unmapped_type": "date"}}],
            )["hits"]["hits"]
    except ClusterError as error:
        if error.kind in ("missing", "no_index"):
            return None
        raise
    return dict(hits[0]["_source"]) if hits else None
