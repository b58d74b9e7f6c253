"""Codec: the core's objects as JSON and back; only the classes named here, and never any code."""

from __future__ import annotations

import json
from collections import Counter, deque
from typing import Any, Dict, List, Mapping, Tuple

from ..contact import Contact
from ..incident import Incident
from ..judgement import Judgement
from ..observation import Observation, Place
from ..place_rules import PlaceRules
from ..roll_call.habits import Habits
from ..roll_call.running_sum import Contribution, RunningSum
from ..scope import NameWindow, Scope, Tried
from ..told import Told
from ..tool import ToolMatch

_RECORDS: Tuple[Any, ...] = (Contact, Observation, Place, Contribution, Tried, ToolMatch, Judgement)
_OBJECTS: Tuple[Any, ...] = (Incident, PlaceRules, Habits, RunningSum, Scope, NameWindow, Told)
_CLASSES: Mapping[str, Any] = {one.__name__: one for one in (*_RECORDS, *_OBJECTS)}
_SHORT = 6  # letters; up to so many a text costs no more than its number would
_AGAIN = "="
# What a run brings along and no row repeats: the rules in force, the owner's lists, what is known. What a place has only
# noted is counted before it is written.
_UNCOUNTED = ("_noted", "_noted_attempts", "_noted_failed", "_noted_tries", "_unsorted")
FIXED = frozenset({"_limits", "_owner", "_knowledge", "succeeded", *_UNCOUNTED})


class UnreadableMemoryError(ValueError):
    """A row of memory that cannot be read."""


def dumps(value: object) -> str:
    """JSON text of a value made of plain values, containers and the classes above; raises TypeError for anything else.

    A record or a longer text that occurs again is written as its number among all such, in order of appearance.
    """
    return json.dumps(_encoded(value, {}), ensure_ascii=True, separators=(",", ":"))


def loads(text: str, fixed: Mapping[str, object]) -> Any:
    """The value of a text that `dumps` made; raises UnreadableMemoryError where it is none. `fixed` fills what no row repeats."""
    try:
        return _decoded(json.loads(text), fixed, [])
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as problem:
        raise UnreadableMemoryError(f"no memory of this version: {problem}") from problem


def _encoded(value: Any, seen: Dict[Any, int]) -> Any:
    kind = type(value)
    if kind is str and len(value) > _SHORT:
        return _once(value, seen, value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    name = kind.__name__
    if kind is list:
        return [_encoded(one, seen) for one in value]
    if kind in _RECORDS:
        number = seen.get((kind, value))
        if number is not None:
            return {_AGAIN: number}
        parts = [_encoded(one, seen) for one in value]
        return _once((kind, value), seen, {"_": name, "v": parts})
    if kind is tuple or kind is deque:
        return {"_": name, "v": [_encoded(one, seen) for one in value]}
    if kind is set:
        return {"_": "set", "v": [_encoded(one, seen) for one in sorted(value, key=repr)]}
    if kind in (dict, Counter):
        pairs = [[_encoded(key, seen), _encoded(one, seen)] for key, one in value.items()]
        return {"_": "dict" if kind is dict else "Counter", "v": pairs}
    if kind in _OBJECTS:
        kept = {key: one for key, one in _attributes(value).items() if key not in FIXED}
        return {"_": name, "v": {key: _encoded(one, seen) for key, one in kept.items()}}
    raise TypeError(f"{name} is nothing that memory keeps")


def _once(key: Any, seen: Dict[Any, int], written: Any) -> Any:
    number = seen.get(key)
    if number is not None:
        return {_AGAIN: number}
    seen[key] = len(seen)
    return written


def _attributes(value: Any) -> Dict[str, Any]:
    slots = getattr(type(value), "__slots__", None)
    if slots is None:
        return dict(vars(value))
    return {name: getattr(value, name) for name in sorted((*slots, *getattr(type(value), "DERIVED", ())))}


def _decoded(value: Any, fixed: Mapping[str, object], seen: List[Any]) -> Any:
    if isinstance(value, list):
        return [_decoded(one, fixed, seen) for one in value]
    if not isinstance(value, dict):
        if isinstance(value, str) and len(value) > _SHORT:
            seen.append(value)
        return value
    if _AGAIN in value:
        return seen[value[_AGAIN]]
    name, content = value["_"], value["v"]
    if name in ("tuple", "set", "deque"):
        parts = [_decoded(one, fixed, seen) for one in content]
        return tuple(parts) if name == "tuple" else set(parts) if name == "set" else deque(parts)
    if name in ("dict", "Counter"):
        pairs = {_decoded(key, fixed, seen): _decoded(one, fixed, seen) for key, one in content}
        return pairs if name == "dict" else Counter(pairs)
    found = _CLASSES[name]
    if found in _RECORDS:
        record = found(*(_decoded(one, fixed, seen) for one in content))
        seen.append(record)
        return record
    made = found.__new__(found)
    derived = getattr(found, "DERIVED", ())
    for key, one in content.items():
        part = _decoded(one, fixed, seen)
        if key not in derived:
            setattr(made, key, part)
    for key, one in fixed.items():
        if key in getattr(found, "FIXED", ()):
            setattr(made, key, one)
    return made
