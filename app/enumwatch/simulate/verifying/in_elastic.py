"""In Elastic: what a cluster holds of a run, what it found, and when its runner last looked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ...core.times import from_iso
from ...elastic.documents import MODULE, is_withdrawn
from ...elastic.faults import ClusterError, told_as_faults
from ...elastic.last_run import last_run
from ...elastic.names import RUNS
from ...elastic.runner.state import load
from ...engines.elastic.contacts import logs
from ...engines.elastic.fields import Query, both, recognised
from ...exported import whole_of
from ..sending.elastic import hits_of, of_run, refresh
from ..sending.findings import findings_on
from ..sending.manifest import Manifest, Part
from ..sending.marks import SCENARIO, SOURCE
from ..verify import finding_of
from .seen import Arrival, Seen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elasticsearch import Elasticsearch

_ABSENT = ("no_index", "missing")
_SECOND = 1_000_000


def seen_in_elastic(client: Elasticsearch, folder: Path, manifest: Manifest, rulebook: Mapping[str, Any]) -> Seen:
    """Everything the cluster says of the run; raises ClusterError, SimulateError."""
    seen = Seen()
    known = logs(rulebook)
    refresh(client, [*(one.place for one in manifest.parts), RUNS])
    for part in manifest.parts:
        query = _of_part(manifest, part)
        there = _count(client, part.place, query)
        read = _count(client, part.place, both([query, recognised(known[part.source].shape)])) if there else 0
        seen.arrivals[part.scenario, part.source] = Arrival(there, read)
    for hit in findings_on(client, folder, manifest):
        finding = finding_of(whole_of(hit["_source"][MODULE]["finding"]))
        if finding is not None and not is_withdrawn(hit["_source"]):
            seen.findings.append(finding)
    health = last_run(client)
    seen.ran_at = {}
    if health is not None:
        run = health[MODULE]["run"]
        seen.ran_at[""] = from_iso(health["@timestamp"]) - int(float(run.get("seconds") or 0) * _SECOND)
        seen.troubles = [str(one) for one in run.get("trouble") or ()]
    seen.decided_since = _decided_since(client)
    return seen


@contextmanager
def arrived_files(client: Elasticsearch, manifest: Manifest) -> Iterator[list[str]]:
    """The events of the run as they lie in the cluster, in files for the local engine, as long as the context."""
    import orjson

    with TemporaryDirectory(prefix="enumwatch-verify-") as folder:
        paths = []
        for number, part in enumerate(manifest.parts):
            path = Path(folder) / f"{number}.ndjson"
            with path.open("wb") as file, told_as_faults():
                for hit in hits_of(client, [part.place], _of_part(manifest, part), has_source=True):
                    file.write(orjson.dumps(hit["_source"]) + b"\n")
            paths.append(str(path))
        yield paths


def _of_part(manifest: Manifest, part: Part) -> Query:
    terms = {SCENARIO: part.scenario, SOURCE: part.source}
    return both([of_run(manifest.run), *({"term": {f"labels.{name}": value}} for name, value in terms.items())])


def _count(client: Elasticsearch, index: str, query: Query) -> int:
    with told_as_faults():
        answer = client.count(index=index, query=query, ignore_unavailable=True, allow_no_indices=True)
        return int(answer["count"])


def _decided_since(client: Elasticsearch) -> int:
    try:
        with told_as_faults():
            state, _ = load(client)
    except ClusterError as error:
        if error.kind in _ABSENT:
            return 0
        raise
    return state.oldest if state is not None else 0
