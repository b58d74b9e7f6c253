"""Names with what to do about each; who was merely tried is never reset, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from tests.hostile.corpus import CORPUS, FORMULAS

from enumwatch.core.context import Context
from enumwatch.exports.names import csv_lines, names_of
from enumwatch.rulebook.load import load

from .material import Row, examples, one, rules


def table(context: Context, *findings: Row) -> list[dict[str, str]]:
    made = "".join(csv_lines(names_of(findings, context.organisation, rules()), str))
    return list(csv.DictReader(io.StringIO(made)))


def test_each_name_has_the_action_of_the_worst_that_happened_to_it(context: Context) -> None:
    rows = table(context, *examples())
    actions = {row["name"]: row["action"] for row in rows}
    assert len(rows) == len(actions)
    assert actions["dilek.adler@contoso.example"] == "reset and revoke"
    assert actions["payroll.test@contoso.example"] == "review decoy"
    assert actions["anna.adler@contoso.example"] == "watch"
    assert [row["action"] for row in rows[:2]] == ["reset and revoke"] * 2


def test_no_name_is_reset_that_nobody_got_into(context: Context) -> None:
    compromised = {name for row in examples() for name in row["compromised_accounts"]}
    reset = {row["name"] for row in table(context, *examples()) if "reset" in row["action"]}
    assert reset == compromised


def test_names_that_were_merely_tried_are_not_handed_over(context: Context) -> None:
    row = one(["198.51.100.7"], names_found=["found@contoso.example"])
    row["evidence"]["names_sample"] = {
        "not_found": ["tried@contoso.example"],
        "exists_bad_secret": ["x@contoso.example"],
    }
    assert [each["name"] for each in table(context, row)] == ["found@contoso.example"]


def test_texts_are_those_of_the_playbook_with_the_times_of_the_finding(context: Context) -> None:
    handover = load().playbooks["T1589.002"].handover
    assert handover is not None
    (row,) = table(context, one([], compromised_accounts=["a@contoso.example"]))
    assert row["what_to_do"] == handover.names["reset"].replace("{window_start}", "2026-03-02T09:00:00Z")
    (row,) = table(context, one([], names_found=["a@contoso.example"]))
    assert "for 14 days after 2026-03-02T10:00:00Z" in row["what_to_do"]


def test_the_owner_of_a_service_account_is_asked_first(context: Context) -> None:
    (row,) = table(context, one([], compromised_accounts=["SVC.backup@contoso.example"]))
    assert (row["kind"], row["action"]) == ("service", "reset and revoke")
    assert row["what_to_do"].startswith("Agree with the owner")


def test_one_name_in_other_spelling_is_one_row_of_its_tenant(context: Context) -> None:
    first = one([], names_found=["Anna@contoso.example"])
    again = one([], number=2, compromised_accounts=["anna@contoso.example"])
    elsewhere = one([], number=3, names_found=["anna@contoso.example"], tenant="other")
    assert [(row["tenant"], row["state"]) for row in table(context, first, again, elsewhere)] == [
        (first["tenant"], "compromised"),
        ("other", "found"),
    ]


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_hostile_names_stay_in_their_cell_and_run_nowhere(text: str, context: Context) -> None:
    row: Any = one([], compromised_accounts=[text])
    row["evidence"]["decoy_names"] = ["plain@contoso.example"]
    made = "".join(csv_lines(names_of([row], context.organisation, rules()), str))
    assert made.count("\r\n") == 3
    assert not any(ord(letter) < 32 for letter in made.replace("\r\n", ""))
    cells = [cell for cells in csv.reader(io.StringIO(made)) for cell in cells]
    assert len(cells) == 30
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d")) for cell in cells)
    assert text not in FORMULAS or cells[10].startswith("'")
