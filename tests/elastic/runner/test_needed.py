"""What is picked of the contacts leads to what all of them lead to."""

from __future__ import annotations

import random
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.making import context, existing, names, success
from tests.core.strategies import CONTACTS

from enumwatch.core.contact import Contact
from enumwatch.core.decide import decide
from enumwatch.core.memory.row import MemoryRow
from enumwatch.core.times import DAY
from enumwatch.core.verdict import worst_first
from enumwatch.elastic.runner.needed import Needed

KNOWN = context()


def decided(
    contacts: list[Contact], memory: Iterable[MemoryRow] = ()
) -> tuple[list[dict[str, object]], list[MemoryRow]]:
    needed = Needed(keeps_own_affairs=False)
    needed.take(contacts)
    picked = needed.by_tenant()
    found, kept = [], list(memory)
    for tenant, one in picked.items():
        own = [row for row in kept if row.tenant == tenant]
        told = decide(one.contacts, KNOWN, with_updates=False, arrivals=one.arrivals, memory=own)
        found += told.findings
        kept = [*(row for row in kept if row.tenant != tenant), *told.memory]
    return [one.to_dict() for one in sorted(found, key=worst_first)], kept


@settings(max_examples=60)
@given(CONTACTS, st.randoms(use_true_random=False))
def test_the_same_is_told(contacts: list[Contact], chance: random.Random) -> None:
    shuffled = chance.sample(contacts, len(contacts))
    assert decided(shuffled)[0] == [one.to_dict() for one in decide(contacts, KNOWN, memory=()).findings]


@settings(max_examples=40)
@given(CONTACTS)
def test_the_same_is_told_day_by_day(contacts: list[Contact]) -> None:
    told: dict[object, object] = {}
    memory: list[MemoryRow] = []
    for day in sorted({one.first // DAY for one in contacts}):
        found, memory = decided([one for one in contacts if one.first // DAY == day], memory)
        told.update((one["finding_id"], one) for one in found)
    assert told == {one.finding_id: one.to_dict() for one in decide(contacts, KNOWN).findings}


def test_a_failed_try_at_home_is_left_out_unless_every_try_counts() -> None:
    rows = [success(0, "a@contoso.example"), *existing(3, 10), *names(1, 20)]
    rows.append(rows[1]._replace(target="a@contoso.example", first=rows[0].first + 1, last=rows[0].first + 1))
    for keeps, number in ((False, 4), (True, 5)):
        needed = Needed(keeps_own_affairs=keeps)
        needed.take(rows)
        (picked,) = needed.by_tenant().values()
        assert (len(picked.contacts), len(picked.arrivals), needed.taken) == (number, 1, 6)
