"""Triage: what the evidence of a finding answers of its playbook's questions, and the steps filled with its values.

Only what the evidence itself shows is answered; everything else is "not enough evidence", never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...core.verdict import HIGH, LOW, MODERATE

Finding = Mapping[str, Any]

YES, UNKNOWN = "yes", "not enough evidence"
_ROLL_CALLS = (HIGH, MODERATE, LOW)
_TRAITS_OF_A_MACHINE = 3
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_MOST_SHOWN = 10


def triage(finding: Finding, rulebook: Mapping[str, Any]) -> dict[str, Any]:
    """The answers, conditions and steps of the finding's playbook; raises KeyError for what is no whole finding."""
    playbook = rulebook["playbooks"][rulebook["detections"][finding["detection"]]["playbook"]]
    name = playbook["id"]
    answers = {key: _answer(name, key, finding, playbook) for key in playbook["questions"]}
    said = {key for key, one in answers.items() if one["answer"] == YES}
    conditions: dict[str, dict[str, Any]] = {}
    for key, one in playbook["escalate"].items():
        because = _met(name, key, finding, said, conditions)
        conditions[key] = {"met": bool(because), "because": because or f"Nothing here shows it: {one['condition']}"}
    met = {key for key, one in conditions.items() if one["met"]}
    values = values_of(finding)
    steps = {
        part: [_filled(one["step"], values) for one in playbook[part] if not one["when"] or met & set(one["when"])]
        for part in ("l1", "tier2", "containment")
    }
    return {"playbook": name, "answers": answers, "conditions": conditions, "escalate": bool(met), "steps": steps}


def _answer(playbook: str, question: str, finding: Finding, rules: Mapping[str, Any]) -> dict[str, Any]:
    measures = ANSWERED_BY.get((playbook, question), ())
    evidence = finding["evidence"]
    shown = {name: evidence[name] for name in measures if evidence[name]}
    if shown:
        listed = "; ".join(f"{_words(name)} {_listed(value)}" for name, value in shown.items())
        return {"answer": YES, "because": f"The evidence holds {listed}", "evidence": shown, "missing": []}
    if finding["verdict"] in TOLD_BY_VERDICT.get((playbook, question), ()):
        return {"answer": YES, "because": finding["reasons"][0], "evidence": {}, "missing": []}
    read = evidence["sources"]
    missing = [one["source"] for one in rules["log_sources"] if one["source"] not in read]
    because = "What was read does not answer it" + (f"; other logs could: {', '.join(missing)}" if missing else "")
    return {"answer": UNKNOWN, "because": because, "evidence": {}, "missing": missing}


# Measures of which any value answers a question with yes.
ANSWERED_BY: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("T1589.002", "Q3"): ("sensitive_names", "decoy_names"),
    ("T1589.002", "Q4"): ("tools", "intelligence"),
    ("T1589", "Q3"): ("sensitive_sections",),
    ("T1585.002", "Q1"): ("intelligence",),
    ("T1585.002", "Q2"): ("disposable_domains",),
    ("T1585.002", "Q3"): ("lookalike_domains",),
}
# Verdicts that are themselves the answer yes.
TOLD_BY_VERDICT: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("T1589.002", "Q1"): _ROLL_CALLS,
    ("T1589", "Q1"): ("Identity Probing",),
    ("T1589", "Q3"): ("Directory Harvest",),
}


def _met(
    playbook: str, condition: str, finding: Finding, said: set[str], before: Mapping[str, Mapping[str, Any]]
) -> str:
    """Why a condition is met, "" where the evidence does not show that it is."""
    rule = CONDITIONS.get((playbook, condition))
    return rule(finding, said, before) if rule is not None else ""


Condition = Callable[[Finding, "set[str]", Mapping[str, Mapping[str, Any]]], str]


def _roll_call(finding: Finding, said: set[str], before: Any) -> str:
    return finding["reasons"][0] if finding["verdict"] in (HIGH, MODERATE) else ""


