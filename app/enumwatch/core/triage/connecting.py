"""Connecting: how to get what an open question lacks, a log or a list of one's own."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence

_LISTS: Mapping[str, str] = {
    "networks": "your own networks",
    "sensitive_accounts": "executives, administrators, service and break-glass accounts, and decoys",
    "threat_intel": "reports of addresses, networks and agents, each with the day it was seen",
}


def connecting(missing: Sequence[str], rulebook: Mapping[str, Any]) -> List[str]:
    """One sentence for each log or list, in their order; none for a log whose rules do not say how."""
    told = []
    for name in missing:
        if name in _LISTS:
            told.append(f"{name}: Fill the lookup enumwatch_{name}.csv with {_LISTS[name]}.")
            continue
        sources = [one for one in rulebook["sources"].values() if name == one["id"] or name in one["emits"]]
        told += [f"{name}: {one['connect']}" for one in sources[:1] if one["connect"]]
    return told
