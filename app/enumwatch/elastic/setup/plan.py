"""Plan: everything that belongs into a cluster, in the order in which it is made, and what cannot be there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..cluster import PARTS, Cluster
from ..faults import ClusterError, told_as_faults
from ..names import lookup_index
from .contacts import contact_pieces
from .enrich import MATCHED, enrich_pieces, source_of
from .indices import index_pieces
from .piece import CURRENT, FOREIGN, MISSING, NEWER, STALE, Found, Piece
from .roles import log_indices, role_pieces

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch


class Skipped(NamedTuple):
    """Something that is not made, and why."""

    piece: Piece
    why: str


class Plan(NamedTuple):
    """What is to be in the cluster, and what cannot."""

    pieces: list[Piece]
    skipped: list[Skipped]


def plan(client: Elasticsearch, cluster: Cluster, rulebook: Mapping[str, Any], with_pipelines: bool = True) -> Plan:
    """Return what setup makes in this cluster; without pipelines events are left as they are, and nobody groups them."""
    wanted = [
        *index_pieces(cluster),
        *enrich_pieces(),
        *(contact_pieces(rulebook, _pushed(client, cluster)) if with_pipelines else ()),
        *role_pieces(log_indices(rulebook)),
    ]
    reasons = [(piece, _why_not(piece, client, cluster)) for piece in wanted]
    return Plan(
        [piece for piece, why in reasons if why is None],
        [Skipped(piece, why) for piece, why in reasons if why is not None],
    )


def look_over(client: Elasticsearch, pieces: list[Piece]) -> list[Found]:
    """Return each piece with its state in the cluster."""
    return [found_of(client, piece) for piece in pieces]


def found_of(client: Elasticsearch, piece: Piece) -> Found:
    """Return a piece with its state in the cluster; raises ClusterError."""
    try:
        with told_as_faults():
            body = piece.of.get(client, piece.name)
    except ClusterError as error:
        if error.kind in ("missing", "no_index"):
            return Found(piece, MISSING)
        raise
    except (KeyError, IndexError):
        return Found(piece, MISSING)  # some answer with an empty list where others say that there is none
    stamp = piece.of.stamp(body)
    if stamp is None:
        # Who wrote first into an index made it; its mapping can be brought up to date.
        return Found(piece, STALE if piece.kind == "index" else FOREIGN, body)
    if stamp.is_newer:
        return Found(piece, NEWER, body)
    return Found(piece, CURRENT if stamp.digest == piece.stamp.digest else STALE, body)


def _why_not(piece: Piece, client: Elasticsearch, cluster: Cluster) -> str | None:
    part = piece.of.part
    if part and not cluster.serves(part):
        return f"{PARTS[part].what}: {cluster.lacking[part]}"
    if piece.kind in ("pipeline", "attachment") and not cluster.serves("transforms"):
        return f"contacts in the cluster: {PARTS['transforms'].what}: {cluster.lacking['transforms']}"
    if piece.kind == "pipeline" and cluster.processors is not None:
        lacking = sorted(processors_of(piece.body) - cluster.processors)
        if lacking:
            return f"this cluster lacks the processors {', '.join(lacking)}"
    if piece.kind == "enrich" and not client.indices.exists(index=source_of(piece)):
        return "its table is not there; run enumwatch elastic lookups push, then setup again"
    return None


def _pushed(client: Elasticsearch, cluster: Cluster) -> list[str]:
    """The tables that have an enrich policy and were pushed."""
    if not cluster.serves("enrich"):
        return []
    return [table for table in MATCHED if client.indices.exists(index=lookup_index(table))]


def processors_of(body: Mapping[str, Any]) -> set[str]:
    """Return the processors that a pipeline uses, those inside of others too."""
    found: set[str] = set()
    for processor in [*body.get("processors", ()), *body.get("on_failure", ())]:
        for name, setting in processor.items():
            found |= {name} | processors_of(setting)
            if isinstance(setting.get("processor"), Mapping):
                found |= processors_of({"processors": [setting["processor"]]})
    return found
