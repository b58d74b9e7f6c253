"""A node in which nothing is left of another test of the runner."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch
from tests.engines.elastic.indexing import template

from enumwatch.elastic.runner.indices import make_sure_of

from .feeding import OWN


@pytest.fixture
def empty_cluster(bare_cluster: Elasticsearch) -> Iterator[Elasticsearch]:
    """A client of the node, with the runner's own indices and no logs."""
    template(bare_cluster)
    clear(bare_cluster)
    make_sure_of(bare_cluster, OWN)
    yield bare_cluster
    clear(bare_cluster)


def clear(client: Elasticsearch) -> None:
    for name in client.indices.get(index="logs-*,enumwatch-*", ignore_unavailable=True):
        client.indices.delete(index=name)
