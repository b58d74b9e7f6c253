"""Gaps: what limits the evidence of an incident, as sentences."""

from __future__ import annotations

from typing import AbstractSet, Iterator, Sequence

from .bounds import NAME, PLACE, TENANT, Bounds, Cut
from .evidence import Evidence
from .incident import Incident

# What stands before and after the result codes that a log gave; whoever leaves names out looks between them.
DOUBTFUL = ("The answers ", " do not tell whether a name exists or a password was right")


def gaps(
    incident: Incident,
    evidence: Evidence,
    blind: AbstractSet[str],
    cuts: Sequence[Cut],
    bounds: Bounds,
    until: int,
) -> Iterator[str]:
    """What the evidence of an incident does not show.

    `blind` are the logs that never record names that do not exist; of `cuts`, what was not followed of the tenant, those count
    that were known by `until` (microseconds).
    """
    if not incident.place.value:
        yield "The log names neither address, machine nor account, so nobody can be held to it"
    if evidence.names_hidden:
        yield f"{evidence.names_hidden} attempts at names that the log hides; how many names that is cannot be known"
    codes = sorted({one.contact.code for one in incident.observations if one.contact.outcome == "ambiguous"})
    if codes:
        yield DOUBTFUL[0] + ", ".join(codes) + DOUBTFUL[1]
    for source in sorted(incident.sources & blind):
        yield f"{source} never records names that do not exist; the share of absent names is not known"
    if cuts:
        yield from _truncated(incident, cuts, bounds, until)


def _truncated(incident: Incident, cuts: Sequence[Cut], bounds: Bounds, until: int) -> Iterator[str]:
    values = {
        PLACE: {one.value for one in incident.places},
        NAME: {one.contact.target for one in incident.observations},
        TENANT: {incident.place.tenant},
    }
    concerned = {one.of for one in cuts if one.first <= until and one.value in values[one.of]}
    for of, most in zip((PLACE, NAME, TENANT), bounds):
        if of in concerned:
            yield f"Truncated: of one {of} the first {most} contacts an hour were followed, the others only counted"
