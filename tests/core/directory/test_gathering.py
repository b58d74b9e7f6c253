"""The rule as a whole: its findings rest on what had happened, on content and not on order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.core.contact import Contact
from enumwatch.core.directory.gathering import identity_gathering, without_those_told_worse
from enumwatch.core.success import success_rows
from enumwatch.core.times import SECOND

from ..identity import READS, START, low, read, row
from ..rule_properties import (
    assert_order_never_shows,
    assert_tenants_are_apart,
    assert_updates_change_nothing,
    assert_weeks_only_shift,
    assert_what_was_told_holds,
)

KNOWN = low()
MOMENTS = st.integers(0, 11 * 86_400).map(lambda seconds: START + seconds * SECOND)


def test_reads_by_chance_reach_both_verdicts() -> None:
    reached: set[str] = set()

    @settings(max_examples=150, derandomize=True, database=None)
    @given(READS)
    def collect(rows: list[Contact]) -> None:
        reached.update(one.verdict for _, one in identity_gathering(sorted(rows), KNOWN))

    collect()
    assert reached == {"Directory Harvest", "Identity Probing"}


@given(READS, st.integers(0, 999))
def test_the_order_of_contacts_never_shows(rows: list[Contact], seed: int) -> None:
    assert_order_never_shows(identity_gathering, rows, KNOWN, seed)


@given(READS, READS)
def test_another_tenant_changes_nothing(rows: list[Contact], others: list[Contact]) -> None:
    assert_tenants_are_apart(identity_gathering, rows, others, KNOWN)


@given(READS, st.integers(1, 60))
def test_whole_weeks_only_shift(rows: list[Contact], weeks: int) -> None:
    assert_weeks_only_shift(identity_gathering, rows, KNOWN, weeks)


@given(READS, MOMENTS)
def test_an_update_rests_on_nothing_after_it(rows: list[Contact], moment: int) -> None:
    assert_what_was_told_holds(identity_gathering, rows, KNOWN, moment)


@given(READS)
def test_without_updates_the_last_word_is_the_same(rows: list[Contact]) -> None:
    assert_updates_change_nothing(identity_gathering, rows, KNOWN)


@given(READS)
def test_successes_may_come_apart(rows: list[Contact]) -> None:
    came = [one for one in rows if one.outcome == "success"]
    others = [one for one in rows if one.outcome != "success"]
    apart = identity_gathering(sorted(others), KNOWN, True, success_rows(came))
    assert [str(one) for one in apart] == [str(one) for one in identity_gathering(sorted(rows), KNOWN)]


def test_growth_is_told_by_doubling_and_at_the_end() -> None:
    reads = [read(turn * 2, f"/v1.0/users/{turn}", user_agent="azurehound/2") for turn in range(30)]
    told = [verdict.evidence.objects_read for _, verdict in identity_gathering(reads, KNOWN)]
    assert told == [6, 12, 24, 30]


def test_what_another_rule_told_before_under_the_same_id_is_left_out() -> None:
    names = ["j.doe", "john.doe", "jdoe"]
    tries = [
        row(turn, "sign_in", source="entra_signin", target=f"{name}@contoso.example") for turn, name in enumerate(names)
    ]
    own = list(identity_gathering(tries, KNOWN))
    time, verdict = own[0]
    assert verdict.verdict == "Identity Probing"
    assert without_those_told_worse(own, [(time, verdict)]) == []
    assert without_those_told_worse(own, [(time + 1, verdict)]) == own
