"""Removal: takes away what setup made, in whatever version, and nothing else; findings only where that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ..cluster import Cluster
from ..faults import ClusterError, told_as_faults
from ..names import PREFIX, VERDICTS, lookup_index
from .kinds import KINDS
from .piece import Piece

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Out = Callable[[str], None]

# What uses another thing goes before it.
_ORDER = ("role", "transform", "attachment", "pipeline", "enrich", "index", "template", "component", "lifecycle")
_GONE = ("missing", "no_index")
_KEPT = lookup_index("")


class Removal(NamedTuple):
    """What goes, in its order, and what stays although its name is enumwatch's."""

    going: list[Piece]
    staying: list[str]


def removal(client: Elasticsearch, cluster: Cluster, with_findings: bool) -> Removal:
    """Return what would be removed. Raises ClusterError."""
    going, staying = [], []
    for name in _ORDER:
        kind = KINDS[name]
        if kind.part and not cluster.serves(kind.part):
            continue
        for thing, body in sorted(_there(client, name).items()):
            piece = Piece(name, thing, {})
            if kind.stamp(body) is None:
                staying.append(f"{piece}: enumwatch did not make it")
            elif name == "index" and not with_findings and (thing.startswith(_KEPT) or thing.startswith(VERDICTS)):
                staying.append(f"{piece}: add --with-findings to remove it")
            else:
                going.append(piece)
    return Removal(going, staying)


def remove(client: Elasticsearch, going: Sequence[Piece], out: Out) -> None:
    """Removes things; what went away meanwhile is well. Raises ClusterError."""
    for piece in going:
        if piece.kind == "lifecycle":
            # A policy that an index still names cannot be deleted.
            _unless_gone(partial(client.ilm.remove_policy, index=f"{PREFIX}*"))
        _unless_gone(partial(piece.of.delete, client, piece.name))
        out(f"removed: {piece}")


def _unless_gone(work: Callable[[], Any]) -> Any:
    try:
        with told_as_faults():
            return work()
    except ClusterError as error:
        if error.kind not in _GONE:
            raise
        return None


def _there(client: Elasticsearch, name: str) -> dict[str, Any]:
    """Things of a kind whose name begins as ours do, as the cluster tells them; calls of ours stand in others' things."""
    found = _unless_gone(partial(KINDS[name].every, client)) or {}
    if name == "attachment":
        return dict(found)
    return {thing: body for thing, body in found.items() if thing.startswith(PREFIX)}
