"""An operator whose cluster is a real node while recording, and a cassette else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch
from tests.elastic.running import Operator
from tests.elastic.setup.nodes import cleared

from .cassettes import IS_RECORDING, NOWHERE


@pytest.fixture
def node(request: pytest.FixtureRequest) -> Iterator[Elasticsearch | None]:
    """The node to record from, without anything of enumwatch before and after; None where nothing is recorded."""
    if not IS_RECORDING:
        yield None
        return
    client: Elasticsearch = request.getfixturevalue("bare_cluster")
    cleared(client)
    yield client
    client.cluster.put_settings(persistent={"cluster.blocks.read_only": None})
    cleared(client)


@pytest.fixture
def operator(
    node: Elasticsearch | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operator:
    """Somebody at a terminal."""
    return Operator(node or NOWHERE, monkeypatch, capsys)
