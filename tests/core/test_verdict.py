"""A verdict is a record in one order, with one id for one incident."""

from __future__ import annotations

import dataclasses
import json
from itertools import permutations

import pytest

from enumwatch.core.evidence import Evidence
from enumwatch.core.verdict import VERDICTS, Actor, Verdict, finding_id, is_at_least, rank, worst_first

from .making import START


def verdict(name: str = "Low-Level Enumeration", score: int = 30, start: int = START, id: str = "ew-1") -> Verdict:
    """A finding of which only this matters."""
    return Verdict(id, "email_enumeration", 1, name, score, "low", "t", Actor(), start, start + 1, start)


def test_the_ladder_goes_from_compromise_to_nothing() -> None:
    assert VERDICTS[0] == "Compromise Suspected"
    assert VERDICTS[-1] == "No Finding"
    assert [rank(name) for name in VERDICTS] == list(range(12))


def test_an_unknown_verdict_has_no_rank() -> None:
    with pytest.raises(KeyError):
        rank("Bad")


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [
        ("Compromise Suspected", "Password Spray", True),
        ("Password Spray", "Password Spray", True),
        ("Password Guessing", "Password Spray", False),
    ],
)
def test_is_at_least_compares_by_the_ladder(one: str, other: str, is_so: bool) -> None:
    assert is_at_least(one, other) is is_so


def test_findings_are_ordered_by_verdict_then_score_then_time_then_id() -> None:
    wanted = [
        verdict("Compromise Suspected", 10, id="ew-9"),
        verdict(score=40, start=START + 5),
        verdict(score=30, start=START),
        verdict(score=30, start=START + 1, id="ew-1"),
        verdict(score=30, start=START + 1, id="ew-2"),
    ]
    for order in permutations(wanted):
        assert sorted(order, key=worst_first) == wanted


def test_the_record_is_written_with_its_keys_in_order_and_times_as_text() -> None:
    row = verdict(start=START + 500_000).to_dict()
    assert list(row) == [field.name for field in dataclasses.fields(Verdict)]
    assert list(row["evidence"]) == [field.name for field in dataclasses.fields(Evidence)]
    assert list(row["actor"]) == ["ip", "cidr", "asn", "user_agent", "app", "app_id", "client_app", "account", "host"]
    assert row["window_start"] == "2026-03-02T09:00:00.5Z"
    assert row["window_end"] == "2026-03-02T09:00:00.500001Z"
    assert json.loads(json.dumps(row)) == row


def test_writing_a_record_leaves_it_as_it_was() -> None:
    one = verdict()
    one.to_dict()["names_found"].append("x")
    assert one == verdict()


def test_an_id_is_short_and_depends_on_every_part_and_its_place() -> None:
    ids = {finding_id("a", "bc"), finding_id("ab", "c"), finding_id("bc", "a"), finding_id("a", "b", "c")}
    assert len(ids) == 4
    assert all(len(one) == 19 and one.startswith("ew-") for one in ids)
    assert finding_id("a", 1, None) == finding_id("a", 1, None)


def test_an_id_can_be_made_of_half_a_surrogate() -> None:
    assert finding_id("\ud800") != finding_id("?")
