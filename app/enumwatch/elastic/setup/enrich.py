"""Enrich: policies that let a pipeline look an address or a domain up in the pushed tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...lookups import COLUMNS
from ..names import PREFIX, lookup_index
from .piece import Piece
from .stamp import stamp_of

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

# Tables that have a policy: how it matches, and by which column.
MATCHED = {"domains": ("match", "domain"), "networks": ("range", "cidr")}


def policy_body(table: str) -> dict[str, Any]:
    """Return the policy of one table; KeyError where it has none."""
    way, column = MATCHED[table]
    others = [name for name in COLUMNS[table] if name != column]
    return {way: {"indices": [lookup_index(table)], "match_field": column, "enrich_fields": others}}


def policy_name(table: str) -> str:
    """Return the name of a table's policy. A policy cannot be changed, so the name ends in the digest of what it says."""
    return f"{PREFIX}{table}-{stamp_of(policy_body(table)).digest}"


def enrich_pieces() -> list[Piece]:
    """Return the policies."""
    return [Piece("enrich", policy_name(table), policy_body(table)) for table in MATCHED]


def source_of(policy: Piece) -> str:
    """Return the index that a policy reads; without it the policy cannot be made."""
    (way,) = policy.body.values()
    (index,) = way["indices"]
    return str(index)


def renew(client: Elasticsearch) -> list[str]:
    """Takes what was pushed over into the policies that are there; returns their names.

    A policy answers from a copy of its table, made when it is executed.
    """
    renewed = []
    for piece in enrich_pieces():
        if client.enrich.get_policy(name=piece.name)["policies"]:
            client.enrich.execute_policy(name=piece.name, wait_for_completion=True)
            renewed.append(piece.name)
    return renewed
