"""Likeness: does a new alarm come from the actor of an incident that is still open?

Addresses change cheaply, and a cloud's autonomous system is shared by everybody who rents there, so neither is asked alone: the
tools an actor uses, and where it uses them, must come back.
"""

from __future__ import annotations

from typing import List, Set

from .incident import Incident
from .observation import Observation
from .success import network_key

_SAME_PAIRS = 0.5  # share of the new tries whose ASN and agent the incident knows
_AGENTS_BACK = 0.3  # share of the incident's tries whose agent comes back
_MANY_AGENTS = 4  # so many agents on both sides are a rotation
_SAME_ASN = 0.6  # with a rotation: share of the new tries from the incident's systems
_FEW_ASNS = 2
_SAME_AGENT = 0.8  # over many systems: share of the new tries by the incident's agents
_FEW_AGENTS = 8


def is_alike(incident: Incident, entity: str, seen: List[Observation]) -> bool:
    """True where what was seen belongs to the incident; `entity` is the sort of running sum that alarmed."""
    number = len(seen)
    agents: Set[str] = {one.contact.user_agent for one in seen}
    asns = {asn for asn, _ in incident.pairs}
    systems = [network_key(one.contact.asn, one.place) for one in seen]  # what no log tells ties nobody together
    same_pairs = sum((asn, one.contact.user_agent) in incident.pairs for asn, one in zip(systems, seen)) / number
    known = sum(incident.agents.values())
    back = sum(times for agent, times in incident.agents.items() if agent in agents) / max(1, known)
    if same_pairs >= _SAME_PAIRS and back >= _AGENTS_BACK:
        return True
    same_asn = sum(asn in asns for asn in systems) / number
    is_rotation = len(agents) >= _MANY_AGENTS and len(incident.agents) >= _MANY_AGENTS
    if is_rotation and same_asn >= _SAME_ASN and len(asns) <= _FEW_ASNS:
        return True
    same_agents = sum(one.contact.user_agent in incident.agents for one in seen) / number
    return (
        same_agents >= _SAME_AGENT
        and len(incident.agents) <= _FEW_AGENTS
        and entity in ("agent", "tenant")
        and same_asn < _SAME_ASN
        and len(asns) > _FEW_ASNS
    )
