"""Patterns: what RE2 and Python read differently."""

from __future__ import annotations

import pytest

from enumwatch.engines.elastic.pattern import as_python


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        ("a$", "a\n", False),
        (r"a\$", "a$b", True),
        ("[$]b", "$b", True),
        (r"[]$]\z", "$", True),
        (r"\s", "\xa0", False),
        (r"[\s]", "\x0b", False),
        (r"^\S$", "\xa0", True),
        (r"\d", "\u0663", False),
        (r"^\W\D$", "\u0663\u0663", True),
        (r"[\w]", "ä", False),
        (r"\\d", r"\d", True),
    ],
)
def test_pattern_means_what_it_means_to_the_database(pattern: str, text: str, is_found: bool) -> None:
    assert (as_python(pattern).search(text) is not None) is is_found


@pytest.mark.parametrize("pattern", [r"[\S]", r"[^\D]", r"\bword", r"\B"])
def test_what_cannot_be_told_in_ascii_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="cannot be told in ASCII"):
        as_python(pattern)
