"""Runs `enumwatch elastic …` against a node as an operator does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from elasticsearch import Elasticsearch

from enumwatch.cli import main
from enumwatch.elastic.cluster import look_at
from enumwatch.elastic.setup.apply import make
from enumwatch.elastic.setup.plan import look_over, plan
from enumwatch.elastic.setup.removal import removal, remove
from enumwatch.rulebook.compiled import compiled


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


class Operator:
    """Somebody at a terminal; the cluster is named in the environment."""

    def __init__(
        self, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._capsys = capsys
        monkeypatch.setenv("ENUMWATCH_ELASTIC_URL", address_of(client))

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
    cluster = look_at(client)
    make(client, look_over(client, plan(client, cluster, compiled()).pieces), lambda _: None)
    try:
        yield
    finally:
        remove(client, removal(client, cluster, with_findings=True).going, lambda _: None)
        # What lies under names of ours without having been made by us.
        for index in client.indices.get(index="enumwatch-*"):
            client.indices.delete(index=index)
