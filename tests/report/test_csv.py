"""CSV keeps its columns and starts no formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from tests.hostile.corpus import FORMULAS, each_hostile_text, poisoned
from tests.report import examples, more_examples

from enumwatch.report.csv import COLUMNS, csv_lines, findings_csv


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_columns_do_not_depend_on_the_findings() -> None:
    header = ",".join(f'"{column}"' for column in COLUMNS) + "\r\n"
    assert findings_csv([]) == header
    assert findings_csv(more_examples.verdicts()).startswith(header)
    assert len(set(COLUMNS)) == len(COLUMNS)


def test_findings_come_worst_first_with_plain_numbers() -> None:
    table = rows(findings_csv(more_examples.verdicts()))
    assert [row["score"] for row in table] == ["97", "82", "64", "58", "20", "55"]
    assert table[0]["absent_ratio"] == "0.92"
    assert table[0]["names_absent"] == "357"


def test_lists_are_joined_and_nulls_are_empty() -> None:
    first = rows(findings_csv([examples.compromise()]))[0]
    assert first["compromised_accounts"] == "dilek.adler@contoso.example|jonas.adler@contoso.example"
    assert first["actor_account"] == ""


def test_a_bar_inside_a_name_cannot_split_the_list() -> None:
    verdict = examples.high_enumeration() | {"names_found": ["a|b", "c"]}
    assert rows(findings_csv([verdict]))[0]["names_found"] == "a\\x7cb|c"


def test_suppressed_findings_name_their_entry() -> None:
    row = rows(findings_csv([more_examples.suppressed_pen_test()]))[0]
    assert row["suppressed_entry"] == "lookups/enumwatch_allowlist.csv:3"
    assert row["suppressed_reason"] == "pen test 2026-03"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_would_be_a_formula_gets_an_apostrophe(text: str) -> None:
    row = rows(findings_csv([poisoned(examples.compromise(), text)]))[0]
    filled = [cell for cell in row.values() if cell and not cell[0].isdigit()]
    assert len(filled) > 20
    assert [cell for cell in filled if cell[0] != "'" and not cell.startswith("source ")] == []


def test_a_negative_number_stays_a_number() -> None:
    verdict: dict[str, Any] = examples.high_enumeration()
    verdict["evidence"]["gap_variation"] = -0.5
    assert rows(findings_csv([verdict]))[0]["gap_variation"] == "-0.5"


@each_hostile_text
def test_hostile_text_stays_in_its_cell(text: str) -> None:
    written = findings_csv([poisoned(verdict, text) for verdict in more_examples.verdicts()])
    written.encode("utf-8")
    table = rows(written)
    assert len(table) == 6
    assert all(None not in row and None not in row.values() for row in table)
    assert all(cell.isprintable() and len(cell) < 32_767 for row in table for cell in row.values())


def test_lines_can_be_written_one_at_a_time_in_the_order_given() -> None:
    verdicts = more_examples.verdicts()
    lines = list(csv_lines(verdicts))
    assert len(lines) == 7
    assert [row["finding_id"] for row in rows("".join(lines))] == [verdict["finding_id"] for verdict in verdicts]
