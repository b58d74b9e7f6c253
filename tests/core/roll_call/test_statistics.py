"""The sums of a tenant's entities: what feeds them, and when they alarm."""

from __future__ import annotations

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.observation import Observation
from enumwatch.core.roll_call.knowledge import Knowledge
from enumwatch.core.roll_call.rules import Alarm
from enumwatch.core.roll_call.statistics import Raised, Statistics, Suspicion
from enumwatch.core.success import network_key
from enumwatch.core.times import HOUR

from ..making import RULES, START, arrived, contact, existing, named, names, observed, owner, success


def statistics(*signed_in: Contact, began: int = START - 1000 * HOUR) -> Statistics:
    """Statistics that learnt these successes."""
    made = Statistics(RULES, Knowledge(), owner())
    made.begin(began)
    for one in arrived(signed_in):
        made.learn([one])
    return made


def suspect(made: Statistics, one: Observation) -> Suspicion | None:
    """What one try says."""
    return made.suspect(one, network_key(one.contact.asn, one.place))


def raised(made: Statistics, contacts: list[Contact]) -> list[Raised]:
    """Alarms of tries at places that are not shared."""
    found = []
    for one in observed(contacts):
        suspicion = suspect(made, one)
        if suspicion is not None:
            found.append(made.add_place(suspicion))
    return [one for one in found if one is not None]


def staff(number: int, begin: float = -7200, **known: str) -> list[Contact]:
    """People who signed in."""
    return [success(begin + turn, named(turn, "staff"), **known) for turn in range(number)]


def test_the_begin_of_a_log_is_its_first_moment() -> None:
    made = Statistics(RULES, Knowledge(), owner())
    made.begin(5)
    made.begin(3)
    assert made.began == 5


def test_a_name_is_suspected_at_its_first_contact_only() -> None:
    made = statistics()
    (first, again) = observed([contact(0), contact(60, app="other")])
    assert suspect(made, first) is not None
    assert suspect(made, again) is None


def test_a_failed_name_that_exists_is_known_from_then_on_and_an_absent_one_is_not() -> None:
    made = statistics()
    for one in observed([*existing(1), *names(1, 10)]):
        suspect(made, one)
    assert made.knowledge.is_known(named(0, "real"))
    assert not made.knowledge.is_known(named(0))


def test_a_suspicion_says_how_its_place_stands() -> None:
    (one,) = observed([contact()])
    cold, warm, shared = (suspect(statistics(*staff(number)), one) for number in (0, 1, 3))
    assert cold is not None
    assert warm is not None
    assert shared is not None
    assert [each.is_cold for each in (cold, warm, shared)] == [True, False, False]
    assert [each.is_shared for each in (cold, warm, shared)] == [False, False, True]


def test_a_place_is_no_longer_shared_where_it_tries_more_than_two_names_a_user() -> None:
    made = statistics(*staff(3))
    found = [suspect(made, one) for one in observed(names(8))]
    assert [one.is_shared for one in found if one is not None] == [True] * 6 + [False] * 2


@pytest.mark.parametrize(("people", "hours", "is_early"), [(20, 29, True), (20, 30, False), (19, 1, False)])
def test_it_is_early_in_the_first_hours_of_a_whole_log(people: int, hours: int, is_early: bool) -> None:
    made = statistics(*staff(people, src_ip="192.0.2.1"), began=START)
    (one,) = observed([contact(hours * 3600)])
    found = suspect(made, one)
    assert found is not None
    assert found.is_early is is_early


def test_an_alarm_names_what_made_it_up_and_begins_again() -> None:
    made = statistics()
    first, second = raised(made, names(8))
    assert [first.entity, second.entity] == ["address", "address"]
    assert [one.observation.name for one in first.contributions] == [named(turn) for turn in range(4)]
    assert [one.observation.name for one in second.contributions] == [named(turn) for turn in range(4, 8)]


def test_a_wider_sum_needs_two_places() -> None:
    made = statistics()
    assert {one.entity for one in raised(made, names(40, user_agent="curl", asn="64500"))} == {"address"}


def test_a_place_where_somebody_signed_in_feeds_no_wider_sum() -> None:
    spread = [one._replace(src_ip=f"203.0.113.{turn}") for turn, one in enumerate(names(6))]
    warm = [success(-7200 + turn, named(turn, "staff"), src_ip=f"203.0.113.{turn}") for turn in range(6)]
    assert raised(statistics(*warm), spread) == []
    assert [one.entity for one in raised(statistics(), spread)] == ["network"]


def test_a_new_user_takes_back_at_the_address_alone() -> None:
    made = statistics()
    raised(made, names(3))
    before = {key: one.level for key, one in made.sums.items()}
    for one in arrived(staff(1, 60)):
        made.learn([one])
    after = {key: one.level for key, one in made.sums.items()}
    fallen = {key[0]: before[key] - after[key] for key in before if after[key] != before[key]}
    assert fallen == {"address": pytest.approx(RULES.weights.success)}


