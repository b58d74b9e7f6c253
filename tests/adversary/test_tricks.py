"""Each trick gains no more than the bound that docs/limits.md names; the numbers of bounds are those of the rules."""

from __future__ import annotations

import math

import pytest
from tests.core.making import context

from enumwatch.core.decide import decide

from . import tricks
from .__main__ import PAGE, with_table
from .company import at_work, attacked, bounded, limits
from .played import result

NAMES = limits()
ALONE = int(NAMES["address_names"])


def test_nobody_is_accused_in_the_company_without_an_attack() -> None:
    assert decide(at_work(75), context()).findings == []


def test_the_page_says_what_is_measured() -> None:
    page = PAGE.read_text("utf-8")
    assert with_table(page) == page, "run `python -m tests.adversary`"


def test_without_a_trick_the_fewest_names_are_enough() -> None:
    assert result("60 names in an hour from one address").names == ALONE


@pytest.mark.parametrize("own", [1, 3, 10, 20])
def test_own_successes_buy_no_more_names_than_a_shared_address_has(own: int) -> None:
    most = math.ceil(NAMES["shared_level"] / NAMES["weight_absent"])
    found = result(f"own accounts: {own}; 60 names in an hour")
    assert found.verdict == "High Confidence Enumeration"
    assert ALONE <= found.names <= min(most, ALONE + own / NAMES["shared_user_share"]) + 2


@pytest.mark.parametrize(("own", "a_day"), [(3, 5), (10, 18), (20, 38)])
def test_another_agent_for_each_name_buys_nothing_behind_a_shared_address(own: int, a_day: int) -> None:
    assert 0 < result(f"own accounts: {own}; names a day: {a_day}").names <= 22


def test_one_name_a_day_from_one_address_is_told_and_below_the_fall_of_the_sum_nothing_is() -> None:
    falls_a_day = 24 * 2.5 * NAMES["address_rate"] / NAMES["weight_absent"]
    assert falls_a_day > 0.4
    assert not result("names a day: 0.4, for 60 days", "one address").is_told
    assert 0 < result("names a day: 0.7, for 60 days", "one address").names <= 10
    assert 0 < result("names a day: 1.3, for 60 days", "one address").names <= 6


def test_rotation_is_told_from_eight_names_a_day_on_and_quickly_from_ten() -> None:
    whole = "address and agent each time"
    assert not result("names a day: 6, for 60 days", whole).is_told
    assert result("names a day: 8, for 60 days", whole).is_told
    assert 0 < result("names a day: 10, for 60 days", whole).names <= 25
    assert 0 < result("names a day: 4, for 60 days", "address each time").names <= 20


def test_retries_hide_only_so_many_names() -> None:
    assert 0 < result("6 attempts at each name").names <= NAMES["retried_names"] + ALONE
    assert not attacked(tricks.retried(60, 6), bounded(retried_names=1000), days=5).is_told


@pytest.mark.parametrize("a_day", [1, 5, 14])
def test_keeping_to_one_hour_hides_only_so_many_names(a_day: int) -> None:
    assert 0 < result(f"names a day: {a_day}, for 60 days", "like a job").names <= NAMES["schedule_names"] + 8


@pytest.mark.parametrize("made", [3, 4, 8])
def test_accounts_made_later_excuse_no_more_than_their_share(made: int) -> None:
    assert 0 < result(f"accounts made: {made}; then 60 names").names <= made / NAMES["provisioned_share"] + ALONE


def test_the_first_hours_of_a_log_ask_for_more_names_and_then_it_is_told() -> None:
    assert 0 < result("60 names from one address", "first hours").names <= NAMES["learning_names"]


def test_the_office_needs_no_more_names_than_any_shared_address() -> None:
    assert 0 < result("60 names in an hour", "from the office").names <= 22


def test_disguised_names_are_no_more_and_no_fewer_names() -> None:
    found = result("60 names, each in three disguises")
    assert found.findings[0].evidence.names_tried == 60


def test_names_that_no_answer_confirmed_excuse_nobody() -> None:
    found = attacked(tricks.plain())
    taught = [*tricks.poison(tricks.plain()), *tricks.plain()]
    assert attacked(taught, of=tricks.plain()).names == found.names == ALONE


def test_locked_accounts_are_a_spray_and_no_wave_of_expiry() -> None:
    found = result("40 names that exist, ten attempts each")
    assert found.verdict == "Password Spray"
    assert found.names <= 8


def test_guessing_at_one_account_from_everywhere_is_told_by_its_addresses() -> None:
    most = limits("password_guessing")["addresses"]
    assert result("100 addresses, one every 0.1 hours").attempts == most
    assert result("100 addresses, one every 4 hours").attempts <= 2 * most
    assert result("100 addresses, one every 4 hours").findings[0].evidence.addresses == 100


def test_a_forged_address_is_added_up_like_any_other_where_the_caller_can_forge_it() -> None:
    public = result("60 names, each from another public address")
    private = result("60 names, each from another private address")
    assert private.names == public.names > 0
    assert private.verdict == public.verdict


def test_machines_of_the_owner_are_not_added_up_where_the_log_has_the_address_of_the_connection() -> None:
    rows = [one._replace(src_ip=f"10.7.{turn}.9", asn="") for turn, one in enumerate(tricks.plain())]
    assert not attacked(rows).is_told


def test_only_a_flood_from_thousands_of_addresses_hides_who_comes_behind_it_and_it_is_told_itself() -> None:
    assert result("2,000 made-up names from 11 addresses, then 60 from elsewhere").names == ALONE
    room = result("21,000 made-up names from 11 addresses, then 60 from elsewhere")
    assert room.names == ALONE
    hidden = result("13,000 made-up names from 13,000 addresses, then 60 from elsewhere")
    assert not hidden.is_told
    assert hidden.decision.findings[0].verdict == "High Confidence Enumeration"
    assert any("Truncated" in gap for gap in hidden.decision.findings[0].evidence.gaps)
    assert [one.of for one in hidden.decision.cuts].count("tenant") == 1


def test_an_agent_of_the_allowlist_hides_the_finding_but_not_that_it_was_hidden() -> None:
    found = result("60 names in an hour", "allowlist")
    assert not found.is_told
    assert [one.verdict for one in found.decision.suppressed_findings] == ["High Confidence Enumeration"]
