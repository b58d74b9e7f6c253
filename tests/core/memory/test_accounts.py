"""A watch over new accounts that stops, is remembered as rows and goes on from them tells what one that never stopped tells."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.core.accounts.creation import KINDS, Creation, account_creation
from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.memory.accounts import ACCOUNT, MADE, MAKER, MAKING, TENANT, recall, remembered
from enumwatch.core.memory.codec import UnreadableMemoryError
from enumwatch.core.memory.row import MemoryRow
from enumwatch.core.moment import Moment, moments
from enumwatch.core.times import DAY

from ..identity import DAY_SECONDS, MAKINGS, START, Update, low, made, mail, row
from ..rule_properties import assert_slices_tell_the_same, slices

KNOWN = low()
FORGETFUL = low()
FORGETFUL.rulebook["detections"]["account_creation"]["limits"].update(kept=2 * DAY_SECONDS, close_after=DAY_SECONDS)
CUTS = st.lists(st.integers(0, 200), max_size=4)


def known_of(rows: Sequence[Contact]) -> list[Moment]:
    """What a watch follows of these contacts."""
    return moments(one for one in rows if one.kind in KINDS)


def in_slices(rows: Sequence[Contact], cuts: Sequence[int], known: Context, with_updates: bool = True) -> list[Update]:
    """Updates of runs over parts of the log, each with what the run before remembered."""
    follow = known_of(rows)
    told: list[Update] = []
    memory: list[MemoryRow] = []
    now = START
    for begin, end in slices(len(follow), cuts):
        creation = Creation(known, with_updates)
        recall(creation, memory, now)
        now = follow[end - 1].time
        told += [*creation.follow(follow[begin:end]), *creation.close()]
        memory = remembered(creation, now)
    return told


def after(rows: Sequence[Contact]) -> Creation:
    """A watch that followed these contacts."""
    creation = Creation(KNOWN)
    list(creation.follow(known_of(rows)))
    return creation


@given(MAKINGS, CUTS)
def test_slices_tell_the_same(rows: list[Contact], cuts: list[int]) -> None:
    assert_slices_tell_the_same(list(account_creation(sorted(rows), KNOWN)), in_slices(rows, cuts, KNOWN))


@given(MAKINGS, CUTS)
def test_slices_tell_the_same_where_little_is_kept(rows: list[Contact], cuts: list[int]) -> None:
    assert_slices_tell_the_same(list(account_creation(sorted(rows), FORGETFUL)), in_slices(rows, cuts, FORGETFUL))


def test_a_finding_that_is_over_takes_nothing_from_another_maker() -> None:
    own, place = "promo2@contoso.example", "198.51.100.7"
    rows = [
        made(0, "", src_ip="", target_visible=False),
        made(DAY_SECONDS + 2, "", actor=own, src_ip="", target_visible=False),
        made(9 * DAY_SECONDS - 12_800, "n4@contoso.example", src_ip=place),
        made(9 * DAY_SECONDS, own, actor=own, src_ip=place),
        row(9 * DAY_SECONDS + 27_200, "account_deleted", actor="adm@contoso.example", target=own),
    ]
    whole = list(account_creation(sorted(rows), FORGETFUL))
    assert any(place in (verdict.actor.ip or ()) for _, verdict in whole)
    assert_slices_tell_the_same(whole, in_slices(rows, [3], FORGETFUL))


@given(MAKINGS, CUTS)
def test_without_updates_the_last_words_are_the_same(rows: list[Contact], cuts: list[int]) -> None:
    whole = list(account_creation(sorted(rows), KNOWN, False))
    assert_slices_tell_the_same(whole, in_slices(rows, cuts, KNOWN, False))


@settings(max_examples=30)
@given(MAKINGS, st.integers(0, 200))
def test_what_is_recalled_is_remembered_again(rows: list[Contact], cut: int) -> None:
    follow = known_of(rows)
    part = follow[: cut % (len(follow) + 1)]
    now = part[-1].time if part else START
    first, second = Creation(KNOWN), Creation(KNOWN)
    list(first.follow(part))
    recall(second, reversed(remembered(first, now)), now)
    assert remembered(second, now) == remembered(first, now)


def test_an_account_is_known_for_a_day_and_that_it_was_made_for_a_month() -> None:
    rows = [made(0, "new@contoso.example")]
    assert {one.kind for one in remembered(after(rows), START)} == {TENANT, MAKER, ACCOUNT, MADE}
    assert {one.kind for one in remembered(after(rows), START + 2 * DAY)} == {TENANT, MAKER, MADE}
    assert {one.kind for one in remembered(after(rows), START + 60 * DAY)} == {TENANT}


def test_an_account_that_a_finding_names_is_kept_with_it() -> None:
    rows = [made(turn * 60, f"promo{turn}@contoso.example", user_agent="curl/8") for turn in range(9)]
    rows.append(made(9 * 60, "x@thrown.example"))
    memory = remembered(after(rows), START + int(1.5 * DAY))
    assert {MAKING, ACCOUNT} <= {one.kind for one in memory}
    later = Creation(KNOWN)
    recall(later, memory, START + 3 * DAY)
    assert later.accounts.open == {}
    assert later.accounts.first_days.accounts == {}


def test_a_sender_is_remembered_for_half_a_year() -> None:
    rows = [mail(0, "somebody@contoso.example", "r@far.example")]
    kinds = [one.kind for one in remembered(after(rows), START + 100 * DAY)]
    assert kinds == [TENANT, "accounts sender"]
    assert [one.kind for one in remembered(after(rows), START + 200 * DAY)] == [TENANT]


@pytest.mark.parametrize("value", ["{}", "[]", '{"_":"dict","v":[["begun",1]]}', "no json"])
def test_a_row_of_another_make_is_refused(value: str) -> None:
    with pytest.raises(UnreadableMemoryError):
        recall(Creation(KNOWN), [MemoryRow("", "contoso", TENANT, value, START, START + DAY)], START)


def test_rows_of_others_are_left_alone() -> None:
    creation = Creation(KNOWN)
    recall(creation, [MemoryRow("a", "contoso", "name", "no json", START, START + DAY)], START)
    assert creation.accounts.makers == {}
