"""Schema parts: what the JSON Schemas of all rule files are put together from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

ANY_TEXT: Schema = {"type": "string"}
TEXT: Schema = {"type": "string", "pattern": r"\S"}
NAME: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
DURATION: Schema = {"type": "string", "pattern": "^[0-9]{1,6}[smhd]$"}
COUNT: Schema = {"type": "integer", "minimum": 1}


def closed_object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, **more: Any) -> Schema:
    """An object with these keys and no other."""
    properties = {**required, **(optional or {})}
    return {"type": "object", "additionalProperties": False, "required": [*required], "properties": properties, **more}


def list_of(items: Schema, least: int = 1, **more: Any) -> Schema:
    """A list of such items, of at least so many."""
    return {"type": "array", "items": items, "minItems": least, **more}


def one_of_words(words: Any) -> Schema:
    """One of a closed set of words."""
    return {"enum": list(words)}


def mapping_of(values: Schema, **more: Any) -> Schema:
    """A mapping of the author's own keys to such values."""
    return {"type": "object", "minProperties": 1, "additionalProperties": values, **more}


def reference(name: str) -> Schema:
    """What the schema defines under this name."""
    return {"$ref": f"#/$defs/{name}"}


def limit() -> Schema:
    """One number of a rule."""
    return {
        **closed_object(
            {"value": {"anyOf": [{"type": "number", "minimum": 0}, DURATION]}, "means": TEXT},
            {"unit": TEXT, "origin": TEXT, "raised": TEXT, "lowered": TEXT},
        ),
        "if": {"properties": {"value": {"type": "string"}}},
        "then": {"not": {"required": ["unit"]}},
    }
