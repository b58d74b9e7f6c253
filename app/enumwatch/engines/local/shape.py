"""Shape: one form in which a log arrives, prepared from the rulebook, and how to tell it from others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ...core.event import EMPTY_TEXTS
from ...rulebook.condition import Condition, parse_condition
from ...rulebook.expression import Expression, parse_expression
from ...rulebook.path import Index, Key, Pick, Step, parse_path

Path = tuple[Step, ...]
# What the event rules of a source may set, in the order of the event table.
EVENT_FIELDS = (
    *("kind", "source", "tenant", "time", "event_id", "src_ip", "asn", "country", "user_agent", "app", "app_id"),
    *("client_app", "actor", "host", "target", "target_visible", "code", "reason"),
)


@dataclass(frozen=True)
class EventRule:
    """One rule of a source: when it holds, which event fields it sets."""

    when: tuple[tuple[str, Condition], ...]
    set: Mapping[str, Expression]


@dataclass(frozen=True)
class Shape:
    """One shape of one source, its paths and rules parsed."""

    source: str
    id: str
    provider: str
    form: str
    present: tuple[Path, ...]
    any_of: tuple[Path, ...]
    absent: tuple[Path, ...]
    equals: tuple[tuple[Path, tuple[str, ...]], ...]
    each: Path | None
    split: str | None
    nested: Path | None
    fields: Mapping[str, tuple[Path, ...]]
    rules: tuple[EventRule, ...]

    @property
    def name(self) -> str:
        return f"{self.source}/{self.id}"

    def recognises(self, record: Mapping[str, Any]) -> bool:
        """True where a record has what this shape asks for."""
        return (
            all(text_at(record, path) is not None for path in self.present)
            and (not self.any_of or any(text_at(record, path) is not None for path in self.any_of))
            and not any(text_at(record, path) is not None for path in self.absent)
            and all(text_at(record, path) in values for path, values in self.equals)
        )


def prepare(rulebook: Mapping[str, Any], arrival: Sequence[str] = ()) -> list[Shape]:
    """Every shape of every source of a compiled rulebook, in the order in which they are tried.

    With `arrival`, the paths at which any record may say when it arrived, each has a raw field of that name.
    """
    also = {"arrival": list(arrival)} if arrival else {}
    return [_shape(source, shape, also) for source in rulebook["sources"].values() for shape in source["shapes"]]


def _shape(source: Mapping[str, Any], shape: Mapping[str, Any], also: Mapping[str, Sequence[str]]) -> Shape:
    recognise = shape["recognise"]
    common = {field: parse_expression(value) for field, value in source.get("common", {}).items()}
    return Shape(
        source=source["id"],
        id=shape["id"],
        provider=source["provider"],
        form=shape["form"],
        present=tuple(parse_path(path) for path in recognise.get("present", ())),
        any_of=tuple(parse_path(path) for path in recognise.get("any", ())),
        absent=tuple(parse_path(path) for path in recognise.get("absent", ())),
        equals=tuple((parse_path(path), tuple(values)) for path, values in recognise.get("equals", {}).items()),
        each=parse_path(shape["each"]) if "each" in shape else None,
        split=shape.get("split"),
        nested=parse_path(shape["nested"]) if "nested" in shape else None,
        fields={name: tuple(map(parse_path, paths)) for name, paths in {**shape["fields"], **also}.items()},
        rules=tuple(
            EventRule(
                when=tuple((field, parse_condition(value)) for field, value in rule.get("when", {}).items()),
                set={**common, **{field: parse_expression(value) for field, value in rule["set"].items()}},
            )
            for rule in source["event"]
        ),
    )


def heading(text: str) -> str:
    """A table heading in the form in which headings are compared: case and runs of white space do not matter."""
    return _short_heading(text) if len(text) <= _LONGEST_KEPT else _compared(text)


def _compared(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


# The same few names stand in every record of a sample; what a log makes up at length is not kept.
_LONGEST_KEPT = 64
_short_heading = lru_cache(maxsize=4096)(_compared)


def path_text(path: Path) -> str:
    """A path as an operator reads it."""
    return ".".join(step.name for step in path if isinstance(step, Key))


def text_at(record: Mapping[str, Any], path: Path) -> str | None:
    """The text a path leads to in a record, None where there is nothing or an empty value.

    A dotted key such as "source.ip" is found as well, and the first key is compared as a heading.
    """
    dotted = ".".join(step.name for step in path if isinstance(step, Key))
    value = _under(record, dotted) if all(isinstance(step, Key) for step in path) else None
    if value is None:
        value = _walk(record, path)
    return cleaned(value)


def cleaned(value: object) -> str | None:
    """The text of a raw value, trimmed; None for what means nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip(" \t\r\n")
    return None if text in EMPTY_TEXTS else text


def _under(record: Mapping[str, Any], key: str) -> Any:
    if key in record:
        return record[key]
    wanted = heading(key)
    return next((value for name, value in record.items() if heading(name) == wanted), None)


def _walk(record: Mapping[str, Any], path: Iterable[Step]) -> Any:
    value: Any = record
    for step in path:
        if isinstance(step, Key):
            value = value.get(step.name) if isinstance(value, Mapping) else None
        elif isinstance(step, Index):
            value = value[step.position] if isinstance(value, list) and len(value) > step.position else None
        elif isinstance(step, Pick):
            rows = value if isinstance(value, list) else []
            value = next((row for row in rows if isinstance(row, Mapping) and row.get(step.key) == step.value), None)
        if value is None:
            return None
    return value
