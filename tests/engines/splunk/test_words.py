"""Texts, patterns and field names mean only themselves in a search."""

from __future__ import annotations

import pytest

from enumwatch.engines.splunk.words import field, is_one_of, pattern, text


def test_quotes_and_backslashes_stay_inside_a_text() -> None:
    assert text('a"b') == '"a\\"b"'
    assert text("AD\\user") == '"AD\\\\user"'
    assert text('\\" OR true() | delete') == '"\\\\\\" OR true() | delete"'


def test_only_a_backslash_that_stands_for_itself_is_doubled_in_a_pattern() -> None:
    assert pattern(r"^\d+\.x") == r'"^\d+\.x"'
    assert pattern(r"a\\b") == r'"a\\\\b"'
    assert pattern('[^"]') == r'"[^\"]"'


def test_marks_in_a_field_name_need_quotes() -> None:
    assert field("resultType") == "resultType"
    assert field("properties.userPrincipalName") == "'properties.userPrincipalName'"
    assert field("target{}.type") == "'target{}.type'"
    with pytest.raises(ValueError, match="no way to write"):
        field("a'b")


def test_values_that_read_as_numbers_are_compared_as_texts() -> None:
    assert is_one_of("x", ["one"]) == 'x="one"'
    assert is_one_of("x", ["one", "two"]) == 'in(x,"one","two")'
    assert is_one_of("x", ["0"]) == 'match(x,"^(?:0)$")'
    assert is_one_of("x", ["0x0", "1.5"]) == r'match(x,"^(?:0x0|1\.5)$")'
