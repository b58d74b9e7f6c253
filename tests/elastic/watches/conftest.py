"""A node with the stored scripts of the watches, on which they are executed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from enumwatch.elastic.watches.stored import scripts

from .execution import Engines
from .stage import fresh_indices


@pytest.fixture(scope="session")
def with_scripts(opensearch: Elasticsearch) -> Elasticsearch:
    """The node that runs Painless, with every script stored."""
    for name, body in scripts().items():
        opensearch.put_script(id=name, script=body["script"])
    return opensearch


@pytest.fixture
def engines(with_scripts: Elasticsearch) -> Iterator[Engines]:
    """Everything on the node that runs Painless, with empty indices."""
    with fresh_indices(with_scripts):
        yield Engines(scripting=with_scripts, searched=with_scripts)


@pytest.fixture
def engines_of_both(with_scripts: Elasticsearch, bare_cluster: Elasticsearch) -> Iterator[Engines]:
    """Searches and writes on the Elasticsearch node, with empty indices; templates and Painless on the other."""
    with fresh_indices(bare_cluster):
        yield Engines(scripting=with_scripts, searched=bare_cluster)
