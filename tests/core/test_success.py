"""Of all successes only the first of a name with an agent at a place says something new."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.observation import Place
from enumwatch.core.success import network_key, observation_of, success_rows
from enumwatch.core.times import SECOND

from .making import START, arrived, contact, success


def test_only_successes_that_say_whose_name_it_was_are_handed_over() -> None:
    rows = success_rows([contact(), success(target=""), success(target_visible=False), success(lasts=60, attempts=9)])
    assert [(one.first, one.last, one.target) for one in rows] == [(START, START, "a@contoso.example")]
    assert rows[0].app_id == ""


def test_the_first_success_of_a_name_with_an_agent_at_a_place_is_kept() -> None:
    rows = [
        success(50, "A@contoso.example"),
        success(10, "a@contoso.example"),
        success(20, "a@contoso.example", user_agent="Edge"),
        success(30, "a@contoso.example", src_ip="203.0.113.10"),
        success(40, "a@contoso.example", tenant="fabrikam"),
    ]
    assert [(one.time - START) // SECOND for one in arrived(rows)] == [10, 20, 30, 40]


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=20), st.randoms(use_true_random=False))
def test_they_come_in_time_order_whatever_the_order_of_input(shape: list[tuple[int, str]], rng: random.Random) -> None:
    rows = [success(second, f"{name}@contoso.example") for second, name in shape]
    found = arrived(rows)
    rng.shuffle(rows)
    assert arrived(rows) == found
    assert [one.time for one in found] == sorted(one.time for one in found)
    assert len({one.name for one in found}) == len(found)


@pytest.mark.parametrize(
    ("asn", "place", "key"),
    [
        ("64500", ("ip", "203.0.113.9"), "64500"),
        ("", ("ip", "203.0.113.9"), "203.0.113.0/24"),
        ("", ("ip", "2001:db8:1:2::9"), "2001:db8:1:2::/64"),
        ("", ("host", "PC1"), "PC1"),
        ("", ("account", "jw"), "jw"),
    ],
)
def test_a_name_is_at_home_in_a_system_else_a_network_else_a_place(asn: str, place: tuple[str, str], key: str) -> None:
    assert network_key(asn, Place("contoso", *place)) == key


def test_an_incident_keeps_a_success_as_an_observation() -> None:
    (one,) = arrived([success(5, "Anna@contoso.example", user_agent="Edge", asn="64500")])
    kept = observation_of(one)
    assert (kept.time, kept.place, kept.name) == (one.time, one.place, "anna@contoso.example")
    assert (kept.contact.outcome, kept.contact.target, kept.contact.user_agent) == (
        "success",
        "Anna@contoso.example",
        "Edge",
    )
    assert (kept.attempts, kept.is_first, kept.contact.asn) == (1, True, "64500")
