"""SQL of expressions and conditions of the rulebook, over the raw fields of a record."""

from __future__ import annotations

import re

from ...rulebook.condition import Absent, Condition, EndsNot, Matches, NoneOf, OneOf, Present, StartsWith
from ...rulebook.expression import Case, Expression, Field, First, Map, Match, Template
from .reach import identifier, literal


def raw(name: str) -> str:
    """Name of the column that holds a raw field."""
    return identifier(f"raw_{name}")


def expression(value: Expression, known: frozenset[str]) -> str:
    """SQL of an expression; NULL where it is empty. Raw fields that the shape does not have are empty."""
    if isinstance(value, Template):
        return _template(value, known)
    if isinstance(value, First):
        options = [expression(option, known) for option in value.options]
        options = [option for option in options if option != "NULL"]
        return f"coalesce({', '.join(options)})" if options else "NULL"
    if isinstance(value, Map):
        inner = expression(value.value, known)
        otherwise = expression(value.otherwise, known) if value.otherwise is not None else "NULL"
        if inner == "NULL":
            return otherwise
        whens = " ".join(f"WHEN {literal(key)} THEN {expression(result, known)}" for key, result in value.to)
        return f"CASE {inner} {whens} ELSE {otherwise} END"
    if isinstance(value, Match):
        return _match(value, known)
    assert isinstance(value, Case)
    inner = expression(value.value, known)
    return inner if inner == "NULL" else f"{'upper' if value.is_upper else 'lower'}({inner})"


def _template(value: Template, known: frozenset[str]) -> str:
    parts = []
    for part in value.parts:
        if isinstance(part, str):
            parts.append(literal(part))
        elif part.name not in known:
            return "NULL"
        else:
            parts.append(_field(part))
    if not parts:
        return "NULL"
    return parts[0] if len(parts) == 1 else "(" + " || ".join(parts) + ")"


def _field(field: Field) -> str:
    column = raw(field.name)
    if not field.empties:
        return column
    return f"CASE WHEN {column} NOT IN ({', '.join(map(literal, field.empties))}) THEN {column} END"


def _match(value: Match, known: frozenset[str]) -> str:
    inner = expression(value.value, known)
    if inner == "NULL":
        return "NULL"
    pattern = literal(value.pattern)
    if value.becomes is not None:
        return f"CASE WHEN regexp_matches({inner}, {pattern}) THEN {literal(value.becomes)} END"
    group = 1 if _has_group(value.pattern) else 0
    found = f"nullif(regexp_extract({inner}, {pattern}, {group}), '')"
    if value.decode == "url":
        return f"try(url_decode(replace({found}, '+', '%2B')))"
    if value.decode == "plus":
        return f"replace({found}, '+', ' ')"
    return found


def _has_group(pattern: str) -> bool:
    return re.compile(pattern).groups > 0


def condition(field: str, value: Condition, known: frozenset[str]) -> str:
    """SQL of a condition on a raw field; never NULL."""
    column = raw(field) if field in known else "NULL"
    if isinstance(value, Present):
        return f"{column} IS NOT NULL"
    if isinstance(value, Absent):
        return f"{column} IS NULL"
    text = f"coalesce({column}, '')"
    if isinstance(value, OneOf):
        return f"{text} IN ({', '.join(map(literal, value.values))})"
    if isinstance(value, NoneOf):
        return f"{text} NOT IN ({', '.join(map(literal, value.values))})"
    if isinstance(value, Matches):
        return f"regexp_matches({text}, {literal(value.pattern)})"
    if isinstance(value, StartsWith):
        return "(" + " OR ".join(f"starts_with({text}, {literal(prefix)})" for prefix in value.prefixes) + ")"
    assert isinstance(value, EndsNot)
    return f"NOT suffix({text}, {literal(value.suffix)})"
