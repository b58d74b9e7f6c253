"""JSON Schemas of the rule files, for editors; the readers check more and say it better."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ..lookups import COLUMNS
from .elastic_reader import INDEX_PATTERN
from .expression import DECODINGS
from .schema_parts import ANY_TEXT as _ANY_TEXT
from .schema_parts import COUNT as _COUNT
from .schema_parts import DURATION as _DURATION
from .schema_parts import NAME as _NAME
from .schema_parts import TEXT as _TEXT
from .schema_parts import Schema
from .schema_parts import closed_object as _object
from .schema_parts import limit as _limit
from .schema_parts import list_of as _list
from .schema_parts import mapping_of as _mapping
from .schema_parts import one_of_words as _words
from .schema_parts import reference as _ref
from .vocabulary import (
    ACCOUNTS,
    ADDRESSES,
    COMPUTED,
    EVENT_FIELDS,
    EXPECTABLE,
    FORMS,
    KINDS,
    MISSES_LOGGED,
    NAME_ACTIONS,
    NAMES_SHOWN,
    STATUSES,
    STEP_KINDS,
    TECHNIQUES,
    VERDICTS,
)
from .ways_schema import ways_schema

SCHEMA_FOLDER = Path(__file__).parent / "schema"


def schemas() -> Mapping[str, str]:
    """Return the schema files by name, as text."""
    made = {"source": _source(), "detection": _detection(), "playbook": _playbook(), "ways": ways_schema()}
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {
        f"{kind}.schema.json": json.dumps({"$schema": dialect, "title": f"enumwatch {kind}", **body}, indent=2) + "\n"
        for kind, body in made.items()
    }


def _source() -> Schema:
    rule = _object({"set": _ref("assignments")}, {"when": _mapping(_ref("condition"))})
    body = _object(
        {
            "id": _NAME,
            "title": _TEXT,
            "version": _COUNT,
            "provider": _NAME,
            "kinds": _list(_words(KINDS), uniqueItems=True),
            "visibility": _object(
                {"names": _words(NAMES_SHOWN), "misses": _words(MISSES_LOGGED), "note": _TEXT},
                {"accounts": _words(ACCOUNTS), "addresses": _words(ADDRESSES)},
            ),
            "references": _list(_TEXT),
            "shapes": _list(_ref("shape")),
            "event": _list(rule),
        },
        {
            **{"common": _ref("assignments"), "known_gaps": _list(_TEXT, 0), "splunk": _ref("splunk")},
            **{"connect": _TEXT, "elastic": _elastic(), "sentinel": _sentinel(), "kept": _list(_kept())},
        },
    )
    assignments = _mapping(_ref("expression"), propertyNames=_words(EVENT_FIELDS))
    definitions = {
        "shape": _shape(),
        "splunk": _splunk(),
        "expression": _expression(),
        "condition": _condition(),
        "assignments": assignments,
    }
    return {**body, "$defs": {**definitions, "paths": _list(_TEXT)}}


def _shape() -> Schema:
    fits_not_all = [{"required": [key]} for key in ("present", "any", "equals")]
    paths = _ref("paths")
    recognise = _object({}, {"present": paths, "any": paths, "equals": _mapping(_list(_TEXT)), "absent": paths})
    return _object(
        {
            "id": _NAME,
            "title": _TEXT,
            "form": _words(FORMS),
            "recognise": {**recognise, "anyOf": fits_not_all},
            "fields": _mapping(paths, propertyNames=_NAME),
        },
        {"each": _TEXT, "split": {"type": "string", "minLength": 1}, "nested": _TEXT},
        dependentRequired={"split": ["each"]},
    )


def _splunk() -> Schema:
    searchable: Schema = {"type": "string", "pattern": r"^[\w:.,/ -]+$"}
    return _object(
        {
            "addon": _TEXT,
            "sourcetypes": _list(searchable),
            "fields": _mapping(_ref("paths"), propertyNames=_NAME),
        },
        {"select": _mapping(_list(searchable))},
    )


def _elastic() -> Schema:
    return _object({"shape": _NAME, "indices": _list({"type": "string", "pattern": INDEX_PATTERN})}, {})


def _sentinel() -> Schema:
    columns = _mapping(_TEXT, propertyNames=_NAME)
    more = {"where": _TEXT, "kinds": _list(_words(KINDS), uniqueItems=True), "rules_tell_by": _NAME}
    return _object({"rows": _TEXT, "columns": columns}, more)


def _kept() -> Schema:
    times: dict[str, Schema] = {"for": _DURATION, "until": _TEXT}
    return {**_object({"where": _TEXT}, times), "oneOf": [{"required": [key]} for key in times]}


def _expression() -> Schema:
    inner = _ref("expression")
    forms = [
        _ANY_TEXT,
        _list(inner),
        _object({"map": inner, "to": _mapping(inner)}, {"else": inner}),
        _object({"match": inner, "pattern": _ANY_TEXT}, {"becomes": _ANY_TEXT, "decode": _words(DECODINGS)}),
        _object({"lower": inner}),
        _object({"upper": inner}),
    ]
    about = (
        "Text with {field} placeholders, the first non-empty of a list, or a mapping with map, match, lower or upper."
    )
    return {"description": about, "anyOf": forms}


def _condition() -> Schema:
    values = _list(_ANY_TEXT)
    text = {"type": "string", "minLength": 1}
    forms = [
        _object({"not": values}),
        _object({"starts": values}),
        _object({"matches": text}),
        _object({"ends_not": text}),
    ]
    return {"anyOf": [_words(("present", "absent")), values, *forms]}


def _detection() -> Schema:
    body = _object(
        {
            "id": _NAME,
            "title": _TEXT,
            "version": _COUNT,
            "status": _words(STATUSES),
            "enabled": {"type": "boolean"},
            "techniques": _list(_words(TECHNIQUES), uniqueItems=True),
            "playbook": _TEXT,
            "kinds": _list(_words(KINDS), uniqueItems=True),
            "description": _TEXT,
            "limits": {"type": "object", "propertyNames": _NAME, "additionalProperties": _ref("limit")},
            "known_gaps": _list(_TEXT, 0),
            "false_positives": _list(_look_alike(), 0),
            "references": _list(_TEXT),
            "cases": _list(_ref("case"), 0),
        },
        {"sources": _list(_TEXT), "codes": _list(_TEXT), "changes": _list(_TEXT, 0), "guide": _guide()},
    )
    return {**body, "$defs": {"limit": _limit(), "case": _case()}}


def _look_alike() -> Schema:
    tell = _object({"field": _words(sorted(EXPECTABLE)), "harmless": _TEXT, "attack": _TEXT})
    return _object({"name": _TEXT, "treatment": _TEXT}, {"tell": _list(tell)})


def _guide() -> Schema:
    rung = _object({"means": _TEXT, "act": _TEXT, "wake": _TEXT, "next": _TEXT}, {"within": _DURATION})
    closing = _object({"when": _TEXT, "act": _TEXT})
    return _object(
        {
            "means": _TEXT,
            "verdicts": _mapping(rung, propertyNames=_words(VERDICTS)),
            "first": _list(_TEXT),
            "close": _list(closing),
            "tune": _list(_TEXT),
        }
    )


def _case() -> Schema:
    value: Schema = {"anyOf": [_ANY_TEXT, _list(_ANY_TEXT)]}
    group = {
        **{name: value for name in EVENT_FIELDS if name != "time"},
        **{"times": _COUNT, "every": _DURATION, "kind": _words(KINDS), "target_visible": {"type": "boolean"}},
    }
    expect = {
        "type": "object",
        "required": ["verdict"],
        "propertyNames": _words(sorted(EXPECTABLE)),
        "properties": {"verdict": _words(VERDICTS)},
        "if": {"properties": {"verdict": {"const": "No Finding"}}},
        "then": {"maxProperties": 1},
    }
    rows = {
        table: _list({"type": "object", "propertyNames": _words(columns), "additionalProperties": _ANY_TEXT})
        for table, columns in COLUMNS.items()
    }
    lookups = _object({}, rows, minProperties=1)
    return _object(
        {"name": _TEXT, "events": _list(_object({"at": _TEXT}, group)), "expect": expect}, {"lookups": lookups}
    )


def _playbook() -> Schema:
    question = _object(
        {
            "question": {"type": "string", "pattern": r"[?]\s*$"},
            "computed": _words(COMPUTED),
            "needs": _list(_words(KINDS), uniqueItems=True),
        }
    )
    condition: Schema = {"type": "string", "pattern": "^E[0-9]+[+]?$"}
    steps = _list(_object({"step": _TEXT, "kind": _words(STEP_KINDS)}, {"when": _list(condition), "hurts": _TEXT}))
    body = _object(
        {
            "id": _words(TECHNIQUES),
            "title": _TEXT,
            "technique": _words(TECHNIQUES),
            "version": _COUNT,
            "log_sources": _list(_object({"source": _NAME, "look_for": _TEXT})),
            "indicators": _list(_TEXT),
            "questions": _mapping(question, propertyNames={"pattern": "^Q[0-9]+[+]?$"}),
            "escalate": _mapping(_object({"condition": _TEXT}), propertyNames=condition),
            "l1": steps,
            "tier2": steps,
            "containment": steps,
        },
        {
            "limits": {"type": "object", "propertyNames": _NAME, "additionalProperties": _ref("limit")},
            "collect": _list(_object({"what": _TEXT}, {"source": _NAME})),
            "handover": _object({"names": _object(dict.fromkeys(NAME_ACTIONS, _TEXT)), "decoys": _list(_TEXT)}),
        },
    )
    return {**body, "$defs": {"limit": _limit()}}
