from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from enumwatch.simulate import SHAPES, Scenario, SimEvent, scenarios
from enumwatch.simulate.event import HOUR, microseconds
from enumwatch.simulate.population import Organisation
from enumwatch.simulate.run import DEFAULT_START, tell
from enumwatch.simulate.scenarios import BY_ID

START = microseconds(DEFAULT_START)


def told(scenario: str, source: str = "entra_signin", **more: object) -> list[SimEvent]:
    organisation = Organisation(11, 0, 300)
    return tell(BY_ID[scenario], SHAPES[source], organisation, seed=11, start=START, **more).events  # type: ignore[arg-type]


def names(events: list[SimEvent], answer: str = "") -> set[str]:
    return {event.target for event in events if not answer or event.answer == answer}


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.id)
def test_a_scenario_says_what_it_is(scenario: Scenario) -> None:
    assert scenario.kind in ("attack", "benign", "background")
    assert bool(scenario.detection) is (scenario.kind == "attack")
    assert bool(scenario.technique) is (scenario.kind == "attack")
    assert scenario.expect.endswith(".")
    assert set(scenario.sources) <= set(SHAPES)


def test_every_source_has_background_or_says_why_by_having_an_attack_and_a_lookalike() -> None:
    for source in SHAPES:
        assert "office" in [each.id for each in scenarios() if source in each.sources], source


def test_fast_enumeration_tries_each_name_once_from_one_address_within_minutes() -> None:
    events = told("fast_enumeration")
    assert len(names(events)) == len(events) == 120
    assert len({event.src_ip for event in events}) == 1
    assert events[-1].time - events[0].time < HOUR
    assert len(names(events, "not_found")) > 90
    assert len(names(events, "exists_bad_secret")) >= 18