def test_the_same_user_takes_nothing_back_twice() -> None:
    made = statistics()
    raised(made, names(3))
    for one in arrived([*staff(1, 60), *staff(1, 70, user_agent="Edge")]):
        made.learn([one])
    assert made.sums["address", "contoso", "ip", "203.0.113.9"].level == pytest.approx(7.8 - 1.5, abs=0.01)


def test_a_retried_name_is_taken_back_at_its_address() -> None:
    made = statistics()
    for one in observed(names(2, attempts=5, lasts=5)):
        if not one.is_first:
            made.retried(one)
            continue
        found = suspect(made, one)
        assert found is not None
        made.add_place(found)
    assert made.sums["address", "contoso", "ip", "203.0.113.9"].names == set()


def test_names_that_come_to_life_make_a_place_say_nothing() -> None:
    made = statistics()
    for one in observed(names(6)):
        suspect(made, one)
    for each in arrived(success(100 + turn, named(turn), src_ip="192.0.2.1") for turn in range(4)):
        made.learn([each])
    (later,) = observed([contact(200, named(0, "other"))])
    assert suspect(made, later) is None
    (elsewhere,) = observed([contact(200, named(0, "other"), src_ip="203.0.113.77")])
    assert suspect(made, elsewhere) is not None


def team(made: Statistics, contacts: list[Contact]) -> list[Raised]:
    """Alarms of one agent and application over shared places."""
    found = []
    for one in observed(contacts):
        suspicion = suspect(made, one)
        if suspicion is not None:
            found.append(made.add_team(suspicion))
    return [one for one in found if one is not None]


def test_a_team_is_one_agent_and_application_at_two_places_with_names_that_speak_for_themselves() -> None:
    here, there = names(5, user_agent="curl"), names(5, 60, stem="other", user_agent="curl", src_ip="203.0.113.10")
    assert [one.entity for one in team(statistics(), [*here, *there])] == ["team"]
    assert team(statistics(), [*here, *names(5, 60, stem="other", user_agent="curl")]) == []
    assert team(statistics(), [one._replace(user_agent="") for one in (*here, *there)]) == []
    assert team(statistics(), [*here, *[one._replace(app="Teams") for one in there]]) == []
    assert team(statistics(), [*here, *[one._replace(outcome="exists_bad_secret") for one in there]]) == []


def test_a_shared_place_counts_each_agent_of_its_users_alone() -> None:
    made = statistics(*staff(20, user_agent="curl"), *staff(20, user_agent="wget"))
    both = [*names(17, user_agent="curl"), *names(17, 200, stem="other", user_agent="wget")]
    suspicions = [suspect(made, one) for one in observed(both)]
    assert [made.add_shared(one) for one in suspicions if one is not None] == [None] * 34
    (one,) = observed([contact(400, named(17), user_agent="curl")])
    last = suspect(made, one)
    assert last is not None
    alarm = made.add_shared(last)
    assert alarm is not None
    assert (alarm.entity, len(alarm.contributions)) == ("shared", 18)


def test_agents_with_which_nobody_signed_in_at_a_shared_place_are_counted_together() -> None:
    made = statistics(*staff(20, user_agent="Edge"))
    tried = [one._replace(user_agent=f"agent{turn}") for turn, one in enumerate(names(18))]
    alarms = [made.add_shared(one) for one in (suspect(made, each) for each in observed(tried)) if one is not None]
    (alarm,) = [one for one in alarms if one is not None]
    assert (alarm.entity, len(alarm.contributions)) == ("shared", 18)


def account(made: Statistics, contacts: list[Contact], alarm: Alarm) -> list[Raised]:
    """Alarms of tries at one account."""
    found = [suspect(made, one) for one in observed(contacts)]
    told = [made.add_account(one, alarm) for one in found if one is not None]
    return [one for one in told if one is not None]


def test_an_account_counts_the_cold_places_that_fail_at_it() -> None:
    alarm = Alarm(level=5, names=5, rate=0.05)
    tried = existing(6)
    spread = [one._replace(target="anna@contoso.example", src_ip=f"203.0.113.{turn}") for turn, one in enumerate(tried)]
    assert [(one.entity, len(one.contributions)) for one in account(statistics(), spread, alarm)] == [("account", 5)]
    assert account(statistics(), [one._replace(src_ip="203.0.113.1") for one in spread], alarm) == []
    missing = [one._replace(outcome="not_found", code="50034") for one in spread]
    assert account(statistics(), missing, alarm) == []
    warm = [success(-7200, "boris@contoso.example", src_ip=one.src_ip) for one in spread[:3]]
    assert account(statistics(*warm), spread, alarm) == []


def test_an_answer_that_says_nothing_teaches_no_name() -> None:
    made = statistics()
    for one in observed([contact(0, named(1), outcome="ambiguous"), contact(0, named(2), outcome="exists_blocked")]):
        suspect(made, one)
    assert [made.knowledge.is_known(named(turn)) for turn in (1, 2)] == [False, True]
