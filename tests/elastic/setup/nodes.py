"""Setup on a node of the tests, and the node as it was before."""

from __future__ import annotations

from elasticsearch import Elasticsearch

from enumwatch.elastic.cluster import look_at
from enumwatch.elastic.setup.apply import make, refuse_what_is_not_ours
from enumwatch.elastic.setup.piece import Found
from enumwatch.elastic.setup.plan import look_over, plan
from enumwatch.elastic.setup.removal import removal, remove
from enumwatch.rulebook.compiled import compiled


def looked_over(client: Elasticsearch) -> list[Found]:
    """Everything that setup makes there, with its state."""
    return look_over(client, plan(client, look_at(client), compiled()).pieces)


def states(client: Elasticsearch) -> set[str]:
    """The states of everything that setup makes there."""
    return {one.state for one in looked_over(client)}


def set_up(client: Elasticsearch) -> int:
    """Makes and changes what has to be; returns how many things that were."""
    found = looked_over(client)
    refuse_what_is_not_ours(found)
    return make(client, found, lambda line: None)


def cleared(client: Elasticsearch) -> None:
    """Takes everything of enumwatch away, whoever made it."""
    remove(client, removal(client, look_at(client), with_findings=True).going, lambda line: None)
    for index in client.indices.get(index="enumwatch-*"):
        client.indices.delete(index=index)
