"""A watch follows one place: it opens an incident when a rule fires, lets it grow, and closes it."""

from __future__ import annotations

from enumwatch.core.incident import ENUMERATION, GUESSING, SPRAY
from enumwatch.core.times import SECOND

from .making import LIMITS, START, contact, existing, incidents, names, success, the_incident

DAY_SECONDS = 86_400


def staff(number: int, begin: float = -DAY_SECONDS, **known: str) -> list:
    """Users who signed in a day before."""
    return [
        success(begin + 60 * turn, f"staff{turn}@contoso.example", user_agent="Edge", **known) for turn in range(number)
    ]


def test_an_incident_opens_when_the_rule_fires_and_begins_with_the_first_attempt_of_its_chain() -> None:
    incident = the_incident(names(5, every=60))
    assert incident.raised == {ENUMERATION: START + 240 * SECOND}
    assert incident.start == START
    assert len(incident.observations) == 5


def test_nothing_opens_below_the_limit() -> None:
    assert incidents(names(4)) == []


def test_attempts_before_a_pause_of_more_than_a_window_belong_to_nothing() -> None:
    assert the_incident([contact(-3700, "old@contoso.example"), *names(5)]).start == START


def test_an_incident_takes_in_what_follows_until_it_was_quiet_for_a_day() -> None:
    late = contact(40 + DAY_SECONDS, "late@contoso.example")
    assert len(the_incident([*names(5), late]).sorts) == 6
    too_late = contact(41 + DAY_SECONDS, "late@contoso.example")
    assert len(the_incident([*names(5), too_late]).sorts) == 5


def test_after_its_close_another_incident_opens() -> None:
    first, second = incidents([*names(5), *names(5, 3 * DAY_SECONDS, stem="later")])
    assert (first.start, second.start) == (START, START + 3 * DAY_SECONDS * SECOND)


def test_enumeration_that_becomes_a_spray_stays_one_incident_of_enumeration() -> None:
    incident = the_incident([*names(5), *existing(12, 100)])
    assert list(incident.raised) == [ENUMERATION]
    assert len(incident.sorts) == 17


def test_a_spray_that_becomes_enumeration_is_one_incident_that_raised_both() -> None:
    incident = the_incident([*existing(10, every=300), *names(12, 3000)])
    assert list(incident.raised) == [SPRAY, ENUMERATION]
    assert incident.raised[SPRAY] < incident.raised[ENUMERATION]


def test_guessing_is_told_only_where_nothing_worse_is() -> None:
    guesses = [contact(6 * turn, "a@contoso.example", outcome="exists_bad_secret", app=str(turn)) for turn in range(10)]
    assert list(the_incident(guesses).raised) == [GUESSING]
    assert list(the_incident([*guesses, *names(15, 100)]).raised) == [GUESSING, ENUMERATION]


def test_while_nobody_signed_in_the_whole_place_is_the_actor_whatever_its_agents() -> None:
    rotating = [contact(10 * turn, f"n{turn}@contoso.example", user_agent=f"agent{turn % 3}") for turn in range(6)]
    incident = the_incident(rotating)
    assert incident.agent is None
    assert incident.agents == {"agent0", "agent1", "agent2"}


def test_once_somebody_signed_in_there_the_agent_is_the_actor() -> None:
    incident = the_incident(
        [*staff(1), *names(5, user_agent="curl/8"), contact(60, "slip@contoso.example", user_agent="Edge")]
    )
    assert incident.agent == "curl/8"
    assert "slip@contoso.example" not in incident.sorts


def test_attempts_without_an_agent_are_the_places_own() -> None:
    assert the_incident([*staff(1), *names(5)]).agent is None


def test_a_shared_address_needs_more_names_of_one_agent() -> None:
    assert incidents([*staff(3), *names(15, user_agent="curl/8")]) == []
    assert the_incident([*staff(3), *names(16, user_agent="curl/8")]).agent == "curl/8"


def test_names_of_two_agents_at_a_shared_address_do_not_add_up() -> None:
    two = [*names(8, user_agent="curl/8"), *names(8, 100, stem="m", user_agent="Outlook")]
    assert incidents([*staff(3), *two]) == []
    assert len(incidents(two)) == 1


def test_a_name_that_fails_where_and_with_what_it_signed_in_is_nobodys_affair() -> None:
    worked = [success(-60, f"n{turn:03}@contoso.example", user_agent="Edge") for turn in range(2)]
    tried = names(6, user_agent="Edge")
    assert incidents([*worked, *tried]) == []
    assert len(the_incident([*worked, *names(7, user_agent="Edge")]).sorts) == 5


def test_the_same_name_with_another_agent_counts() -> None:
    worked = [success(-60, "n000@contoso.example", user_agent="Edge")]
    assert len(the_incident([*worked, *names(5, user_agent="curl/8")]).sorts) == 5


def test_a_decoy_opens_an_incident_at_once_whatever_the_answer() -> None:
    for outcome in ("not_found", "exists_bad_secret", "ambiguous"):
        incident = the_incident([contact(target="bait@contoso.example", outcome=outcome)], bait="decoy")
        assert incident.raised == {ENUMERATION: START}


def test_a_sensitive_name_alone_opens_nothing() -> None:
    assert incidents([contact(target="ceo@contoso.example", outcome="exists_bad_secret")], ceo="executive") == []


def test_devices_that_retry_are_no_roll_call() -> None:
    retries = names(4, lasts=200, attempts=4)
    assert incidents([*retries, contact(400, "new@contoso.example")]) == []


def test_hidden_attempts_open_an_incident_of_their_own() -> None:
    hidden = {"target": "", "target_visible": False}
    assert incidents([contact(0, attempts=9, **hidden)]) == []
    assert the_incident([contact(0, attempts=10, **hidden)]).hidden_attempts == 10


def test_unclear_answers_of_autodiscover_open_one_and_those_of_sign_ins_are_a_spray() -> None:
    unclear = {"outcome": "ambiguous", "code": "200"}
    assert list(the_incident(names(10, kind="autodiscover", **unclear)).raised) == [ENUMERATION]
    assert list(the_incident(names(10, every=300, **unclear)).raised) == [SPRAY]


def test_an_incident_of_the_place_ends_where_the_place_turns_out_to_be_shared() -> None:
    ordinary = [success(100 + turn, f"worker{turn}@contoso.example") for turn in range(12)]
    attempts = [*existing(12, every=5), *[success(200 + t, f"e{t:03}@contoso.example") for t in range(8)]]
    incident = the_incident([*attempts, *ordinary, contact(900, "late@contoso.example")])
    assert incident.is_people
    assert "late@contoso.example" not in incident.sorts


def test_what_is_told_of_an_incident_only_grows() -> None:
    seen: dict[int, int] = {}
    for incident in incidents([*names(30), *existing(30, 400)], LIMITS):
        assert len(incident.sorts) >= seen.get(id(incident), 0)
        seen[id(incident)] = len(incident.sorts)
    assert list(seen.values()) == [60]
