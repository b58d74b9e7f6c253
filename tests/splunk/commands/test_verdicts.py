"""What is too much for the memory of a search head is cut, said, and caps the verdict."""

from __future__ import annotations

import pytest
from tests.splunk.harness import Row, body_of

from enumwatch.splunk.commands import gathering
from enumwatch.splunk.commands.picking import Remembered
from enumwatch.splunk.commands.verdicts import Verdicts, Wanted

EVERYTHING = Wanted(None, is_updates=False, is_remembered=False, is_suppressed=False, is_summary=False)


def tries(number: int, **more: str) -> list[Row]:
    return [
        {"_time": f"{1_700_000_000 - 7 * n}.5", "log_source": "entra_signin", "src_ip": "203.0.113.9"}
        | {"target": f"n{n}@contoso.example", "code": "50034", **{name: f"{text}{n}" for name, text in more.items()}}
        for n in range(number)
    ]


def answered(verdicts: Verdicts, *bodies: bytes) -> list[dict[str, object]]:
    for body in bodies:
        verdicts.take_body(body.decode())
    return list(verdicts.finish())


def test_too_many_groups_are_cut_and_cap_the_verdict() -> None:
    whole, cut = Verdicts(EVERYTHING), Verdicts(EVERYTHING, most=60)
    body = body_of(tries(80))
    assert [row["verdict"] for row in answered(whole, body)] == ["High Confidence Enumeration"]
    (row,) = answered(cut, body)
    assert (row["verdict"], row["names_tried"]) == ("Moderate Enumeration", 60)
    assert cut.warnings == [
        "20 rows were left out because more than 60 groups of them do not fit: "
        "search a shorter time, one log at a time, or over the contacts"
    ]
    assert row["gaps"] == [f"Truncated: {cut.warnings[0]}"]
    assert whole.warnings == []


def test_known_groups_go_on_being_counted() -> None:
    cut = Verdicts(EVERYTHING, most=60)
    (row,) = answered(cut, body_of(tries(60)), body_of(tries(60)))
    assert (row["attempts"], cut.warnings) == (120, [])


@pytest.mark.parametrize("column", ["event_id", "app"])
def test_the_cut_does_not_depend_on_how_the_rows_come(column: str) -> None:
    body = body_of(tries(80, **{column: "x"}))
    at_once, one_by_one = Verdicts(EVERYTHING, most=50), Verdicts(EVERYTHING, most=50)
    header, *lines = body.decode().splitlines(keepends=True)
    expected = answered(at_once, body)
    assert answered(one_by_one, *((header + line).encode() for line in lines)) == expected
    assert one_by_one.warnings == at_once.warnings != []


def test_ids_beyond_the_limit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_MOST_IDS", 60)
    verdicts = Verdicts(EVERYTHING)
    body = body_of(tries(70, event_id="id "))
    answered(verdicts, body, body)
    assert verdicts.gathering.repeated == 60
    (said,) = verdicts.warnings
    assert said.startswith("20 rows came after a million others")


def test_answers_are_worked_out_again_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("enumwatch.splunk.commands.picking._MOST_ANSWERS", 3)
    asked: list[int] = []
    doubled = Remembered(lambda number: asked.append(number) or 2 * number)
    assert [doubled[number] for number in (1, 2, 1, 3, 4, 1)] == [2, 4, 2, 6, 8, 2]
    assert asked == [1, 2, 3, 4, 1]
