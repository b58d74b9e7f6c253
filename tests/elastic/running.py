"""Runs `enumwatch elastic …` against a node as an operator does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from elasticsearch import Elasticsearch
from tests.elastic.setup import nodes

from enumwatch.cli import main


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


class Operator:
    """Somebody at a terminal; the cluster is named in the environment."""

    def __init__(
        self, cluster: Elasticsearch | str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._capsys = capsys
        address = cluster if isinstance(cluster, str) else address_of(cluster)
        monkeypatch.setenv("ENUMWATCH_ELASTIC_URL", address)

    def says(self, *words: str) -> Said:
        """Runs one command."""
        self._capsys.readouterr()
        code = main(["elastic", *words])
        told = self._capsys.readouterr()
        return Said(code, told.out, told.err)


def address_of(client: Elasticsearch) -> str:
    """The URL of a node."""
    (node,) = client.transport.node_pool.all()
    return node.base_url


@contextmanager
def set_up(client: Elasticsearch) -> Iterator[None]:
    """The node with everything that setup makes there; all of it is gone afterwards."""
    nodes.set_up(client)
    try:
        yield
    finally:
        nodes.cleared(client)
