"""Evidence is counted from the observations of an incident alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.contact import Contact
from enumwatch.core.evidence import SAMPLE_SIZE, Evidence
from enumwatch.core.measure import measure, names_by_outcome, sample, timeline
from enumwatch.core.times import from_iso

from .making import contact, existing, named, names, observed, success, the_incident


def evidence(*contacts: Contact) -> Evidence:
    """Evidence of the only incident of these contacts."""
    return measure(the_incident(contacts))


def test_names_are_counted_by_what_the_answers_say_and_attempts_in_all() -> None:
    more = [
        contact(200, "w@fabrikam.example", outcome="wrong_realm"),
        contact(201, "u@contoso.example", outcome="ambiguous"),
    ]
    found = evidence(*names(8, attempts=2), *existing(2, 100), *more)
    counted = (found.names_tried, found.names_absent, found.names_existing, found.names_wrong_realm)
    assert counted == (12, 8, 2, 1)
    assert found.attempts == 20
    assert found.absent_ratio == 0.8
    assert found.attempts_per_name == 1.67


def test_one_name_in_two_spellings_is_one_name() -> None:
    found = evidence(*names(5), contact(100, named(0).upper()))
    assert (found.names_tried, found.attempts) == (5, 6)


def test_where_no_answer_tells_there_is_no_share() -> None:
    assert evidence(*names(10, kind="autodiscover", outcome="ambiguous")).absent_ratio is None
    only_hidden = evidence(contact(attempts=12, target="", target_visible=False))
    assert (only_hidden.absent_ratio, only_hidden.attempts_per_name, only_hidden.success_share) == (None, None, None)


def test_hidden_attempts_are_in_the_attempts_but_not_in_those_per_name() -> None:
    found = evidence(*names(5), contact(60, attempts=7, target="", target_visible=False))
    assert (found.attempts, found.names_hidden, found.attempts_per_name) == (12, 7, 1.0)


def test_a_broken_account_adds_one_attempt_however_often_it_signed_in() -> None:
    found = evidence(*names(5), *existing(1, 60), success(100, named(0, "real"), attempts=900, lasts=5))
    assert found.attempts == 7
    assert found.names_tried == 6
    assert found.success_share == pytest.approx(1 / 6, abs=0.001)


def test_spread_is_told_as_counts_with_samples_and_empty_values_do_not_count() -> None:
    contacts = [
        contact(10 * turn, f"n{turn}@contoso.example", country=country, user_agent=agent, app=app)
        for turn, (country, agent, app) in enumerate(
            [("NL", "b", "Teams"), ("DE", "a", ""), ("", "", "Outlook"), ("NL", "a", "Teams"), ("NL", "b", "Exchange")]
        )
    ]
    found = evidence(*contacts)
    assert (found.addresses, found.addresses_sample) == (1, ["203.0.113.9"])
    assert (found.networks, found.networks_sample) == (1, ["203.0.113.0/24"])
    assert (found.countries, found.countries_sample) == (2, ["DE", "NL"])
    assert (found.user_agents, found.user_agents_sample) == (2, ["a", "b"])
    assert (found.apps, found.apps_sample) == (3, ["Exchange", "Outlook", "Teams"])


def test_a_machine_or_an_account_is_no_address() -> None:
    found = evidence(*names(5, src_ip="", host="PC1"))
    assert (found.addresses, found.networks) == (0, 0)


def test_samples_are_the_first_fifty_in_order() -> None:
    count, shown = sample([f"v{number:03}" for number in range(80, 0, -1)] * 2)
    assert count == 80
    assert shown == [f"v{number:03}" for number in range(1, SAMPLE_SIZE + 1)]


def test_names_are_listed_by_outcome_as_the_log_writes_them() -> None:
    contacts = [
        contact(1, "Anna@contoso.example"),
        contact(2, "ANNA@contoso.example"),
        contact(3, "bela@contoso.example"),
    ]
    contacts.append(contact(4, "anna@contoso.example", outcome="exists_bad_secret"))
    contacts.append(contact(5, "", target_visible=False))
    assert names_by_outcome(observed(contacts)) == {
        "exists_bad_secret": ["anna@contoso.example"],
        "not_found": ["ANNA@contoso.example", "bela@contoso.example"],
    }


@given(st.randoms(use_true_random=False))
def test_input_order_never_shows(rng: random.Random) -> None:
    contacts = [*names(60, every=3, attempts=2, lasts=30), *existing(5, 100, app="Teams")]
    shuffled = list(contacts)
    rng.shuffle(shuffled)
    assert evidence(*shuffled) == evidence(*contacts)


def test_a_timeline_has_buckets_of_equal_length_without_empty_ones() -> None:
    rows, seconds = timeline(observed([*names(3, every=1), *existing(1, 3599)]))
    assert seconds == 60
    assert rows == [
        {"time": "2026-03-02T09:00:00Z", "not_found": 3},
        {"time": "2026-03-02T09:59:00Z", "exists_bad_secret": 1},
    ]


def test_no_observations_have_no_timeline() -> None:
    assert timeline([]) == ([], 0)


@given(st.lists(st.tuples(st.integers(0, 40 * 86_400), st.integers(1, 9)), min_size=1, max_size=40))
def test_a_timeline_loses_no_attempt_and_has_at_most_sixty_buckets(shape: list[tuple[int, int]]) -> None:
    seen = observed(
        [contact(second, f"n{turn}@contoso.example", attempts=number) for turn, (second, number) in enumerate(shape)]
    )
    rows, seconds = timeline(seen)
    assert sum(int(str(row["not_found"])) for row in rows) == sum(one.attempts for one in seen)
    assert len(rows) <= 60
    begins = [from_iso(str(row["time"])) for row in rows]
    assert begins == sorted(set(begins))
    assert all(begin % (seconds * 1_000_000) == 0 for begin in begins)
    assert begins[0] <= seen[0].time


def test_the_logs_are_those_of_the_failures() -> None:
    found = evidence(*names(5), success(60, named(0), source="okta_system"))
    assert found.sources == ["entra_signin"]
