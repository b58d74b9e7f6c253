"""A proposal keeps to its budget where it can, goes no further, and never hides an attack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.core.making import context

from enumwatch.core.decide import Decision
from enumwatch.core.verdict import HIGH
from enumwatch.rulebook.load import load
from enumwatch.tuning.proposal import Proposal, propose
from enumwatch.tuning.thresholds import Setting, Threshold
from enumwatch.tuning.told import Told
from enumwatch.tuning.trying import Tried, told_under, try_settings

from .logs import ATTACKER, busy
from .test_told import told

RULES = load().detections
ASKED = ("email_enumeration", "password_spray")
LEVEL, NAMES = Threshold("email_enumeration", "address_level"), Threshold("password_spray", "names")
DAYS = 10.0


def proposed(now: Sequence[Told], by_setting: Mapping[Setting, Sequence[Told]], budget: float) -> Proposal:
    """The proposal where several values together tell what each of them leaves."""
    tried = Tried(now, Decision(), by_setting, DAYS, False, ())

    def verify(chosen: Sequence[Setting]) -> list[Told]:
        return [one for one in now if all(one in by_setting[setting] for setting in chosen)]

    return propose(tried, RULES, budget, verify)


EVERY = [told(who=f"192.0.2.{turn}") for turn in range(10)]
SOME, MANY = Setting(LEVEL, 1.4, 12), Setting(LEVEL, 2.0, 16)
OTHER, LOWER = Setting(NAMES, 1.4, 14), Setting(LEVEL, 0.5, 4)


def test_within_the_budget_nothing_changes() -> None:
    found = proposed(EVERY, {MANY: []}, 1.0)
    assert (found.settings, found.before, found.after) == ((), 1.0, 1.0)


def test_the_smallest_change_that_is_enough_is_taken() -> None:
    found = proposed(EVERY, {SOME: EVERY[:6], MANY: []}, 0.7)
    assert found.settings == (SOME,)
    assert (found.after, found.is_within_budget) == (0.6, True)
    assert list(found.difference.lost) == EVERY[6:]


def test_where_one_threshold_is_not_enough_another_is_added() -> None:
    found = proposed(EVERY, {SOME: EVERY[:6], OTHER: EVERY[3:]}, 0.3)
    assert set(found.settings) == {SOME, OTHER}
    assert found.after == 0.3


def test_a_budget_out_of_reach_is_said() -> None:
    found = proposed(EVERY, {SOME: EVERY[:6]}, 0.1)
    assert found.settings == (SOME,)
    assert not found.is_within_budget


def test_a_value_that_loses_an_attack_is_never_taken() -> None:
    sure = told(HIGH, "203.0.113.9")
    now = [*EVERY, sure]
    found = proposed(now, {MANY: [], SOME: [*EVERY[:9], sure]}, 0.1)
    assert found.settings == (SOME,)
    weaker = [*EVERY[:2], told("Moderate Enumeration", "203.0.113.9")]
    assert proposed(now, {MANY: weaker}, 0.1).settings == ()


def test_values_that_lose_an_attack_only_together_are_taken_back() -> None:
    sure = told(HIGH, "203.0.113.9")
    now = [*EVERY, sure]
    by_setting = {SOME: [*EVERY[:6], sure], OTHER: [*EVERY[3:], sure]}
    tried = Tried(now, Decision(), by_setting, DAYS, False, ())
    found = propose(tried, RULES, 0.3, lambda chosen: EVERY[:6] if len(chosen) > 1 else [*EVERY[:6], sure])
    assert len(found.settings) == 1
    assert sure not in found.difference.lost


def test_a_limit_is_never_made_looser_nor_its_order_turned_round() -> None:
    assert proposed(EVERY, {LOWER: [*EVERY, told(who="192.0.2.99")]}, 0.1).settings == ()
    turned = Setting(Threshold("email_enumeration", "moderate_names"), 3.0, 60)
    assert proposed(EVERY, {turned: []}, 0.1).settings == ()


def test_on_contacts_the_small_runs_go_and_the_attack_stays() -> None:
    log = busy()
    tried = try_settings(log, context(), RULES, ASKED)
    found = propose(tried, RULES, 0.1, lambda chosen: told_under(log, context(), ASKED, chosen))
    assert found.settings
    assert all(one.factor > 1 for one in found.settings)
    assert found.after <= 0.1 < found.before
    assert len(found.difference.lost) == 6
    assert ATTACKER not in {value for one in found.difference.lost for _, value in one.who}


def test_where_two_rules_tell_the_same_both_are_made_stricter_and_nothing_that_is_idle() -> None:
    idle = Setting(Threshold("password_spray", "round_names"), 1.4, 6)
    now = [one._replace(detection="password_spray") for one in EVERY]
    tried = Tried(now, Decision(), {SOME: now, OTHER: now, idle: now}, DAYS, False, ())
    found = propose(tried, RULES, 0.1, lambda chosen: [] if {SOME, OTHER} <= set(chosen) else now)
    assert set(found.settings) == {SOME, OTHER}
    assert found.after == 0


def test_together_nothing_is_taken_that_hides_an_attack() -> None:
    sure = told(HIGH, "203.0.113.9")
    now = [*EVERY, sure]
    tried = Tried(now, Decision(), {SOME: now, OTHER: now}, DAYS, False, ())
    assert propose(tried, RULES, 0.1, lambda chosen: [] if len(chosen) > 1 else now).settings == ()