def _sure_tool(finding: Finding, said: set[str], before: Any) -> str:
    sure = sorted({one["tool"] for one in finding["evidence"]["tools"] if one["confidence"] == "high"})
    return f"Recognised for certain: {', '.join(sure)}" if sure else ""


def _intelligence(finding: Finding, said: set[str], before: Any) -> str:
    found = finding["evidence"]["intelligence"]
    return f"Intelligence names it: {_listed(found)}" if found else ""


def _broken_in(finding: Finding, said: set[str], before: Any) -> str:
    accounts = finding["compromised_accounts"]
    return f"They got into {_listed(accounts)}" if accounts else ""


def _machine(finding: Finding, said: set[str], before: Any) -> str:
    traits = finding["evidence"]["machine_traits"]
    return f"Run by a machine: {', '.join(traits)}" if len(traits) >= _TRAITS_OF_A_MACHINE else ""


def _sensitive_read(finding: Finding, said: set[str], before: Any) -> str:
    parts = finding["evidence"]["sensitive_sections"]
    return f"Sensitive parts were read: {_listed(parts)}" if parts else ""


def _tool_or_intelligence(finding: Finding, said: set[str], before: Any) -> str:
    return _sure_tool(finding, said, before) or _intelligence(finding, said, before)


def _burst(finding: Finding, said: set[str], before: Any) -> str:
    return finding["reasons"][0] if finding["verdict"] == "Account Creation Burst" else ""


def _bad_burst(finding: Finding, said: set[str], before: Mapping[str, Mapping[str, Any]]) -> str:
    if before["E1"]["met"] and said & {"Q1", "Q2"}:
        return "The burst goes with a bad name or a disposable service"
    return ""


def _infrastructure(finding: Finding, said: set[str], before: Any) -> str:
    return "Q3 or Q4 is answered with yes" if said & {"Q3", "Q4"} else ""


CONDITIONS: Mapping[tuple[str, str], Condition] = {
    ("T1589.002", "E1"): _roll_call,
    ("T1589.002", "E2"): _sure_tool,
    ("T1589.002", "E3"): _intelligence,
    ("T1589.002", "E4"): _broken_in,
    ("T1589", "E1"): _machine,
    ("T1589", "E2"): _sensitive_read,
    ("T1589", "E3"): _tool_or_intelligence,
    ("T1585.002", "E1"): _burst,
    ("T1585.002", "E1+"): _bad_burst,
    ("T1585.002", "E2"): _infrastructure,
}


def values_of(finding: Finding) -> dict[str, str]:
    """What the steps of a playbook may name, in the finding's own words."""
    actor, evidence = finding["actor"], finding["evidence"]
    names = [name for some in evidence["names_sample"].values() for name in some]
    account, addresses = actor["account"], evidence["addresses_sample"] or actor["ip"] or []
    values: dict[str, Any] = {
        "actor": [account] if account else addresses or [actor["cidr"] or actor["host"] or actor["user_agent"]],
        "tenant": [finding["tenant"]],
        "window_start": [finding["window_start"]],
        "window_end": [finding["window_end"]],
        "addresses": addresses,
        "networks": evidence["networks_sample"] or [actor["cidr"]],
        "asn": [actor["asn"]],
        "user_agents": evidence["user_agents_sample"],
        "apps": evidence["apps_sample"],
        "names_tried": names,
        "names_found": finding["names_found"],
        "sensitive_names": evidence["sensitive_names"],
        "compromised_accounts": finding["compromised_accounts"],
        "accounts_created": finding["accounts_created"],
        "sources": evidence["sources"],
        "tools": sorted({one["tool"] for one in evidence["tools"]}),
    }
    return {name: _listed(some) or f"({_words(name)}: none known)" for name, some in values.items()}


def _filled(step: str, values: Mapping[str, str]) -> str:
    """A step with the values it names; braces in a value stay what they are."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), step)


def _listed(some: Iterable[Any]) -> str:
    texts = [
        ", ".join(str(value) for value in one.values()) if isinstance(one, Mapping) else str(one) for one in some if one
    ]
    more = len(texts) - _MOST_SHOWN
    return ", ".join(texts[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _words(name: str) -> str:
    return name.replace("_", " ")
