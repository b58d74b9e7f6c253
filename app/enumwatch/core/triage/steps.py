"""Steps: what to do next, filled with the finding's own values, with a warning where it would hurt."""

from __future__ import annotations

import re
from typing import AbstractSet, Any, Dict, List, Mapping

from .answer import listed
from .subject import Subject

PARTS = ("l1", "tier2", "containment")
# A step about these is left out where the finding has none: nobody resets or watches "none".
_ASKED_FOR = frozenset({"names_found", "compromised_accounts", "accounts_created", "sensitive_names"})
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_MOST_NAMED = 5  # values in one step; the finding has all of them
_PLACES = frozenset({"addresses", "networks"})


def steps(subject: Subject, met: AbstractSet[str]) -> Dict[str, List[str]]:
    """The steps of each part in their order, without those whose condition is not met or that have nothing to act on."""
    values = values_of(subject)
    return {
        part: [
            _filled(one["step"], values) + _warning(subject, part, one["step"])
            for one in subject.playbook[part]
            if (not one["when"] or met & set(one["when"])) and _has_object(one["step"], values)
        ]
        for part in PARTS
    }


def values_of(subject: Subject) -> Dict[str, List[Any]]:
    """What the steps of a playbook may name, in the finding's own words."""
    finding, actor, evidence = subject.finding, subject.actor, subject.evidence
    account, addresses = actor["account"], evidence["addresses_sample"] or actor["ip"] or []
    known: Dict[str, List[Any]] = {
        "actor": [account] if account else addresses or [actor["cidr"] or actor["host"] or actor["user_agent"]],
        "tenant": [finding["tenant"]],
        "window_start": [finding["window_start"]],
        "window_end": [finding["window_end"]],
        "addresses": addresses,
        "networks": evidence["networks_sample"] or [actor["cidr"]],
        "asn": [actor["asn"]],
        "user_agents": evidence["user_agents_sample"],
        "apps": evidence["apps_sample"],
        "names_tried": [name for some in evidence["names_sample"].values() for name in some],
        "names_found": finding["names_found"],
        "sensitive_names": evidence["sensitive_names"],
        "compromised_accounts": finding["compromised_accounts"],
        "accounts_created": finding["accounts_created"],
        "sources": evidence["sources"],
        "tools": sorted({one["tool"] for one in evidence["tools"]}),
    }
    return {name: [one for one in some if one] for name, some in known.items()}


def _has_object(step: str, values: Mapping[str, List[Any]]) -> bool:
    asked = _ASKED_FOR & set(_PLACEHOLDER.findall(step))
    return not asked or any(values[name] for name in asked)


def _filled(step: str, values: Mapping[str, List[Any]]) -> str:
    """A step with the values it names; braces in a value stay what they are."""

    def told(found: re.Match[str]) -> str:
        name = found[1]
        if name not in values:
            return found[0]
        return listed(values[name], _MOST_NAMED) or f"({name.replace('_', ' ')}: none known)"

    return _PLACEHOLDER.sub(told, step)


def _warning(subject: Subject, part: str, step: str) -> str:
    """What a step of containment would break, "" where nothing speaks against it."""
    if part != "containment":
        return ""
    named = set(_PLACEHOLDER.findall(step))
    warnings = _of_places(subject) if _PLACES & named else []
    warnings += _of_accounts(subject) if "compromised_accounts" in named else []
    return "".join(f" Caution: {one}." for one in warnings)


def _of_places(subject: Subject) -> List[str]:
    organisation, evidence = subject.context.organisation, subject.evidence
    warnings = []
    works = evidence["success_share"]
    if works is not None and works >= subject.limits["shared_share"]:
        warnings.append(f"a share of {works:.2f} of the names seen there sign in; a block takes them along")
    own = {one: organisation.network_kind(one, subject.tenant) for one in subject.addresses}
    for kind in sorted(set(own.values()) - {""}):
        warnings.append(
            f"{listed(one for one, its in own.items() if its == kind)} is listed as a {kind} network of the organisation, "
            "where federation or an own exit may stand; trace who is behind it instead of blocking it"
        )
    return warnings


def _of_accounts(subject: Subject) -> List[str]:
    organisation = subject.context.organisation
    kinds = {name: organisation.account_kind(name, subject.tenant) for name in subject.finding["compromised_accounts"]}
    special = [name for name, kind in kinds.items() if kind in ("service", "break_glass")]
    if not special:
        return []
    return [f"{listed(special)} is a service or break-glass account; agree with its owner first on what a reset stops"]
