"""One server of each sort for all tests of a process; tests are skipped where none can be started."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from .elastic import running_node
from .opensearch import running_opensearch
from .process import NoNodeError


@pytest.fixture(scope="session")
def bare_cluster() -> Iterator[Elasticsearch]:
    """A client of an Elasticsearch node without security."""
    try:
        with running_node() as client:
            yield client
    except NoNodeError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def opensearch() -> Iterator[Elasticsearch]:
    """A client of an OpenSearch node: Painless, ingest pipelines, mustache."""
    try:
        with running_opensearch() as client:
            yield client
    except NoNodeError as missing:
        pytest.skip(str(missing))
