"""The command with a cluster of the tests, that knows nothing of whoever runs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from tests.commands.running import run
from tests.elastic.setup.nodes import cleared

__all__ = ["run"]

KEY = "dGhlLWtleS1vZi1hLXRlc3Q6bm9ib2R5LW1heS1zZWUtaXQ="


@pytest.fixture(autouse=True)
def nobodys_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration but what a test writes."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("URL", "CLOUD_ID", "API_KEY", "USER", "PASSWORD", "CA"):
        monkeypatch.delenv(f"ENUMWATCH_ELASTIC_{name}", raising=False)


@pytest.fixture
def cluster(bare_cluster: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elasticsearch]:
    """A node that the command finds in its environment, with a key, and without anything of enumwatch."""
    (node,) = bare_cluster.transport.node_pool.all()
    monkeypatch.setenv("ENUMWATCH_ELASTIC_URL", node.base_url)
    monkeypatch.setenv("ENUMWATCH_ELASTIC_API_KEY", KEY)
    cleared(bare_cluster)
    yield bare_cluster
    cleared(bare_cluster)
