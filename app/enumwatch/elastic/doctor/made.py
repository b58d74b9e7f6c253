"""Made: whether what setup makes is there, of this version, and of the right types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...splunk.doctor.trouble import Trouble
from ..cluster import Cluster
from ..faults import ClusterError, told_as_faults
from ..setup.indices import mappings
from ..setup.piece import FOREIGN, MISSING, NEWER, STALE, Found
from ..setup.plan import look_over, plan
from ..setup.stamp import Stamp

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_SETUP = "run enumwatch elastic setup"


def check_made(client: Elasticsearch, cluster: Cluster, rulebook: Mapping[str, Any]) -> Iterator[Trouble]:
    """Yield what of setup is missing, stale or not ours; raises ClusterError."""
    pieces = look_over(client, plan(client, cluster, rulebook).pieces)
    if pieces and all(found.state == MISSING for found in pieces):
        yield Trouble("broken", "setup", f"none of {len(pieces)} things that enumwatch needs is there", _SETUP)
    else:
        for found in pieces:
            yield from _check_piece(found)
    if not cluster.is_licence_active:
        advice = "renew the licence: watches no longer act, and the cluster refuses to change some things"
        yield Trouble("broken", "licence", f"the licence {cluster.licence} has expired", advice)


def check_own_types(client: Elasticsearch) -> Iterator[Trouble]:
    """Yield fields of our own indices that have another type than they need; raises ClusterError."""
    for index, mapping in mappings().items():
        try:
            with told_as_faults():
                there = client.indices.get_mapping(index=index)
        except ClusterError as error:
            if error.kind in ("missing", "no_index"):
                continue
            raise
        wanted = _flat(mapping)
        for name, about in there.items():
            types = _flat(about["mappings"])
            wrong = sorted(field for field, type_ in wanted.items() if types.get(field, type_) != type_)
            lacking = sorted(wanted.keys() - types.keys())
            if wrong:
                first = wrong[0]
                told = f"{first} is {types[first]} and should be {wanted[first]}" + _more(wrong)
                advice = f"keep what you need of it, delete it, then {_SETUP}; the runner fills it again"
                yield Trouble("broken", f"index {name}", told, advice)
            elif lacking:
                yield Trouble("doubtful", f"index {name}", f"has no field {lacking[0]}{_more(lacking)}", _SETUP)


def _check_piece(found: Found) -> Iterator[Trouble]:
    piece = found.piece
    if found.state == MISSING:
        yield Trouble("broken", str(piece), "is not there", _SETUP)
    elif found.state == STALE:
        stamp: Stamp | None = piece.of.stamp(found.body) if found.body is not None else None
        told = f"was made by version {stamp.version} and is another now" if stamp else "was not made by setup"
        yield Trouble("doubtful", str(piece), told, _SETUP)
    elif found.state == NEWER:
        advice = "upgrade with pip install --upgrade enumwatch"
        yield Trouble("broken", str(piece), "was made by a newer enumwatch than this", advice)
    elif found.state == FOREIGN:
        advice = f"delete it or give it another name, then {_SETUP}"
        yield Trouble("broken", str(piece), "was not made by enumwatch", advice)


def _more(names: list[str]) -> str:
    return f", and {len(names) - 1} more like it" if len(names) > 1 else ""


def _flat(mapping: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """Types by the full names of fields; objects that are not looked into are one."""
    found: dict[str, str] = {}
    for name, one in mapping.get("properties", {}).items():
        if "properties" in one:
            found |= _flat(one, f"{above}{name}.")
        else:
            found[above + name] = one.get("type", "object")
    return found
