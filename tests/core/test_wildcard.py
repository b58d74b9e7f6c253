from __future__ import annotations

import fnmatch
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.wildcard import Wildcard, has_wildcard, matches_everything

LETTERS = st.text("aAb.[]", max_size=12)
PATTERNS = st.text("aAb.*?", max_size=8)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("svc-*@contoso.example", "SVC-backup@Contoso.example", True),
        ("svc-*@contoso.example", "xsvc-a@contoso.example", False),
        ("svc-*@contoso.example", "svc-a@contoso.example.evil", False),
        ("user??", "user01", True),
        ("user??", "user1", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("*a*b*", "xxbaxxb", True),
        ("*a*b*", "xxbba", False),
        ("Mozilla/5.0 [*](x*)", "mozilla/5.0 [nt](x)", True),
        ("a*b", "a\nb", True),
        ("*?x", "x", False),
    ],
)
def test_patterns_fit_the_whole_value_in_any_case(pattern: str, text: str, fits: bool) -> None:
    assert Wildcard(pattern).matches(text) is fits


@given(PATTERNS, LETTERS)
def test_patterns_agree_with_the_shell(pattern: str, text: str) -> None:
    assert Wildcard(pattern).matches(text) == fnmatch.fnmatchcase(text.lower(), pattern.lower())


def test_a_hostile_value_costs_linear_time() -> None:
    pattern = Wildcard("*a*a*a*a*a*a*a*a*b")
    started = time.perf_counter()
    assert not pattern.matches("a" * 20_000)
    assert time.perf_counter() - started < 2


def test_a_pattern_of_wildcards_alone_matches_everything() -> None:
    assert [value for value in ("*", "**", "?*", "a*", "", "a") if matches_everything(value)] == ["*", "**", "?*"]
    assert [value for value in ("a", "a*", "?", "") if has_wildcard(value)] == ["a*", "?"]
