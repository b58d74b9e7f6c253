"""STIX: findings as a bundle of STIX 2.1, with ids made from what they name, so that the same findings give the same bytes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import stix2

from ..core.network import canonical_ip
from ..core.times import from_iso
from ..core.wording import counted
from ..report.visible import visible
from .attack import technique
from .blocks import Block, Blocks, shown
from .keeping_out import MASK

Finding = Mapping[str, Any]

MARKINGS: Mapping[str, Any] = {
    "white": stix2.TLP_WHITE,
    "green": stix2.TLP_GREEN,
    "amber": stix2.TLP_AMBER,
    "red": stix2.TLP_RED,
}
PRODUCT = "enumwatch"

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "enumwatch:stix")
# Of objects that say nothing of a moment; the same in every bundle, as their ids are.
_ALWAYS = datetime(2025, 1, 1, tzinfo=timezone.utc)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# STIX 2.1, appendix A: the scale of None, Low, Med, High.
_CONFIDENCES = {"low": 15, "medium": 50, "high": 85}
_MOST_OBSERVED = 999_999_999


@dataclass(frozen=True)
class Choices:
    """What the operator chose: the marking, who produces the bundle, and whether names of people go along."""

    marking: str = "amber"
    producer: str = PRODUCT
    with_names: bool = False


@dataclass
class _Made:
    """Objects by id in the order they were made."""

    objects: dict[str, Any] = field(default_factory=dict)

    def add(self, one: Any) -> Any:
        return self.objects.setdefault(one.id, one)


def bundle(findings: Sequence[Finding], blocks: Blocks, choices: Choices) -> str:
    """The bundle as JSON text; findings went through a Keeper, and `blocks` are theirs."""
    marking = MARKINGS[choices.marking]
    made = _Made()
    made.add(marking)
    identity = made.add(_identity(choices.producer, marking))
    shared = {"created_by_ref": identity.id, "object_marking_refs": [marking.id]}
    by_finding: dict[str, list[Block]] = {}
    for block in blocks.blocks:
        for id in block.findings:
            by_finding.setdefault(id, []).append(block)
    for finding in findings:
        _add_finding(made, finding, by_finding.get(finding["finding_id"], []), choices, shared)
    ids = "\n".join(f"{one.id} {one.get('modified', '')}" for one in made.objects.values())
    text: str = stix2.Bundle(objects=list(made.objects.values()), id=_id("bundle", ids), allow_custom=False).serialize(
        indent=2
    )
    return text


def _add_finding(
    made: _Made, finding: Finding, blocks: Sequence[Block], choices: Choices, shared: Mapping[str, Any]
) -> None:
    patterns = [_attack_pattern(one, shared) for one in finding["mitre"]]
    for pattern in patterns:
        made.add(pattern)
    observed = _observed(made, finding, choices, shared)
    for indicator in _indicators(finding, blocks, shared):
        made.add(indicator)
        for pattern in patterns:
            made.add(_relationship(indicator, "indicates", pattern, shared))
        if observed is not None:
            made.add(_relationship(indicator, "based-on", observed, shared))
    for pattern in patterns:
        made.add(_sighting(finding, pattern, observed, shared))


def _identity(producer: str, marking: Any) -> Any:
    return stix2.Identity(
        id=_id("identity", producer),
        name=producer,
        identity_class="system" if producer == PRODUCT else "organization",
        created=_ALWAYS,
        modified=_ALWAYS,
        object_marking_refs=[marking.id],
    )


def _attack_pattern(id: str, shared: Mapping[str, Any]) -> Any:
    known = technique(id)
    return stix2.AttackPattern(
        id=_id("attack-pattern", id, shared["created_by_ref"]),
        name=known.name,
        external_references=[{"source_name": "mitre-attack", "external_id": id, "url": known.page}],
        kill_chain_phases=[{"kill_chain_name": "mitre-attack", "phase_name": known.phase}],
        created=_ALWAYS,
        modified=_ALWAYS,
        **shared,
    )


def _observed(made: _Made, finding: Finding, choices: Choices, shared: Mapping[str, Any]) -> Any:
    """What was observed of a finding; None where nothing of it may be told."""
    addresses = map(canonical_ip, finding["actor"]["ip"] or finding["evidence"]["addresses_sample"])
    things = [made.add(_address(one)) for one in addresses if one]
    if choices.with_names:
        things += [made.add(stix2.UserAccount(account_login=visible(name))) for name in _people(finding)]
    if not things:
        return None
    start, end = _time(finding["window_start"]), _time(finding["window_end"])
    return made.add(
        stix2.ObservedData(
            id=_id("observed-data", finding["finding_id"], shared["created_by_ref"]),
            first_observed=start,
            last_observed=end,
            number_observed=_number(finding),
            object_refs=[one.id for one in things],
            **_moments(finding),
            **shared,
        )
    )


def _address(text: str) -> Any:
    return stix2.IPv6Address(value=text) if ":" in text else stix2.IPv4Address(value=text)


def _people(finding: Finding) -> list[str]:
    lists = (finding["compromised_accounts"], finding["names_found"], finding["accounts_created"])
    return list(dict.fromkeys(name for some in lists for name in some if name))


def _indicators(finding: Finding, blocks: Sequence[Block], shared: Mapping[str, Any]) -> Iterator[Any]:
    """One for each address or network to block, and one for a recognised agent, which ends with the last of them."""
    for block in blocks:
        yield _indicator(
            finding, pattern_of(block), f"{finding['verdict']} from {shown(block.network)}", block.expires, shared
        )
    agent = agent_pattern(finding)
    if agent and blocks:
        tools = ", ".join(sorted({one["tool"] for one in finding["evidence"]["tools"]}))
        yield _indicator(finding, agent, f"Agent of {tools}", max(block.expires for block in blocks), shared)


def pattern_of(block: Block) -> str:
    """The pattern of an address or network."""
    kind = f"ipv{block.network.version}-addr"
    path = stix2.ObjectPath(kind, ["value"])
    if block.network.prefixlen == block.network.max_prefixlen:
        made = stix2.EqualityComparisonExpression(path, str(block.network.network_address))
    else:
        made = stix2.IsSubsetComparisonExpression(path, str(block.network))
    return f"[{made}]"


def agent_pattern(finding: Finding) -> str:
    """The pattern of a recognised tool's agent, "" where none was recognised by it or a part of it may not leave."""
    seen = finding["evidence"]["user_agents_sample"]
    agent = finding["actor"]["user_agent"] or (seen[0] if len(seen) == 1 else "")
    is_known_by_it = any("agent" in one.get("match", "") for one in finding["evidence"]["tools"])
    if not agent or not is_known_by_it or MASK in agent or not agent.isprintable():
        return ""
    steps = ["extensions", "http-request-ext", "request_header", "User-Agent"]
    return f"[{stix2.EqualityComparisonExpression(stix2.ObjectPath('network-traffic', steps), agent)}]"


