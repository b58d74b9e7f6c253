"""A watch follows one tenant: it opens an incident where a rule fires, lets it grow over places, and closes it."""

from __future__ import annotations

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.incident import ENUMERATION, GUESSING, SPRAY
from enumwatch.core.times import SECOND

from .making import LIMITS, START, contact, existing, incidents, named, names, success, the_incident

DAY_SECONDS = 86_400
CURL = {"user_agent": "curl/8"}


def staff(number: int, begin: float = -DAY_SECONDS, **known: str) -> list[Contact]:
    """Users who signed in a day before."""
    fields = {"user_agent": "Edge", **known}
    return [success(begin + 60 * turn, named(turn, "staff"), **fields) for turn in range(number)]


def rounds(number: int = 4, begin: float = 0, **known: str) -> list[Contact]:
    """Existing names, each tried twice within a minute."""
    return [
        contact(begin + 5 * turn, named(turn % number, "real"), outcome="exists_bad_secret", app=str(turn), **known)
        for turn in range(2 * number)
    ]


def test_an_incident_opens_when_the_rule_fires_and_begins_with_the_first_attempt_of_its_run() -> None:
    incident = the_incident(names(5, every=60))
    assert incident.raised == {ENUMERATION: START + 180 * SECOND}
    assert incident.start == START
    assert incident.entity == "address"
    assert len(incident.observations) == 5


def test_nothing_opens_below_the_level() -> None:
    assert incidents(names(3)) == []


def test_what_the_place_tried_before_the_run_that_alarmed_belongs_to_nothing() -> None:
    assert the_incident([contact(-10 * DAY_SECONDS - 7200, named(99)), *names(5)]).start == START


def test_an_incident_takes_in_what_follows_until_it_was_quiet_for_a_day() -> None:
    assert len(the_incident([*names(5), contact(40 + DAY_SECONDS, named(9))]).sorts) == 6
    assert len(the_incident([*names(5), contact(41 + DAY_SECONDS, named(9))]).sorts) == 5


def test_after_its_close_another_incident_opens() -> None:
    first, second = incidents([*names(5), *names(5, 3 * DAY_SECONDS + 7200, stem="later")])
    assert (first.start, second.start) == (START, START + (3 * DAY_SECONDS + 7200) * SECOND)


def test_enumeration_that_becomes_a_spray_stays_one_incident_of_enumeration() -> None:
    incident = the_incident([*names(5), *existing(12, 100)])
    assert list(incident.raised) == [ENUMERATION]
    assert len(incident.sorts) == 17


def test_a_spray_that_becomes_enumeration_is_one_incident_that_raised_both() -> None:
    incident = the_incident([*rounds(), *names(8, 3000)])
    assert list(incident.raised) == [SPRAY, ENUMERATION]
    assert incident.raised[SPRAY] < incident.raised[ENUMERATION]
    assert len(incident.sorts) == 12


def test_guessing_is_told_only_where_nothing_worse_is() -> None:
    guesses = [contact(6 * turn, "a@contoso.example", outcome="exists_bad_secret", app=str(turn)) for turn in range(10)]
    assert list(the_incident(guesses).raised) == [GUESSING]
    assert list(the_incident([*guesses, *names(15, 100)]).raised) == [GUESSING, ENUMERATION]


def test_while_nobody_signed_in_the_whole_place_is_the_actor_whatever_its_agents() -> None:
    rotating = [contact(10 * turn, named(turn), user_agent=f"agent{turn % 3}") for turn in range(6)]
    incident = the_incident(rotating)
    assert incident.agent is None
    assert incident.agents == {"agent0": 2, "agent1": 2, "agent2": 2}


def test_once_somebody_signed_in_there_the_agent_is_the_actor() -> None:
    slip = contact(60, named(0, "slip"), user_agent="Edge")
    incident = the_incident([*staff(1), *names(5, **CURL), slip])
    assert incident.agent == "curl/8"
    assert slip.target not in incident.sorts


