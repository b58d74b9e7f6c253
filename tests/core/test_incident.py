"""An incident knows what was tried in it, what was found, and whom it let in."""

from __future__ import annotations

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.incident import Incident
from enumwatch.core.scope import ABSENT, EXISTING, UNCLEAR, WRONG_REALM
from enumwatch.core.times import SECOND

from .making import START, contact, existing, named, names, success, the_incident

E0, E1, E2, E3 = (named(turn, "real") for turn in range(4))
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


def test_an_answer_that_confirms_a_password_which_was_wrong_before_is_as_good_as_a_success() -> None:
    confirmed = existing(1, 110, outcome="exists_good_secret", code="50076")
    incident = the_incident([*names(5), *existing(1, 100), *confirmed])
    assert incident.compromised == {E0: START + 110 * SECOND}
    assert incident.break_ins == set()


def test_a_password_that_was_never_wrong_may_be_that_of_an_account_nobody_uses() -> None:
    confirmed = existing(1, 110, outcome="exists_good_secret", code="50076")
    assert the_incident([*names(5), *confirmed]).compromised == {}
    assert the_incident([*names(5), *existing(1, 120), *confirmed]).compromised == {}


def test_a_name_that_signed_in_before_it_began_is_not_accused() -> None:
    worked = success(-5000, E0, user_agent="Edge")
    tried = [*names(5, user_agent="curl"), *existing(1, 100, user_agent="curl"), success(200, E0, user_agent="curl")]
    assert the_incident([worked, *tried]).compromised == {E0: START + 200 * SECOND}


def test_neither_is_one_whose_password_was_confirmed() -> None:
    worked = success(-5000, E0, user_agent="Edge")
    answers = [*existing(1, 100), *existing(1, 110, outcome="exists_good_secret")]
    assert the_incident([*names(5), *answers]).compromised == {E0: START + 110 * SECOND}
    assert the_incident([worked, *names(5), *answers]).compromised == {}


@pytest.mark.parametrize(("seconds", "is_accused"), [(41, True), (640, True), (641, False)])
def test_the_first_try_can_be_the_right_one_for_ten_minutes(seconds: float, is_accused: bool) -> None:
    assert bool(the_incident([*names(5), success(seconds, OTHER)]).compromised) is is_accused


def test_retries_of_known_names_do_not_prolong_those_ten_minutes() -> None:
    retries = [contact(turn * 300, named(0), app=str(turn)) for turn in range(1, 4)]
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
        *[success(500 + turn, named(turn, "real")) for turn in range(number)],
    ]


def test_a_quarter_of_the_names_may_get_in() -> None:
    incident = the_incident(got_in(3))
    assert set(incident.compromised) == {E0, E1, E2}
    assert not incident.is_people_at(incident.place)


def test_of_more_than_a_quarter_those_before_stay_accused() -> None:
    incident = the_incident([*got_in(3), success(600, named(0))])
    assert set(incident.compromised) == {E0, E1, E2}
    assert incident.is_people_at(incident.place)
    assert not incident.is_crowded(incident.place)


def test_a_place_is_crowded_once_more_names_got_in_than_half_of_those_refused() -> None:
    incident = the_incident([*existing(7), *[success(200 + turn, named(turn, "real")) for turn in range(4)]])
    assert incident.is_crowded(incident.place)
    incident = the_incident([*existing(8), *[success(200 + turn, named(turn, "real")) for turn in range(4)]])
    assert not incident.is_crowded(incident.place)


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
    assert incident.agents == {"curl": 5, "wget": 1}
    assert incident.pairs == {("203.0.113.0/24", "curl"): 5, ("203.0.113.0/24", "wget"): 1}
    assert incident.app_ids == {"1", ""}
    assert incident.sources == {"entra_signin", "okta_system"}


def test_a_tool_is_known_with_the_system_it_comes_from_else_with_the_network() -> None:
    assert set(the_incident(names(5, asn="64500", user_agent="curl")).pairs) == {("64500", "curl")}
    assert set(the_incident(names(5, src_ip="", host="PC1")).pairs) == {("PC1", "")}


def wide(*more: Contact) -> Incident:
    """An incident of six addresses of one network, one name each."""
    rows = [contact(10 * turn, named(turn), src_ip=f"203.0.113.{turn}", user_agent="curl") for turn in range(6)]
    return the_incident([*rows, *more])


def test_of_several_places_each_knows_its_own_names() -> None:
    incident = wide(contact(100, E0, src_ip="203.0.113.2", outcome="exists_bad_secret", user_agent="curl"))
    assert sorted(len(names) for names in incident.names_at.values()) == [1, 1, 1, 1, 1, 2]
    assert len(incident.places) == 6


def test_somebody_who_failed_and_got_in_at_their_own_place_was_only_swept_up() -> None:
    assert wide(success(300, named(2), src_ip="203.0.113.2", user_agent="curl")).compromised == {}


def test_a_name_that_was_tried_at_another_place_of_the_actor_was_broken_into() -> None:
    assert set(wide(success(300, named(2), src_ip="203.0.113.4", user_agent="curl")).compromised) == {named(2)}


def test_so_was_one_at_a_place_that_tried_several() -> None:
    tried = contact(100, E0, src_ip="203.0.113.2", outcome="exists_bad_secret", user_agent="curl")
    assert set(wide(tried, success(2000, E0, src_ip="203.0.113.2", user_agent="curl")).compromised) == {E0}


def test_a_success_by_means_that_people_use_elsewhere_accuses_nobody_in_a_wide_incident() -> None:
    worked = [success(-9000, named(0, "staff"), src_ip=f"203.0.113.{turn}", user_agent="curl") for turn in (50, 51)]
    assert wide(*worked, success(300, named(2), src_ip="203.0.113.4", user_agent="curl")).compromised == {}


def test_a_verdict_stands_while_nothing_it_depends_on_changes() -> None:
    before = the_incident(names(5)).standing
    assert the_incident([*names(5), contact(60, named(0), app="other")]).standing == before
    assert the_incident([*names(5), contact(60, named(5))]).standing != before
    assert the_incident([*names(5), contact(60, named(0), app="other", user_agent="wget")]).standing != before


def test_without_an_answer_that_denies_a_name_nothing_is_told_for_sure() -> None:
    assert not the_incident(existing(8)).is_told
    assert the_incident([*existing(8), contact(100, named(0))]).is_told
    assert the_incident([*existing(8), contact(100, named(0), outcome="wrong_realm")]).is_told
