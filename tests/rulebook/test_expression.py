"""Expressions: the grammar of event fields."""

from __future__ import annotations

from typing import Any

import pytest

from enumwatch.rulebook.expression import (
    Case,
    Expression,
    ExpressionError,
    Field,
    First,
    Map,
    Match,
    Template,
    fields_of,
    literals_of,
    parse_expression,
)

WHO = Template((Field("who"),))
NO_EXPRESSION = "not an expression; expected text, a list, or a mapping with map, match, lower or upper, found "


@pytest.mark.parametrize(
    ("value", "expression"),
    [
        ("sign_in", Template(("sign_in",))),
        ("", Template(())),
        ("{who}", WHO),
        ("4625:{status}", Template(("4625:", Field("status")))),
        ("{a}|{b}", Template((Field("a"), "|", Field("b")))),
        ("{sub|0x0|0x00}", Template((Field("sub", ("0x0", "0x00")),))),
        (["{who}", "nobody"], First((WHO, Template(("nobody",))))),
        ({"lower": "{who}"}, Case(WHO)),
        ({"upper": "{who}"}, Case(WHO, is_upper=True)),
        ({"map": "{who}", "to": {"x": ""}}, Map(WHO, (("x", Template(())),))),
        ({"map": "{who}", "to": {"x": ["{who}"]}, "else": "{who}"}, Map(WHO, (("x", First((WHO,))),), WHO)),
        ({"match": "{who}", "pattern": "^(.)"}, Match(WHO, "^(.)")),
        (
            {"match": {"lower": "{who}"}, "pattern": ".", "becomes": "true", "decode": "url"},
            Match(Case(WHO), ".", "true", "url"),
        ),
    ],
)
def test_value_is_this_expression(value: Any, expression: Expression) -> None:
    assert parse_expression(value) == expression


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (7, NO_EXPRESSION + "the number 7"),
        (True, NO_EXPRESSION + "the yes/no value true"),
        ([], "no option; expected at least one expression, found an empty list"),
        ([["{x"]], '[0][0]: a brace without its partner; expected {field} placeholders, found text "{x"'),
        ("{no name}", 'the placeholder {no name} names no field; expected a raw field name, found text "{no name}"'),
        ({"map": "{x}"}, 'the key "to" is missing; expected to, found map'),
        (
            {"map": "{x}", "to": {}},
            "to: no values to map; expected a mapping from value to expression, found an empty mapping",
        ),
        ({"lower": "{x}", "upper": "{x}"}, 'upper: unknown key "upper"; expected one of lower, found "upper"'),
        ({"match": "{x}", "pattern": 5}, "pattern: pattern is no text; expected text, found the number 5"),
    ],
)
def test_fault_is_told_with_its_place(value: Any, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse_expression(value)
    assert str(error.value) == message


def test_all_raw_fields_of_an_expression_are_found() -> None:
    value = [{"map": "{a}", "to": {"x": "{b}"}, "else": {"lower": "{c}-{d}"}}, {"match": "{e}", "pattern": "."}]
    assert fields_of(parse_expression(value)) == {"a", "b", "c", "d", "e"}


def test_fixed_results_are_found_and_raw_values_left_out() -> None:
    value = [
        "{a}",
        {"map": "{a}", "to": {"x": "One"}, "else": {"upper": "two"}},
        {"match": "{a}", "pattern": ".", "becomes": "three"},
    ]
    assert literals_of(parse_expression(value)) == {"One", "TWO", "three"}
