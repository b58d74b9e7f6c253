"""The same contacts under every setting, each as a scan with that limit would decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.core.making import context

from enumwatch.core.decide import decide
from enumwatch.engines.local.side_by_side import side_by_side
from enumwatch.rulebook.load import load
from enumwatch.tuning.thresholds import Setting, Threshold, changed
from enumwatch.tuning.told import Told, told_of
from enumwatch.tuning.trying import Trial, told_under, try_settings

from .logs import ATTACKER, busy, log_of, small_runs

RULES = load().detections
LEVEL = Threshold("email_enumeration", "address_level")
WATCHING = ("email_enumeration", "password_spray", "password_guessing", "success_after_enumeration")


def test_each_setting_tells_what_a_scan_with_that_limit_tells() -> None:
    log = busy()
    tried = try_settings(log, context(), RULES, WATCHING)
    assert len(tried.now) == 7
    assert {one.threshold for one in tried.by_setting} >= {LEVEL}
    for setting, told in tried.by_setting.items():
        if setting.threshold == LEVEL:
            other = context()
            rulebook = changed(other.rulebook, [setting])
            scan = decide(log.contacts, type(other)(**{**vars(other), "rulebook": rulebook}), WATCHING, False)
            assert [one.finding_id for one in told] == [one.finding_id for one in scan.findings]
    counts = {one.factor: len(told) for one, told in tried.by_setting.items() if one.threshold == LEVEL}
    assert counts == {0.5: 7, 0.7: 7, 1.4: 7, 2.0: 1}


def test_rules_whose_kinds_are_not_in_the_log_are_silent_and_cost_nothing() -> None:
    tried = try_settings(busy(), context(), RULES, [*WATCHING, "account_creation"])
    assert tried.silent == ["account_creation"]
    assert {one.threshold.detection for one in tried.by_setting} == set(WATCHING)


def test_a_log_that_is_too_large_gets_fewer_values() -> None:
    log = log_of(small_runs(2))
    whole = try_settings(log, context(), RULES, ["password_spray"])
    fewer = try_settings(log, context(), RULES, ["password_spray"], most_work=70)
    least = try_settings(log, context(), RULES, ["password_spray"], most_work=1)
    assert [one.is_shortened for one in (whole, fewer, least)] == [False, True, True]
    assert {one.factor for one in fewer.by_setting} == {0.7, 1.4}
    assert {one.factor for one in least.by_setting} == {1.4}


def test_trials_are_shared_out_and_come_back_to_their_settings() -> None:
    shares: list[int] = []

    def backwards(work: Callable[[Trial], list[Told]], trials: Sequence[Trial]) -> list[list[Told]]:
        shares.append(len(trials))
        assert all(one.size == 8 * len(one.log.contacts) for one in trials)
        return list(reversed([work(one) for one in reversed(trials)]))

    log = busy()
    assert try_settings(log, context(), RULES, WATCHING, backwards).by_setting == (
        try_settings(log, context(), RULES, WATCHING, side_by_side).by_setting
    )
    assert shares == [len(try_settings(log, context(), RULES, WATCHING).by_setting)]
    assert shares[0] > 60


def test_told_under_several_values_at_once() -> None:
    log = busy()
    told = told_under(log, context(), WATCHING, [Setting(LEVEL, 2.0, 16)])
    assert [one.actor for one in told] == [(("ip", ATTACKER),)]


def test_days_are_one_at_least() -> None:
    assert log_of(small_runs(1)).days == 1
    assert 15 < busy().days < 15.1


def test_what_is_now_is_what_a_scan_tells() -> None:
    log = busy()
    scan = decide(log.contacts, context(), WATCHING, False)
    assert list(try_settings(log, context(), RULES, WATCHING).now) == [told_of(one) for one in scan.findings]
