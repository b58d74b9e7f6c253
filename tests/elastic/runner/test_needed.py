"""What is picked of the contacts leads to what all of them lead to."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.making import context, existing, names, success
from tests.core.strategies import CONTACTS

from enumwatch.core.contact import Contact
from enumwatch.core.decide import decide
from enumwatch.core.times import DAY
from enumwatch.elastic.runner.needed import Needed

KNOWN = context()


def decided(contacts: list[Contact], memory: object = ()) -> tuple[list[dict[str, object]], object]:
    needed = Needed(keeps_own_affairs=False)
    needed.take(contacts)
    told = decide(needed.contacts(), KNOWN, with_updates=False, arrivals=needed.arrivals(), memory=memory)  # type: ignore[arg-type]
    return [one.to_dict() for one in told.findings], told.memory


@settings(max_examples=60)
@given(CONTACTS, st.randoms(use_true_random=False))
def test_the_same_is_told(contacts: list[Contact], chance: random.Random) -> None:
    shuffled = chance.sample(contacts, len(contacts))
    assert decided(shuffled)[0] == [one.to_dict() for one in decide(contacts, KNOWN, memory=()).findings]


@settings(max_examples=40)
@given(CONTACTS)
def test_the_same_is_told_day_by_day(contacts: list[Contact]) -> None:
    told: dict[object, object] = {}
    memory: object = ()
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
        assert (len(needed.contacts()), len(needed.arrivals()), needed.taken) == (number, 1, 6)
