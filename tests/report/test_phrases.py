"""Measures read as plain words."""

from __future__ import annotations

from typing import Any

import pytest
from tests.report import examples, more_examples

from enumwatch.report.phrases import (
    actor_details,
    actor_text,
    count,
    duration,
    headline,
    instant,
    is_about_names,
    is_worth_a_row,
    listed,
    measure,
    plain,
    span,
    with_examples,
)


def test_counts_agree_with_their_noun() -> None:
    assert [count(1, "name"), count(1234, "name"), count(0, "entry", "entries")] == [
        "1 name",
        "1,234 names",
        "0 entries",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *((0.5, "an instant"), (1, "1 second"), (60, "1 minute"), (90, "90 seconds"), (2437, "41 minutes")),
        *((3600, "1 hour"), (250_603, "70 hours"), (86_400, "1 day"), (86_400 * 9, "9 days")),
    ],
)
def test_durations_use_the_largest_fitting_unit(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-03-02T09:00:00Z", "2026-03-02T09:41:00Z", "2026-03-02 09:00-09:41"),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:41.5Z", "2026-03-02 09:00"),
        ("2026-03-02T09:00:00Z", "2026-03-04T09:00:00Z", "2026-03-02 - 2026-03-04"),
        ("yesterday", None, "yesterday"),
        (None, None, "-"),
    ],
)
def test_spans_name_both_days_only_when_they_differ(start: Any, end: Any, words: str) -> None:
    assert span(start, end) == words


@pytest.mark.parametrize("text", ["2023-13-45T00:00:00Z", "2026-03-02", "", None, 7, "2026-03-02T09:00:00+01:00"])
def test_what_is_no_utc_time_is_none(text: Any) -> None:
    assert instant(text) is None


def test_fractions_of_a_second_are_kept() -> None:
    parsed = instant("2026-03-02T09:00:00.25Z")
    assert parsed is not None
    assert parsed.microsecond == 250_000


def test_shares_read_as_per_cent_and_other_measures_as_numbers() -> None:
    assert [measure("absent_ratio", 0.917), measure("attempts", 1234), measure("gap_variation", 0.120)] == [
        "91.7 %",
        "1,234",
        "0.12",
    ]


def test_objects_read_as_key_and_value_without_what_is_empty() -> None:
    assert plain({"names_per_day": 3.2, "days": 21, "note": None}) == "names per day 3.2, days 21"


def test_lists_say_how_many_were_left_out() -> None:
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_a_single_example_replaces_the_count_one() -> None:
    assert [with_examples("1", ["NL"]), with_examples("3", ["NL", "RO"]), with_examples("3", [])] == [
        "NL",
        "3 (NL, RO)",
        "3",
    ]


def test_many_addresses_are_counted_with_their_network() -> None:
    assert actor_text(examples.compromise()) == "214 addresses in 198.51.100.0/24"


def test_an_account_that_acted_names_the_actor() -> None:
    assert actor_text(more_examples.account_burst()) == "helpdesk7@contoso.example"


def test_an_actor_without_any_mark_is_unknown() -> None:
    assert actor_text({"actor": {}, "evidence": {}}) == "unknown actor"


def test_autonomous_systems_are_written_with_as() -> None:
    assert ("ASN", "AS64511") in actor_details(examples.high_enumeration())


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (
            examples.compromise(),
            "214 addresses in 198.51.100.0/24 tried 388 names in 70 hours: 31 exist, 357 do not. "
            "2 accounts then answered with a sign-in or the right password.",
        ),
        (more_examples.spray(), "203.0.113.77 tried passwords on 40 names, 2.3 each in 105 minutes."),
        (more_examples.account_burst(), "helpdesk7@contoso.example stands behind 11 new accounts in 8 minutes."),
        (more_examples.hidden_names(), "203.0.113.201 made 37 attempts in 3 minutes; the log does not show the names."),
    ],
)
def test_headlines_say_who_did_what_and_what_it_showed(verdict: dict[str, Any], sentence: str) -> None:
    assert headline(verdict) == sentence


def test_one_name_takes_a_verb_in_the_singular() -> None:
    verdict = examples.high_enumeration()
    verdict["evidence"] |= {"names_tried": 2, "names_existing": 1, "names_absent": 1}
    assert headline(verdict).endswith("tried 2 names in 41 minutes: 1 exists, 1 does not.")


def test_a_finding_without_tried_names_is_not_about_names() -> None:
    harvest = {"verdict": "Directory Harvest", "evidence": {"names_tried": 0}}
    assert not is_about_names(harvest)
    assert is_about_names(harvest | {"evidence": {"names_tried": 4}})
    assert is_about_names(harvest | {"verdict": "Password Spray"})


def test_where_no_answer_tells_a_name_nothing_is_counted() -> None:
    verdict = examples.high_enumeration()
    verdict["evidence"] |= {"names_tried": 150, "names_existing": 0, "names_absent": 0}
    assert headline(verdict).endswith("tried 150 names in 41 minutes; no answer tells which exist.")
    verdict["evidence"] |= {"names_wrong_realm": 150}
    assert headline(verdict).endswith("tried 150 names in 41 minutes: 150 in the wrong realm.")


def test_addresses_that_tried_names_come_before_those_where_an_account_got_in() -> None:
    verdict = examples.high_enumeration()
    verdict["actor"]["ip"] = ["100.64.0.1", "100.64.0.2", "203.0.113.9"]
    verdict["compromised_accounts"] = ["a@contoso.example"]
    verdict["evidence"] |= {"addresses": 1, "addresses_sample": ["203.0.113.9"]}
    assert ("Address", "203.0.113.9 and 2 more") in actor_details(verdict, 1)
    assert headline(verdict).startswith("203.0.113.9 tried ")
    assert headline(verdict).endswith("or the right password, with 2 more addresses in use.")
    verdict["evidence"] |= {"addresses": 2, "addresses_sample": ["100.64.0.1", "203.0.113.9"]}
    assert headline(verdict).startswith("2 addresses tried ")
    assert headline(verdict).endswith("with 1 more address in use.")


@pytest.mark.parametrize(
    ("baseline", "words"),
    [
        (
            {"measure": "absent names a day", "days": 14, "median": 1, "deviation": 0, "most": 3},
            "absent names a day: median 1, at most 3 on 14 earlier days",
        ),
        ({"measure": "absent names a day", "days": 0, "median": 0}, "absent names a day: no complete day before"),
        (
            {"measure": "objects read", "days": 1, "median": 5.5, "most": 9, "bound": 12},
            "objects read: median 5.5, at most 9 on 1 earlier day; usual up to 12",
        ),
        (
            {"measure": "absent names a day", "days": 0, "name_pattern": "flast", "name_pattern_share": 0.9},
            "absent names a day: no complete day before; flast for 90 % of the people",
        ),
    ],
)
def test_what_would_be_normal_is_told_with_the_length_of_its_history(baseline: dict[str, Any], words: str) -> None:
    assert measure("baseline", baseline) == words


def test_rare_counts_have_a_row_only_where_there_is_something_to_count() -> None:
    assert not is_worth_a_row("names_hidden", 0)
    assert is_worth_a_row("names_hidden", 1)
    assert not is_worth_a_row("countries", 0)
    assert is_worth_a_row("names_absent", 0)
    assert not is_worth_a_row("gap_variation", None)
    assert is_worth_a_row("gap_variation", 0.0)
