"""Reasons are sentences made from measures, each with what would be normal."""

from __future__ import annotations

import re

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.intelligence import Intelligence
from enumwatch.core.times import SECOND, hour_of
from enumwatch.core.wording import counted

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
    assert "12 attempts at names that the log hides; fewer than 10 within 1 hour" in text(
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
    assert "look like 1 known tool (sprayer/1)" in reasons
    assert "1 sensitive name found; 0 is usual, so the verdict is one step higher" in reasons


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


def test_a_spray_over_several_addresses_is_not_compared_with_colleagues_behind_one() -> None:
    fields = {"asn": "64500", "user_agent": "x"}
    spread = [one._replace(src_ip=f"203.0.{turn}.9", **fields) for turn, one in enumerate(existing(12, every=60))]
    reasons = text(spread)
    assert (
        "12 accounts tried within 11 minutes from 12 addresses, 1 attempt each; a person who cannot get in" in reasons
    )
    assert "behind one address" not in reasons
    assert "colleagues behind one address stay below 10 within 1 hour" in text(existing(12, every=60))


def test_traits_say_what_was_seen_and_what_chance_or_people_give() -> None:
    reasons = text([contact(10 * turn, f"user{turn}@contoso.example") for turn in range(12)])
    assert "100% of neighbouring tries are in ascending order of the names; chance gives 50%" in reasons
    assert "The pauses between first tries vary by 0% of their mean; people come to about 100%" in reasons
    assert "At least 80% of the names are the same letters with a number" in reasons
    backwards = text([contact(10 * turn, f"user{40 - turn}@contoso.example") for turn in range(12)])
    assert "100% of neighbouring tries are in descending order" in backwards


def test_the_form_of_names_is_compared_with_that_of_people_here() -> None:
    tried = [contact(10 * turn, named(turn, "ann.p")) for turn in range(12)]
    people = [success(-9000 + turn, named(turn, "p"), src_ip=f"192.0.2.{turn}") for turn in range(10)]
    assert "100% of the names have one form (first.last); in a list of mixed origin no form reaches 80%" in text(tried)
    expected = "100% of the names have one form (first.last); of the people who sign in here 100% have another (firstl)"
    assert expected in text([*people, *tried])


def test_earlier_days_are_told_beside_the_absent_names() -> None:
    earlier = [contact(-86_400 * day, named(day, "slip"), src_ip=f"10.0.{day}.1") for day in (1, 2, 3)]
    assert "All places together had 1 a day and at most 1 on the 2 complete days before" in text([*earlier, *names(12)])


def test_an_agent_alone_is_told_to_change_no_verdict() -> None:
    agent = context(known_tools=tools("sprayer/1"))
    assert "so this alone changes no verdict" in text(names(12, user_agent="sprayer/1"), agent)


def test_intelligence_is_told_with_its_date_and_source() -> None:
    row = {"type": "ip", "value": ADDRESS, "source": "feed", "confidence": "high", "seen": "2026-03-01"}
    known = context(intelligence=Intelligence.from_rows(threat_intel=[row]))
    assert (
        "1 report of threat intelligence on the actor, the last of 2026-03-01 by feed (high confidence); 0 within 30 days "
        "is usual, so the verdict is one step higher"
    ) in text(names(6), known)


def test_every_reason_has_a_number() -> None:
    known = context(
        known_tools=tools("sprayer/1"),
        sensitive_accounts=[sensitive(named(1), "executive"), sensitive(named(2), "decoy")],
        intelligence=Intelligence.from_rows(
            threat_intel=[{"type": "ip", "value": ADDRESS, "source": "f", "confidence": "low", "seen": "2026-03-01"}]
        ),
    )
    rows = [*names(12, user_agent="sprayer/1"), contact(300, named(1), outcome="exists_blocked", source="okta_system")]
    finding = the_finding(rows, known)
    assert len(finding.reasons) > 6
    assert [one for one in finding.reasons if not re.search(r"\d", one)] == []
