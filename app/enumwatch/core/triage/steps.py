"""Steps: what to do next, filled with the finding's own values, with a warning where it would hurt."""

from __future__ import annotations

import re
from typing import AbstractSet, Any, Dict, List, Mapping

from ..network import is_inside
from .answer import listed
from .automatic import result
from .shared_answers import current_reports
from .subject import Subject

PARTS = ("l1", "tier2", "containment")
# A step about these is left out where the finding has none: nobody resets or watches "none".
_ASKED_FOR = frozenset({"names_found", "compromised_accounts", "accounts_created", "sensitive_names"})
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_MOST_NAMED = 5  # values in one step; the finding has all of them
_PLACES = frozenset({"addresses", "networks"})
_ACCOUNTS = frozenset({"names_found", "compromised_accounts", "accounts_created"})
_WITHOUT_OWNER_AT_HAND = ("service", "break_glass")


def steps(subject: Subject, met: AbstractSet[str]) -> Dict[str, List[str]]:
    """The steps of each part in their order, without those whose condition is not met or that have nothing to act on."""
    values = values_of(subject)
    return {
        part: [
            _told(subject, part, number, one, values)
            for number, one in enumerate(subject.playbook[part], start=1)
            if (not one["when"] or met & set(one["when"])) and _has_object(one["step"], values)
        ]
        for part in PARTS
    }


def _told(subject: Subject, part: str, number: int, step: Mapping[str, Any], values: Mapping[str, List[Any]]) -> str:
    done = result(subject, part, number)
    parts = [_filled(step["step"], values), f" Done: {done}." if done else ""]
    return "".join([*parts, _looked_up(subject, part, step), _warning(subject, part, step)])


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
    named = set(_PLACEHOLDER.findall(step)) & values.keys()
    asked = _ASKED_FOR & named or named
    return not asked or any(values[name] for name in asked)


def _filled(step: str, values: Mapping[str, List[Any]]) -> str:
    """A step with the values it names; braces in a value stay what they are."""

    def told(found: re.Match[str]) -> str:
        name = found[1]
        if name not in values:
            return found[0]
        return listed(values[name], _MOST_NAMED) or f"(no {name.replace('_', ' ')} known)"

    return _PLACEHOLDER.sub(told, step)


def _looked_up(subject: Subject, part: str, step: Mapping[str, Any]) -> str:
    """What the owner's own lists say to a first step that asks for them, "" where there is no list."""
    if part != "l1" or step["kind"] != "half":
        return ""
    known, named = subject.context.intelligence, set(_PLACEHOLDER.findall(step["step"]))
    told = []
    if "names_found" in named and known.exposed:
        exposed = [f"{name} ({where})" for name in subject.finding["names_found"] if (where := known.exposure_of(name))]
        told.append(f"Your list of exposed addresses has {listed(exposed, _MOST_NAMED) or 'none of them'}")
    if named >= _PLACES and known.has_reports:
        told.append(f"Your feed has {listed(current_reports(subject), _MOST_NAMED) or 'no current report on them'}")
    return "".join(f" {one}." for one in told)


def cautions(subject: Subject) -> List[str]:
    """What containing it would break for people at work, each once, whether or not the condition of a step is met."""
    values = values_of(subject)
    told = [
        one
        for step in subject.playbook["containment"]
        if _has_object(step["step"], values)
        for one in _cautions_of(subject, step)
    ]
    return list(dict.fromkeys(told))


def _warning(subject: Subject, part: str, step: Mapping[str, Any]) -> str:
    told = _cautions_of(subject, step) if part == "containment" else []
    return "".join(f" Caution: {one}." for one in told)


def _cautions_of(subject: Subject, step: Mapping[str, Any]) -> List[str]:
    """What a step of containment would break, none where nothing speaks against it. To watch or to hunt breaks nothing."""
    if step["kind"] != "manual":
        return []
    named = set(_PLACEHOLDER.findall(step["step"]))
    return (_of_places(subject) if _PLACES & named else []) + _of_accounts(subject, named)


def shared_by_people(share: float) -> str:
    """Why a place with this share of names that sign in is not to be blocked."""
    return f"a share of {share:.2f} of the names seen there sign in; a block takes them along"


def _of_places(subject: Subject) -> List[str]:
    organisation, evidence = subject.context.organisation, subject.evidence
    warnings = []
    works = evidence["success_share"]
    if works is not None and works >= subject.limits["shared_share"]:
        warnings.append(shared_by_people(works))
    own = {one: organisation.network_kind(one, subject.tenant) for one in subject.addresses}
    for kind in sorted(set(own.values()) - {""}):
        warnings.append(
            f"{listed(one for one, its in own.items() if its == kind)} is listed as a {kind} network of the organisation, "
            "where federation or an own exit may stand; trace who is behind it instead of blocking it"
        )
    inside = [one for one, kind in own.items() if not kind and is_inside(one)]
    if inside:
        warnings.append(f"{listed(inside)} is a private address, a machine or exit of your own; find out which")
    return warnings


def _of_accounts(subject: Subject, named: AbstractSet[str]) -> List[str]:
    organisation, finding = subject.context.organisation, subject.finding
    names = [name for key in sorted(_ACCOUNTS & named) for name in finding[key]]
    if "actor" in named and subject.actor["account"]:
        names.append(subject.actor["account"])
    special = [name for name in names if organisation.account_kind(name, subject.tenant) in _WITHOUT_OWNER_AT_HAND]
    if not special:
        return []
    return [
        f"{listed(dict.fromkeys(special))} is a service or break-glass account; agree with its owner first on what this stops"
    ]
