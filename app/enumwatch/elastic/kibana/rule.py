"""Rule: one rule of Kibana's detection engine, with what all of ours have in common."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...rulebook.detection import Detection
from ...rulebook.source import Source
from ...splunk.content.enterprise import STANDING
from ...splunk.content.guidance import description, false_positives, sources_of
from ..names import PREFIX
from .attack import reference, tactics, threat
from .guide import IN_COUNTS, note

# Points that Kibana's own rules have for each severity.
RISK: Mapping[str, int] = {"low": 21, "medium": 47, "high": 73, "critical": 99}

_AUTHOR, _LICENSE = "enumwatch", "Apache-2.0"
_ANY_VERSION = ">=1.0.0"
_HOURS_IN_A_DAY = 24
# Packages of Fleet with several parts, which a rule names one by one.
_IN_PARTS = frozenset({"azure"})
_INDEX = re.compile(r"logs-(?P<package>\w+)\.(?P<part>\w+)-\*", re.ASCII)

Rule = dict[str, Any]


def rule(
    ident: str,
    detection: Detection,
    title: str,
    about: str,
    *,
    setup: str,
    severity: str = "",
    places: Mapping[str, str] = IN_COUNTS,
    reads: Iterable[Source] = (),
) -> Rule:
    """Return what a rule says of itself; the caller adds type, query and times."""
    severity = severity or STANDING[detection.id].severity
    return {
        "rule_id": f"{PREFIX}{ident}",
        "name": f"enumwatch: {title}",
        "description": f"{about} {description(detection)}".strip(),
        "version": detection.version,
        "enabled": False,
        "author": [_AUTHOR],
        "license": _LICENSE,
        "severity": severity,
        "risk_score": RISK[severity],
        "severity_mapping": [],
        "risk_score_mapping": [],
        "timestamp_override": "event.ingested",
        "tags": ["enumwatch", *_tags(detection)],
        "threat": threat(detection.techniques),
        "references": [reference(technique) for technique in detection.techniques],
        "false_positives": false_positives(detection).split("\n"),
        "note": note(detection, about, places),
        "setup": f"## Setup\n\n{setup}\n",
        "related_integrations": integrations(reads or sources_of(detection)),
        "to": "now",
        "max_signals": 100,
        "actions": [],
        "exceptions_list": [],
    }


def suppressed(by: Iterable[str], days: int) -> Rule:
    """Return that alerts with the same values are one alert for some days."""
    return {
        "alert_suppression": {
            "group_by": list(by),
            "duration": {"value": days * _HOURS_IN_A_DAY, "unit": "h"},
            "missing_fields_strategy": "suppress",
        }
    }


def shown(fields: Iterable[str]) -> Rule:
    """Return which fields an analyst sees first."""
    return {"investigation_fields": {"field_names": list(fields)}}


def integrations(sources: Iterable[Source]) -> list[dict[str, str]]:
    """Return the packages of Fleet that write these logs, each once."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for source in sources:
        for index in source.elastic.indices if source.elastic else ():
            named = _INDEX.fullmatch(index)
            if named:
                package, part = named["package"], named["part"] if named["package"] in _IN_PARTS else ""
                more = {"integration": part} if part else {}
                found[package, part] = {"package": package, "version": _ANY_VERSION, **more}
    return [found[key] for key in sorted(found)]


def line(one: Rule) -> str:
    """Return a rule as one line of NDJSON, in which no character can end the line."""
    return json.dumps(one, ensure_ascii=True, sort_keys=True)


def _tags(detection: Detection) -> list[str]:
    return [
        "Domain: Identity",
        "Use Case: Threat Detection",
        *(f"Tactic: {one}" for one in tactics(detection.techniques)),
    ]
