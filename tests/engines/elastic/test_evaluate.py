"""Expressions and conditions mean here what they mean in the SQL of the local engine."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.engines.elastic.evaluate import checking, reading
from enumwatch.engines.local import sql
from enumwatch.engines.local.shape import prepare
from enumwatch.rulebook.compiled import compiled
from enumwatch.rulebook.condition import Condition, parse_condition
from enumwatch.rulebook.expression import Expression, fields_of, parse_expression

SHAPES = prepare(compiled())
RULES = {f"{shape.source}-{number}": rule for shape in SHAPES for number, rule in enumerate(shape.rules)}
TEXTS: tuple[str | None, ...] = (
    *(None, "", "0", "0x0", "0X0", "0x00000000", "401", "50053", "UserLoggedIn", "FAILURE", "SystemPrincipal", "unknown"),
    *("The account is LOCKED", "malicious IP", "locked\n", "true", "$", "HOST$", "a$\n", "NetApp\\user", "smtp~a@b.example"),
    *("/autodiscover/autodiscover.json/v1.0/anna%40example.com", "?Email=anna%2Bx@example.com&Protocol=A", "email=%ff%fe&a"),
    *("/Autodiscover//Autodiscover.json", "/owa/auth.owa", "/ews/exchange.asmx", "GET", "line\nbreak", "Mozilla/5.0+(X11)"),
    *("https://graph.example/v1.0/users?$skiptoken=1", "https://graph.example/beta/Groups/1/members", "4768", "445"),
    *("0123456789abcdef0123456789ABCDEFanna@example.com", "203.0.113.1, 198.51.100.2", "[UserPrincipalName]", '["a@b.example"]'),
    *("\u017f\u212a", "ÄÖÜß İı\u017f", "Ω\u0345", "\u0663\u0664", "tab\tspace \xa0", "ŉ ﬁ ǅ", "user.lifecycle.delete.initiated"),
)  # fmt: skip
ODD_TEXT = st.text(st.sampled_from("aA1._-@/?&=%+ \n\t$[](){}\\^İß\u017fKΣ\u212a\u0663\xa0\x0b"), max_size=12)


def rows_for(names: list[str]) -> list[dict[str, str | None]]:
    """Every text for one field, a choice of combinations for more."""
    if len(names) == 1:
        return [{names[0]: text} for text in TEXTS]
    dice = Random(",".join(names))
    return [{name: dice.choice(TEXTS) for name in names} for _ in range(150)]


def by_sql(select: str, rows: list[dict[str, str | None]]) -> list[Any]:
    names = list(rows[0])
    columns = ", ".join(sql.raw(name) for name in names)
    marks = ", ".join(f"CAST(? AS VARCHAR) AS {sql.raw(name)}" for name in names)
    found = []
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE record ({', '.join(f'{sql.raw(name)} VARCHAR' for name in names)}, place INTEGER)")
        for place, row in enumerate(rows):
            db.execute(f"INSERT INTO record BY NAME SELECT {marks}, {place} AS place", list(row.values()))
        found = db.execute(f"SELECT {select} FROM (SELECT {columns}, place FROM record) ORDER BY place").fetchall()
    return [value for (value,) in found]


def expression_by_sql(value: Expression, rows: list[dict[str, str | None]]) -> list[Any]:
    # The rules clean what an expression gives; an empty text and none are the same to them.
    return [text or None for text in by_sql(sql.expression(value, frozenset(rows[0])), rows)]


def in_python(value: Expression, row: Mapping[str, str | None]) -> str | None:
    return reading(value)(row) or None


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_expression_of_the_rulebook_gives_what_the_database_gives(name: str) -> None:
    checked = 0
    for value in RULES[name].set.values():
        fields = sorted(fields_of(value))
        if fields:
            rows = rows_for(fields)
            assert [in_python(value, row) for row in rows] == expression_by_sql(value, rows), value
            checked += 1
    assert checked


@pytest.mark.parametrize("name", sorted(name for name in RULES if RULES[name].when))
def test_every_condition_of_the_rulebook_holds_where_it_holds_in_the_database(name: str) -> None:
    for field, condition in RULES[name].when:
        rows = rows_for([field])
        assert [checking(condition)(row[field]) for row in rows] == condition_by_sql(field, condition, rows), condition


def condition_by_sql(field: str, condition: Condition, rows: list[dict[str, str | None]]) -> list[Any]:
    return by_sql(sql.condition(field, condition, frozenset({field})), rows)


@pytest.mark.parametrize(
    "value",
    [
        "{x}",
        "a{x}b",
        "{x||a|A}",
        ["{x|a}", "none"],
        {"lower": "{x}"},
        {"upper": "{x}"},
        {"map": "{x}", "to": {"a": "1", "": "2"}, "else": "{x}"},
        {"match": "{x}", "pattern": r"^(.*)$", "decode": "url"},
        {"match": "{x}", "pattern": r"(?i)k+", "becomes": "k"},
        {"match": "{x}", "pattern": r"\s+$", "becomes": "space"},
        {"match": "{x}", "pattern": r"[\s$]+", "decode": "plus"},
        {"match": "{x}", "pattern": r"[^]a]\w?\W"},
        {"match": "{x}", "pattern": r"\d|\$|[a$]$"},
    ],
    ids=str,
)
@settings(max_examples=25)
@given(texts=st.lists(st.none() | ODD_TEXT, min_size=20, max_size=40))
def test_odd_texts_come_out_alike(value: Any, texts: list[str | None]) -> None:
    parsed = parse_expression(value)
    rows = [{"x": text} for text in texts]
    assert [in_python(parsed, row) for row in rows] == expression_by_sql(parsed, rows)


@pytest.mark.parametrize(
    "value", ["present", "absent", ["a", ""], {"not": ["a", ""]}, {"matches": "^$|a"}, {"starts": ["a", "@"]}, {"ends_not": "$"}],
    ids=str,
)  # fmt: skip
def test_conditions_hold_alike(value: Any) -> None:
    condition = parse_condition(value)
    rows = rows_for(["x"])
    found = condition_by_sql("x", condition, rows)
    assert [checking(condition)(row["x"]) for row in rows] == found
    assert len(set(found)) == 2
