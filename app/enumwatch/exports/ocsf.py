"""OCSF: findings as Detection Finding events of the Open Cybersecurity Schema Framework.

Keys and numbers are those of version 1.3.0, which every later 1.x still takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .. import __version__
from ..core.network import canonical_ip
from ..core.times import from_iso
from ..elastic.documents import SEVERITIES
from .attack import page_of, technique

Finding = Mapping[str, Any]
Event = dict[str, Any]

OCSF_VERSION = "1.3.0"
CLASS, CATEGORY, CREATED = 2004, 2, 1
_NAMES = {CLASS: "Detection Finding", CATEGORY: "Findings", CREATED: "Create"}
_CONFIDENCES = {"low": (1, "Low"), "medium": (2, "Medium"), "high": (3, "High")}
_NEW = (1, "New")
_RULE = (1, "Rule")
_ADDRESS, _USER, _MAIL, _AGENT = (2, "IP Address"), (4, "User Name"), (5, "Email Address"), (16, "HTTP User-Agent")
_MILLISECOND = 1_000
# Measures that OCSF has no key for; they travel in `unmapped`.
_UNMAPPED = (
    *("names_tried", "names_absent", "names_existing", "names_hidden", "absent_ratio", "attempts_per_name"),
    *("addresses", "networks_sample", "user_agents_sample", "machine_traits", "tools", "success_share", "gaps"),
)


def event_of(finding: Finding, rulebook: Mapping[str, Any]) -> Event:
    """The event of a finding that may leave; empty values are left out."""
    rule = rulebook["detections"][finding["detection"]]
    evidence = finding["evidence"]
    start, end = _milliseconds(finding["window_start"]), _milliseconds(finding["window_end"])
    severity_id, severity = severity_of(finding["verdict"])
    confidence_id, confidence = _CONFIDENCES.get(finding["confidence"], (0, "Unknown"))
    evidences, observables = _evidences(finding)
    event: Event = {
        "activity_id": CREATED,
        "activity_name": _NAMES[CREATED],
        "category_uid": CATEGORY,
        "category_name": _NAMES[CATEGORY],
        "class_uid": CLASS,
        "class_name": _NAMES[CLASS],
        "type_uid": CLASS * 100 + CREATED,
        "type_name": f"{_NAMES[CLASS]}: {_NAMES[CREATED]}",
        "time": _milliseconds(finding["detected_at"]),
        "start_time": start,
        "end_time": end,
        "duration": max(0, end - start),
        "count": evidence["attempts"],
        "severity_id": severity_id,
        "severity": severity,
        "status_id": _NEW[0],
        "status": _NEW[1],
        "confidence_id": confidence_id,
        "confidence": confidence,
        "risk_score": round(finding["score"]),
        "message": f"{finding['verdict']}: {rule['title']}",
        "metadata": _metadata(finding),
        "finding_info": _information(finding, rule, start, end),
        "evidences": evidences,
        "observables": observables,
        "remediation": _remediation(finding),
        "unmapped": {"verdict": finding["verdict"], **{key: evidence[key] for key in _UNMAPPED}},
    }
    return {key: value for key, value in event.items() if value not in (None, [], {}, "")}


def severity_of(verdict: str) -> tuple[int, str]:
    """Number and caption of a severity, from how the product rates a verdict elsewhere."""
    rated = SEVERITIES[verdict]
    for least, one in ((99, (5, "Critical")), (73, (4, "High")), (47, (3, "Medium")), (21, (2, "Low"))):
        if rated >= least:
            return one
    return 1, "Informational"


def attacks_of(techniques: Iterable[str]) -> list[dict[str, Any]]:
    """Techniques as OCSF writes them: the technique, the one below it, and the tactic."""
    made = []
    for id in techniques:
        one = technique(id)
        made.append(
            {
                "tactic": {"uid": one.tactic, "name": one.tactic_name, "src_url": page_of(one.tactic)},
                "technique": {"uid": one.parent, "name": one.parent_name, "src_url": page_of(one.parent)},
                **({"sub_technique": {"uid": id, "name": one.name, "src_url": one.page}} if id != one.parent else {}),
            }
        )
    return made


def _metadata(finding: Finding) -> dict[str, Any]:
    made = {
        "version": OCSF_VERSION,
        "product": {"name": "enumwatch", "vendor_name": "enumwatch", "version": __version__},
        "uid": finding["finding_id"],
        "log_name": "findings",
        "original_time": finding["detected_at"],
    }
    return made | ({"tenant_uid": finding["tenant"]} if finding["tenant"] else {})


def _information(finding: Finding, rule: Mapping[str, Any], start: int, end: int) -> dict[str, Any]:
    type_id, type_name = _RULE
    made = {
        "uid": finding["finding_id"],
        "title": rule["title"],
        "desc": " ".join(f"{one.rstrip('.')}." for one in finding["reasons"]),
        "types": [finding["verdict"]],
        "analytic": {
            "uid": finding["detection"],
            "name": rule["title"],
            "type_id": type_id,
            "type": type_name,
            "version": str(finding["version"]),
        },
        "attacks": attacks_of(one for one in finding["mitre"] if one in rule["techniques"]),
        "created_time": _milliseconds(finding["detected_at"]),
        "first_seen_time": start,
        "last_seen_time": end,
        "data_sources": finding["evidence"]["sources"],
    }
    return {key: value for key, value in made.items() if value not in (None, [], "")}


def _evidences(finding: Finding) -> tuple[list[Event], list[Event]]:
    """Where it came from and whom it concerns, and the same as things to search for."""
    actor, evidence = finding["actor"], finding["evidence"]
    found: list[tuple[Event, str, tuple[int, str], str]] = []
    for ip in filter(None, map(canonical_ip, actor["ip"] or evidence["addresses_sample"])):
        found.append(({"src_endpoint": {"ip": ip}}, "src_endpoint.ip", _ADDRESS, ip))
    if actor["account"]:
        found.append(({"actor": {"user": {"name": actor["account"]}}}, "actor.user.name", _USER, actor["account"]))
    for name in _people(finding):
        sort = _MAIL if "@" in name else _USER
        found.append(({"user": {"name": name}}, "user.name", sort, name))
    observables = [
        {"name": f"evidences[{number}].{path}", "type_id": sort[0], "type": sort[1], "value": value}
        for number, (_, path, sort, value) in enumerate(found)
    ]
    for agent in evidence["user_agents_sample"]:
        # OCSF 1.3.0 gives evidence no request, so an agent has no other place to point at.
        observables.append(
            {"name": "unmapped.user_agents_sample", "type_id": _AGENT[0], "type": _AGENT[1], "value": agent}
        )
    return [one for one, *_ in found], observables


def _people(finding: Finding) -> list[str]:
    lists = (finding["compromised_accounts"], finding["names_found"], finding["accounts_created"])
    return list(dict.fromkeys(name for some in lists for name in some if name))


def _remediation(finding: Finding) -> Event | None:
    steps = ((finding["triage"] or {}).get("steps") or {}).get("containment") or []
    return {"desc": " ".join(steps)} if steps else None


def _milliseconds(text: str) -> int:
    return from_iso(text) // _MILLISECOND
