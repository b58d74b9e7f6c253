"""Named location: networks as Microsoft Graph takes them for conditional access of Entra ID (ipNamedLocation)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .blocks import Block

# Microsoft Graph, ipNamedLocation and service limits of Entra ID.
MOST_RANGES = 2_000
_SHORTEST_PREFIX = 8
_TYPES = {4: "#microsoft.graph.iPv4CidrRange", 6: "#microsoft.graph.iPv6CidrRange"}


def named_locations(blocks: Sequence[Block], name: str) -> list[dict[str, Any]]:
    """One body of a request for every 2,000 networks, at least one; the second is called `NAME 2`."""
    ranges = [
        {"@odata.type": _TYPES[one.network.version], "cidrAddress": str(one.network)}
        for one in blocks
        if one.network.prefixlen > _SHORTEST_PREFIX
    ]
    parts = [ranges[begin : begin + MOST_RANGES] for begin in range(0, len(ranges), MOST_RANGES)] or [[]]
    return [
        {
            "@odata.type": "#microsoft.graph.ipNamedLocation",
            "displayName": name if number == 1 else f"{name} {number}",
            "isTrusted": False,
            "ipRanges": part,
        }
        for number, part in enumerate(parts, start=1)
    ]
