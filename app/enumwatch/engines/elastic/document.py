"""Document: the raw texts of one document, read from its source as the local engine reads a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...rulebook.path import Index, Key, Pick, Step
from ..local.shape import Path, Shape, cleaned

_MILLISECOND = 1_000


def raw_texts(source: Mapping[str, Any], shape: Shape, names: Iterable[str]) -> dict[str, str | None]:
    """The texts of these raw fields, each the first of its paths that means something."""
    found: dict[str, str | None] = {}
    for name in names:
        texts = (cleaned(_plain(_at(source, path))) for path in shape.fields[name])
        found[name] = next((text for text in texts if text is not None), None)
    return found


def roots(shape: Shape, names: Iterable[str]) -> list[str]:
    """The parts of a document's source that hold these raw fields."""
    return sorted({_root(path) for name in names for path in shape.fields[name]})


def time_of(hit: Mapping[str, Any], time_field: str) -> int:
    """The time of a hit that was asked for it in milliseconds; microseconds."""
    return int(float(hit["fields"][time_field][0])) * _MILLISECOND


def _root(path: Path) -> str:
    keys: list[str] = []
    for step in path:
        if not isinstance(step, Key):
            break
        keys.append(step.name)
    return ".".join(keys)


def _plain(value: Any) -> Any:
    """A list or an object as the JSON it is."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


def _at(value: Any, path: Sequence[Step]) -> Any:
    """The value at a path; keys may stand one in the other or joined by dots."""
    if not path or value is None:
        return value
    step = path[0]
    if isinstance(step, Index):
        is_there = isinstance(value, list) and len(value) > step.position
        return _at(value[step.position], path[1:]) if is_there else None
    if isinstance(step, Pick):
        rows = value if isinstance(value, list) else []
        fits = (row for row in rows if isinstance(row, Mapping) and row.get(step.key) == step.value)
        return _at(next(fits, None), path[1:])
    if not isinstance(value, Mapping):
        return None
    name = ""
    for number, key in enumerate(path):
        if not isinstance(key, Key):
            break
        name = f"{name}.{key.name}" if name else key.name
        if name in value:
            found = _at(value[name], path[number + 1 :])
            if found is not None:
                return found
    return None
