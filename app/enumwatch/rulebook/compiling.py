"""Compiles a rulebook: plain values that need no YAML and no checking to be used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .compiled import FORMAT
from .detection import Detection
from .guide import told
from .limit import Limit, filled, spelled
from .load import Rulebook
from .playbook import Playbook
from .sentinel_reader import compiled_sentinel
from .source import Source
from .ways import Ways


def compile(rulebook: Rulebook) -> dict[str, Any]:
    """Return the rulebook as `compiled()` returns the shipped one.

    Keys that a rule may leave out are there with an empty value, but for splunk, elastic and sentinel of a source, each, split
    and nested of a shape, and `tuned` of a detection, which says what overlays changed. Limits are numbers, durations in
    seconds; texts have the limits they name filled in; cases are left out, and of guides all but what leads to the page and
    the sentences for the end of a run.
    """
    return {
        "format": FORMAT,
        "sources": {name: _source(source) for name, source in rulebook.sources.items()},
        "detections": {name: _detection(detection) for name, detection in rulebook.detections.items()},
        "playbooks": {name: _playbook(playbook) for name, playbook in rulebook.playbooks.items()},
        "visibility": _ways(rulebook.ways) if rulebook.ways is not None else {},
    }


def to_text(compiled: Mapping[str, Any]) -> str:
    """Return the compiled rulebook as the file holds it: sorted keys, one key a line, a line break at the end."""
    return json.dumps(compiled, ensure_ascii=True, sort_keys=True, indent=1) + "\n"


def _source(source: Source) -> dict[str, Any]:
    shapes = []
    for shape in source.content["shapes"]:
        recognise: dict[str, Any] = {"present": [], "any": [], "equals": {}, "absent": [], **shape["recognise"]}
        shapes.append({**shape, "recognise": recognise})
    rules = [{"when": {}, **rule} for rule in source.content["event"]]
    visibility = {"accounts": "any", "addresses": "connection", **source.content["visibility"]}
    optional: dict[str, Any] = {"known_gaps": [], "common": {}, "connect": ""}
    made: dict[str, Any] = {"shapes": shapes, "event": rules, "visibility": visibility, "emits": sorted(source.emits)}
    if "splunk" in source.content:
        made["splunk"] = {"select": {}, **source.content["splunk"]}
    if "sentinel" in source.content:
        made["sentinel"] = compiled_sentinel(source.content)
    return {**optional, **source.content, **made}


def _detection(detection: Detection) -> dict[str, Any]:
    fill = _Filled(detection.limits)
    content = {key: value for key, value in detection.content.items() if key not in ("cases", "guide", "limits")}
    for key in ("description", "known_gaps", "false_positives"):
        content[key] = fill(content[key])
    rungs = detection.guide.verdicts if detection.guide else ()
    return {
        "guide": told(detection.id) if rungs else "",
        "next": {rung.verdict: fill(rung.next) for rung in rungs},
        "sources": [],
        "codes": [],
        "changes": [],
        **content,
        "limits": {name: limit.number for name, limit in detection.limits.items()},
        "limits_text": {name: _limit(limit, fill) for name, limit in detection.content["limits"].items()},
        **_tuned(detection),
    }


def _tuned(detection: Detection) -> dict[str, Any]:
    """What overlays changed, for findings to say; nothing for a rule as it is shipped."""
    if not detection.tuned_by:
        return {}
    changed = [limit for limit in detection.limits.values() if limit.shipped is not None]
    told = {one.name: f"{spelled(one)} (shipped: {spelled(one.shipped)})" for one in changed if one.shipped}
    return {"tuned": {"by": detection.tuned_by, "limits": told}}


def _limit(limit: Mapping[str, Any], fill: _Filled) -> dict[str, Any]:
    told = {key: value for key, value in limit.items() if key not in ("raised", "lowered")}
    return {"unit": "", "origin": "", **told, "means": fill(limit["means"])}


class _Filled:
    """Puts limits into texts."""

    def __init__(self, limits: Mapping[str, Limit]) -> None:
        self._limits = limits

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str):
            return filled(value, self._limits).strip()
        if isinstance(value, list):
            return [self(item) for item in value]
        if isinstance(value, dict):
            return {key: self(item) for key, item in value.items()}
        return value


def _playbook(playbook: Playbook) -> dict[str, Any]:
    fill = _Filled(playbook.limits)
    content = {key: fill(value) for key, value in playbook.content.items() if key != "limits"}
    for key in ("l1", "tier2", "containment"):
        content[key] = [{"when": [], **step} for step in content[key]]
    return {
        **content,
        "limits": {name: limit.number for name, limit in playbook.limits.items()},
        "limits_text": {name: _limit(limit, fill) for name, limit in playbook.content.get("limits", {}).items()},
    }


def _ways(ways: Ways) -> dict[str, Any]:
    """The ways with every key that one may leave out, limits as numbers."""
    made = []
    for way in ways.content["ways"]:
        logs = [{"forms": [], "because": "", **sight} for sight in way.get("logs", ())]
        made.append({"never": "", **way, "logs": logs})
    return {**ways.content, "ways": made, "limits": {name: limit.number for name, limit in ways.limits.items()}}
