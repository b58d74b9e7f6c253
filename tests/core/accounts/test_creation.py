"""The rule as a whole: its findings rest on what had happened, on content and not on order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.core.accounts.creation import account_creation
from enumwatch.core.contact import Contact
from enumwatch.core.times import SECOND

from ..identity import MAKINGS, START, low, made, mail
from ..rule_properties import (
    assert_order_never_shows,
    assert_tenants_are_apart,
    assert_updates_change_nothing,
    assert_weeks_only_shift,
    assert_what_was_told_holds,
)

KNOWN = low()
MOMENTS = st.integers(0, 11 * 86_400).map(lambda seconds: START + seconds * SECOND)


def test_makings_by_chance_reach_both_verdicts() -> None:
    reached: set[str] = set()

    @settings(max_examples=150, derandomize=True, database=None)
    @given(MAKINGS)
    def collect(rows: list[Contact]) -> None:
        reached.update(one.verdict for _, one in account_creation(sorted(rows), KNOWN))

    collect()
    assert reached == {"Account Creation Burst", "Suspicious New Account"}


@given(MAKINGS, st.integers(0, 999))
def test_the_order_of_contacts_never_shows(rows: list[Contact], seed: int) -> None:
    assert_order_never_shows(account_creation, rows, KNOWN, seed)


@given(MAKINGS, MAKINGS)
def test_another_tenant_changes_nothing(rows: list[Contact], others: list[Contact]) -> None:
    assert_tenants_are_apart(account_creation, rows, others, KNOWN)


@given(MAKINGS, st.integers(1, 60))
def test_whole_weeks_only_shift(rows: list[Contact], weeks: int) -> None:
    assert_weeks_only_shift(account_creation, rows, KNOWN, weeks)


@given(MAKINGS, MOMENTS)
def test_an_update_rests_on_nothing_after_it(rows: list[Contact], moment: int) -> None:
    assert_what_was_told_holds(account_creation, rows, KNOWN, moment)


@given(MAKINGS)
def test_without_updates_the_last_word_is_the_same(rows: list[Contact]) -> None:
    assert_updates_change_nothing(account_creation, rows, KNOWN)


def test_a_suspicious_account_that_becomes_a_burst_keeps_its_id() -> None:
    rows = [made(0, "a@thrown.example"), made(60, "b.lee@contoso.example"), made(120, "c.may@contoso.example")]
    told = [(one.verdict, one.finding_id, one.accounts_created) for _, one in account_creation(rows, KNOWN)]
    assert [one[0] for one in told] == ["Suspicious New Account", "Account Creation Burst"]
    assert told[0][1] == told[1][1]
    assert told[1][2] == ["a@thrown.example", "b.lee@contoso.example", "c.may@contoso.example"]


def test_mail_of_the_same_tenant_by_its_domain_belongs_to_the_account() -> None:
    known = low()
    rows = [made(0, "new@contoso.example", tenant="0-1")]
    rows += [
        mail(60 * turn, "new@contoso.example", f"r{turn}@far.example", tenant="contoso.example")
        for turn in range(1, 20)
    ]
    (finding,) = {one.finding_id: one for _, one in account_creation(rows, known)}.values()
    assert finding.tenant == "0-1"
    assert finding.evidence.mails_sent == 19
    assert finding.accounts_created == ["new@contoso.example"]


def test_mail_of_another_tenant_does_not() -> None:
    rows = [made(0, "new@contoso.example", tenant="0-1")]
    rows += [mail(60 * turn, "new@contoso.example", f"r{turn}@far.example", tenant="0-2") for turn in range(1, 20)]
    assert list(account_creation(rows, low())) == []
