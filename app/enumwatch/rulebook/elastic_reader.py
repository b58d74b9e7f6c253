"""Reads what a source file says about its log in Elasticsearch."""

from __future__ import annotations

import re
from typing import Any

from .problems import Trail, place
from .reader import Reader
from .source import ElasticIndex, Shape

# What may stand in an index pattern; a comma, a minus or an angle bracket in front would mean something else.
INDEX_PATTERN = r"^[a-z0-9][a-z0-9._*-]*$"


def read_elastic(reader: Reader, value: Any, trail: Trail) -> ElasticIndex:
    """Return the section; faults are noted in the reader's document."""

    def index(text: Any, where: Trail) -> str:
        found = reader.text(text, where)
        if found and not re.search(INDEX_PATTERN, found):
            expected = "lower-case letters, digits and . _ - *, a letter or digit first"
            reader.add(where, f"{place(where)} is no index pattern", expected, found)
        return found

    def indices(texts: Any, where: Trail) -> tuple[str, ...]:
        return reader.items(texts, where, index)

    content = reader.mapping(value, trail, ("shape", "indices"), ())
    return ElasticIndex(
        shape=reader.take(content, "shape", reader.name, "", trail),
        indices=reader.take(content, "indices", indices, (), trail),
    )


def check_elastic(reader: Reader, section: ElasticIndex, shapes: tuple[Shape, ...], trail: Trail) -> None:
    """Notes where the section names no shape, or one whose records are not documents."""
    if not section.shape:
        return
    found = next((shape for shape in shapes if shape.id == section.shape), None)
    where = (*trail, "shape")
    if found is None:
        expected = "one of " + ", ".join(shape.id for shape in shapes)
        reader.add(where, f"{place(where)} is no shape of this source", expected, section.shape)
    elif found.each is not None or found.nested is not None:
        what = f"{place(where)} has records inside of records"
        reader.add(where, what, "a shape without each and nested", section.shape)
