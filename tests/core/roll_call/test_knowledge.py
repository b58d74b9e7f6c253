"""Knowledge grows with answers and never runs ahead of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.observation import Place
from enumwatch.core.roll_call.knowledge import Knowledge, digit_shape, spellings
from enumwatch.core.times import SECOND

from ..making import START, arrived, success

HOME, NETWORK = Place("contoso", "ip", "203.0.113.9"), "64500"
ANNA, BRUNO = "anna.berg@contoso.example", "bruno.cole@contoso.example"


def knowledge(*targets: str, **known: str) -> Knowledge:
    """Knowledge of one success each, a second apart."""
    made = Knowledge()
    fields = {"asn": NETWORK, "user_agent": "Edge", **known}
    for one in arrived(success(turn, target, **fields) for turn, target in enumerate(targets)):
        made.learn_successes([one])
    return made


def test_a_name_is_known_once_an_answer_said_so() -> None:
    made = Knowledge()
    assert not made.is_known(ANNA)
    made.learn_name(ANNA, START)
    assert made.is_known(ANNA)
    assert ANNA not in made.people
    assert not made.is_familiar(ANNA, NETWORK)


def test_a_success_makes_a_name_familiar_to_its_network_and_a_user_of_its_place() -> None:
    made = knowledge(ANNA)
    assert made.is_known(ANNA)
    assert set(made.people) == {ANNA}
    assert made.is_familiar(ANNA, NETWORK)
    assert not made.is_familiar(ANNA, "64501")
    assert made.has_people_from(NETWORK)
    assert not made.has_people_from("64501")
    assert made.users_of(HOME) == {ANNA: START}
    assert made.users_of(HOME, "Edge") == {ANNA: START}
    assert made.users_of(HOME, "curl") == {}
    assert made.users(HOME) == 1


def test_what_is_new_is_told() -> None:
    made = Knowledge()
    here, again, there = arrived(
        [success(0, ANNA), success(1, ANNA, user_agent="Edge"), success(2, ANNA, src_ip="203.0.113.10")]
    )
    assert made.learn_successes([here]) == ([ANNA], [here.place])
    assert made.learn_successes([again]) == ([], [])
    assert made.learn_successes([there]) == ([], [there.place])


def test_the_first_success_of_a_user_stays_the_first() -> None:
    made = knowledge(ANNA, BRUNO)
    for one in arrived([success(60, ANNA, asn=NETWORK, user_agent="Edge")]):
        made.learn_successes([one])
    assert made.users_of(HOME) == {ANNA: START, BRUNO: START + SECOND}


def test_users_of_a_place_go_on_growing_in_the_hands_of_who_asked() -> None:
    made = Knowledge()
    users, with_agent = made.users_of(HOME), made.users_of(HOME, "Edge")
    for one in arrived([success(0, ANNA, user_agent="Edge")]):
        made.learn_successes([one])
    assert (set(users), set(with_agent)) == ({ANNA}, {ANNA})


def test_only_the_same_name_place_and_agent_is_somebodys_own_affair() -> None:
    made = knowledge(ANNA)
    assert made.is_own_affair(HOME, "Edge", ANNA)
    assert not made.is_own_affair(HOME, "curl", ANNA)
    assert not made.is_own_affair(HOME, "Edge", BRUNO)
    assert not made.is_own_affair(Place("contoso", "ip", "203.0.113.10"), "Edge", ANNA)


def test_means_are_strange_until_people_use_them_elsewhere() -> None:
    made = Knowledge()
    other, third = (Place("contoso", "ip", f"203.0.113.{turn}") for turn in (10, 11))
    assert made.is_strange(NETWORK, "Edge", HOME)
    made.learn_means(NETWORK, "Edge", HOME)
    assert made.is_strange(NETWORK, "Edge", HOME)
    assert not made.is_strange(NETWORK, "Edge", other)
    made.learn_means(NETWORK, "Edge", other)
    assert not made.is_strange(NETWORK, "Edge", HOME)
    assert not made.is_strange(NETWORK, "Edge", third)
    assert made.is_strange(NETWORK, "curl", third)


@pytest.mark.parametrize(
    ("tried", "is_slip"),
    [
        ("ana.berg@contoso.example", True),
        ("annna.berg@contoso.example", True),
        ("anan.berg@contoso.example", True),
        ("anne.berg@contoso.example", True),
        ("ane.berg@contoso.example", False),
        ("ana.berg@fabrikam.example", False),
        (ANNA, False),
    ],
)
def test_a_slip_is_one_letter_from_somebody_who_signed_in_from_the_network(tried: str, is_slip: bool) -> None:
    made = knowledge(ANNA)
    assert made.is_slip(made.neighbours(tried), NETWORK) is is_slip
    assert not made.is_slip(made.neighbours(tried), "64501")


@pytest.mark.parametrize(
    "tried", ["berg.anna", "aberg", "annab", "annaberg", "anna-berg2", "a.berg", "berga", "anna.b"]
)
def test_old_forms_of_a_name_are_its_other_spellings_where_its_owner_signs_in(tried: str) -> None:
    made = knowledge(ANNA)
    assert made.is_other_spelling(f"{tried}@contoso.example", NETWORK)
    assert not made.is_other_spelling(f"{tried}@contoso.example", "64501")


@pytest.mark.parametrize("tried", ["anna", "berg", "bruno.berg", "anna.cole", "ab", "1234"])
def test_other_peoples_names_are_no_other_spellings(tried: str) -> None:
    assert not knowledge(ANNA).is_other_spelling(f"{tried}@contoso.example", NETWORK)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("e1234@contoso.example", "e####"),
        ("a1b22@contoso.example", "a#b##"),
        ("anna1@contoso.example", ""),
        ("a1b2@contoso.example", ""),
        ("anna@contoso99.example", ""),
        ("", ""),
    ],
)
def test_only_two_digits_together_have_a_shape(name: str, shape: str) -> None:
    assert digit_shape(name) == shape


def test_known_names_are_counted_by_shape_once() -> None:
    made = knowledge("e1111@contoso.example", "e2222@contoso.example", "x1@contoso.example")
    made.learn_name("e1111@contoso.example", START)
    assert made.known_of_shape("e####", made.number) == 2
    assert made.known_of_shape("e####", 1) == 1
    assert made.known_of_shape("x#", made.number) == 0


@given(st.text(alphabet="ab.-_1@", max_size=12))
def test_spellings_hold_neither_separators_nor_the_domain(name: str) -> None:
    for spelling in spellings(name):
        assert spelling
        assert not set(spelling) & set(".-_@")
