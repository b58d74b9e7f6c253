"""The node with the types that Elastic's integrations give their fields."""

from __future__ import annotations

import pytest
from elasticsearch import Elasticsearch

from .indexing import template


@pytest.fixture(scope="session")
def cluster(bare_cluster: Elasticsearch) -> Elasticsearch:
    """A client of the node, in which log indices get the types of Elastic's integrations."""
    template(bare_cluster)
    return bare_cluster
