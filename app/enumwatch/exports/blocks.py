"""Blocks: which addresses and networks of the findings may be blocked, until when, and which not and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from ..core.network import canonical_ip, network_of
from ..core.times import SECOND, from_iso, to_iso
from ..core.triage.steps import shared_by_people
from ..core.wording import counted
from .egress import Egress
from .keeping_out import Keeper
from .network import Network, network, order

Finding: TypeAlias = Mapping[str, Any]

HANDOVER = "T1589.002"
"""The playbook that says how what leaves is handed over."""


class Block(NamedTuple):
    """One address or network to block; times are microseconds since 1970 UTC."""

    network: Network
    findings: tuple[str, ...]
    verdict: str
    last_seen: int
    expires: int


@dataclass
class Blocks:
    """What may be blocked, in the order of addresses; what may not, with the reason; what nobody looked into."""

    blocks: list[Block] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    unknown_share: list[str] = field(default_factory=list)  # addresses of which nobody knows who else signs in there


def handover_limits(rulebook: Mapping[str, Any]) -> Mapping[str, float]:
    """Limits of what is handed over; durations in seconds."""
    limits: Mapping[str, float] = rulebook["playbooks"][HANDOVER]["limits"]
    return limits


def blocks_of(
    findings: Sequence[Finding], keeper: Keeper, rulebook: Mapping[str, Any], egress: Egress | None = None
) -> Blocks:
    """The blocks of findings that went through `keeper`; without `egress` the evidence tells who else signs in there."""
    made = Blocks()
    found: dict[Network, Block] = {}
    each = [_Of(one, keeper, rulebook, egress, made) for one in findings]
    shared = {address: why for one in each for address, why in one.shared()}
    for one in each:
        for block in one.blocks(shared):
            before = found.get(block.network)
            found[block.network] = block if before is None else _both(before, block)
    made.blocks = sorted(
        (one for one in found.values() if not _is_covered(one, found)), key=lambda one: order(one.network)
    )
    for block in made.blocks:
        made.left_out.pop(shown(block.network), None)  # a second finding is enough
    return made


def still_held(made: Blocks, now: int) -> list[Block]:
    """The blocks that have not ended by `now` (microseconds since 1970 UTC); the others go to those left out."""
    held = []
    for one in made.blocks:
        if one.expires > now:
            held.append(one)
        else:
            made.left_out[shown(one.network)] = (
                f"seen last {to_iso(one.last_seen)}, the block ended {to_iso(one.expires)}"
            )
    return held


def shown(one: Network) -> str:
    """An address as an address, a network as CIDR."""
    return str(one.network_address) if one.prefixlen == one.max_prefixlen else str(one)


def _both(one: Block, other: Block) -> Block:
    late = max(one, other, key=lambda block: block.expires)
    return late._replace(findings=tuple(sorted({*one.findings, *other.findings})))


def _is_covered(one: Block, found: Mapping[Network, Block]) -> bool:
    """True where a wider block lasts at least as long."""
    wider = found.get(network(network_of(str(one.network.network_address))) or one.network)
    return wider is not None and wider.network != one.network and wider.expires >= one.expires


class _Of:
    """The blocks of one finding."""

    def __init__(
        self, finding: Finding, keeper: Keeper, rulebook: Mapping[str, Any], egress: Egress | None, made: Blocks
    ) -> None:
        self._finding, self._keeper, self._egress, self._made = finding, keeper, egress, made
        self._playbook = rulebook["playbooks"][rulebook["detections"][finding["detection"]]["playbook"]]
        self._limits = handover_limits(rulebook)
        self._taken: list[str] = finding["compromised_accounts"]
        self._since = from_iso(finding["window_start"])

        found = map(canonical_ip, finding["actor"]["ip"] or finding["evidence"]["addresses_sample"])
        self._addresses = list(dict.fromkeys(one for one in found if one))

    def shared(self) -> Iterable[tuple[str, str]]:
        """Addresses from which people sign in, with the reason not to block them."""
        for address in self._addresses:
            share = self._share(address)
            if share is not None and share >= self._playbook["limits"]["shared_share"]:
                yield address, shared_by_people(share)

    def blocks(self, shared: Mapping[str, str]) -> Iterable[Block]:
        """Each address, or its network where the actor moves about in it; none that any finding knows as `shared`."""
        kept: dict[str, list[str]] = defaultdict(list)
        refused = {network_of(one) for one in shared}
        for address in self._addresses:
            why = self._against(address) or shared.get(address, "")
            if why:
                self._made.left_out[address] = why
                refused.add(network_of(address))
            else:
                if self._share(address) is None:
                    self._made.unknown_share.append(address)
                kept[network_of(address)].append(address)
        for cidr, members in kept.items():
            is_wide = (
                len(members) >= self._limits["rotating"] and cidr not in refused and not self._others(cidr, members)
            )
            for one in [cidr] if is_wide else members:
                yield self._block(one)

    def _against(self, address: str) -> str:
        """Why an address of the finding is not to be blocked, "" for nothing."""
        finding, least = self._finding, self._limits["block_score"]
        steps = [step["step"].lower() for step in self._playbook["containment"]]
        if not any("{addresses}" in step and "block" in step for step in steps):  # some are only to be watched
            return f"playbook {self._playbook['id']} blocks no addresses"
        if finding["score"] < least:
            return f"score {finding['score']:g} of {finding['finding_id']}; blocked from {least:g} on"
        return self._keeper.why(address, self._since)

    def _share(self, address: str) -> float | None:
        """Share of the names at an address that sign in; None where nobody knows."""
        if self._egress is not None:
            return self._egress.share(address, self._taken)
        share: float | None = self._finding["evidence"]["success_share"]
        return share

    def _others(self, cidr: str, members: Sequence[str]) -> bool:
        """True where blocking the whole network would hit somebody who is no part of the finding."""
        if self._keeper.why(cidr, self._since):
            return True
        return self._egress is not None and bool(self._egress.others_in(cidr, set(members), self._taken))

    def _block(self, text: str) -> Block:
        made = network(text)
        if made is None:
            raise ValueError(f"{text!r} is no network")
        seen = from_iso(self._finding["window_end"])
        expires = seen + int(self._limits["blocked"] * SECOND)
        expires += -expires % SECOND
        return Block(made, (self._finding["finding_id"],), self._finding["verdict"], seen, expires)


def told(made: Blocks) -> list[str]:
    """What was left out, one line for each reason."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for address, why in made.left_out.items():
        by_reason[why].append(address)
    lines = [f"Left out: {', '.join(addresses)}: {why}" for why, addresses in by_reason.items()]
    if made.unknown_share:
        number = counted(len(set(made.unknown_share)), "address")
        lines.append(
            f"Of {number} nobody knows who else signs in there: export from the logs instead of saved findings to know"
        )
    return lines
