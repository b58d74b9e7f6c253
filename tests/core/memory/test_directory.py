"""A gathering that stops, is remembered as rows and goes on from them tells what one that never stopped tells."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.directory.gathering import Gathering, identity_gathering, known_of
from enumwatch.core.memory.codec import UnreadableMemoryError
from enumwatch.core.memory.directory import READER, recall, remembered
from enumwatch.core.memory.row import MemoryRow
from enumwatch.core.moment import moments
from enumwatch.core.times import DAY

from ..identity import DAY_SECONDS, READS, START, Update, low, read, row
from ..rule_properties import assert_slices_tell_the_same, slices

KNOWN = low()
FORGETFUL = low()
FORGETFUL.rulebook["detections"]["identity_gathering"]["limits"].update(kept=2 * DAY_SECONDS, close_after=3600)
CUTS = st.lists(st.integers(0, 200), max_size=4)


def at_once(rows: Sequence[Contact], known: Context, with_updates: bool = True) -> list[Update]:
    gathering = Gathering(known, with_updates)
    return [*gathering.follow(*known_of(rows)), *gathering.close()]


def in_slices(rows: Sequence[Contact], cuts: Sequence[int], known: Context, with_updates: bool = True) -> list[Update]:
    """Updates of runs over parts of the log, each with what the run before remembered."""
    follow, came = known_of(rows)
    told: list[Update] = []
    memory: list[MemoryRow] = []
    turn, now = 0, START
    for begin, end in slices(len(follow), cuts):
        gathering = Gathering(known, with_updates)
        recall(gathering, memory, now)
        now = follow[end - 1].time
        until = next((place for place, one in enumerate(came) if one.time > now), len(came))
        told += [*gathering.follow(follow[begin:end], came[turn:until]), *gathering.close()]
        memory, turn = remembered(gathering, now), until
    return told


@given(READS, CUTS)
def test_slices_tell_the_same(rows: list[Contact], cuts: list[int]) -> None:
    assert_slices_tell_the_same(at_once(rows, KNOWN), in_slices(rows, cuts, KNOWN))


@given(READS, CUTS)
def test_slices_tell_the_same_where_little_is_kept(rows: list[Contact], cuts: list[int]) -> None:
    assert_slices_tell_the_same(at_once(rows, FORGETFUL), in_slices(rows, cuts, FORGETFUL))


@given(READS, CUTS)
def test_without_updates_the_last_words_are_the_same(rows: list[Contact], cuts: list[int]) -> None:
    assert_slices_tell_the_same(at_once(rows, KNOWN, False), in_slices(rows, cuts, KNOWN, False))


@given(READS)
def test_what_is_followed_tells_what_the_rule_tells(rows: list[Contact]) -> None:
    rule = identity_gathering(sorted(rows), KNOWN)
    assert sorted(map(str, at_once(rows, KNOWN))) == sorted(map(str, rule))


@settings(max_examples=30)
@given(READS, st.integers(0, 200))
def test_what_is_recalled_is_remembered_again(rows: list[Contact], cut: int) -> None:
    follow, came = known_of(rows)
    part = follow[: cut % (len(follow) + 1)]
    now = part[-1].time if part else START
    first, second = Gathering(KNOWN), Gathering(KNOWN)
    list(first.follow(part, [one for one in came if one.time <= now]))
    recall(second, reversed(remembered(first, now)), now)
    assert remembered(second, now) == remembered(first, now)


def test_a_reader_who_is_silent_for_long_is_forgotten() -> None:
    gathering = Gathering(KNOWN)
    list(gathering.follow(moments([read(0)])))
    assert [one.kind for one in remembered(gathering, START + 20 * DAY)] == ["directory log", READER]
    assert [one.kind for one in remembered(gathering, START + 40 * DAY)] == ["directory log"]


def test_a_place_where_somebody_signs_in_is_known_longer_than_one_where_somebody_failed() -> None:
    failed = row(0, "sign_in", source="entra_signin", target="a@contoso.example", src_ip="198.51.100.7")
    came = row(0, "sign_in", source="entra_signin", target="b@contoso.example", outcome="success")
    gathering = Gathering(KNOWN)
    list(gathering.follow(*known_of([failed, came])))
    assert [one.key for one in remembered(gathering, START + DAY)] == ["ip 198.51.100.7", "ip 203.0.113.9"]
    assert [one.key for one in remembered(gathering, START + 5 * DAY)] == ["ip 203.0.113.9"]
    assert remembered(gathering, START + 200 * DAY) == []


@pytest.mark.parametrize("value", ["{}", "[]", '{"_":"dict","v":[["reads",1]]}', "no json"])
def test_a_row_of_another_make_is_refused(value: str) -> None:
    with pytest.raises(UnreadableMemoryError):
        recall(Gathering(KNOWN), [MemoryRow("u1", "contoso", READER, value, START, START + DAY)], START)


def test_rows_of_others_are_left_alone() -> None:
    gathering = Gathering(KNOWN)
    recall(gathering, [MemoryRow("a", "contoso", "name", "no json", START, START + DAY)], START)
    assert gathering.reading.readers == {}
