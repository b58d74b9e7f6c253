"""An incident is told when it opens and whenever what is known of it became worse, under one id."""

from __future__ import annotations

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.decide import decide
from enumwatch.core.intelligence import Intelligence
from enumwatch.core.times import SECOND
from enumwatch.core.verdict import Verdict

from .making import START, contact, context, existing, named, names, sensitive, success, the_finding, tools

CHAIN = "success_after_enumeration"


def updates(contacts: list[Contact], known: Context | None = None, asked: list[str] | None = None) -> list[Verdict]:
    """Every update, in time order."""
    return decide(contacts, known or context(), asked).updates


def ends(found: list[Verdict]) -> list[int]:
    """Seconds after START at which each update was told."""
    return [(one.window_end - START) // SECOND for one in found]


def test_an_incident_is_told_when_it_opens_and_whenever_its_names_doubled_or_its_verdict_rose() -> None:
    found = updates(names(60, every=1))
    assert [one.evidence.names_tried for one in found] == [4, 8, 10, 20, 40, 50, 60]
    assert [one.verdict.split()[0] for one in found] == [*["Low-Level"] * 2, *["Moderate"] * 3, *["High"] * 2]


def test_what_came_after_the_last_update_is_told_when_all_is_read() -> None:
    assert ends(updates(names(9, every=1))) == [3, 7, 8]
    assert ends(updates(names(4, every=1))) == [3]


def test_a_retry_of_a_known_name_is_told_at_the_end_only() -> None:
    found = updates([*names(4, every=1), *[contact(10 + turn, named(0), app=str(turn)) for turn in range(4)]])
    assert ends(found) == [3, 13]


def test_an_update_is_told_at_the_event_that_decided_it_and_so_is_the_last_word() -> None:
    found = updates([*names(4, every=1), contact(10, named(0), app="other")])
    assert [(one.detected_at - START) // SECOND for one in found] == [3, 3]
    assert ends(found) == [3, 10]


def test_a_last_word_that_only_adds_to_the_actor_is_no_update_but_is_in_the_finding() -> None:
    rows = [*names(4, every=1), contact(10, named(0), user_agent="other")]
    assert ends(updates(rows)) == [3]
    (finding,) = decide(rows, context()).findings
    assert finding.evidence.user_agents_sample == ["other"]
    assert (finding.detected_at - START) // SECOND == 3


def test_each_further_account_is_told() -> None:
    got_in = [success(1000 + 60 * turn, named(turn, "real")) for turn in range(2)]
    found = updates([*names(6), *existing(3, 100), *got_in])
    accounts = [one.compromised_accounts for one in found]
    both = [named(0, "real"), named(1, "real")]
    assert accounts == [[], [], both[:1], both]
    assert [one.detection for one in found] == ["email_enumeration", "email_enumeration", CHAIN, CHAIN]


def test_an_answer_that_lifts_the_cap_is_told_when_it_comes() -> None:
    unclear = names(60, every=10, kind="autodiscover", outcome="ambiguous", code="200")
    told = contact(1000, named(7), kind="autodiscover", code="404")
    more = [contact(1100 + turn, named(8), kind="autodiscover", app=str(turn)) for turn in range(3)]
    rises = [one for one in updates([*unclear, told, *more]) if one.verdict == "High Confidence Enumeration"]
    assert ends(rises)[0] == 1000


def rounds(begin: float = 0) -> list[Contact]:
    """Six existing names in two rounds within a minute: a spray."""
    return [
        contact(begin + 4 * turn, named(turn % 6, "real"), outcome="exists_bad_secret", code="50126", app=str(turn))
        for turn in range(12)
    ]


def test_all_updates_of_an_incident_have_its_id_and_its_beginning() -> None:
    found = updates([*rounds(), *names(60, 700, every=1), success(5000, named(0, "real"))])
    assert len({one.finding_id for one in found}) == 1
    assert {one.window_start for one in found} == {START}
    assert found[0].detection == "password_spray"
    assert found[-1].detection == CHAIN


def test_another_incident_or_tenant_has_another_id() -> None:
    later, others = names(5, 3 * 86_400 + 7200, stem="other"), names(5, tenant="fabrikam")
    ids = {one.finding_id for one in decide([*names(5), *later, *others], context()).findings}
    assert len(ids) == 3


def test_another_place_has_another_id_unless_the_actor_is_the_same() -> None:
    fields = {"asn": "64500", "user_agent": "curl"}
    here, there = names(5, **fields), names(5, stem="other", src_ip="198.51.100.9", **fields)
    assert len(decide([*here, *there], context()).findings) == 1
    strangers = [one._replace(asn="64501", user_agent="wget") for one in there]
    ids = {one.finding_id for one in decide([*here, *strangers], context()).findings}
    assert len(ids) == 2


def test_a_finding_that_keeps_growing_keeps_its_id() -> None:
    assert {the_finding(names(length)).finding_id for length in (5, 6, 20, 60)} == {the_finding(names(5)).finding_id}


def test_names_are_told_as_the_log_writes_them() -> None:
    contacts = [*names(5), contact(100, "Real@Contoso.example", outcome="exists_bad_secret")]
    assert the_finding(contacts).names_found == ["Real@Contoso.example"]


def test_a_name_whose_password_was_confirmed_is_found_and_compromised() -> None:
    wrong = contact(90, "real@contoso.example", outcome="exists_bad_secret", code="50126")
    right = contact(100, "real@contoso.example", outcome="exists_good_secret", code="50076")
    finding = the_finding([*names(5), wrong, right])
    assert finding.names_found == finding.compromised_accounts == ["real@contoso.example"]


def test_all_addresses_of_an_incident_are_told_as_its_actor() -> None:
    spread = [one._replace(src_ip=f"203.0.113.{turn}") for turn, one in enumerate(names(6))]
    finding = the_finding(spread)
    assert finding.actor.ip == [f"203.0.113.{turn}" for turn in range(6)]
    assert finding.evidence.success_share is None


@pytest.mark.parametrize(
    ("fields", "actor"),
    [
        ({"user_agent": "curl"}, {"ip": ["203.0.113.9"]}),
        ({"src_ip": "", "host": "PC1", "actor": "jw"}, {"host": "PC1", "account": "jw"}),
        ({"src_ip": "", "actor": "jw"}, {"account": "jw"}),
        ({"src_ip": "::ffff:203.0.113.9", "actor": "jw"}, {"ip": ["203.0.113.9"], "account": "jw"}),
    ],
)
def test_the_actor_is_told_by_whatever_identifies_it(fields: dict[str, str], actor: dict[str, object]) -> None:
    row = the_finding(names(5, **fields)).to_dict()["actor"]
    assert {key: value for key, value in row.items() if value is not None} == actor


def test_several_accounts_at_one_machine_are_not_told_as_one() -> None:
    two = [*names(5, src_ip="", host="PC1", actor="jw"), *names(5, 100, stem="m", src_ip="", host="PC1", actor="ab")]
    assert the_finding(two).actor.account is None


def test_behind_an_address_where_somebody_works_the_agent_tells_the_actor() -> None:
    worked = success(-5000, "staff@contoso.example", user_agent="Edge")
    assert the_finding([worked, *names(5, user_agent="curl")]).actor.user_agent == "curl"


def test_gaps_say_what_could_not_be_seen() -> None:
    hidden = contact(100, attempts=3, target="", target_visible=False)
    unclear = contact(101, "u@contoso.example", outcome="ambiguous", code="50053")
    assert the_finding([*names(5), hidden, unclear]).evidence.gaps == [
        "3 attempts at names that the log hides; how many names that is cannot be known",
        "The answers 50053 do not tell whether a name exists or a password was right",
    ]
    nobody = the_finding(names(5, src_ip=""))
    assert nobody.evidence.gaps == ["The log names neither address, machine nor account, so nobody can be held to it"]
    blind = the_finding(existing(10, every=300, source="workspace_login"))
    assert blind.evidence.gaps == [
        "workspace_login never records names that do not exist; the share of absent names is not known"
    ]


def test_sensitive_and_decoy_names_are_listed_whether_they_were_found_or_not() -> None:
    rows = [sensitive(named(1), "executive"), sensitive(named(2), "decoy")]
    evidence = the_finding(names(5), context(sensitive_accounts=rows)).evidence
    assert (evidence.sensitive_names, evidence.decoy_names) == ([named(1)], [named(2)])


def test_tools_are_recognised_by_agents_of_failed_attempts() -> None:
    known = context(known_tools=tools("sprayer/1"))
    assert the_finding(names(10, user_agent="sprayer/1"), known).evidence.tools == [
        {"tool": "sprayer/1", "match": "user_agent", "confidence": "high"}
    ]
    assert the_finding(names(10, user_agent="Edge"), known).evidence.tools == []


@pytest.mark.parametrize(
    ("seen", "verdict"), [("2026-03-01", "Moderate"), ("2026-03-03", "Low-Level"), ("2026-01-01", "Low-Level")]
)
def test_reports_count_while_they_are_fresh_and_not_before_they_were_made(seen: str, verdict: str) -> None:
    row = {"type": "ip", "value": "203.0.113.9", "source": "feed", "confidence": "high", "seen": seen}
    finding = the_finding(names(5), context(intelligence=Intelligence.from_rows(threat_intel=[row])))
    assert finding.verdict.startswith(verdict)
    assert len(finding.evidence.intelligence) == (verdict == "Moderate")


def test_only_rules_that_were_asked_for_are_told() -> None:
    contacts = [*names(6), *existing(1, 100), success(500, named(0, "real"))]
    assert [one.detection for one in updates(contacts, asked=[CHAIN])] == [CHAIN]
    assert {one.detection for one in updates(contacts, asked=["email_enumeration"])} == {"email_enumeration"}
    assert updates(contacts, asked=["password_spray"]) == []


def test_without_updates_the_last_word_is_the_same() -> None:
    contacts = [*names(60, every=5), *existing(12, 400), success(5000, named(0, "real"))]
    known = context()
    assert decide(contacts, known, with_updates=False).findings == decide(contacts, known).findings


def test_techniques_and_version_are_those_of_the_rule_behind_the_verdict() -> None:
    known = context()
    for finding in decide([*names(6), *existing(1, 100), success(500, named(0, "real"))], known).updates:
        rule = known.rulebook["detections"][finding.detection]
        assert (finding.mitre, finding.version) == (rule["techniques"], rule["version"])


def ends_with_score(contacts: list[Contact]) -> int:
    """The score of the only finding."""
    return the_finding(contacts).score


def test_who_asks_for_the_same_names_again_and_again_scores_less_than_who_asks_once() -> None:
    once = names(50, every=60)
    again = [one._replace(attempts=3, last=one.first + SECOND) for one in once]
    assert ends_with_score(again) < ends_with_score(once)


def test_names_in_order_at_regular_pauses_score_more_than_the_same_names_mixed() -> None:
    ordered = names(50, every=60)
    mixed = [
        ordered[17 * n % 50]._replace(first=one.first + (n % 7) ** 3 * SECOND, last=one.last + (n % 7) ** 3 * SECOND)
        for n, one in enumerate(ordered)
    ]
    assert ends_with_score(mixed) < ends_with_score(ordered)


def test_a_tools_agent_does_not_move_the_score_that_names_and_behaviour_give() -> None:
    known = context(known_tools=tools("sprayer/1"))
    assert decide(names(50, user_agent="sprayer/1"), known).findings[0].score == ends_with_score(names(50))
