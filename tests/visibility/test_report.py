"""What the report says of logs that are there, missing, silent, empty, hidden, late, short or hostile."""

from __future__ import annotations

import json

import pytest

from enumwatch.lookups import load_lookups
from enumwatch.report.layout import cell_width
from enumwatch.report.visibility import visibility_text
from enumwatch.rulebook.compiled import compiled
from enumwatch.visibility.record import Lateness
from enumwatch.visibility.report import navigator_scores, visibility, without

from .telling import DAY, HOUR, LATE, NOW, RULES, every_log, log_of, report, row, states, told

LOST = {name: about["lost"] for name, about in RULES["fields"].items()}
NEVER = {way["id"] for way in RULES["ways"] if way["never"]}


def text(found: dict[str, object]) -> str:
    return " ".join(visibility_text(found, LOST).split())


def test_with_nothing_at_all_each_way_is_unread_or_never() -> None:
    found = report([])
    assert set(states(found).values()) == {"not read", "never"}
    assert [one["score"] for one in found["techniques"]] == [0, 0, 0]
    assert len(found["next"]) == RULES["limits"]["next_steps"]
    assert not found["history"][0]["logs"]


def test_never_stays_never_whatever_is_connected() -> None:
    found = states(report(every_log()))
    assert {way for way, state in found.items() if state == "never"} == NEVER
    assert set(found.values()) == {"seen", "partly", "never"}


def test_with_everything_connected_each_way_is_as_visible_as_its_best_log_and_nothing_is_left_to_connect() -> None:
    found = report(every_log())
    best = {way["id"]: "seen" if "seen" in [one["shows"] for one in way["logs"]] else "partly" for way in RULES["ways"]}
    assert {way: state for way, state in states(found).items() if state != "never"} == {
        way: state for way, state in best.items() if way not in NEVER
    }
    assert found["next"] == []
    assert "CONNECT NEXT: nothing" in text(found)
    assert all(0 < one["score"] < 100 for one in found["techniques"])


def test_a_way_is_partly_seen_while_no_event_of_its_form_came() -> None:
    found = report([row("windows_security", form="4625")])
    kerberos = next(way for way in found["ways"] if way["id"] == "kerberos")
    assert states(found)["ntlm"] == "seen"
    assert "no failed event of the form 4768 or 4771 came so far" in kerberos["because"]


@pytest.mark.parametrize(("silent_hours", "state"), [(3, "read"), (19, "silent"), (400, "silent")])
def test_a_log_is_silent_against_its_own_rhythm(silent_hours: int, state: str) -> None:
    found = report([row(last=NOW - silent_hours * HOUR, pause=9 * 3600)])
    assert log_of(found, "entra_signin")["state"] == state
    assert states(found)["entra_password"] == ("seen" if state == "read" else "not read")


def test_a_log_that_often_pauses_for_days_is_not_silent_after_one() -> None:
    found = report([row("entra_audit", "account_created", last=NOW - DAY, pause=10 * 86_400)])
    assert log_of(found, "entra_audit")["state"] == "read"


@pytest.mark.parametrize(("silent_hours", "state"), [(40, "read"), (49, "silent")])
def test_a_log_of_some_hours_has_no_rhythm_and_is_silent_after_two_days(silent_hours: int, state: str) -> None:
    last = NOW - silent_hours * HOUR
    found = report([row(first=last - HOUR, last=last)])
    assert log_of(found, "entra_signin")["state"] == state
    assert ("too little time to say whether that is usual" in text(found)) == (state == "read")
    assert "too little time" not in text(report([row(first=NOW - 2 * HOUR)]))


def test_a_silent_log_is_told_with_the_time_and_is_worth_bringing_back() -> None:
    found = report([row(log, last=NOW - 5 * DAY) for log in ("okta_system",)])
    assert "silent since" in text(found)
    assert "its longest pause before was 60 minutes" in text(found)
    rows = [one for one in every_log() if one.log != "okta_system"] + [row("okta_system", last=NOW - 5 * DAY)]
    found = report(rows)
    assert [(one["log"], one["state"], one["gain"]) for one in found["next"]] == [("okta_system", "silent", 4)]
    assert "1. bring back Okta system log (adds 4)" in text(found)


def test_an_empty_field_is_told_in_percent_and_makes_a_way_that_needs_it_partly_seen() -> None:
    rows = [row("entra_signin_noninteractive", filled={"app_id": 10, "user_agent": 97, "asn": 0})]
    found = report(rows)
    assert log_of(found, "entra_signin_noninteractive")["empty"] == pytest.approx(
        {"src_ip": 0, "asn": 1, "user_agent": 0.03, "app_id": 0.9, "client_app": 0, "code": 0, "target": 0}
    )
    ropc = next(way for way in found["ways"] if way["id"] == "entra_ropc")
    assert (ropc["state"], ropc["because"]) == ("partly", "app_id is empty in 90 %")
    assert "asn is empty in 100 %. An actor that changes" in text(found)


def test_fields_of_an_application_are_asked_of_failures_only() -> None:
    found = report([row(attempts=100, failing=20, filled={"app_id": 20, "client_app": 10, "code": 20})])
    empty = log_of(found, "entra_signin")["empty"]
    assert (empty["app_id"], empty["client_app"], empty["code"]) == (0, 0.5, 0)


