"""An incident knows what was tried in it, what was found, and whom it let in."""

from __future__ import annotations

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.scope import ABSENT, EXISTING, UNCLEAR, WRONG_REALM
from enumwatch.core.times import SECOND

from .making import START, contact, existing, names, success, the_incident

E0, E1, E2, E3 = (f"e{turn:03}@contoso.example" for turn in range(4))
OTHER = "other@contoso.example"


def test_each_name_has_one_class_and_every_class_its_number() -> None:
    more = [
        contact(100, "w@fabrikam.example", outcome="wrong_realm"),
        contact(101, "u@contoso.example", outcome="ambiguous"),
    ]
    incident = the_incident([*names(5), *existing(2, 90), *more])
    assert dict(incident.counts) == {ABSENT: 5, EXISTING: 2, WRONG_REALM: 1, UNCLEAR: 1}
    assert incident.suspicious_names == 9


@pytest.mark.parametrize(
    ("outcomes", "sort"),
    [
        (("ambiguous", "not_found"), ABSENT),
        (("not_found", "ambiguous"), ABSENT),
        (("exists_bad_secret", "not_found"), ABSENT),
        (("ambiguous", "exists_blocked"), EXISTING),
        (("wrong_realm", "exists_bad_secret"), WRONG_REALM),
        (("not_found", "wrong_realm"), ABSENT),
    ],
)
def test_of_several_answers_the_one_that_says_most_decides(outcomes: tuple[str, str], sort: str) -> None:
    answers = [contact(100 + turn, OTHER, outcome=outcome) for turn, outcome in enumerate(outcomes)]
    incident = the_incident([*names(5), *answers])
    assert incident.sorts[OTHER] == sort
    assert sum(incident.counts.values()) == 6


def test_names_that_an_answer_confirmed_are_found_even_if_another_denied_them() -> None:
    incident = the_incident([*names(5), contact(90, OTHER, outcome="exists_bad_secret"), contact(91, OTHER)])
    assert incident.confirmed == {OTHER}


def test_a_tried_name_that_signs_in_is_compromised_from_then_on() -> None:
    incident = the_incident([*names(5), *existing(1, 100), success(5000, E0, lasts=100)])
    assert incident.compromised == {E0: START + 5000 * SECOND}
    assert incident.break_ins == {E0}


def test_an_answer_that_confirms_the_password_is_as_good_as_a_success() -> None:
    incident = the_incident([*names(5), *existing(1, 100, outcome="exists_good_secret", code="50076")])
    assert incident.compromised == {E0: START + 100 * SECOND}
    assert incident.break_ins == set()


def test_a_name_that_signed_in_before_it_began_is_not_accused() -> None:
    worked = success(-5000, E0, user_agent="Edge")
    tried = [*names(5, user_agent="curl"), *existing(1, 100, user_agent="curl"), success(200, E0, user_agent="curl")]
    assert the_incident([worked, *tried]).compromised == {E0: START + 200 * SECOND}


def test_neither_is_one_whose_password_was_confirmed() -> None:
    worked = success(-5000, E0)
    answer = existing(1, 100, outcome="exists_good_secret")
    assert the_incident([worked, *names(5), *answer]).compromised == {}


@pytest.mark.parametrize(("seconds", "is_accused"), [(41, True), (640, True), (641, False)])
def test_the_first_try_can_be_the_right_one_for_ten_minutes(seconds: float, is_accused: bool) -> None:
    assert bool(the_incident([*names(5), success(seconds, OTHER)]).compromised) is is_accused


def test_retries_of_known_names_do_not_prolong_those_ten_minutes() -> None:
    retries = [contact(turn * 300, "n000@contoso.example", app=str(turn)) for turn in range(1, 4)]
    assert the_incident([*names(5), *retries, success(901, OTHER)]).compromised == {}


def test_where_anybody_had_signed_in_before_a_first_try_accuses_nobody() -> None:
    assert the_incident([success(-5000, "x@contoso.example"), *names(5), success(60, OTHER)]).compromised == {}


def test_a_success_that_names_nobody_accuses_nobody() -> None:
    assert the_incident([*names(5), success(60, "", target_visible=False)]).compromised == {}


def got_in(number: int) -> list[Contact]:
    """Nine absent names, three that exist, and successes of so many of those."""
    return [
        *names(9),
        *existing(3, 100),
        *[success(500 + turn, f"e{turn:03}@contoso.example") for turn in range(number)],
    ]


def test_a_quarter_of_the_names_may_get_in() -> None:
    assert set(the_incident(got_in(3)).compromised) == {E0, E1, E2}
    assert not the_incident(got_in(3)).is_people


def test_of_more_than_a_quarter_those_before_stay_accused() -> None:
    incident = the_incident([*got_in(3), success(600, "n000@contoso.example")])
    assert set(incident.compromised) == {E0, E1, E2}
    assert incident.is_people


def test_one_name_may_always_get_in() -> None:
    bait = contact(target="bait@contoso.example", outcome="exists_bad_secret")
    incident = the_incident([bait, success(10, "bait@contoso.example")], bait="decoy")
    assert set(incident.compromised) == {"bait@contoso.example"}


def test_only_a_sensitive_name_that_was_found_counts_as_such() -> None:
    ceo = {"target": "ceo@contoso.example"}
    assert not the_incident([*names(5), contact(60, **ceo)], ceo="executive").has_sensitive_found
    found = contact(60, outcome="exists_bad_secret", **ceo)
    assert the_incident([*names(5), found], ceo="executive").has_sensitive_found
    assert not the_incident([*names(5), found], ceo="decoy").has_sensitive_found


def test_hidden_attempts_are_counted_where_the_answer_denies_the_name() -> None:
    hidden = {"target": "", "target_visible": False}
    denied = contact(60, attempts=4, **hidden)
    incident = the_incident([*names(5), denied, contact(61, outcome="exists_bad_secret", attempts=4, **hidden)])
    assert incident.hidden_attempts == 4


def test_agents_applications_and_logs_are_collected_from_failures() -> None:
    tried = names(5, user_agent="curl", app_id="1") + names(1, 100, stem="m", user_agent="wget", source="okta_system")
    incident = the_incident([*tried, success(200, OTHER, user_agent="Edge", source="m365_audit")])
    assert incident.agents == {"curl", "wget"}
    assert incident.app_ids == {"1", ""}
    assert incident.sources == {"entra_signin", "okta_system"}
