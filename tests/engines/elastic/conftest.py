"""The node with the types that Elastic's integrations give their fields."""

from __future__ import annotations

import pytest
from elasticsearch import Elasticsearch

from .indexing import template


# For each module anew: the node is everybody's, and others take these types away again.
@pytest.fixture(scope="module")
def cluster(bare_cluster: Elasticsearch) -> Elasticsearch:
    """A client of the node, in which log indices get the types of Elastic's integrations."""
    template(bare_cluster)
    return bare_cluster
