"""Decisions rest on content alone: not on order, not on tenants beside, not on what had not happened yet."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.core.allowlist import Allowlist
from enumwatch.core.contact import Contact, group
from enumwatch.core.context import Context
from enumwatch.core.decide import decide, limits_of
from enumwatch.core.times import DAY, from_iso
from enumwatch.core.verdict import VERDICTS, Verdict, rank

from .making import ADDRESS, START, all_told, contact, context, event, existing, findings, names, sensitive, success
from .strategies import CONTACTS, DECOY, EXECUTIVE, MOMENTS

KNOWN = context(sensitive_accounts=[sensitive(EXECUTIVE, "executive"), sensitive(DECOY, "decoy")])
EVERY_RULE = sorted(KNOWN.rulebook["detections"])


def cut(contacts: list[Contact], moment: int) -> list[Contact]:
    """The contacts as far as they are known at this moment: one that is not over is its first attempt."""
    begun = [one for one in contacts if one.first <= moment]
    return [one if one.last <= moment else one._replace(attempts=1, last=one.first) for one in begun]


def claims(verdict: Verdict) -> tuple[str, set[str], set[str]]:
    """What a finding claims of its actor."""
    return verdict.verdict, set(verdict.names_found), set(verdict.compromised_accounts)


def test_contacts_by_chance_reach_nearly_every_verdict() -> None:
    reached: set[str] = set()

    @settings(max_examples=200, derandomize=True, database=None)
    @given(CONTACTS)
    def collect(contacts: list[Contact]) -> None:
        reached.update(one.verdict for one in decide(contacts, KNOWN).findings)

    collect()
    assert reached <= {*VERDICTS[:6], "Not Enough Evidence"}
    assert len(reached) >= 6


@given(CONTACTS, MOMENTS)
def test_what_is_told_by_a_moment_is_told_without_what_came_after(contacts: list[Contact], moment: int) -> None:
    whole = decide(contacts, KNOWN).updates
    known_then = [one.to_dict() for one in decide(cut(contacts, moment), KNOWN).updates]
    assert [
        one for one in (early.to_dict() for early in whole if early.window_end <= moment) if one not in known_then
    ] == []


@given(CONTACTS, MOMENTS)
def test_what_is_known_at_a_moment_is_never_taken_back(contacts: list[Contact], moment: int) -> None:
    whole = {one.finding_id: claims(one) for one in decide(contacts, KNOWN).findings}
    for early in decide(cut(contacts, moment), KNOWN).findings:
        verdict, found, accounts = claims(early)
        later = whole[early.finding_id]
        assert rank(later[0]) <= rank(verdict)
        assert found <= later[1]
        assert accounts <= later[2]


@given(CONTACTS)
def test_a_finding_never_claims_less_than_its_update_before(contacts: list[Contact]) -> None:
    last: dict[str, tuple[str, set[str], set[str]]] = {}
    for update in decide(contacts, KNOWN).updates:
        verdict, found, accounts = claims(update)
        before = last.get(update.finding_id, (verdict, set(), set()))
        assert rank(verdict) <= rank(before[0])
        assert before[1] <= found
        assert before[2] <= accounts
        last[update.finding_id] = (verdict, found, accounts)


@given(CONTACTS)
def test_nothing_is_told_before_it_happened(contacts: list[Contact]) -> None:
    for update in decide(contacts, KNOWN, EVERY_RULE).updates:
        assert update.window_start <= update.detected_at <= update.window_end


@given(CONTACTS, st.randoms(use_true_random=False))
def test_the_order_of_contacts_never_shows(contacts: list[Contact], rng: random.Random) -> None:
    shuffled = list(contacts)
    rng.shuffle(shuffled)
    assert all_told(decide(shuffled, KNOWN, EVERY_RULE)) == all_told(decide(contacts, KNOWN, EVERY_RULE))


@given(CONTACTS)
def test_a_tenant_by_another_name_has_the_same_findings(contacts: list[Contact]) -> None:
    renamed = [one._replace(tenant="fabrikam") for one in contacts]
    before, after = decide(contacts, KNOWN), decide(renamed, KNOWN)
    rows = [[one.to_dict() for one in decision.updates] for decision in (before, after)]
    for row in (*rows[0], *rows[1]):
        assert row.pop("tenant") in ("contoso", "fabrikam")
        row.pop("finding_id")
    assert sorted(map(json.dumps, rows[0])) == sorted(map(json.dumps, rows[1]))


@given(CONTACTS, CONTACTS)
def test_an_unrelated_tenant_changes_nothing(contacts: list[Contact], others: list[Contact]) -> None:
    strangers = [one._replace(tenant="fabrikam") for one in others]
    both = decide([*contacts, *strangers], KNOWN)
    assert [one for one in both.findings if one.tenant == "contoso"] == decide(contacts, KNOWN).findings
    assert [one for one in both.findings if one.tenant == "fabrikam"] == decide(strangers, KNOWN).findings


@given(CONTACTS)
def test_findings_are_the_last_updates_worst_first(contacts: list[Contact]) -> None:
    decision = decide(contacts, KNOWN)
    last = {one.finding_id: one for one in decision.updates}
    assert {one.finding_id: one for one in decision.findings} == last
    ranks = [rank(one.verdict) for one in decision.findings]
    assert ranks == sorted(ranks)


@given(CONTACTS)
def test_without_updates_the_findings_are_the_same(contacts: list[Contact]) -> None:
    assert decide(contacts, KNOWN, with_updates=False).findings == decide(contacts, KNOWN).findings


@given(CONTACTS)
def test_every_finding_has_a_reason_and_evidence(contacts: list[Contact]) -> None:
    for one in decide(contacts, KNOWN, EVERY_RULE).updates:
        assert one.reasons
        assert one.evidence.attempts >= 1
        assert one.evidence.names_tried + one.evidence.names_hidden >= 1
        sorted_names = one.evidence.names_absent + one.evidence.names_existing + one.evidence.names_wrong_realm
        assert sorted_names <= one.evidence.names_tried


@given(CONTACTS, MOMENTS.map(lambda moment: moment - moment % DAY))
def test_a_log_that_ends_at_midnight_says_what_the_whole_one_said_until_then(contacts: list[Contact], end: int) -> None:
    # Contacts never reach over midnight, so here nothing needs to be cut.
    before = [one for one in contacts if one.hour < end]
    assert cut(contacts, end - 1) == before
    whole = [one.to_dict() for one in decide(contacts, KNOWN).updates if one.window_end < end]
    early = [one.to_dict() for one in decide(before, KNOWN).updates]
    assert [one for one in whole if one not in early] == []


def test_events_exported_twice_say_the_same() -> None:
    events = [event(10 * turn, target=f"n{turn}@contoso.example", event_id=f"e{turn}") for turn in range(8)]
    once, twice = decide(group(events), KNOWN), decide(group([*events, *events]), KNOWN)
    assert all_told(once) == all_told(twice)


def test_throttled_attempts_and_other_kinds_raise_nothing() -> None:
    assert findings(names(60, outcome="throttled")) == []
    assert findings(names(60, kind="directory_read")) == []
    assert findings(names(60, kind="account_created")) == []


def test_nothing_gives_nothing() -> None:
    decision = decide([], KNOWN, EVERY_RULE)
    assert (decision.findings, decision.updates, decision.suppressed_findings, decision.suppressions) == (
        [],
        [],
        [],
        [],
    )


def allowed(value: str, detections: str = "*", expires: str = "2027-01-01", **known: str) -> dict[str, str]:
    """A row of the allowlist."""
    fixed = {"type": "ip", "tenant": "*", "reason": "pen test", "owner": "soc@contoso.example", "starts": ""}
    return {**fixed, "value": value, "detections": detections, "expires": expires, **known}


def with_allowed(*rows: dict[str, str]) -> Context:
    """A context under this allowlist."""
    return context(allowlist=Allowlist.from_rows(rows))


def test_what_the_allowlist_covers_is_set_aside_before_counting_and_told_apart() -> None:
    known = with_allowed(allowed(ADDRESS))
    decision = decide([*names(60, attempts=2), *names(8, src_ip="203.0.113.10")], known)
    assert [one.actor.ip for one in decision.findings] == [["203.0.113.10"]]
    (hidden,) = decision.suppressed_findings
    assert (hidden.actor.ip, hidden.verdict) == ([ADDRESS], "High Confidence Enumeration")
    assert hidden.suppressed_by == {
        "entry": "enumwatch_allowlist.csv:2",
        "type": "ip",
        "value": ADDRESS,
        "reason": "pen test",
        "owner": "soc@contoso.example",
        "expires": "2027-01-01",
    }
    (entry,) = decision.suppressions
    assert (entry.events, entry.findings) == (120, 1)


def test_an_entry_that_hides_no_finding_still_counts_what_it_hid() -> None:
    (entry,) = decide(names(3), with_allowed(allowed(ADDRESS))).suppressions
    assert (entry.events, entry.findings) == (3, 0)


def test_an_entry_holds_until_it_expires() -> None:
    contacts = [*names(10), *names(10, 86_400, stem="m")]
    decision = decide(contacts, with_allowed(allowed(ADDRESS, expires="2026-03-03T00:00:00Z")))
    (finding,) = decision.findings
    assert finding.window_start == from_iso("2026-03-03T09:00:00Z")
    assert decision.suppressions[0].events == 10


def test_an_entry_for_one_rule_hides_that_rule_and_no_other() -> None:
    contacts = [*names(10), *existing(10, 3 * 86_400, every=300)]
    decision = decide(contacts, with_allowed(allowed(ADDRESS, "password_spray")))
    assert [one.detection for one in decision.findings] == ["email_enumeration"]
    assert [one.detection for one in decision.suppressed_findings] == ["password_spray"]
    assert [(one.events, one.findings) for one in decision.suppressions] == [(20, 1)]


def test_an_entry_for_two_rules_counts_every_event_once() -> None:
    decision = decide(names(10), with_allowed(allowed(ADDRESS, "password_spray|email_enumeration")))
    assert decision.findings == []
    assert [(one.events, one.findings) for one in decision.suppressions] == [(10, 1)]


def test_entries_are_told_in_the_order_of_the_file() -> None:
    rows = [allowed("203.0.113.20"), allowed("203.0.113.10"), allowed(ADDRESS, "email_enumeration")]
    contacts = [*names(3), *names(3, src_ip="203.0.113.10"), *names(3, src_ip="203.0.113.20")]
    told = decide(contacts, with_allowed(*rows)).suppressions
    assert [one.entry.value for one in told] == ["203.0.113.20", "203.0.113.10", ADDRESS]


def test_the_published_rule_obeys_the_allowlist_too() -> None:
    known = with_allowed(allowed(ADDRESS, "published_threshold"))
    assert decide(names(12), known, ["published_threshold"]).findings == []
    assert len(decide(names(12), known).findings) == 1


@pytest.mark.parametrize("limit", ["alarm_names", "window", "close_after"])
def test_limits_come_from_the_rulebook(limit: str) -> None:
    rules = dict(KNOWN.rulebook["detections"])
    rule = {**rules["email_enumeration"], "limits": {**rules["email_enumeration"]["limits"], limit: 7}}
    changed = limits_of(Context({**KNOWN.rulebook, "detections": {**rules, "email_enumeration": rule}}))
    assert getattr(changed, limit) == (7 if limit == "alarm_names" else 7_000_000)


def test_a_success_elsewhere_says_nothing_here() -> None:
    contacts = [*names(6), *existing(1, 100), success(200, "e000@contoso.example", src_ip="203.0.113.10")]
    (finding,) = findings(contacts)
    assert finding.compromised_accounts == []
    assert finding.window_end == START + 100 * 1_000_000


def test_attempts_from_two_machines_are_two_actors() -> None:
    two = [*names(5, src_ip="", host="PC1"), *names(5, src_ip="", host="PC2")]
    assert {one.actor.host for one in findings(two)} == {"PC1", "PC2"}


def test_hostile_text_ends_no_decision() -> None:
    odd = ["\ud800", "\x00", "a" * 70_000, "=1+1", "<script>", "\u202e", "'; DROP TABLE x", "@", "\\", "a@" * 400]
    contacts = [contact(turn, text, user_agent=text, app=text, tenant=text) for turn, text in enumerate(odd * 3)]
    contacts += [contact(turn, text, source="okta_system", user_agent="x") for turn, text in enumerate(odd)]
    (finding,) = findings(contacts)
    assert finding.evidence.names_tried >= 9