def _indicator(finding: Finding, pattern: str, name: str, expires: int, shared: Mapping[str, Any]) -> Any:
    evidence = finding["evidence"]
    return stix2.Indicator(
        id=_id("indicator", finding["finding_id"], pattern, shared["created_by_ref"]),
        name=name,
        description=(
            f"{finding['verdict']} ({finding['finding_id']}): {counted(evidence['attempts'], 'attempt')} at "
            f"{counted(evidence['names_tried'], 'name')} from {finding['window_start']} to {finding['window_end']}"
        ),
        pattern=pattern,
        pattern_type="stix",
        indicator_types=["malicious-activity"],
        valid_from=_time(finding["window_start"]),
        valid_until=_EPOCH + timedelta(microseconds=expires),
        confidence=_CONFIDENCES.get(finding["confidence"], 0),
        **_moments(finding),
        **shared,
    )


def _relationship(source: Any, kind: str, target: Any, shared: Mapping[str, Any]) -> Any:
    return stix2.Relationship(
        id=_id("relationship", source.id, kind, target.id),
        relationship_type=kind,
        source_ref=source.id,
        target_ref=target.id,
        created=source.created,
        modified=source.modified,
        **shared,
    )


def _sighting(finding: Finding, pattern: Any, observed: Any, shared: Mapping[str, Any]) -> Any:
    return stix2.Sighting(
        id=_id("sighting", finding["finding_id"], pattern.id),
        sighting_of_ref=pattern.id,
        first_seen=_time(finding["window_start"]),
        last_seen=_time(finding["window_end"]),
        count=_number(finding),
        where_sighted_refs=[shared["created_by_ref"]],
        **({"observed_data_refs": [observed.id]} if observed is not None else {}),
        **_moments(finding),
        **shared,
    )


def _moments(finding: Finding) -> dict[str, datetime]:
    """When an object on a finding was made and last changed: ids stay, so the first must too."""
    created = _time(finding["window_start"])
    return {"created": created, "modified": max(created, _time(finding["window_end"]), _time(finding["detected_at"]))}


def _number(finding: Finding) -> int:
    return max(1, min(_MOST_OBSERVED, int(finding["evidence"]["attempts"])))


def _time(text: str) -> datetime:
    return _EPOCH + timedelta(microseconds=from_iso(text))


def _id(kind: str, *parts: str) -> str:
    return f"{kind}--{uuid.uuid5(_NAMESPACE, chr(31).join((kind, *parts)))}"
