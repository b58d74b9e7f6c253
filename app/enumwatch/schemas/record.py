"""Record: the JSON Schema of a dataclass, a named tuple or a typed dictionary, strict in every object."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints, is_typeddict

Schema = dict[str, Any]


class Meaning(NamedTuple):
    """What a field says, and what its values must be beyond their type (or in place of it, where it has a `type`)."""

    text: str
    values: Mapping[str, Any] = {}


Meanings = Mapping[str, Mapping[str, Meaning]]

_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number", "minimum": 0},
    Any: {},
}


def schema_of(record: type, meanings: Meanings) -> Schema:
    """Return the schema of a record. `meanings` go by the name of the record and of the field.

    Raises KeyError for a field without a meaning, ValueError for a meaning without its field.
    """
    hints = get_type_hints(record)
    known = meanings[record.__name__]
    strangers = sorted(known.keys() - hints.keys())
    if strangers:
        raise ValueError(f"{record.__name__} has no field {', '.join(strangers)}")
    properties = {name: _field(hint, known[name], meanings) for name, hint in hints.items()}
    return {"type": "object", "additionalProperties": False, "required": [*properties], "properties": properties}


def _field(hint: Any, meaning: Meaning, meanings: Meanings) -> Schema:
    body = dict(meaning.values) if "type" in meaning.values else {**_value(hint, meanings), **meaning.values}
    return {"description": meaning.text, **body}


def _value(hint: Any, meanings: Meanings) -> Schema:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _or_null(_value(next(one for one in inner if one is not type(None)), meanings))
    if origin is list:
        return {"type": "array", "items": _value(inner[0], meanings)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(inner[1], meanings) or True}
    if dataclasses.is_dataclass(hint) or is_typeddict(hint):
        return schema_of(hint, meanings)
    raise TypeError(f"no schema for {hint!r}")


def _or_null(body: Schema) -> Schema:
    return {**body, "type": [body["type"], "null"]}
