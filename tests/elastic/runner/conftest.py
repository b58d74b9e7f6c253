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
    yield from emptied(bare_cluster)


def emptied(client: Elasticsearch) -> Iterator[Elasticsearch]:
    """The client of a node as a fixture gives it out, and nothing left afterwards."""
    template(client)
    clear(client)
    make_sure_of(client, OWN)
    yield client
    clear(client)


def clear(client: Elasticsearch) -> None:
    for name in client.indices.get(index="logs-*,enumwatch-*", ignore_unavailable=True):
        client.indices.delete(index=name)
