"""Dying: a client whose process ends before or after one of its requests, as far as anybody else can see."""

from __future__ import annotations

import itertools
from typing import Any

from elastic_transport import Urllib3HttpNode
from elasticsearch import Elasticsearch

_TAKEN: dict[int, list[int]] = {}


class Killed(BaseException):
    """The end of a process; nothing catches it."""


def address_of(client: Elasticsearch) -> str:
    """Where a client's node is."""
    (node,) = client.transport.node_pool.all()
    return node.base_url


def dying(address: str, number: int, *, is_sent: bool) -> Elasticsearch:
    """A client that dies at its request of this number: before it is sent, or when it was answered and nobody knows."""
    turns = itertools.count(1)
    taken: list[int] = []

    class Node(Urllib3HttpNode):
        """Counts requests, whatever thread sends them; all are refused after the end."""

        def perform_request(self, *arguments: Any, **keywords: Any) -> Any:
            turn = next(turns)
            taken.append(turn)
            if turn == number and is_sent:
                super().perform_request(*arguments, **keywords)
            if turn >= number:
                raise Killed
            return super().perform_request(*arguments, **keywords)

    client = Elasticsearch(address, node_class=Node, request_timeout=60)
    _TAKEN[id(client)] = taken
    return client


def requests_of(client: Elasticsearch) -> int:
    """How many requests a client that `dying` made has sent."""
    return len(_TAKEN[id(client)])
