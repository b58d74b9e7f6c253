"""Expressions and conditions of the rulebook as eval."""

from __future__ import annotations

from typing import Any

import pytest

from enumwatch.engines.splunk.expression import ALWAYS, NEVER, Steps, condition, expression
from enumwatch.rulebook.condition import parse_condition
from enumwatch.rulebook.expression import parse_expression

KNOWN = {"user": "ew_user", "code": "ew_code", "uri": "ew_uri", "a": "ew_a", "b": "ew_b", "c": "ew_c", "d": "ew_d"}


def made(value: Any) -> tuple[str | None, list[str]]:
    steps = Steps()
    return expression(parse_expression(value), KNOWN, steps), steps.commands


@pytest.mark.parametrize(
    ("value", "spl"),
    [
        ("sign_in", '"sign_in"'),
        ("", None),
        ("{user}", "ew_user"),
        ("{missing}", None),
        ("x:{missing}", None),
        ("4625:{code}", '"4625:" . ew_code'),
        ("{code|0x0}", 'if(match(ew_code,"^(?:0x0)$"),null(),ew_code)'),
        (["{user}", "{missing}", "{code}"], "coalesce(ew_user,ew_code)"),
        (["{missing}", "{code}"], "ew_code"),
        ({"map": "{code}", "to": {"x": "y"}}, 'case(ew_code="x","y")'),
        ({"map": "{code}", "to": {"0": ""}, "else": "{user}"}, 'case(match(ew_code,"^(?:0)$"),null(),true(),ew_user)'),
        ({"map": "{missing}", "to": {"0": "x"}, "else": "{user}"}, "ew_user"),
        ({"match": "{uri}", "pattern": "a\\.b", "becomes": 'q"'}, 'if(match(ew_uri,"a\\.b"),"q\\"",null())'),
        ({"match": "{missing}", "pattern": "x"}, None),
    ],
)
def test_an_expression_is_eval_and_nothing_where_it_is_always_empty(value: Any, spl: str | None) -> None:
    assert made(value) == (spl, [])


@pytest.mark.parametrize(
    ("value", "commands"),
    [
        ({"match": "{uri}", "pattern": "(?i)^/(x|y)(z)"}, ['rex field=ew_uri "(?i)^/(?<ew_step1>x|y)(?:z)"']),
        ({"match": "{uri}", "pattern": "(?i)x+"}, ['rex field=ew_uri "(?i)(?<ew_step1>x+)"']),
        (
            {"match": "{uri}", "pattern": "[(](?:a|b)([^)]*)"},
            [
                'rex field=ew_uri "[(](?:a|b)(?<ew_step1>[^)]*)"',
                "eval ew_step1=if(len(ew_step1)>0,ew_step1,null())",
            ],
        ),
        (
            {"match": "{uri}", "pattern": "(x.)", "decode": "plus"},
            [
                'rex field=ew_uri "(?<ew_step1>x.)"',
                'eval ew_step1=replace(ew_step1,"\\+"," ")',
                'eval ew_step1=replace(ew_step1,"^ +| +$","")',
            ],
        ),
        ({"lower": "{user}"}, ["eval ew_step1=lower(ew_user)"]),
    ],
)
def test_what_needs_a_command_of_its_own_is_made_before(value: Any, commands: list[str]) -> None:
    assert made(value) == ("ew_step1", commands)


def test_a_broken_escape_is_no_value_and_a_plus_sign_stays_one() -> None:
    _, commands = made({"match": "{uri}", "pattern": "(x.)", "decode": "url"})
    assert commands[-2] == "eval ew_step1=urldecode(ew_step1)"
    assert 'null(),replace(ew_step1,"\\+","%2B")' in commands[-3]


def test_what_is_asked_for_twice_is_made_once() -> None:
    steps = Steps()
    same = parse_expression({"match": "{uri}", "pattern": "(x)"})
    assert expression(same, KNOWN, steps) == expression(same, KNOWN, steps) == "ew_step1"
    assert len(steps.commands) == 1


def test_a_long_text_is_put_together_in_steps() -> None:
    assert made("{a}|{b}|{c}|{d}") == ('ew_step1 . "|" . ew_d', ['eval ew_step1=ew_a . "|" . ew_b . "|" . ew_c'])


@pytest.mark.parametrize(
    ("field", "value", "spl"),
    [
        ("user", "present", "isnotnull(ew_user)"),
        ("user", "absent", "isnull(ew_user)"),
        ("user", ["a"], 'ew_user="a"'),
        ("user", {"not": ["a", "b"]}, 'NOT in(coalesce(ew_user,""),"a","b")'),
        ("user", {"matches": "^a"}, 'match(ew_user,"^a")'),
        ("user", {"starts": ["a.", "b"]}, 'match(ew_user,"^(?:a\\.|b)")'),
        ("user", {"ends_not": "$"}, 'NOT match(coalesce(ew_user,""),"\\$$")'),
        ("missing", "present", NEVER),
        ("missing", ["a"], NEVER),
        ("missing", {"matches": "a"}, NEVER),
        ("missing", "absent", ALWAYS),
        ("missing", {"not": ["a"]}, ALWAYS),
        ("missing", {"ends_not": "a"}, ALWAYS),
    ],
)
def test_a_condition_is_true_only_where_it_holds(field: str, value: Any, spl: str) -> None:
    assert condition(field, parse_condition(value), KNOWN) == spl
