"""Conditions and patterns: the grammar of what a raw field must be like."""

from __future__ import annotations

from typing import Any

import pytest

from enumwatch.rulebook.condition import (
    Absent,
    Condition,
    EndsNot,
    Matches,
    NoneOf,
    OneOf,
    Present,
    StartsWith,
    parse_condition,
)
from enumwatch.rulebook.expression import ExpressionError
from enumwatch.rulebook.pattern import pattern_fault


@pytest.mark.parametrize(
    ("value", "condition"),
    [
        (["4768", "4771"], OneOf(("4768", "4771"))),
        ("present", Present()),
        ("absent", Absent()),
        ({"not": ["444"]}, NoneOf(("444",))),
        ({"matches": "(?i)^/owa"}, Matches("(?i)^/owa")),
        ({"starts": ["BULK", "UPLOAD"]}, StartsWith(("BULK", "UPLOAD"))),
        ({"ends_not": "$"}, EndsNot("$")),
    ],
)
def test_value_is_this_condition(value: Any, condition: Condition) -> None:
    assert parse_condition(value) == condition


@pytest.mark.parametrize(
    "value", ["login", 4768, None, [], [4768], {}, {"not": []}, {"ends_not": ""}, {"matches": "("}, {"a": 1, "b": 2}]
)
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(ExpressionError):
        parse_condition(value)


@pytest.mark.parametrize(
    "pattern", [r"(?i)^(?:a|b)\d{1,3}$", r"[\s+]*x", r"\++", r"[(?=]", r"\(\?=", r"a{2}?", r"\\1", r"[\1a]", "##(.*)"]
)
def test_pattern_that_every_engine_reads_passes(pattern: str) -> None:
    assert pattern_fault(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    ["a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)", r"(a)\1", "(?P<n>a)", "(?>a)", "a++", "a{2}+", "(", "[a", "(?(1)a)"],
)
def test_pattern_that_only_some_engines_read_is_refused(pattern: str) -> None:
    assert pattern_fault(pattern)


def test_accepted_patterns_of_the_shipped_sources_run_in_the_database() -> None:
    import duckdb

    from enumwatch.rulebook.document import walk
    from enumwatch.rulebook.load import load

    patterns = {
        value
        for source in load().sources.values()
        for trail, value in walk(source.content["event"])
        if trail and trail[-1] in ("pattern", "matches")
    }
    assert len(patterns) > 20
    for pattern in patterns:
        assert duckdb.execute("select regexp_extract('text', ?)", [pattern]).fetchone() is not None
