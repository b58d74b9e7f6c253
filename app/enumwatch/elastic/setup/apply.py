"""Apply: makes what is missing, brings up to date what is stale, and leaves alone what is not enumwatch's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ... import __version__
from ..faults import ClusterError, told_as_faults
from ..names import CONTACTS
from .kinds import PIVOT
from .piece import FOREIGN, MISSING, NEWER, STALE, Found, Piece
from .stamp import KEY, stamp_of

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Out = Callable[[str], None]


def refuse_what_is_not_ours(found: Sequence[Found]) -> None:
    """Raises ClusterError, before anything is changed, where a newer enumwatch or somebody else made a thing."""
    for one in found:
        if one.state == NEWER:
            raise ClusterError(
                f"the {one.piece} was made by a newer enumwatch than this {__version__}: upgrade this one with "
                "pip install --upgrade enumwatch"
            )
        if one.state == FOREIGN:
            raise ClusterError(f"there is a {one.piece} that enumwatch did not make: delete it or give it another name")


def to_do(found: Sequence[Found]) -> list[Found]:
    """Return what has to be made or changed, in its order."""
    return [one for one in found if one.state in (MISSING, STALE)]


def regrouped(found: Sequence[Found]) -> list[Found]:
    """Return the transforms that group in another way than is wanted now; all transforms are, where one is.

    A pivot cannot be changed, and contacts that were grouped in two ways would be counted twice.
    """
    there = [one for one in found if one.piece.kind == "transform" and one.body is not None]
    return there if any(one.state == STALE and _groups(one.body) != _wanted(one.piece) for one in there) else []


def _groups(transform: Any) -> str:
    """How a transform in the cluster groups, as whoever made it said."""
    return str(transform["_meta"][KEY].get(PIVOT, ""))


def _wanted(piece: Piece) -> str:
    return stamp_of(piece.body["pivot"]).digest


def make(client: Elasticsearch, found: Sequence[Found], out: Out) -> int:
    """Makes and changes what has to be; returns how many things that were. Raises ClusterError."""
    old = regrouped(found)
    work = to_do(found)
    if old:
        for one in old:
            with told_as_faults():
                one.piece.of.delete(client, one.piece.name)
        _empty_contacts(client)
        work = [one for one in found if one in work or one in old or one.piece.name == CONTACTS]
    for one in work:
        _put(client, one.piece)
        out(f"{'made' if one.state == MISSING else 'brought up to date'}: {one.piece}")
    return len(work)


def _put(client: Elasticsearch, piece: Piece) -> None:
    with told_as_faults():
        piece.of.put(client, piece.name, piece.body, piece.stamp)


def _empty_contacts(client: Elasticsearch) -> None:
    with told_as_faults():
        client.indices.delete(index=CONTACTS, ignore_unavailable=True)