def test_attempts_without_an_agent_are_the_places_own() -> None:
    assert the_incident([*staff(1), *names(5)]).agent is None


def test_a_shared_address_needs_more_names_of_one_agent() -> None:
    assert incidents([*staff(9), *names(17, **CURL)]) == []
    incident = the_incident([*staff(9), *names(18, **CURL)])
    assert (incident.agent, incident.entity) == ("curl/8", "shared")


def test_names_of_two_agents_add_up_at_a_shared_address_unless_people_sign_in_there_with_one() -> None:
    two = [*names(9, **CURL), *names(9, 100, stem="other", user_agent="Outlook")]
    assert incidents([*staff(9), *staff(1, -7200, user_agent="Outlook"), *two]) == []
    assert len(incidents([*staff(9), *two])) == 1
    assert len(incidents(two)) == 1


def test_one_agent_and_application_at_several_shared_addresses_is_a_team() -> None:
    near, far = {"src_ip": "198.51.100.7"}, {"src_ip": "198.51.101.7"}
    people = [*staff(6, **near), *staff(6, -7200, **far)]
    tried = [*names(5, **CURL, **near), *names(5, 100, stem="other", **CURL, **far)]
    incident = the_incident([*people, *tried])
    assert (incident.agent, incident.entity) == ("curl/8", "team")
    assert {place.value for place in incident.places} == {"198.51.100.7", "198.51.101.7"}
    assert incidents([*people, *names(10, **CURL, **near)]) == []
    assert incidents([*people, *[one._replace(user_agent="") for one in tried]]) == []


def test_a_team_takes_in_the_next_shared_address_with_its_first_name() -> None:
    ways = [{"src_ip": f"198.51.10{turn}.7"} for turn in range(3)]
    people = [one for way in ways for one in staff(6, **way)]
    tried = [one for turn, way in enumerate(ways[:2]) for one in names(5, 100 * turn, stem=f"at{turn}x", **CURL, **way)]
    incident = the_incident([*people, *tried, contact(500, named(0, "third"), **CURL, **ways[2])])
    assert len(incident.places) == 3
    assert named(0, "third") in incident.sorts


def test_a_name_that_fails_where_and_with_what_it_signed_in_is_nobodys_affair() -> None:
    people = [named(0, stem) for stem in ("anna", "bruno", "carla", "dora")]
    worked = [success(-60, name, user_agent="Edge") for name in people]
    failed = [contact(turn, name, user_agent="Edge") for turn, name in enumerate(people)]
    assert incidents([*worked, *failed]) == []
    assert len(the_incident(failed).sorts) == 4
    assert named(0, "anna") not in the_incident([worked[0], *failed, *names(4, 10, user_agent="Edge")]).sorts


def test_the_same_name_with_another_agent_counts_for_the_incident() -> None:
    worked = [success(-60, named(0), user_agent="Edge")]
    tried = [*names(4, 10, stem="other", **CURL), contact(60, named(0), outcome="exists_bad_secret", **CURL)]
    assert named(0) in the_incident([*worked, *tried]).sorts


def test_a_decoy_opens_an_incident_at_once_whatever_the_answer() -> None:
    for outcome in ("not_found", "exists_bad_secret", "ambiguous"):
        incident = the_incident([contact(target="bait@contoso.example", outcome=outcome)], bait="decoy")
        assert incident.raised == {ENUMERATION: START}


def test_a_sensitive_name_alone_opens_nothing() -> None:
    assert incidents([contact(target="ceo@contoso.example", outcome="exists_bad_secret")], ceo="executive") == []


def test_devices_that_retry_are_no_roll_call() -> None:
    retries = names(6, every=300, lasts=60, attempts=5)
    assert incidents(retries) == []
    assert len(incidents(names(6, every=300, lasts=60, attempts=4))) == 1


def test_hidden_attempts_open_an_incident_of_their_own() -> None:
    hidden = {"target": "", "target_visible": False}
    assert incidents([contact(0, attempts=9, **hidden)]) == []
    assert the_incident([contact(0, attempts=10, **hidden)]).hidden_attempts == 10


