"""One node for all tests that need a real cluster; they are skipped where none can be started."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from .indexing import template
from .node import NoNodeError, running_node


@pytest.fixture(scope="session")
def cluster() -> Iterator[Elasticsearch]:
    """A client of the node, in which log indices get the types of Elastic's integrations."""
    try:
        with running_node() as client:
            template(client)
            yield client
    except NoNodeError as missing:
        pytest.skip(str(missing))
