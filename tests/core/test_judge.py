"""The verdict an incident supports, its score and its confidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.contact import Contact
from enumwatch.core.incident import Incident
from enumwatch.core.judge import Findings, Ladder, confidence, judge, score_of
from enumwatch.core.verdict import VERDICTS, rank

from .making import RULEBOOK, contact, existing, named, names, success, the_incident

LADDER = Ladder.of(RULEBOOK["detections"]["email_enumeration"]["limits"])
NOTHING = Findings(has_known_tool=False, has_intelligence=False, log_sources=1, can_name_actor=True)
JUDGED = [*VERDICTS[:6], "Not Enough Evidence"]


def verdict(contacts: list[Contact], known: Findings = NOTHING, **kinds: str) -> str:
    """The verdict on the only incident of these contacts."""
    return judge(the_incident(contacts, **kinds), LADDER, known).verdict


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (5, "Low-Level Enumeration"),
        (19, "Low-Level Enumeration"),
        (20, "Moderate Enumeration"),
        (49, "Moderate Enumeration"),
        (50, "High Confidence Enumeration"),
        (500, "High Confidence Enumeration"),
    ],
)
def test_the_ladder_counts_names(number: int, name: str) -> None:
    assert verdict(names(number, every=1)) == name


def test_existing_and_wrong_realm_names_count_in_the_ladder() -> None:
    mixed = [*names(7), *existing(7, 100), *names(6, 200, stem="w", outcome="wrong_realm")]
    assert verdict(mixed) == "Moderate Enumeration"


@pytest.mark.parametrize(("number", "name"), [(9, "Low-Level Enumeration"), (10, "Moderate Enumeration")])
def test_a_known_tool_needs_fewer_names(number: int, name: str) -> None:
    assert verdict(names(number), NOTHING._replace(has_known_tool=True)) == name


def test_a_known_tool_does_not_make_it_high() -> None:
    assert verdict(names(49), NOTHING._replace(has_known_tool=True)) == "Moderate Enumeration"


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (NOTHING._replace(has_intelligence=True), "threat intelligence knows the actor"),
        (NOTHING._replace(log_sources=2), "more than one log source shows it"),
    ],
)
def test_what_others_know_raises_one_step(known: Findings, words: str) -> None:
    found = judge(the_incident(names(5)), LADDER, known)
    assert (found.verdict, found.steps_raised) == ("Moderate Enumeration", (words,))
    assert verdict(names(20), known) == "High Confidence Enumeration"
    assert verdict(names(60), known) == "High Confidence Enumeration"


def test_several_grounds_raise_one_step_only_and_all_are_told() -> None:
    known = NOTHING._replace(has_intelligence=True, log_sources=2)
    ceo = contact(60, "ceo@contoso.example", outcome="exists_bad_secret")
    found = judge(the_incident([*names(5), ceo], ceo="executive"), LADDER, known)
    assert found.verdict == "Moderate Enumeration"
    assert len(found.steps_raised) == 3


def hidden(attempts: int) -> Contact:
    """Attempts at names that the log hides."""
    return contact(attempts=attempts, target="", target_visible=False)


@pytest.mark.parametrize(
    ("attempts", "name"), [(10, "Low-Level Enumeration"), (20, "Moderate Enumeration"), (5000, "Moderate Enumeration")]
)
def test_hidden_names_stop_at_moderate(attempts: int, name: str) -> None:
    assert verdict([hidden(attempts)]) == name
    assert rank(verdict([hidden(attempts)], NOTHING._replace(log_sources=2))) >= rank("Moderate Enumeration")


def test_answers_that_do_not_tell_stop_at_moderate() -> None:
    assert verdict(names(60, kind="autodiscover", outcome="ambiguous")) == "Moderate Enumeration"


def spray() -> list[Contact]:
    """Six existing names in two rounds within a minute."""
    return [
        contact(4 * turn, named(turn % 6, "real"), outcome="exists_bad_secret", app=str(turn)) for turn in range(12)
    ]


def test_a_spray_a_guess_and_a_break_in_have_verdicts_of_their_own() -> None:
    guess = contact(attempts=60, outcome="exists_bad_secret")
    assert verdict(spray()) == "Password Spray"
    assert verdict([guess]) == "Password Guessing"
    assert verdict([*spray(), success(4000, named(3, "real"))]) == "Compromise Suspected"
    assert verdict([guess, success(4000, guess.target)]) == "Compromise Suspected"


@pytest.mark.parametrize("number", [7, 60, 200])
def test_existing_names_alone_are_a_spray_however_many(number: int) -> None:
    found = judge(the_incident(existing(number, every=1)), LADDER, NOTHING._replace(has_intelligence=True))
    assert found == ("Password Spray", "password_spray", ())


@pytest.mark.parametrize(
    "denied",
    [
        contact(100, named(0)),
        contact(100, named(0), outcome="wrong_realm"),
        contact(100, "", target_visible=False),
        contact(100, "jo.decoy@contoso.example", outcome="exists_bad_secret"),
    ],
    ids=["absent", "wrong realm", "hidden", "decoy"],
)
def test_one_answer_that_is_not_about_a_password_takes_existing_names_to_the_ladder(denied: Contact) -> None:
    kinds = {"jo.decoy": "decoy"}
    assert verdict([*existing(19, every=1), denied], **kinds) in ("Low-Level Enumeration", "Moderate Enumeration")
    # Only an answer that said "no such name" shows that names were asked for, so only that takes it to the top.
    tops = "High Confidence" if denied.target == named(0) else "Moderate"
    assert verdict([*existing(60, every=1), denied], **kinds) == f"{tops} Enumeration"


def test_answers_that_do_not_tell_are_a_spray_only_where_they_came_in_rounds() -> None:
    rounds = [one._replace(outcome="ambiguous", code="50053") for one in spray()]
    assert verdict(rounds) == "Password Spray"
    once = [one._replace(outcome="ambiguous", code="50053") for one in existing(12)]
    assert verdict(once) == "Low-Level Enumeration"


@pytest.mark.parametrize(("limit", "name"), [(10, "Low-Level Enumeration"), (9, "Moderate Enumeration")])
def test_many_addresses_need_fewer_names(limit: int, name: str) -> None:
    spread = [one._replace(src_ip=f"203.0.113.{turn}") for turn, one in enumerate(existing(9))]
    incident = the_incident([*spread, *names(4, 100, stem="more", src_ip="203.0.113.0")])
    assert (len(incident.sorts), len(incident.places)) == (13, 9)
    assert judge(incident, LADDER._replace(moderate_addresses=limit), NOTHING).verdict == name


def test_a_break_in_is_told_as_the_chain_whether_it_came_before_the_alarm_or_after() -> None:
    early = [*existing(1, 0), *names(2, 10), success(35, named(0, "real")), *names(3, 40, stem="other")]
    late = [*existing(1, 0), *names(5, 10), success(500, named(0, "real"))]
    for contacts in (early, late):
        assert judge(the_incident(contacts), LADDER, NOTHING).detection == "success_after_enumeration"


def test_where_nobody_can_be_held_to_it_there_is_not_enough_evidence_even_of_a_break_in() -> None:
    contacts = [*names(60, src_ip=""), *existing(1, 700, src_ip=""), success(800, named(0, "real"), src_ip="")]
    found = judge(the_incident(contacts), LADDER, NOTHING._replace(can_name_actor=False))
    assert (found.verdict, found.detection) == ("Not Enough Evidence", "email_enumeration")


def test_a_verdict_never_gets_better_while_the_incident_grows() -> None:
    incident: Incident | None = None
    ranks = []
    for length in range(5, 70):
        incident = the_incident(names(length, every=5))
        ranks.append(rank(judge(incident, LADDER, NOTHING).verdict))
    assert ranks == sorted(ranks, reverse=True)


@given(st.sampled_from(JUDGED), st.integers(0, 10**9))
def test_a_score_is_between_0_and_100_and_rises_with_the_names(name: str, number: int) -> None:
    assert 0 <= score_of(name, number) <= 100
    assert score_of(name, number) <= score_of(name, number + 1)


@given(st.sampled_from(JUDGED), st.integers(0, 10**9), st.integers(0, 9))
def test_traits_add_at_most_three_points(name: str, number: int, traits: int) -> None:
    assert 0 <= score_of(name, number, traits) - score_of(name, number) <= min(3, traits)


@pytest.mark.parametrize("step", [1, 2])
def test_nothing_lifts_a_score_to_the_least_of_the_next_step(step: int) -> None:
    assert score_of(VERDICTS[step], 49, 9) < score_of(VERDICTS[step - 1], 0)


@given(st.integers(0, 10**9))
def test_of_equally_many_names_the_worse_verdict_scores_higher(number: int) -> None:
    scores = [score_of(name, number) for name in sorted(JUDGED, key=rank)]
    assert scores == sorted(set(scores), reverse=True)


@given(st.integers(0, 10**9))
def test_a_spray_climbs_through_the_ladders_scores_but_never_to_its_top(number: int) -> None:
    assert score_of("Password Guessing", number) < score_of("Password Spray", number) < score_of(VERDICTS[1], 0)


@pytest.mark.parametrize(("name", "least", "most"), [("Moderate Enumeration", 50, 70), ("Password Spray", 24, 68)])
def test_names_move_a_score_through_the_whole_range_of_its_verdict(name: str, least: int, most: int) -> None:
    assert (score_of(name, 0), score_of(name, 10**9)) == (least, most)


def test_a_wide_spray_scores_more_than_a_short_roll_call() -> None:
    assert score_of("Password Spray", 4) < score_of("Moderate Enumeration", 0) < score_of("Password Spray", 60)


@pytest.mark.parametrize(("name", "begins"), [("Low-Level Enumeration", 0), ("Moderate Enumeration", 20)])
def test_a_step_up_the_ladder_never_lowers_the_score(name: str, begins: int) -> None:
    above = VERDICTS[VERDICTS.index(name) - 1]
    ends = {"Low-Level Enumeration": 20, "Moderate Enumeration": 50}[name]
    assert all(score_of(name, number) <= score_of(above, max(number, ends)) for number in range(begins, ends + 1))


@pytest.mark.parametrize(
    ("name", "number", "absent_ratio", "gaps", "sure"),
    [
        ("High Confidence Enumeration", 60, 0.95, 0, "high"),
        ("High Confidence Enumeration", 60, 0.8, 0, "high"),
        ("High Confidence Enumeration", 60, 0.79, 0, "medium"),
        ("High Confidence Enumeration", 60, 0.95, 1, "medium"),
        ("Low-Level Enumeration", 19, 1.0, 0, "medium"),
        ("Low-Level Enumeration", 9, 1.0, 1, "low"),
        ("Low-Level Enumeration", 10, 1.0, 1, "medium"),
        ("Compromise Suspected", 20, 0.0, 0, "high"),
        ("Password Spray", 20, 0.0, 0, "medium"),
        ("Not Enough Evidence", 60, 1.0, 0, "low"),
    ],
)
def test_confidence_follows_from_what_was_seen_and_what_was_not(
    name: str, number: int, absent_ratio: float, gaps: int, sure: str
) -> None:
    assert confidence(name, number, absent_ratio, gaps) == sure


@pytest.mark.parametrize(
    ("number", "traits", "name"), [(10, 3, "Moderate"), (10, 2, "Low-Level"), (9, 6, "Low-Level"), (49, 6, "Moderate")]
)
def test_three_traits_of_a_machine_need_fewer_names(number: int, traits: int, name: str) -> None:
    assert verdict(names(number), NOTHING._replace(machine_traits=traits)) == f"{name} Enumeration"
