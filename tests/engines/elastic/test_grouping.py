"""Rows into contacts: what is counted, and what counts once."""

from __future__ import annotations

from enumwatch.core.times import DAY, HOUR, from_iso
from enumwatch.engines.elastic.grouping import Grouping, Record, each_once
from enumwatch.engines.elastic.rows import Row, Rows
from enumwatch.engines.local.shape import prepare
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

NOON = from_iso("2026-03-02T12:30:00Z")
ROWS = Rows(next(one for one in prepare(compiled()) if one.name == "entra_signin/ecs"), load_lookups().outcomes)


def row(code: str = "50034", **more: str) -> Row:
    texts: dict[str, str | None] = {
        "code": code,
        "target": "anna@example.com",
        "app": "Portal",
        "src_ip": "203.0.113.9",
    }
    made = ROWS.row({**texts, **more})
    assert made is not None
    return made


def test_failures_are_kept_per_hour_and_successes_per_day_without_their_app() -> None:
    grouping = Grouping()
    for made in (row(), row("0")):
        grouping.add(made, 2, NOON, NOON + 1)
        grouping.add(made, 3, NOON + HOUR, NOON + HOUR)
    first, second, success = sorted(grouping.contacts(), key=lambda one: (one.outcome, one.hour))
    assert (first.hour, first.attempts, first.app) == (NOON - HOUR // 2, 2, "Portal")
    assert (second.hour, second.attempts) == (NOON + HOUR // 2, 3)
    assert (success.hour, success.attempts, success.app, success.code) == (NOON - NOON % DAY, 5, "", "")
    assert (success.first, success.last) == (NOON, NOON + HOUR)


def test_noise_is_counted_by_code_and_makes_no_contact() -> None:
    grouping = Grouping()
    grouping.add(row("50058"), 4, NOON, NOON)
    grouping.add_record(Record(NOON, row("50058"), "id"))
    assert list(grouping.contacts()) == []
    assert grouping.noise == {"50058": 5}


def test_a_failure_counts_once_for_its_id_across_parts_and_the_earliest_stays() -> None:
    seen: set[str] = set()
    records = [Record(NOON + 1, row(), "id"), Record(NOON, row(target="other"), "id"), Record(NOON, row(), "")]
    assert list(each_once(records, seen)) == [records[2], records[1]]
    assert list(each_once([Record(NOON + DAY, row(), "id")], seen)) == []


def test_a_success_that_was_written_down_twice_counts_once_and_moves_its_times() -> None:
    grouping = Grouping()
    for record in each_once([Record(NOON, row("0"), "id"), Record(NOON + 5, row("0"), "id")], set()):
        grouping.add_record(record)
    (contact,) = grouping.contacts()
    assert (contact.attempts, contact.first, contact.last) == (1, NOON, NOON + 5)
