"""Which limits are turned, and to what."""

from __future__ import annotations

import pytest

from enumwatch.core.verdict import VERDICTS
from enumwatch.rulebook.compiled import compiled
from enumwatch.rulebook.load import load
from enumwatch.rulebook.ranges import range_of
from enumwatch.tuning.thresholds import (
    FACTORS,
    MAIN,
    Setting,
    Threshold,
    changed,
    group_of,
    is_in_order,
    rungs,
    settings_of,
    thresholds_of,
)

RULES = load().detections


def test_every_rule_has_a_main_threshold_and_every_one_is_a_limit() -> None:
    assert {one.detection for one in MAIN} == set(RULES)
    assert [one for one in MAIN if one.limit not in RULES[one.detection].limits] == []
    assert {one.verdict for one in MAIN} <= {"", *VERDICTS}
    assert len(set(MAIN)) == len(MAIN)


@pytest.mark.parametrize("threshold", MAIN, ids=lambda one: f"{one.detection}.{one.limit}")
def test_values_to_try_lie_in_the_range_of_the_limit_on_both_sides_of_now(threshold: Threshold) -> None:
    limit = RULES[threshold.detection].limits[threshold.limit]
    made = dict(rungs(limit, FACTORS))
    assert all(range_of(limit).holds(number) for number in made.values())
    assert all((number < limit.number) is (factor < 1) for factor, number in made.items())
    assert any(factor > 1 for factor in made)
    assert len(set(made.values())) == len(made)


@pytest.mark.parametrize(
    ("rule", "limit", "values"),
    [
        ("email_enumeration", "address_level", [4, 5, 12, 16]),
        ("password_spray", "round_names", [2, 6, 8]),
        ("success_after_enumeration", "success_share", [0.125, 0.175, 0.35, 0.5]),
        ("success_after_enumeration", "follow", [84 * 3600, 118 * 3600, 235 * 3600, 14 * 86400]),
    ],
)
def test_whole_numbers_move_away_from_now_and_none_stands_twice(rule: str, limit: str, values: list[float]) -> None:
    assert [number for _, number in rungs(RULES[rule].limits[limit], FACTORS)] == values


def test_changed_leaves_the_rulebook_as_it_is() -> None:
    book = compiled()
    now = book["detections"]["password_spray"]["limits"]["names"]
    other = changed(book, [Setting(Threshold("password_spray", "names"), 2.0, 20)])
    assert other["detections"]["password_spray"]["limits"]["names"] == 20
    assert book["detections"]["password_spray"]["limits"]["names"] == now == 10
    assert other["detections"]["email_enumeration"] is book["detections"]["email_enumeration"]


def test_rules_that_are_decided_together_are_one_group() -> None:
    assert "email_enumeration" in group_of("password_spray")
    assert group_of("account_creation") == ("account_creation",)


def test_only_rules_asked_for_are_turned() -> None:
    made = settings_of(thresholds_of(["password_guessing"]), RULES, (2.0,))
    assert [(one.threshold.limit, one.number) for one in made] == [("burst_attempts", 20), ("hour_attempts", 100)]


def test_values_that_turn_the_order_of_limits_round_are_seen() -> None:
    spray = RULES["password_spray"]
    assert is_in_order(spray, [Setting(Threshold("password_spray", "names"), 2.0, 20)])
    assert not is_in_order(spray, [Setting(Threshold("password_spray", "names"), 4.0, 40)])
