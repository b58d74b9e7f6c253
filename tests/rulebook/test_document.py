"""Documents: strict YAML with the line of everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from enumwatch.rulebook.document import Document, read_document


def read(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "x.yml"
    path.write_text(text, encoding="utf-8")
    return read_document(path, "x.yml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("true", True),
        ("yes", "yes"),
        ("off", "off"),
        ("2026-03-02", "2026-03-02"),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"),
        ("12:30:00", "12:30:00"),
        ("0777", "0777"),
        ("1_000", "1_000"),
        ("~", None),
        ('"7"', "7"),
        (".inf", ".inf"),
        ("0x10", "0x10"),
    ],
)
def test_scalar_is_what_was_written(tmp_path: Path, text: str, value: Any) -> None:
    assert read(tmp_path, f"key: {text}\n").value == {"key": value}


def test_keys_stay_text(tmp_path: Path) -> None:
    assert read(tmp_path, "{0: a, no: b, 1.5: c, null: d}\n").value == {"0": "a", "no": "b", "1.5": "c", "null": "d"}


def test_lines_are_those_of_keys_and_items(tmp_path: Path) -> None:
    document = read(tmp_path, "a:\n  - x\n  - b: 1\n    c: 2\n")
    assert document.line(("a",)) == 1
    assert document.line(("a", 1)) == 3
    assert document.line(("a", 1, "c")) == 4
    assert document.line(("a", 1, "c", "deeper")) == 4


def test_aliases_are_read_where_they_are_used(tmp_path: Path) -> None:
    document = read(tmp_path, "a: &x {k: [1]}\nb: *x\n")
    assert document.value == {"a": {"k": [1]}, "b": {"k": [1]}}
    assert document.problems == []


def test_aliases_that_grow_without_bound_are_stopped(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    document = read(tmp_path, "\n".join(lines))
    assert [problem.what for problem in document.problems] == ["the file grows too large or too deep"]


def test_an_alias_of_itself_is_stopped(tmp_path: Path) -> None:
    document = read(tmp_path, "a: &a [*a]\n")
    assert [problem.what for problem in document.problems] == ["an alias stands within what it names"]


def test_deep_nesting_ends_in_a_problem_and_not_in_a_crash(tmp_path: Path) -> None:
    document = read(tmp_path, "a: " + "[" * 5000 + "]" * 5000)
    assert document.problems


def test_two_documents_in_one_file_are_refused(tmp_path: Path) -> None:
    told = str(read(tmp_path, "a: 1\n---\nb: 2\n").problems[0])
    assert told.endswith(":2: not valid YAML: a second document begins; expected one document a file")


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    document = read_document(tmp_path / "gone.yml", "gone.yml")
    assert str(document.problems[0]) == "gone.yml:1: the file cannot be read; found No such file or directory"


def test_message_cannot_move_the_cursor(tmp_path: Path) -> None:
    document = read(tmp_path, 'id: "a\\e[2Jb"\nx: 1\n')
    document.add(("x",), "bad", found="\x1b[31m")
    assert "\x1b" not in str(document.problems[0])


@pytest.mark.parametrize("deep", ["[" * 60_000, '{"a":' * 60_000, "- " * 60_000, "[" * 60_000 + "]" * 60_000])
def test_a_file_that_goes_too_deep_is_told_and_costs_no_process(tmp_path: Path, deep: str) -> None:
    (problem,) = read(tmp_path, f"id: x\nkey: {deep}" if deep[0] != "-" else deep).problems
    assert problem.what == "not valid YAML: it is nested more than 40 levels deep"
