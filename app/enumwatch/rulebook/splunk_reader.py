"""Reads what a source file says about its log in Splunk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .path import Key, Step
from .problems import Trail, place
from .reader import Reader
from .source import SplunkShape

# What may stand in a search between double quotes and mean only itself.
_SEARCHABLE = re.compile(r"[\w:.,/ -]+\Z")


def read_splunk(reader: Reader, value: Any, trail: Trail) -> SplunkShape:
    """Return the section; faults are noted in the reader's document."""
    content = reader.mapping(value, trail, ("addon", "sourcetypes", "fields"), ("select",))
    fields: dict[str, tuple[tuple[Step, ...], ...]] = reader.take(content, "fields", reader.fields, {}, trail)
    for name, paths in fields.items():
        for number, path in enumerate(paths):
            _check_path(reader, path, (*trail, "fields", name, number))

    def searchable(text: Any, where: Trail) -> str:
        found = reader.text(text, where)
        if found and not _SEARCHABLE.match(found):
            expected = "letters, digits, spaces and : . , / _ -"
            reader.add(where, f"{place(where)} would mean something else in a search", expected, found)
        return found

    def all_searchable(texts: Any, where: Trail) -> tuple[str, ...]:
        return reader.items(texts, where, searchable)

    def select(values: Any, where: Trail) -> Mapping[str, tuple[str, ...]]:
        found = reader.any_mapping(values, where)
        return {
            searchable(field, (*where, field)): all_searchable(texts, (*where, field)) for field, texts in found.items()
        }

    return SplunkShape(
        addon=reader.take(content, "addon", reader.text, "", trail),
        sourcetypes=reader.take(content, "sourcetypes", all_searchable, (), trail),
        select=reader.take(content, "select", select, {}, trail),
        fields=fields,
    )


def _check_path(reader: Reader, path: tuple[Step, ...], trail: Trail) -> None:
    places = [position for position, step in enumerate(path) if not isinstance(step, Key)]
    if places and (len(places) > 1 or len(path) - places[0] > 2):
        what = f"{place(trail)} cannot be found in the text of an event"
        reader.add(trail, what, "one index or pick, and at most one key after it")