def test_slow_enumeration_stays_at_a_few_names_an_hour_for_days() -> None:
    events = told("slow_enumeration")
    busiest = max(Counter(event.time // HOUR for event in events).values())
    assert busiest <= 6
    assert events[-1].time - events[0].time > 80 * HOUR


def test_agent_rotation_changes_the_agent_with_every_try_and_keeps_the_address() -> None:
    events = told("agent_rotation")
    assert len({event.src_ip for event in events}) == 1
    assert len({event.user_agent for event in events}) >= 10
    assert all(one.user_agent != two.user_agent for one, two in pairwise(events))


def test_address_rotation_gives_no_address_more_than_two_names() -> None:
    per_address = Counter(event.src_ip for event in told("address_rotation"))
    assert max(per_address.values()) <= 2
    assert len(per_address) > 150


def test_existing_names_only_never_misses() -> None:
    events = told("existing_names_only")
    assert {event.answer for event in events} == {"exists_bad_secret"}
    assert all(event.target_id for event in events)


def test_enumeration_then_success_opens_an_account_it_found() -> None:
    events = told("enumeration_then_success")
    opened = names(events, "success")
    assert len(opened) == 1
    assert opened <= names(events, "exists_bad_secret")
    first_success = min(event.time for event in events if event.answer == "success")
    assert first_success > max(event.time for event in events if event.answer == "not_found")


def test_a_spray_reaches_everybody_a_few_times_and_guessing_one_account_often() -> None:
    spray = Counter(event.target for event in told("password_spray"))
    assert set(spray.values()) == {3}
    assert len(spray) == 60
    guessing = Counter(event.target for event in told("password_guessing"))
    assert list(guessing.values()) == [220]


def test_federation_fault_is_one_application_and_one_domain() -> None:
    events = told("federation_fault")
    assert {event.app for event in events} == {"Expense Portal"}
    assert {event.target.partition("@")[2] for event in events} == {"partner.example"}
    assert {event.answer for event in events} == {"wrong_realm"}


def test_leavers_phones_try_few_names_many_times() -> None:
    everything = told("leavers_phones")
    events = [event for event in everything if event.answer != "success"]
    last_day_at_work = max(event.time for event in everything if event.answer == "success")
    assert last_day_at_work < min(event.time for event in events)
    per_name = Counter(event.target for event in events)
    assert len(per_name) == 20
    assert min(per_name.values()) > 20
    assert {event.answer for event in events} == {"not_found", "exists_blocked"}


def test_those_who_left_never_sign_in() -> None:
    left = names(told("leavers_phones"), "exists_blocked")
    assert left
    assert not left & names(told("office", events=4000), "success")


def test_shared_egress_is_one_address_with_far_more_successes_than_failures() -> None:
    events = told("shared_egress")
    assert len({event.src_ip for event in events}) == 1
    answers = Counter(event.answer for event in events)
    assert answers["success"] > 0.8 * len(events)
    assert len(names(events)) > 100


def test_expiry_wave_is_familiar_names_that_mostly_sign_in_soon_after() -> None:
    events = told("expiry_wave")
    expired = names(events, "exists_good_secret")
    assert len(names(events, "success") & expired) > 0.6 * len(expired)


def test_directory_sync_reads_the_same_objects_every_half_hour() -> None:
    events = told("directory_sync", "graph_activity")
    reads = Counter(event.target for event in events)
    assert len(reads) == 40
    assert set(reads.values()) == {96}
    assert len({event.app_id for event in events}) == 1


def test_a_given_up_domain_is_typed_once_by_people_who_then_get_in_where_they_did_before() -> None:
    events = told("domain_rename")
    old = [event for event in events if event.answer == "not_found"]
    assert {event.target.partition("@")[2] for event in old} == {"contoso-old.example"}
    worked = {event.src_ip for event in events if event.time < old[0].time}
    assert {event.src_ip for event in old} <= worked
    assert len(names(events, "success")) == len(old) == 60


def test_a_migration_tool_asks_for_each_mailbox_once_and_signs_in_with_one_account() -> None:
    events = told("mail_migration", "iis")
    asked = Counter(event.target for event in events if event.detail == "json")
    assert set(asked.values()) == {1}
    assert len(asked) == 60
    assert names(events, "success") == {"svc-migration@contoso.example"}


def test_a_monitor_has_one_name_whose_password_is_wrong_for_a_night() -> None:
    events = told("uptime_monitor")
    assert len(names(events)) == 1
    answers = [event.answer for event in events]
    assert answers[0] == answers[-1] == "success"
    assert answers.count("exists_bad_secret") == 19 * 6


def test_ended_sessions_and_an_outage_say_nothing_about_names_and_end_in_successes() -> None:
    for scenario, detail in (("sessions_ended", "session"), ("sign_in_outage", "outage")):
        events = told(scenario)
        assert {event.detail for event in events if event.answer == "noise"} == {detail}
        assert {event.answer for event in events} <= {"noise", "ambiguous", "success"}
        assert names(events) == names(events, "success")


def test_on_monday_morning_everybody_comes_within_two_hours_and_hardly_anybody_fails() -> None:
    events = told("monday_morning")
    assert events[-1].time - events[0].time < 3 * HOUR
    assert len(names(events, "success")) > 150
    assert sum(event.answer in ("not_found", "exists_bad_secret") for event in events) < 0.15 * len(events)


def test_declared_scenarios_bring_the_lookup_that_declares_them() -> None:
    organisation = Organisation(11, 0, 300)
    for scenario in scenarios():
        brought = tell(scenario, SHAPES[scenario.sources[0]], organisation, seed=1, start=START).lookups
        assert bool(brought) is scenario.is_declared, scenario.id


def test_an_allowlist_row_has_a_reason_an_owner_and_covers_the_events() -> None:
    test = tell(BY_ID["penetration_test"], SHAPES["entra_signin"], Organisation(11, 0, 300), seed=1, start=START)
    (row,) = test.lookups["enumwatch_allowlist.csv"]
    assert row["reason"]
    assert row["owner"].endswith("@contoso.example")
    assert row["value"] == test.events[0].src_ip
    assert row["starts"] < "2026-03-02T00:00:00Z" < row["expires"]


def test_an_account_burst_is_one_creator_and_rising_digits() -> None:
    events = told("account_burst", "entra_audit")
    assert len({event.actor for event in events}) == 1
    assert [int(event.target.partition("@")[0][-3:]) for event in events] == list(range(1, len(events) + 1))


def test_new_accounts_send_at_once_in_a_log_of_mail() -> None:
    sent = Counter(event.actor for event in told("account_burst", "message_trace"))
    assert len(sent) == 30
    assert min(sent.values()) == 40
