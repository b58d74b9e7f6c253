"""A contact becomes one or two facts, each at the moment it is known, laid at the place it came from."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.address import AddressBook
from enumwatch.core.contact import Contact
from enumwatch.core.observation import Observation, Place, observe, place_of
from enumwatch.core.times import SECOND

from .making import START, contact, observed, success


def facts(*contacts: Contact) -> list[tuple[int, bool, int]]:
    """Seconds after START, whether it is the first, and attempts, of each observation."""
    return [((one.time - START) // SECOND, one.is_first, one.attempts) for one in observed(contacts)]


def test_one_attempt_is_one_fact() -> None:
    assert facts(contact()) == [(0, True, 1)]


def test_the_first_attempt_is_known_at_once_and_the_rest_at_the_last() -> None:
    assert facts(contact(lasts=600, attempts=5)) == [(0, True, 1), (600, False, 4)]


def test_attempts_of_one_moment_are_all_known_at_once() -> None:
    assert facts(contact(attempts=5)) == [(0, True, 5)]


def test_what_succeeded_is_no_failed_try() -> None:
    assert facts(success(lasts=600, attempts=500), success(kind="directory_read"), contact()) == [(0, True, 1)]


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 9), st.integers(0, 500)), min_size=1, max_size=20))
def test_no_attempt_is_lost_and_none_is_placed_before_it_was_known(shape: list[tuple[int, int, int]]) -> None:
    contacts = [
        contact(begin, f"n{number}@contoso.example", attempts=attempts, lasts=lasts if attempts > 1 else 0)
        for number, (begin, attempts, lasts) in enumerate(shape)
    ]
    seen = observed(contacts)
    assert sum(one.attempts for one in seen) == sum(one.attempts for one in contacts)
    assert [one.time for one in seen] == sorted(one.time for one in seen)
    for one in seen:
        assert one.attempts >= 1
        assert one.time == (one.contact.first if one.is_first else one.contact.last)
        assert one.attempts == 1 or one.time == one.contact.last


@given(st.integers(2, 12), st.randoms(use_true_random=False))
def test_observations_of_one_moment_have_one_order(number: int, rng: random.Random) -> None:
    contacts = [contact(0, f"n{turn}@contoso.example") for turn in range(number)]
    shuffled = list(contacts)
    rng.shuffle(shuffled)
    assert observed(shuffled) == observed(contacts)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"src_ip": "203.0.113.9", "host": "PC1", "actor": "jw"}, ("ip", "203.0.113.9")),
        ({"src_ip": "::ffff:203.0.113.9"}, ("ip", "203.0.113.9")),
        ({"src_ip": "2001:DB8:0::1"}, ("ip", "2001:db8::1")),
        ({"src_ip": "", "host": "PC1", "actor": "jw"}, ("host", "PC1")),
        ({"src_ip": "not an address", "host": "PC1"}, ("host", "PC1")),
        ({"src_ip": "", "actor": "jw"}, ("account", "jw")),
        ({"src_ip": ""}, ("account", "")),
    ],
)
def test_the_place_is_an_address_else_a_machine_else_an_account(fields: dict[str, str], place: tuple[str, str]) -> None:
    assert place_of(contact(**fields)) == Place("contoso", *place)


def test_places_of_two_tenants_are_two() -> None:
    assert place_of(contact(tenant="a")) != place_of(contact(tenant="b"))


@pytest.mark.parametrize(
    ("target", "is_visible", "name"),
    [
        ("Anna@Contoso.Example", True, "anna@contoso.example"),
        ("anna@contoso.example", False, ""),
        ("", True, ""),
    ],
)
def test_the_name_is_in_counting_form_and_empty_where_it_is_hidden(target: str, is_visible: bool, name: str) -> None:
    assert [one.name for one in observed([contact(target=target, target_visible=is_visible)])] == [name]


def only_mail(*contacts: Contact) -> list[Observation]:
    """Observations where every account of Entra has a mail address for a name."""
    return observe(sorted(contacts), AddressBook(), frozenset({"entra_signin"}))


@pytest.mark.parametrize(
    "target", ["CONTOSO\\anna", "anna", "a@b@contoso.example", "9d5b2f6e-0000-4000-8000-000000000000"]
)
def test_failed_tries_at_names_that_no_mail_account_has_are_left_out(target: str) -> None:
    assert only_mail(contact(target=target)) == []
    assert len(only_mail(contact(target=target, source="windows_security"))) == 1


@pytest.mark.parametrize("target", ["anna@contoso.example", "anna_gmail.com#EXT#@contoso.onmicrosoft.com"])
def test_failed_tries_at_members_and_guests_stay(target: str) -> None:
    assert len(only_mail(contact(target=target))) == 1


def test_a_hidden_name_is_no_wrong_name() -> None:
    assert len(only_mail(contact(target="", target_visible=False))) == 1


def test_a_name_of_the_tenant_written_as_its_own_guest_comes_from_faulty_single_sign_on() -> None:
    assert observed([contact(target="anna_contoso.example#EXT#@contoso.example")]) == []
    assert len(observed([contact(target="anna_gmail.com#EXT#@contoso.example")])) == 1
