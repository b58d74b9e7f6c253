"""What one place does that is told by counting: sprays, guessing, hidden names, names in a URL, decoys."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.place_rules import ENUMERATION, GUESSING, SPRAY, PlaceRules
from enumwatch.core.roll_call.knowledge import Knowledge
from enumwatch.core.success import observation_of

from .making import LIMITS, arrived, contact, existing, named, names, observed, success

CURL = {"user_agent": "curl"}


def followed(contacts: Iterable[Contact], already: set[str] | None = None, is_decoy: bool = False) -> list[str]:
    """The rules that fire at the one place of these contacts, one after another; `already` those that had."""
    rows = list(contacts)
    seen, arrivals = observed(rows), arrived(rows)
    knowledge = Knowledge()
    rules = PlaceRules(seen[0].place, LIMITS, knowledge)
    told = set(already or ())
    found: list[str] = []
    for one in seen:
        while arrivals and arrivals[0].time < one.time:
            knowledge.learn_successes([arrivals.pop(0)])
        tried = rules.take(one)
        for fired in rules.fired(tried, rules.key_of(one.contact.user_agent, False), told, is_decoy):
            told.add(fired.detection)
            found.append(fired.detection)
    return found


def rounds(number: int, every: float = 1, **known: str) -> list[Contact]:
    """Existing names, each tried twice."""
    return [
        contact(every * turn, named(turn % number, "real"), outcome="exists_bad_secret", app=str(turn), **known)
        for turn in range(2 * number)
    ]


def staff(number: int) -> list[Contact]:
    """People who signed in before."""
    return [success(-7200 + turn, named(turn, "staff"), user_agent="Edge") for turn in range(number)]


def test_four_names_in_rounds_are_a_spray() -> None:
    assert followed(rounds(4)) == [SPRAY]
    assert followed(rounds(3)) == []
    assert followed(rounds(4, every=25)) == []


def test_ten_names_in_an_hour_are_a_spray_and_nine_are_not() -> None:
    assert followed(existing(10, every=300)) == [SPRAY]
    assert followed(existing(9, every=300)) == []
    assert followed(existing(10, every=420)) == []


def test_a_shared_place_needs_more_names_and_never_fewer_than_its_users() -> None:
    assert followed([*staff(3), *existing(30, every=60, **CURL)]) == [SPRAY]
    assert followed([*staff(3), *existing(29, every=60, **CURL)]) == []
    assert followed([*staff(40), *existing(39, every=60, **CURL)]) == []
    assert followed([*staff(40), *existing(40, every=60, **CURL)]) == [SPRAY]


def test_names_that_sign_in_after_a_slip_are_no_spray() -> None:
    got_in = [success(2901, named(turn, "real"), user_agent="Edge") for turn in range(5)]
    assert (
        followed(
            [
                *existing(9, every=300, **CURL),
                *got_in,
                contact(2910, named(9, "real"), outcome="exists_bad_secret", **CURL),
            ]
        )
        == []
    )


def test_absent_names_are_no_spray_and_are_left_to_the_sums() -> None:
    assert followed(names(60, every=10)) == []


def test_autodiscover_is_no_spray() -> None:
    assert followed(existing(12, kind="autodiscover")) == []


def test_guessing_is_told_where_nothing_else_was() -> None:
    guesses = [contact(5 * turn, "a@contoso.example", outcome="exists_bad_secret", app=str(turn)) for turn in range(10)]
    assert followed(guesses) == [GUESSING]
    assert followed(guesses, {SPRAY}) == []
    assert followed([*names(31, -300, 5), *guesses]) == []


def test_a_spray_is_still_told_after_guessing_and_nothing_after_enumeration() -> None:
    assert followed(rounds(4), {GUESSING}) == [SPRAY]
    assert followed(rounds(4), {ENUMERATION}) == []


def test_hidden_names_are_counted_as_attempts() -> None:
    hidden = {"target": "", "target_visible": False}
    assert followed([contact(attempts=10, **hidden)]) == [ENUMERATION]
    assert followed([contact(attempts=9, **hidden)]) == []


@pytest.mark.parametrize(("users", "number", "fires"), [(0, 10, True), (0, 9, False), (3, 16, True), (3, 15, False)])
def test_names_in_a_url_are_counted_where_no_answer_tells(users: int, number: int, fires: bool) -> None:
    asked = names(number, kind="autodiscover", outcome="ambiguous", **CURL)
    assert followed([*staff(users), *asked]) == ([ENUMERATION] if fires else [])


def test_a_decoy_is_enough() -> None:
    assert followed([contact()], is_decoy=True) == [ENUMERATION]


def test_the_actor_is_the_place_until_somebody_signed_in_there() -> None:
    (one,) = observed([contact(**CURL)])
    knowledge = Knowledge()
    rules = PlaceRules(one.place, LIMITS, knowledge)
    assert rules.key_of("curl", False) is None
    for each in arrived(staff(1)):
        knowledge.learn_successes([each])
    assert rules.key_of("curl", False) == "curl"
    assert rules.key_of("", False) is None
    assert rules.key_of("curl", True) is None


def test_a_success_in_the_middle_of_a_run_is_remembered_with_it() -> None:
    first, second = observed([contact(0, **CURL), contact(10_000, named(1), **CURL)])
    rules = PlaceRules(first.place, LIMITS, Knowledge())
    (arrival,) = arrived([success(60, **CURL)])
    got_in = observation_of(arrival)
    rules.take_success(arrival)
    assert rules.scope(None).chain == []
    rules.take(first)
    rules.take_success(arrival)
    assert rules.scope(None).chain == rules.scope("curl").chain == [first, got_in]
    assert rules.last_failed == first.time
    rules.take(second)
    assert rules.scope(None).chain == [second]
