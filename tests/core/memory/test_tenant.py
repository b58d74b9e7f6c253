"""A watch that stops, is remembered as rows and goes on from them tells what one that never stopped tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.contact import Contact
from enumwatch.core.decide import decide
from enumwatch.core.memory.codec import UnreadableMemoryError
from enumwatch.core.memory.row import MemoryRow
from enumwatch.core.times import DAY, HOUR
from enumwatch.core.verdict import Verdict, rank

from ..making import START, contact, context, names, sensitive, success
from ..strategies import CONTACTS, DECOY, EXECUTIVE

KNOWN = context(sensitive_accounts=[sensitive(EXECUTIVE, "executive"), sensitive(DECOY, "decoy")])
HOURS = st.lists(st.integers(-24, 120), max_size=3)
Told = list[Verdict]


def in_slices(contacts: Iterable[Contact], cuts: Sequence[int]) -> tuple[Told, Told, list[MemoryRow]]:
    """Runs over the contacts between these times, each with what the run before remembered: all updates, all findings, and
    the memory left."""
    edges = sorted({0, *cuts, 1 << 62})
    told: Told = []
    found: Told = []
    memory: list[MemoryRow] = []
    rows = list(contacts)
    for turn in range(1, len(edges)):
        part = [one for one in rows if edges[turn - 1] <= one.first < edges[turn]]
        decision = decide(part, KNOWN, memory=memory)
        told, found, memory = told + decision.updates, found + decision.findings, decision.memory
    return told, found, memory


def without_duplicates(updates: Iterable[Verdict]) -> list[str]:
    return sorted({str(one.to_dict()) for one in updates})


def last_words(updates: Iterable[Verdict]) -> dict[str, Verdict]:
    return {one.finding_id: one for one in updates}


def claims(one: Verdict) -> tuple[object, ...]:
    return one.verdict, one.actor, one.names_found, one.compromised_accounts, one.window_start, one.window_end


@given(CONTACTS, st.lists(st.integers(-1, 5), max_size=3))
def test_runs_of_whole_days_tell_exactly_what_one_run_tells(contacts: list[Contact], days: list[int]) -> None:
    midnight = START - START % DAY
    told, found, _ = in_slices(contacts, [midnight + day * DAY for day in days])
    whole = decide(contacts, KNOWN)
    assert set(without_duplicates(whole.updates)) <= set(without_duplicates(told))
    assert {key: one.to_dict() for key, one in last_words(found).items()} == {
        one.finding_id: one.to_dict() for one in whole.findings
    }


@given(CONTACTS, HOURS)
def test_runs_of_any_hours_claim_what_one_run_claims(contacts: list[Contact], hours: list[int]) -> None:
    midnight = START - START % HOUR
    told, found, _ = in_slices(contacts, [midnight + hour * HOUR for hour in hours])
    whole, last = last_words(decide(contacts, KNOWN).findings), last_words(found)
    assert {key: claims(one) for key, one in last.items()} == {key: claims(one) for key, one in whole.items()}
    for key, one in whole.items():
        first = min(each.detected_at for each in told if each.finding_id == key and each.verdict == one.verdict)
        assert first <= one.detected_at


@given(CONTACTS, HOURS)
def test_no_verdict_is_told_twice(contacts: list[Contact], hours: list[int]) -> None:
    told, _, memory = in_slices(contacts, [START - START % HOUR + hour * HOUR for hour in hours])
    best: dict[str, int] = {}
    for one in told:
        assert rank(one.verdict) <= best.get(one.finding_id, 99)
        best[one.finding_id] = rank(one.verdict)
    assert decide([], KNOWN, memory=memory).updates == []


def test_without_memory_nothing_is_remembered() -> None:
    assert decide(names(9), KNOWN).memory == []
    assert decide(names(9), KNOWN, memory=()).memory != []


def test_a_slow_roll_call_is_told_from_slices_that_each_show_too_little() -> None:
    slow = names(12, every=7200)
    cuts = [START + turn * 4 * HOUR for turn in range(1, 7)]
    assert all(decide(slow[turn : turn + 2], KNOWN).updates == [] for turn in range(0, 12, 2))
    (whole,) = decide(slow, KNOWN).findings
    told, _, _ = in_slices(slow, cuts)
    assert {one.finding_id for one in told} == {whole.finding_id}


def test_rows_expire_and_are_bounded_by_what_is_still_open() -> None:
    memory = decide([*names(9), success(1, "eva@contoso.example")], KNOWN, memory=()).memory
    late = decide([contact(400 * 86_400)], KNOWN, memory=memory).memory
    assert {row.kind for row in memory} >= {"name", "place", "incident", "tenant"}
    assert not [row for row in late if row.kind == "incident" or row.key.startswith("eva")]
    assert all(row.updated < row.expires for row in memory)


def test_memory_of_another_make_is_refused() -> None:
    (*rows, last) = decide(names(9), KNOWN, memory=()).memory
    with pytest.raises(UnreadableMemoryError, match="no memory of this version"):
        decide([contact(5000)], KNOWN, memory=[*rows, last._replace(value='{"_":"Nothing","v":[]}')])


def test_another_tenant_keeps_what_it_remembers() -> None:
    memory = decide(names(9), KNOWN, memory=()).memory
    after = decide(names(3, tenant="fabrikam"), KNOWN, memory=memory).memory
    assert [row for row in after if row.tenant == "contoso"] == memory


def test_a_name_that_was_only_heard_of_is_remembered_over_any_number_of_runs() -> None:
    memory = decide([contact(0, "eva@contoso.example", outcome="exists_bad_secret")], KNOWN, memory=()).memory
    for turn in range(1, 4):
        memory = decide([contact(turn * DAY // 1_000_000)], KNOWN, memory=memory).memory
        (row,) = [row for row in memory if row.kind == "name" and row.key.startswith("eva")]
        assert row.updated == START


def test_a_wrong_value_in_memory_is_memory_of_another_make_and_no_fault_of_the_contacts() -> None:
    rows = decide(names(40), KNOWN, memory=()).memory
    spoiled = [row._replace(value=re.sub(r"\d{16}", '"x"', row.value)) for row in rows]
    assert spoiled != rows
    with pytest.raises(UnreadableMemoryError, match="no memory of this version"):
        decide([contact(5000 + n) for n in range(40)], KNOWN, memory=spoiled)


def test_a_fault_of_the_contacts_is_not_blamed_on_memory() -> None:
    rows = decide(names(9), KNOWN, memory=()).memory
    with pytest.raises(TypeError):
        decide([contact(5000)._replace(first=None)], KNOWN, memory=rows)  # type: ignore[arg-type]
