"""Elastic: sends the events of a run to Elasticsearch or OpenSearch, counts them there, and takes them away again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ...elastic.faults import ClusterError, told_as_faults
from ...engines.elastic.pipeline import pipeline_name
from .elastic_documents import actions
from .manifest import Manifest
from .marks import NAMESPACE, RUN
from .playing import Play

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Query = dict[str, Any]
Done = Callable[[int, int], object]  # which part, and how many of its events are there

_UNASKED = ("permission", "unserved", "missing", "refused", "no_index")
_OF_ONE_PAGE = 1_000


def send(client: Elasticsearch, manifest: Manifest, plays: Sequence[Play], done: Done) -> int:
    """Creates every document that is not there yet; returns how many were. Raises ClusterError.

    What lies there from an earlier try counts as sent.
    """
    from ...elastic.runner.bulk import write

    pipelines = _pipelines(client, [one.shape.id for one in plays])
    there = 0
    with told_as_faults():
        for number, (one, part) in enumerate(zip(plays, manifest.parts)):
            written = write(client, actions(manifest, one, part, pipelines))
            done(number, written.done + len(written.conflicts))
            there += len(written.conflicts)
            if written.refused:
                raise next(iter(written.refused.values()))
    refresh(client, [part.place for part in manifest.parts])
    return there


def remove(client: Elasticsearch, run: str, places: Iterable[str]) -> int:
    """Deletes every event of a run, and data streams of tests that are empty then; returns how many. Raises ClusterError."""
    from ...elastic.runner.bulk import delete_action, write

    names = _of_tests(places)
    refresh(client, names)
    with told_as_faults():
        done = write(
            client, (delete_action(hit["_index"], hit["_id"]) for hit in hits_of(client, names, of_run(run)))
        ).done
    refresh(client, names)
    for name in names:
        _drop_if_empty(client, name)
    return done


def hits_of(client: Elasticsearch, names: Iterable[str], query: Query, has_source: bool = False) -> Iterable[Any]:
    """Every document that a query finds, however many; the exceptions of the client are not translated."""
    from elasticsearch.helpers import scan

    return scan(
        client,
        index=",".join(names),
        query={"query": query, "_source": has_source},
        size=_OF_ONE_PAGE,
        ignore_unavailable=True,
        allow_no_indices=True,
    )


def of_run(run: str) -> Query:
    """Documents of a run."""
    return {"term": {f"labels.{RUN}": run}}


def refresh(client: Elasticsearch, names: Iterable[str]) -> None:
    """Makes visible what was just written, where the key may; else it is so after a while."""
    try:
        with told_as_faults():
            client.indices.refresh(index=",".join(names), ignore_unavailable=True, allow_no_indices=True)
    except ClusterError as error:
        if error.kind not in _UNASKED:
            raise


def _pipelines(client: Elasticsearch, sources: Iterable[str]) -> dict[str, str]:
    """The pipelines of enumwatch that are there: they add to an event what an integration's own would have called."""
    try:
        with told_as_faults():
            there = client.ingest.get_pipeline(id=pipeline_name("*")).body
    except ClusterError as error:
        if error.kind not in _UNASKED:
            raise
        return {}
    return {source: pipeline_name(source) for source in sources if pipeline_name(source) in there}


def _of_tests(places: Iterable[str]) -> list[str]:
    """Names of data streams, once each; a manifest that names another is refused."""
    names = list(dict.fromkeys(places))
    for name in names:
        if not name.endswith(f"-{NAMESPACE}") or not set(name).isdisjoint("*,?"):
            raise ClusterError(f"{name!r} is no data stream of tests: delete its events by hand, or mend the manifest")
    return names


def _drop_if_empty(client: Elasticsearch, name: str) -> None:
    """Deletes a data stream of tests, or the index where no template makes one, that holds nothing; where the key may."""
    try:
        with told_as_faults():
            if int(client.count(index=name, ignore_unavailable=True, allow_no_indices=True)["count"]):
                return
    except ClusterError as error:
        if error.kind not in _UNASKED:
            raise
        return
    drops: tuple[Callable[[], object], ...] = (
        lambda: client.indices.delete_data_stream(name=name),
        lambda: client.indices.delete(index=name, ignore_unavailable=True),
    )
    for drop in drops:
        try:
            with told_as_faults():
                drop()
        except ClusterError as error:
            if error.kind not in _UNASKED:
                raise
        else:
            return
