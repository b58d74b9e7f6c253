"""The form of a rule as Kibana takes it for import, written after the reference of its detections API."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_SPAN = {"type": "string", "pattern": r"^\d+[smh]$"}
_BACK = {"type": "string", "pattern": r"^now-\d+[smhd]$"}
_SEVERITY = {"enum": ["low", "medium", "high", "critical"]}
_DURATION = {
    "type": "object",
    "properties": {"value": {"type": "integer", "minimum": 1}, "unit": {"enum": ["s", "m", "h"]}},
    "required": ["value", "unit"],
    "additionalProperties": False,
}


def _closed(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": sorted(required), "additionalProperties": False}


def _many(of: dict[str, Any], least: int = 0, most: int = 1000) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": least, "maxItems": most}


_TECHNIQUE = {"id": _TEXT, "name": _TEXT, "reference": {"type": "string", "pattern": "^https://attack.mitre.org/"}}
_THREAT = _closed(
    {
        "framework": {"const": "MITRE ATT&CK"},
        "tactic": _closed(_TECHNIQUE),
        "technique": _many(_closed({**_TECHNIQUE, "subtechnique": _many(_closed(_TECHNIQUE))}), 1),
    }
)
_MAPPED = {"field": _TEXT, "operator": {"const": "equals"}, "value": {"type": "string"}}
_COMMON = {
    "rule_id": {"type": "string", "pattern": "^enumwatch-[a-z_-]+$"},
    "name": _TEXT,
    "description": _TEXT,
    "version": {"type": "integer", "minimum": 1},
    "enabled": {"const": False},
    "author": _TEXTS,
    "license": _TEXT,
    "severity": _SEVERITY,
    "risk_score": {"type": "integer", "minimum": 0, "maximum": 100},
    "severity_mapping": _many(_closed({**_MAPPED, "severity": _SEVERITY})),
    "risk_score_mapping": _many(_closed(_MAPPED)),
    "timestamp_override": {"const": "event.ingested"},
    "tags": _TEXTS,
    "threat": _many(_THREAT, 1),
    "references": {"type": "array", "items": {"type": "string", "pattern": "^https://"}},
    "false_positives": _TEXTS,
    "note": {"type": "string", "pattern": "^## Triage and analysis\n"},
    "setup": {"type": "string", "pattern": "^## Setup\n"},
    "related_integrations": _many(_closed({"package": _TEXT, "version": _TEXT}, {"integration": _TEXT})),
    "required_fields": _many(_closed({"name": _TEXT, "type": _TEXT, "ecs": {"type": "boolean"}}), 1),
    "investigation_fields": _closed({"field_names": _many(_TEXT, 1)}),
    "interval": _SPAN,
    "from": _BACK,
    "to": {"const": "now"},
    "max_signals": {"type": "integer", "minimum": 1, "maximum": 1000},
    "actions": {"type": "array", "maxItems": 0},
    "exceptions_list": {"type": "array", "maxItems": 0},
    "query": _TEXT,
}
_SUPPRESSION = _closed(
    {"group_by": _many(_TEXT, 1, 3), "duration": _DURATION},
    {"missing_fields_strategy": {"enum": ["suppress", "doNotSuppress"]}},
)
_KUERY = {"language": {"const": "kuery"}, "index": _many(_TEXT, 1)}
_NAMED = {"rule_name_override": _TEXT}
_THRESHOLD = _closed(
    {
        "field": _many(_TEXT, 0, 3),
        "value": {"type": "integer", "minimum": 1},
        "cardinality": _many(_closed({"field": _TEXT, "value": {"type": "integer", "minimum": 0}}), 0, 1),
    }
)
FORMS: dict[str, dict[str, Any]] = {
    "query": _closed({**_COMMON, **_KUERY, "type": {"const": "query"}, "alert_suppression": _SUPPRESSION, **_NAMED}),
    "esql": _closed(
        {
            **_COMMON,
            **_NAMED,
            "language": {"const": "esql"},
            "type": {"const": "esql"},
            "alert_suppression": _SUPPRESSION,
        }
    ),
    "threshold": _closed(
        {
            **_COMMON,
            **_KUERY,
            "type": {"const": "threshold"},
            "threshold": _THRESHOLD,
            "alert_suppression": _closed({"duration": _DURATION}),
        }
    ),
    "new_terms": _closed(
        {
            **_COMMON,
            **_KUERY,
            "type": {"const": "new_terms"},
            "new_terms_fields": _many(_TEXT, 1, 3),
            "history_window_start": _BACK,
            "alert_suppression": _SUPPRESSION,
        }
    ),
}
