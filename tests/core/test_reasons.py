"""Reasons are sentences made from measures, each with what would be normal."""

from __future__ import annotations

import re

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.reasons import counted
from enumwatch.core.times import SECOND, hour_of

from .making import ADDRESS, RULEBOOK, contact, context, existing, named, names, sensitive, success, the_finding, tools

_ALARM = RULEBOOK["detections"]["email_enumeration"]["limits"]["address_names"]


def text(contacts: list[Contact], known: Context | None = None) -> str:
    """The reasons of the only finding of these contacts."""
    return "\n".join(the_finding(contacts, known).reasons)


def test_enumeration_says_how_many_names_do_not_exist_and_what_is_normal() -> None:
    reasons = text([*names(15), *existing(5, 200)])
    assert "15 of 20 names do not exist here (75%)" in reasons
    assert f"stay below {_ALARM} such names at a place where nobody works" in reasons
    assert "The answers confirmed 5 of the tried names" in reasons
    assert "1 attempt a name; devices" in reasons


def test_one_is_told_in_the_singular() -> None:
    bait = contact(target="bait@contoso.example")
    reasons = text([bait], context(sensitive_accounts=[sensitive("bait@contoso.example", "decoy")]))
    assert "1 of 1 name does not exist here (100%)" in reasons
    assert "1 decoy name tried; nobody has a reason to know one" in reasons
    assert [counted(number, "name") for number in (0, 1, 2)] == ["0 names", "1 name", "2 names"]


def test_hidden_names_are_told_as_attempts() -> None:
    assert "12 attempts at names that the log hides; fewer than 10 an hour" in text(
        [contact(attempts=12, target="", target_visible=False)]
    )


def test_answers_that_do_not_tell_are_told() -> None:
    reasons = text(names(12, kind="autodiscover", outcome="ambiguous", code="200"))
    assert "12 different names tried, and no answer tells which exist; mail clients ask for fewer than 10" in reasons


def rounds(every: float) -> list[Contact]:
    """Six existing names, each tried three times, all of them first tried within a minute."""
    first = existing(6, every=min(every, 10))
    begin = first[-1].first
    again = [one._replace(app=str(turn)) for turn in (1, 2) for one in first]
    later = [one._replace(first=begin + int(every * SECOND) * (turn + 1)) for turn, one in enumerate(again)]
    return [*first, *[one._replace(last=one.first, hour=hour_of(one.first)) for one in later]]


@pytest.mark.parametrize(("every", "span"), [(0, "one second"), (5, "85 seconds"), (60, "13 minutes")])
def test_a_spray_says_how_many_accounts_within_what_time(every: float, span: str) -> None:
    assert f"6 accounts tried within {span}" in text(rounds(every))


def test_guessing_says_how_many_attempts_within_what_time() -> None:
    reasons = text([contact(attempts=30, lasts=30, outcome="exists_bad_secret")])
    assert "30 attempts on 1 account within 30 seconds; a person makes fewer than 10 in 60 seconds" in reasons


def test_a_break_in_comes_first_and_names_its_time() -> None:
    finding = the_finding([*rounds(5), success(4000, named(3, "real"))])
    assert finding.reasons[0].startswith(
        "1 tried account let the actor in or confirmed the password, first at 2026-03-02T10:06:40Z"
    )
    assert "6 accounts tried within" in "\n".join(finding.reasons)


def test_a_known_tool_and_every_step_are_told() -> None:
    known = context(known_tools=tools("sprayer/1"), sensitive_accounts=[sensitive(named(1), "executive")])
    contacts = [*names(12, user_agent="sprayer/1"), contact(300, named(1), outcome="exists_blocked")]
    reasons = text(contacts, known)
    assert "1 trait of known tools (sprayer/1)" in reasons
    assert "One step higher because a sensitive name was found" in reasons


def test_a_finding_without_an_actor_still_says_why() -> None:
    for contacts in (names(6, src_ip=""), existing(10, every=300, src_ip=""), existing(1, attempts=60, src_ip="")):
        finding = the_finding(contacts)
        assert finding.verdict == "Not Enough Evidence"
        assert finding.reasons


def test_no_reason_holds_text_of_the_log() -> None:
    hostile = {"user_agent": "<script>", "app": "<script>", "country": "<script>"}
    contacts = [contact(turn, f"<script>{turn}@contoso.example", source="okta_system", **hostile) for turn in range(20)]
    assert "<script>" not in text(contacts)


@pytest.mark.parametrize("limit", ["address_names", "alarm_attempts_per_name"])
def test_numbers_of_what_is_normal_come_from_the_rulebook(limit: str) -> None:
    rules = {**RULEBOOK["detections"]}
    rule = dict(rules["email_enumeration"])
    rule["limits"] = {**rule["limits"], limit: rule["limits"][limit] + 1}
    changed = Context({**RULEBOOK, "detections": {**rules, "email_enumeration": rule}})
    before, after = text(names(9)), text(names(9), changed)
    assert before != after
    assert re.sub(r"\d+", "", before) == re.sub(r"\d+", "", after)


def test_the_place_itself_is_left_to_the_actor() -> None:
    assert ADDRESS not in text(names(9))
