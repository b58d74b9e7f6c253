from __future__ import annotations

import pytest

from enumwatch.core.lookup_rows import LookupProblems, LookupRow, ProblemList, numbered, shown, text_of


def test_rows_without_a_line_count_from_the_header() -> None:
    rows = [{"a": "1"}, LookupRow({"a": "2"}, 17), {"a": "3"}]
    assert [line for line, _ in numbered(rows)] == [2, 17, 4]


def test_a_missing_or_padded_cell_reads_as_plain_text() -> None:
    assert text_of({"a": "  x "}, "a") == "x"
    assert text_of({}, "a") == ""


def test_hostile_text_stays_one_short_line() -> None:
    assert shown("a\nb\x1b[31m") == '"a\\nb\\u001b[31m"'
    assert len(shown("x" * 10_000)) < 80
    assert shown(None) == "nothing"


def test_one_error_carries_every_problem() -> None:
    problems = ProblemList("own/enumwatch_domains.csv")
    problems.raise_if_any()
    problems.add(3, "kind is empty", "a kind", "")
    assert not problems.add_choice(9, "kind", "x", ("own", "retired"))
    assert problems.add_choice(10, "kind", "own", ("own", "retired"))
    with pytest.raises(LookupProblems) as caught:
        problems.raise_if_any()
    assert str(caught.value).splitlines() == [
        'own/enumwatch_domains.csv:3: kind is empty; expected a kind, found ""',
        'own/enumwatch_domains.csv:9: unknown kind; expected one of own, retired, found "x"',
    ]
    assert [problem.where for problem in caught.value.problems] == [
        "own/enumwatch_domains.csv:3",
        "own/enumwatch_domains.csv:9",
    ]