def test_unclear_answers_of_autodiscover_need_ten_names_and_those_of_sign_ins_weigh_as_existing_ones() -> None:
    unclear = {"outcome": "ambiguous", "code": "200"}
    assert incidents(names(9, kind="autodiscover", **unclear)) == []
    assert list(the_incident(names(10, kind="autodiscover", **unclear)).raised) == [ENUMERATION]
    assert incidents(names(6, **unclear)) == []
    assert list(the_incident(names(7, **unclear)).raised) == [ENUMERATION]


def test_an_incident_of_the_place_ends_where_the_place_turns_out_to_be_shared() -> None:
    got_in = [success(200 + turn, named(turn, "real")) for turn in range(8)]
    incident = the_incident([*existing(12, every=5), *got_in, contact(900, named(0, "late"))])
    (place,) = incident.places
    assert incident.is_people_at(place)
    assert incident.is_crowded(place)
    assert named(0, "late") not in incident.sorts


def spread(number: int, stem: str = "absent", begin: float = 0, base: int = 0, **known: str) -> list[Contact]:
    """One name each from that many addresses that share no network."""
    return [
        contact(begin + 60 * turn, named(turn, stem), src_ip=f"203.0.{base + turn}.9", **known)
        for turn in range(number)
    ]


def together(number: int, stem: str = "absent", begin: float = 0) -> list[Contact]:
    """One name each from that many addresses of one network."""
    return [contact(begin + 60 * turn, named(turn, stem), src_ip=f"203.0.113.{turn}") for turn in range(number)]


@pytest.mark.parametrize(
    ("tried", "entity", "number"),
    [
        (together(6), "network", 6),
        (spread(6, asn="64500", user_agent="curl/8"), "asn_agent", 6),
        ([one._replace(asn=f"6450{turn}") for turn, one in enumerate(spread(6, user_agent="curl/8"))], "agent", 6),
        ([one._replace(user_agent=f"agent{turn}") for turn, one in enumerate(spread(8))], "tenant", 8),
    ],
)
def test_places_where_nobody_signed_in_are_added_up(tried: list[Contact], entity: str, number: int) -> None:
    incident = the_incident(tried)
    assert (incident.entity, len(incident.places), incident.agent) == (entity, number, None)
    assert incident.raised == {ENUMERATION: tried[-1].first}
    assert incidents(tried[:-1]) == []


def test_machines_are_added_up_with_nothing() -> None:
    machines = [contact(60 * turn, named(turn), src_ip="", host=f"PC{turn}", user_agent="curl/8") for turn in range(9)]
    assert incidents(machines) == []


def test_places_of_a_wide_alarm_go_on_belonging_to_it() -> None:
    incident = the_incident([*together(6), contact(900, named(0, "more"), src_ip="203.0.113.3")])
    assert len(incident.sorts) == 7


def test_an_alarm_alike_joins_the_open_incident_and_any_other_opens_its_own() -> None:
    first = spread(6, asn="64500", user_agent="curl/8")
    alike = spread(6, "other", 72_000, 50, asn="64500", user_agent="curl/8")
    unlike = spread(6, "other", 72_000, 50, asn="64777", user_agent="Outlook")
    assert len(the_incident([*first, *alike]).places) == 12
    assert [len(one.places) for one in incidents([*first, *unlike])] == [6, 6]
    late = [
        one._replace(first=one.first + 2 * DAY_SECONDS * SECOND, last=one.last + 2 * DAY_SECONDS * SECOND)
        for one in alike
    ]
    assert [len(one.places) for one in incidents([*first, *late])] == [6, 6]


def test_what_is_told_of_an_incident_only_grows() -> None:
    seen: dict[int, int] = {}
    for incident in incidents([*names(30), *existing(30, 400)], LIMITS):
        assert len(incident.sorts) >= seen.get(id(incident), 0)
        seen[id(incident)] = len(incident.sorts)
    assert list(seen.values()) == [60]
