"""What is only noted until somebody asks says the same as what is counted at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from hypothesis import given

from enumwatch.core.contact import Contact
from enumwatch.core.decide import decide
from enumwatch.core.memory.codec import dumps, loads
from enumwatch.core.place_rules import PlaceRules
from enumwatch.core.roll_call.knowledge import Knowledge
from enumwatch.core.roll_call.running_sum import Contribution, RunningSum
from enumwatch.core.roll_call.statistics import Statistics
from enumwatch.core.success import network_key
from enumwatch.core.verdict import Verdict

from .making import LIMITS, RULES, arrived, contact, context, named, names, observed, owner, success
from .strategies import CONTACTS


@contextmanager
def counting_at_once() -> Iterator[None]:
    """Nothing is left for later: neither the windows of a place nor its habits."""

    def at_once(method: Callable[..., object]) -> Callable[..., object]:
        def call(self: Statistics, *given: object) -> object:
            found = method(self, *given)
            self.count_all()
            return found

        return call

    suspect = at_once(Statistics.suspect)
    with patch.object(PlaceRules, "is_too_little", lambda *_: False), patch.object(Statistics, "suspect", suspect):
        yield


def told(contacts: list[Contact]) -> list[Verdict]:
    """Every update."""
    return decide(contacts, context()).updates


@given(CONTACTS)
def test_what_is_only_noted_is_told_as_if_it_had_been_counted_at_once(contacts: list[Contact]) -> None:
    later = told(contacts)
    with counting_at_once():
        assert told(contacts) == later


def test_a_cold_place_that_tried_one_name_keeps_no_windows_and_no_habits() -> None:
    made = Statistics(RULES, Knowledge(), owner())
    (one,) = observed([contact()])
    rules = PlaceRules(one.place, LIMITS, made.knowledge)
    assert rules.is_too_little(one)
    rules.note(one)
    assert made.suspect(one, network_key("", one.place)) is not None
    assert rules.chain(None) == [one]
    assert (rules._whole, made.habits) == (None, {})
    made.count_all()
    assert list(made.habits) == [one.place]


def test_a_chain_that_was_only_noted_is_the_chain_that_is_counted() -> None:
    tries = [*names(2, 0, every=60), *names(1, 10_000, stem="late")]
    rules = PlaceRules(observed(tries)[0].place, LIMITS, Knowledge())
    for one in observed(tries):
        rules.note(one)
    rules.take_success(arrived([success(10_060, named(7))])[0])
    noted = list(rules.chain(None))
    rules.count()
    assert noted == list(rules.chain(None))
    assert [one.contact.outcome for one in noted] == ["not_found", "success"]


def test_the_names_of_a_sum_are_those_of_its_contributions_in_memory_too() -> None:
    made = RunningSum(0.1, 0, 0)
    for one in observed(names(3)):
        made.add(Contribution(one, 1.0))
    assert made.names == {named(turn) for turn in range(3)}
    again = loads(dumps(made), {})
    assert (again.names, dumps(again)) == (made.names, dumps(made))
