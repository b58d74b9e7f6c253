"""Data streams, which the Elasticsearch node of the tests does not have: made by sending, emptied and taken away."""

from __future__ import annotations

from elasticsearch import Elasticsearch

from enumwatch.simulate.sending.elastic import remove, send
from enumwatch.simulate.sending.manifest import ELASTIC

from .runs import manifest_of, played

OTHER = "ewt20261122t101112ffff"
TEMPLATE = "streams-of-tests"


def test_a_data_stream_is_made_shared_by_runs_and_removed_with_the_last(opensearch: Elasticsearch) -> None:
    wanted = (("fast_enumeration", "okta_system"),)
    runs = [played(manifest_of(ELASTIC, run), wanted) for run in (manifest_of().run, OTHER)]
    place = runs[0][0].parts[0].place
    body = {"settings": {"number_of_replicas": 0}}
    opensearch.indices.put_index_template(
        name=TEMPLATE, index_patterns=[place], priority=900, data_stream={}, template=body
    )
    try:
        for manifest, plays in runs:
            assert send(opensearch, manifest, plays, lambda *_: None) == 0
            assert send(opensearch, manifest, plays, lambda *_: None) == manifest.total
        (stream,) = opensearch.indices.get_data_stream(name=place)["data_streams"]
        assert stream["name"] == place
        first, second = (manifest for manifest, _ in runs)
        assert opensearch.count(index=place)["count"] == first.total + second.total
        assert remove(opensearch, first.run, [place]) == first.total
        assert opensearch.count(index=place)["count"] == second.total
        assert remove(opensearch, second.run, [place]) == second.total
        assert not opensearch.indices.exists(index=place)
    finally:
        opensearch.indices.delete_data_stream(name=f"{place}*")
        opensearch.indices.delete_index_template(name=TEMPLATE)
