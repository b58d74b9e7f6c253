"""The runner on OpenSearch: the same contacts, the same verdicts, written to the same documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from .conftest import emptied
from .feeding import batches, feed, runner, undisturbed, world, written


@pytest.fixture
def empty_opensearch(opensearch: Elasticsearch) -> Iterator[Elasticsearch]:
    """A client of the node, with the runner's own indices and no logs."""
    yield from emptied(opensearch)
    opensearch.indices.delete_index_template(name="logs-for-tests")


def test_the_runner_tells_there_what_it_tells_elsewhere(empty_opensearch: Elasticsearch, tmp_path: Path) -> None:
    some = world(tmp_path, "opensearch", events=25)
    steady = runner(empty_opensearch, some)
    for part in batches(some.arriving, 3):
        feed(empty_opensearch, part)
        steady.once()
    expected = undisturbed(empty_opensearch, some)
    assert len(expected) >= 4
    assert written(empty_opensearch) == expected
