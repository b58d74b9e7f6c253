"""Evaluate: expressions and conditions of the rulebook as functions over the raw texts of a record.

They give what the SQL of the local engine gives; a text that is not there is None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote_to_bytes

from ...rulebook.condition import Absent, Condition, EndsNot, Matches, NoneOf, OneOf, Present, StartsWith
from ...rulebook.expression import Expression, Field, First, Map, Match, Template
from .pattern import as_python

Texts = Mapping[str, "str | None"]
Reading = Callable[[Texts], "str | None"]
Test = Callable[["str | None"], bool]

_CAPITALS = {"\u00df": "\u1e9e"}


def reading(value: Expression) -> Reading:
    """The function that gives the text of an expression for the raw texts of a record."""
    if isinstance(value, Template):
        return _template(value)
    if isinstance(value, First):
        return _first([reading(option) for option in value.options])
    if isinstance(value, Map):
        return _map(value)
    if isinstance(value, Match):
        return _match(value)
    inner = reading(value.value)
    change = upper if value.is_upper else lower
    return lambda texts: None if (text := inner(texts)) is None else change(text)


def checking(value: Condition) -> Test:
    """The function that tells whether a condition holds for a raw text."""
    if isinstance(value, Present):
        return lambda text: text is not None
    if isinstance(value, Absent):
        return lambda text: text is None
    if isinstance(value, OneOf | NoneOf):
        values, wanted = frozenset(value.values), isinstance(value, OneOf)
        return lambda text: ((text or "") in values) is wanted
    if isinstance(value, Matches):
        search = as_python(value.pattern).search
        return lambda text: search(text or "") is not None
    if isinstance(value, StartsWith):
        prefixes = value.prefixes
        return lambda text: (text or "").startswith(prefixes)
    assert isinstance(value, EndsNot)
    suffix = value.suffix
    return lambda text: not (text or "").endswith(suffix)


def lower(text: str) -> str:
    """The text in lower case, character by character as the database does it."""
    return text.lower() if text.isascii() else "".join(one.lower()[0] for one in text)


def upper(text: str) -> str:
    """The text in upper case; a character that would become two stays, but for the one that has a capital since 2008."""
    if text.isascii():
        return text.upper()
    return "".join(one.upper() if len(one.upper()) == 1 else _CAPITALS.get(one, one) for one in text)


def _first(options: list[Reading]) -> Reading:
    def first(texts: Texts) -> str | None:
        for option in options:
            text = option(texts)
            if text is not None:
                return text
        return None

    return first


def _field(field: Field) -> Reading:
    name, empties = field.name, frozenset(field.empties)
    if not empties:
        return lambda texts: texts.get(name)
    return lambda texts: None if (text := texts.get(name)) in empties else text


def _template(value: Template) -> Reading:
    if not value.parts:
        return lambda texts: None
    if len(value.parts) == 1:
        (only,) = value.parts
        return _field(only) if isinstance(only, Field) else lambda texts: only
    parts = [_field(part) if isinstance(part, Field) else part for part in value.parts]

    def filled(texts: Texts) -> str | None:
        found = []
        for part in parts:
            text = part if isinstance(part, str) else part(texts)
            if text is None:
                return None
            found.append(text)
        return "".join(found)

    return filled


def _map(value: Map) -> Reading:
    inner = reading(value.value)
    otherwise: Reading = (lambda texts: None) if value.otherwise is None else reading(value.otherwise)
    # Of two entries for one value the first counts, as in SQL.
    to = {key: reading(result) for key, result in reversed(value.to)}

    def mapped(texts: Texts) -> str | None:
        text = inner(texts)
        return (otherwise if text is None else to.get(text, otherwise))(texts)

    return mapped


def _match(value: Match) -> Reading:
    inner, pattern = reading(value.value), as_python(value.pattern)
    becomes, decode, group = value.becomes, value.decode, 1 if pattern.groups else 0

    def matched(texts: Texts) -> str | None:
        text = inner(texts)
        found = None if text is None else pattern.search(text)
        if found is None:
            return None
        if becomes is not None:
            return becomes
        part = found.group(group) or None
        return part if part is None or decode is None else _decoded(part, decode)

    return matched


def _decoded(text: str, decode: str) -> str | None:
    if decode == "plus":
        return text.replace("+", " ")
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return None
