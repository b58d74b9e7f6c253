"""Guide: what an analyst reads beside an alert. Nothing of an event is in it, so nothing an attacker wrote can act there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ...rulebook.detection import Detection
from ...splunk.content.guidance import description, false_positives, guide, known_gaps, steps
from ..documents import CAUTIONS

# Where a document of a verdict holds what a step of a playbook names in braces.
IN_DOCUMENTS: dict[str, str] = {
    "actor": "the actor (`source.ip`, `user_agent.original`, `enumwatch.actor`)",
    "tenant": "the tenant (`organization.id`)",
    "window_start": "the first attempt (`event.start`)",
    "window_end": "the last attempt (`event.end`)",
    "addresses": "its addresses (`source.ip`)",
    "networks": "its networks (`enumwatch.actor.cidr`, `source.as.number`)",
    "asn": "its autonomous system (`source.as.number`)",
    "user_agents": "`user_agent.original`",
    "apps": "`enumwatch.actor.app`",
    "names_tried": "the names it tried (`enumwatch.evidence.names_sample`)",
    "names_found": "the names it found (`enumwatch.names_found`)",
    "sensitive_names": "the sensitive names among them (`enumwatch.evidence.sensitive_names`)",
    "compromised_accounts": "the accounts it got into (`enumwatch.compromised_accounts`)",
    "accounts_created": "the accounts it made (`enumwatch.accounts_created`)",
    "sources": "the logs that show it (`enumwatch.evidence.sources`)",
    "tools": "the tools that were recognised (`enumwatch.evidence.tools`)",
}
# Where an alert holds it that was counted without the runner; most of it is to be looked up then.
IN_COUNTS: dict[str, str] = {
    "actor": "the address (`source.ip`)",
    "tenant": "the tenant",
    "window_start": "the first attempt (`Esql.window_start`)",
    "window_end": "the last attempt (`Esql.window_end`)",
    "addresses": "the address (`source.ip`)",
    "networks": "its network",
    "asn": "its autonomous system",
    "user_agents": "`user_agent.original`",
    "apps": "`Esql.apps`",
    "names_tried": "the names it tried (`Esql.names`)",
    "names_found": "the names it found (`Esql.names_found`)",
    "sensitive_names": "the sensitive names among them",
    "compromised_accounts": "the accounts it got into",
    "accounts_created": "the accounts it made",
    "sources": "the logs that show it",
    "tools": "the tools that were recognised",
}

_LOOK_BACK, _LOOK_AHEAD = "now-48h/h", "now"
_CAUTIONS_FIRST = f"Before any of these, read `enumwatch.{CAUTIONS}`: what they would break here, as far as is known."
_QUESTIONS = (
    ("Everything its addresses did", "Every event of the address, whatever log it is in.", {"source.ip": "source.ip"}),
    (
        "Where its addresses got in",
        "Successes of the same address: colleagues behind a shared exit, or the account that was lost.",
        {"source.ip": "source.ip", "event.outcome": None},
    ),
    (
        "The same agent elsewhere",
        "Events of the same agent at any address.",
        {"user_agent.original": "user_agent.original"},
    ),
)


def note(detection: Detection, means: str, places: Mapping[str, str]) -> str:
    """Return the investigation guide of a detection in Markdown; `means` says what the alert itself is.

    `places` are IN_DOCUMENTS or IN_COUNTS.
    """
    by_title = dict(steps(detection, places))
    parts = [
        "## Triage and analysis",
        f"### Investigating: {detection.title}",
        description(detection),
        means,
        guide(detection),
        "### Possible investigation steps",
        _listed([*by_title["First look"], *by_title["Tier 2"]]),
        *investigations(),
        "### Escalate when",
        _listed(by_title["Escalate when"]),
        "### False positive analysis",
        _listed(false_positives(detection).split("\n")),
        "### Response and remediation",
        _CAUTIONS_FIRST if places is IN_DOCUMENTS else "",
        _listed(by_title["Containment"]),
        "### What is not seen",
        _listed(known_gaps(detection).split("\n")),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def investigations() -> list[str]:
    """Return the buttons that open a timeline with values of the alert."""
    return [f"!{{investigate{json.dumps(_button(*question))}}}" for question in _QUESTIONS]


def _button(label: str, about: str, asked: dict[str, str | None]) -> dict[str, Any]:
    providers = [
        {
            "excluded": False,
            "field": field,
            "queryType": "phrase",
            "value": "success" if of_alert is None else f"{{{{{of_alert}}}}}",
            "valueType": "string",
        }
        for field, of_alert in asked.items()
    ]
    return {
        "label": label,
        "description": about,
        "providers": [providers],
        "relativeFrom": _LOOK_BACK,
        "relativeTo": _LOOK_AHEAD,
    }


def _listed(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)
