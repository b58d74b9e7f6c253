"""Keys that Splunk Enterprise Security reads from a saved search; Splunk without it leaves them alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from ...rulebook.detection import Detection
from .guidance import description, false_positives, how_to_implement, next_steps, sources_of
from .names import APP, CONTACTS, FINDINGS

_RISK_DAYS = 7
ACTIONS = ("nslookup",)  # adaptive responses that come with Enterprise Security and fit an address from outside


class Standing(NamedTuple):
    """How a detection stands in Enterprise Security: its own words, and points on its own scale of risk.

    `entities` are the columns that hold whom or what the risk is about, with what it is (user, system or other).
    """

    domain: str
    severity: str
    risk: int
    entities: Mapping[str, str]


STANDING: Mapping[str, Standing] = {
    "account_creation": Standing("identity", "medium", 40, {"accounts_created": "user", "actor": "user"}),
    "email_enumeration": Standing("access", "medium", 40, {"names_found": "user", "src": "system"}),
    "identity_gathering": Standing("identity", "medium", 40, {"actor": "user", "src": "system"}),
    "password_guessing": Standing("access", "low", 20, {"names_found": "user", "src": "system"}),
    "password_spray": Standing("access", "medium", 40, {"names_found": "user", "src": "system"}),
    "published_threshold": Standing("access", "low", 20, {"src": "system"}),
    "success_after_enumeration": Standing("access", "critical", 80, {"compromised_accounts": "user", "src": "system"}),
}
_THREATS = {"src": "ip_address", "user_agent": "http_user_agent"}
_SHOWN = "finding_id,verdict,tenant,src,user_agent,actor,names_found,compromised_accounts,accounts_created,escalate"


def enterprise_keys(detection: Detection) -> dict[str, str]:
    """Return the keys of one detection; raises KeyError for one that has no standing."""
    standing = STANDING[detection.id]
    return {
        **_registration(detection),
        **_risk(standing),
        **_finding(detection, standing),
        "action.escu": "0",
        "action.escu.enabled": "1",
        "action.escu.search_type": "detection",
        "action.escu.eli5": description(detection),
        "action.escu.how_to_implement": how_to_implement(detection),
        "action.escu.known_false_positives": false_positives(detection),
    }


def drilldowns() -> list[dict[str, str]]:
    """Return the searches that lead on from a finding. Their one token is a hash that enumwatch made."""
    of_finding = f'inputlookup {FINDINGS} where finding_id="$finding_id$"'
    attempts = (
        f"`{CONTACTS}` [| {of_finding} | mvexpand src | rename src AS src_ip | fields src_ip | format]"
        " | table first, last, kind, log_source, src_ip, user_agent, app, target, outcome, attempts | sort 0 first"
    )
    risk = (
        f"| from datamodel Risk.All_Risk | search [| {of_finding} | mvexpand src | rename src AS normalized_risk_object"
        " | fields normalized_risk_object | format] | stats count, min(_time) AS first, max(_time) AS last,"
        " values(risk_message) AS messages by normalized_risk_object, search_name | sort - count"
    )
    return [
        _drilldown("The finding", f"| {of_finding}", "$info_min_time$", "$info_max_time$"),
        _drilldown("Every attempt from its addresses", attempts, "$info_min_time$", "$info_max_time$"),
        _drilldown(f"Risk of its addresses, {_RISK_DAYS} days", risk, str(_RISK_DAYS * 86_400), "0"),
    ]


def _drilldown(name: str, search: str, earliest: str, latest: str) -> dict[str, str]:
    return {"name": name, "search": search, "earliest_offset": earliest, "latest_offset": latest}


def _registration(detection: Detection) -> dict[str, str]:
    annotations = {
        "mitre_attack": list(detection.techniques),
        "data_source": [one.title for one in sources_of(detection)],
        "type": "TTP",
        "type_list": ["TTP"],
    }
    metadata = {"detection_id": detection.id, "detection_version": str(detection.version), "deprecated": 0}
    return {
        "action.correlationsearch.enabled": "1",
        "action.correlationsearch.label": f"{APP} - {detection.title}",
        "action.correlationsearch.detection_type": "ebd",
        "action.correlationsearch.annotations": json.dumps(annotations),
        "action.correlationsearch.metadata": json.dumps(metadata),
    }


def _entities(standing: Standing) -> list[dict[str, object]]:
    return [
        {"risk_object_field": field, "risk_object_type": sort, "risk_score": standing.risk}
        for field, sort in standing.entities.items()
    ]


def _risk(standing: Standing) -> dict[str, str]:
    threats = [{"threat_object_field": field, "threat_object_type": sort} for field, sort in _THREATS.items()]
    return {
        "action.risk": "1",
        "action.risk.param._risk": json.dumps([*_entities(standing), *threats]),
        "action.risk.param._risk_message": "$verdict$ ($finding_id$), $names_tried$ names tried",
        "action.risk.param._risk_score": "0",
        "action.risk.param.verbose": "0",
    }


def _finding(detection: Detection, standing: Standing) -> dict[str, str]:
    return {
        "action.notable": "1",
        "action.notable.param.rule_title": "$verdict$: $finding_id$",
        "action.notable.param.rule_description": f"{detection.title}. $reasons$",
        "action.notable.param.security_domain": standing.domain,
        "action.notable.param.severity": standing.severity,
        "action.notable.param.nes_fields": _SHOWN,
        "action.notable.param._entities": json.dumps(_entities(standing)),
        "action.notable.param.drilldown_searches": json.dumps(drilldowns()),
        # How it wants dashboards named is written nowhere; the steps name ours instead.
        "action.notable.param.drilldown_dashboards": "[]",
        "action.notable.param.next_steps": next_steps(detection, ACTIONS),
        "action.notable.param.recommended_actions": ", ".join(ACTIONS),
    }