def test_a_field_that_no_shape_of_a_log_has_is_never_given_instead_of_empty() -> None:
    found = log_of(report([row("workspace_login")]), "workspace_login")
    assert "user_agent" in found["never_given"]
    assert "user_agent" not in found["empty"]


def test_hidden_names_are_not_empty_names() -> None:
    found = report([row("m365_audit", hidden=80, filled={"target": 20})])
    log = log_of(found, "m365_audit")
    assert (log["hidden_share"], log["empty"]["target"]) == (0.8, 0)
    assert "Microsoft 365 unified audit - the name that was tried is hidden in 80 % of the events" in text(found)
    assert states(found)["entra_password"] == "partly"


def test_hidden_names_make_a_way_partly_seen_that_would_be_seen() -> None:
    found = report([row("iis", "autodiscover", form="json", hidden=60, filled={"target": 40})])
    way = next(one for one in found["ways"] if one["id"] == "exchange_autodiscover_json")
    assert (way["state"], way["because"]) == ("partly", "the name is hidden in 60 % of the events")


def test_late_events_are_told_with_quantiles_and_events_in_time_are_not() -> None:
    found = report(
        [row(), row("okta_system")], lateness={"entra_signin": LATE, "okta_system": Lateness(1, 30, 90, 600)}
    )
    assert log_of(found, "entra_signin")["late"] == {"least": 5, "p50": 60, "p95": 7200, "most": 32400}
    assert "Entra ID interactive sign-ins - events come late (p50 60 seconds, p95 2 hours, at most 9 hours)" in text(
        found
    )
    assert "Okta system log - events come late" not in text(found)


def test_events_dated_ahead_of_the_clock_or_of_their_arrival_are_told() -> None:
    found = report([row(last=NOW + 3 * HOUR)])
    assert log_of(found, "entra_signin")["ahead_seconds"] == 3 * 3600
    assert "dated up to 3 hours ahead" in text(found)
    found = report([row()], lateness={"entra_signin": Lateness(-7200, 3, 5, 9)})
    assert log_of(found, "entra_signin")["ahead_seconds"] == 7200


def test_history_is_held_against_what_each_rule_needs() -> None:
    found = report([row(first=NOW - 2 * DAY), row("okta_system")])
    needs = {(one["detection"], one["limit"]): one for one in found["history"]}
    assert needs["email_enumeration", "learning"]["short"] == {}
    assert needs["success_after_enumeration", "follow"]["short"] == {"entra_signin": 47 * 3600}
    assert needs["success_after_enumeration", "follow"]["logs"] == 2
    assert "success_after_enumeration (follow) needs 7 days; shorter are 1 of 2 logs" in text(found)


def test_the_oldest_event_of_a_log_counts_where_only_some_days_were_looked_at() -> None:
    found = report([row("okta_system", first=NOW - 7 * DAY)], oldest={"okta_system": NOW - 90 * DAY})
    assert log_of(found, "okta_system")["covers_seconds"] == 90 * 86_400 - 3600


def test_codes_that_the_table_has_no_word_for_are_told_and_others_not() -> None:
    found = log_of(report([row(code="987654321"), row(code="50053")]), "entra_signin")
    assert found["unknown_codes"] == ["987654321"]


def test_the_next_step_is_what_adds_most_and_the_second_counts_after_the_first() -> None:
    found = report([])
    gains = [one["gain"] for one in found["next"]]
    assert gains == sorted(gains, reverse=True)
    first, *later = found["next"]
    assert first["log"] == "windows_security"
    with_first = report([row for row in every_log() if row.log == "windows_security"])
    assert [(one["log"], one["gain"]) for one in with_first["next"]][:2] == [(one["log"], one["gain"]) for one in later]


def test_a_layer_gets_score_and_comment_of_each_technique() -> None:
    scores = navigator_scores(report([row("entra_audit", "account_created")]))
    assert scores.keys() == {"T1589.002", "T1589", "T1585.002"}
    score, comment = scores["T1585.002"]
    assert score == round(100 * 3 / 17)
    assert comment.splitlines()[0] == "seen: Accounts made in Entra ID"
    assert comment.splitlines()[-1] == "never: Accounts made at other mail providers"


def test_logs_that_nobody_has_are_neither_missing_nor_to_be_connected() -> None:
    rules = without(compiled(), ["okta_system", "workspace_login", "entra_signin"])
    found = visibility(told([]), rules, load_lookups().outcomes)
    gone = {"okta_system", "workspace_login", "entra_signin", "entra_signin_noninteractive", "entra_signin_adfs"}
    assert not gone & {one["log"] for one in found["logs"]}
    assert {"okta", "workspace", "okta_creations"} & states(found).keys() == set()
    assert states(found)["entra_password"] == "not read"  # by the unified audit
    assert states(found).keys() >= NEVER


def test_hostile_texts_act_neither_in_the_terminal_nor_as_json() -> None:
    wicked = "\x1b[31m\u202e" + "x" * 5_000
    found = report([row(code=wicked), row(log=wicked)], notes=(wicked,))
    shown = visibility_text(found, LOST)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert max(map(cell_width, shown.split("\n"))) <= 80
    assert len(shown) < 20_000
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("rows", [[], [row()], every_log()])
def test_the_text_is_at_most_eighty_columns_wide(rows: list[object]) -> None:
    found = report(rows, lateness={"entra_signin": LATE})  # type: ignore[arg-type]
    assert max(map(cell_width, visibility_text(found, LOST).split("\n"))) <= 80
