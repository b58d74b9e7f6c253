"""Events become contacts of one hour (a success: of one day), each event once."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.contact import Contact, group, without_echoes
from enumwatch.core.event import KINDS, Event
from enumwatch.core.outcome import OUTCOMES
from enumwatch.core.times import DAY, HOUR, SECOND

from .making import START, contact, event

EVENTS = st.builds(
    event,
    seconds=st.integers(0, 3 * 86_400),
    kind=st.sampled_from(KINDS[:3]),
    tenant=st.sampled_from(["", "t1"]),
    src_ip=st.sampled_from(["", "203.0.113.9", "203.0.113.10"]),
    target=st.sampled_from(["", "a@contoso.example", "A@contoso.example", "b@contoso.example"]),
    app=st.sampled_from(["", "Outlook"]),
    code=st.sampled_from(["50034", "50126"]),
    outcome=st.sampled_from(OUTCOMES),
)


def test_attempts_of_one_hour_are_one_contact_with_first_and_last() -> None:
    assert group([event(5), event(3599), event(0)]) == [contact(0, lasts=3599, attempts=3)]


def test_the_full_hour_begins_another_contact() -> None:
    assert group([event(3599.999999), event(3600)]) == [contact(3599.999999), contact(3600)]


@pytest.mark.parametrize(
    "difference",
    [
        {"kind": "autodiscover"},
        {"source": "okta_system"},
        {"tenant": "fabrikam"},
        {"src_ip": "203.0.113.10"},
        {"asn": "64500"},
        {"country": "NL"},
        {"user_agent": "curl/8"},
        {"app": "Outlook"},
        {"app_id": "1"},
        {"client_app": "IMAP4"},
        {"actor": "x"},
        {"host": "PC1"},
        {"target": "A@contoso.example"},
        {"target_visible": False},
        {"code": "50126"},
        {"outcome": "ambiguous"},
    ],
    ids=lambda difference: next(iter(difference)),
)
def test_every_key_tells_contacts_apart(difference: dict[str, object]) -> None:
    assert len(group([event(), event(**difference)])) == 2


def test_successes_of_a_day_are_one_contact_whatever_app_and_code() -> None:
    made = group([event(outcome="success", app="Outlook", app_id="1", client_app="IMAP4", code="0"),
                  event(7200, outcome="success", app="Teams", app_id="2", code="70044")])  # fmt: skip
    assert made == [contact(0, lasts=7200, attempts=2, outcome="success", code="", hour=START - 9 * HOUR)]


def test_midnight_begins_another_contact_of_successes() -> None:
    assert len(group([event(15 * 3600 - 1, outcome="success"), event(15 * 3600, outcome="success")])) == 2


def test_a_success_that_is_no_sign_in_keeps_its_hour_and_its_app() -> None:
    (made,) = group([event(outcome="success", kind="directory_read", app="Graph", code="200")])
    assert (made.hour, made.app, made.code) == (START, "Graph", "200")


def test_noise_makes_no_contact() -> None:
    assert group([event(outcome="noise")]) == []


def test_an_event_that_is_given_twice_counts_once_and_of_another_log_again() -> None:
    same = event(event_id="e1")
    assert group([same, same, event(event_id="e1", source="okta_system")]) == group([
        same, event(event_id="e2", source="okta_system")])  # fmt: skip


def test_events_without_an_id_all_count() -> None:
    assert group([event(), event()])[0].attempts == 2


def test_noise_does_not_use_up_an_id() -> None:
    assert len(group([event(event_id="e1", outcome="noise"), event(event_id="e1")])) == 1


@given(st.lists(EVENTS, max_size=60), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(events: list[Event], rng: random.Random) -> None:
    shuffled = list(events)
    rng.shuffle(shuffled)
    assert group(shuffled) == group(events)


@given(st.lists(EVENTS, max_size=60))
def test_every_event_but_noise_is_in_exactly_one_contact(events: list[Event]) -> None:
    contacts = group(events)
    assert sum(one.attempts for one in contacts) == sum(one.outcome != "noise" for one in events)
    assert contacts == sorted(set(contacts))
    for one in contacts:
        length = DAY if one.outcome == "success" and one.kind != "directory_read" else HOUR
        assert one.hour <= one.first <= one.last < one.hour + length
        assert one.hour % length == 0


def checked(seconds: float = 0, attempts: int = 1, lasts: float = 0, **known: object) -> Contact:
    """NTLM attempts as the domain controller checked them."""
    fields = {"source": "windows_security", "client_app": "4776", "code": "4776:0xc000006a", "target": "anna", **known}
    return contact(seconds, lasts=lasts, attempts=attempts, **fields)


def used(seconds: float = 0, attempts: int = 1, lasts: float = 0, **known: object) -> Contact:
    """The same attempts as the machine refused them."""
    fields = {"client_app": "4625", "code": "4625:0xc000006a", "host": "PC1", "src_ip": "", **known}
    return checked(seconds, attempts, lasts, **fields)


def test_an_attempt_that_both_machines_log_counts_once() -> None:
    assert without_echoes([checked(), used()]) == [used()]


def test_a_check_without_its_use_stays() -> None:
    assert without_echoes([checked()]) == [checked()]


@pytest.mark.parametrize(
    "other",
    [
        used(code="4625:0xc0000064"),
        used(target="bela"),
        used(tenant="fabrikam"),
        used(3600),
        used(5.1),
        used(kind="autodiscover"),
        used(client_app="4624"),
    ],
    ids=["status", "name", "tenant", "hour", "time", "kind", "event"],
)
def test_a_use_that_differs_echoes_nothing(other: Contact) -> None:
    assert without_echoes([checked(), other]) == [checked(), other]


def test_clocks_of_two_machines_may_differ_by_five_seconds_and_names_by_their_case() -> None:
    assert without_echoes([checked(5, target="ANNA"), used()]) == [used()]
    assert without_echoes([checked(), used(5)]) == [used(5)]


def test_more_checks_than_uses_leave_the_difference_where_it_was_known() -> None:
    kept = without_echoes([checked(attempts=5, lasts=100), used(attempts=3, lasts=90)])
    assert [(one.client_app, one.attempts, one.last) for one in kept] == [
        ("4776", 2, START + 100 * SECOND),
        ("4625", 3, START + 90 * SECOND),
    ]


def test_what_is_left_of_a_check_is_not_placed_before_it_was_known() -> None:
    kept = without_echoes([checked(attempts=5, lasts=100), used(attempts=3, lasts=90)])
    assert kept[0].first == kept[0].last


def test_one_use_echoes_only_as_many_checks_as_it_has_attempts() -> None:
    kept = without_echoes([checked(), checked(1, host="DC2"), used(attempts=1, lasts=1)])
    assert sum(one.attempts for one in kept) == 2


@given(st.integers(1, 9), st.integers(1, 9))
def test_attempts_on_both_sides_count_as_the_larger_number(checks: int, uses: int) -> None:
    kept = without_echoes([checked(attempts=checks, lasts=20), used(attempts=uses, lasts=20)])
    assert sum(one.attempts for one in kept) == max(checks, uses)
