"""The published rule counts names by address, client, agent and clock hour, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.contact import Contact
from enumwatch.core.decide import decide
from enumwatch.core.published import minutes_of, published_threshold, rate_per_minute
from enumwatch.core.times import MINUTE, SECOND
from enumwatch.core.verdict import Verdict

from .making import START, contact, context, names


def found(contacts: list[Contact]) -> list[Verdict]:
    """What the rule finds in these contacts."""
    return list(published_threshold(contacts, context()))


def test_ten_names_are_a_finding_and_nine_are_none() -> None:
    assert [one.evidence.names_tried for one in found(names(10))] == [10]
    assert found(names(9)) == []


@pytest.mark.parametrize("change", [{"code": "50126"}, {"source": "entra_signin_noninteractive"}, {"src_ip": ""}])
def test_other_codes_other_tables_and_rows_without_address_do_not_count(change: dict[str, str]) -> None:
    assert found([*names(9), *names(30, 100, stem="m", **change)]) == []


@pytest.mark.parametrize("change", [{"src_ip": "203.0.113.10"}, {"client_app": "IMAP4"}, {"user_agent": "curl"}])
def test_each_key_splits(change: dict[str, str]) -> None:
    assert found([*names(9), *names(9, 100, stem="m", **change)]) == []


def test_the_clock_hour_splits() -> None:
    assert found(names(18, 51 * 60, every=60)) == []


def test_tenants_applications_and_outcomes_are_not_told_apart() -> None:
    mixed = [
        *names(5, tenant="a", app="x"),
        *names(5, 60, stem="m", tenant="b", app="y", outcome="ambiguous", code="50053"),
    ]
    (one,) = found(mixed)
    assert (one.tenant, one.evidence.names_tried, one.evidence.apps) == ("", 10, 2)


def test_most_names_come_first_and_equals_in_the_order_of_their_keys() -> None:
    contacts = [
        *names(10, src_ip="203.0.113.2"),
        *names(12, src_ip="203.0.113.3"),
        *names(10, src_ip="203.0.113.1"),
    ]
    assert [(one.actor.ip, one.evidence.names_tried) for one in found(contacts)] == [
        (["203.0.113.3"], 12),
        (["203.0.113.1"], 10),
        (["203.0.113.2"], 10),
    ]


def test_a_finding_holds_what_the_rule_lists() -> None:
    contacts = [contact(turn, f"u{turn:02}@contoso.example", app=f"app{turn:02}", client_app="IMAP4", user_agent="curl")
                for turn in range(30)]  # fmt: skip
    (one,) = found(contacts)
    assert one.verdict == "Moderate Enumeration"
    assert one.evidence.names_sample == {"tried": [f"u{turn:02}@contoso.example" for turn in range(25)]}
    assert (one.evidence.apps, one.evidence.apps_sample) == (30, [f"app{turn:02}" for turn in range(10)])
    assert (one.actor.user_agent, one.actor.client_app, one.actor.ip) == ("curl", "IMAP4", ["203.0.113.9"])
    assert (one.window_start, one.window_end) == (START, START + 29 * SECOND)
    assert (one.evidence.minutes, one.evidence.names_per_minute, one.evidence.attempts_per_name) == (1, 30.0, 1.0)
    assert one.evidence.names_absent == 0
    assert one.reasons == ["30 names in the clock hour, 30 a minute; the rule's limit is 10 names"]


def test_the_rule_is_off_unless_asked_for() -> None:
    contacts = [contact(turn, f"u{turn}@contoso.example") for turn in range(12)]
    assert [one.detection for one in decide(contacts, context()).findings] == ["email_enumeration"]
    only = decide(contacts, context(), ["published_threshold"])
    assert [one.detection for one in only.findings] == ["published_threshold"]


@pytest.mark.parametrize(
    ("first", "last", "minutes", "rate"),
    [
        (0, 0, 1, 12.0),
        (0, 59.999, 1, 12.0),
        (30, 70, 2, 6.0),
        (59.999, 60, 2, 6.0),
        (0, 3599, 60, 0.2),
        (0, 420, 8, 1.5),
    ],
)
def test_minutes_are_boundaries_and_one_and_the_rate_is_names_by_minutes(
    first: float, last: float, minutes: int, rate: float
) -> None:
    begin, end = START + int(first * SECOND), START + int(last * SECOND)
    assert minutes_of(begin, end) == minutes
    assert rate_per_minute(12, begin, end) == rate


def test_a_rate_has_two_decimals_and_halves_go_up() -> None:
    assert rate_per_minute(10, START, START + 2 * MINUTE) == 3.33
    assert rate_per_minute(1, START, START + 7 * MINUTE) == 0.13
    assert rate_per_minute(20, START, START + 2 * MINUTE) == 6.67


@given(st.integers(10, 5000), st.integers(0, 3599), st.integers(0, 3599))
def test_a_rate_is_within_half_a_hundredth_of_the_exact_one(number: int, one: int, other: int) -> None:
    first, last = sorted((START + one * SECOND, START + other * SECOND))
    assert abs(rate_per_minute(number, first, last) - number / minutes_of(first, last)) <= 0.005 + 1e-9
