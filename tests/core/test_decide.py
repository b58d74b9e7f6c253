"""Decisions rest on content alone: not on order, not on tenants beside, not on what had not happened yet."""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.core.contact import Contact, group
from enumwatch.core.context import Context
from enumwatch.core.decide import decide
from enumwatch.core.event import Event
from enumwatch.core.times import DAY, SECOND, from_iso, to_iso
from enumwatch.core.verdict import VERDICTS, Verdict, rank
from enumwatch.core.watching import limits_of

from .making import (
    START,
    all_told,
    contact,
    context,
    event,
    existing,
    findings,
    named,
    names,
    sensitive,
    success,
)
from .strategies import CONTACTS, DECOY, EXECUTIVE, MOMENTS

KNOWN = context(sensitive_accounts=[sensitive(EXECUTIVE, "executive"), sensitive(DECOY, "decoy")])
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
EVERY_RULE = sorted(KNOWN.rulebook["detections"])


def cut(contacts: list[Contact], moment: int) -> list[Contact]:
    """The contacts as far as they are known at this moment: one that is not over is its first attempt."""
    begun = [one for one in contacts if one.first <= moment]
    return [one if one.last <= moment else one._replace(attempts=1, last=one.first) for one in begun]


def claims(verdict: Verdict) -> tuple[str, set[str], set[str]]:
    """What a finding claims of its actor."""
    return verdict.verdict, set(verdict.names_found), set(verdict.compromised_accounts)


def test_contacts_by_chance_reach_nearly_every_verdict_and_many_addresses() -> None:
    reached: set[str] = set()
    addresses: set[int] = set()

    @settings(max_examples=200, derandomize=True, database=None)
    @given(CONTACTS)
    def collect(contacts: list[Contact]) -> None:
        found = decide(contacts, KNOWN).findings
        reached.update(one.verdict for one in found)
        addresses.update(one.evidence.addresses for one in found)

    collect()
    assert reached <= {*VERDICTS[:6], "Not Enough Evidence"}
    assert len(reached) >= 6
    assert max(addresses) >= 8


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


@given(CONTACTS, st.randoms(use_true_random=False))
def test_the_order_of_events_within_a_second_never_shows(contacts: list[Contact], rng: random.Random) -> None:
    whole_seconds = [
        one._replace(first=one.first - one.first % SECOND, last=one.last - one.last % SECOND) for one in contacts
    ]
    turns = sorted((one.first, rng.random(), one) for one in whole_seconds)
    shuffled = [one for _, _, one in turns]
    assert all_told(decide(shuffled, KNOWN)) == all_told(decide(whole_seconds, KNOWN))


def told_without(verdicts: list[Verdict], *keys: str) -> list[str]:
    """Verdicts as they are written, without these keys, in an order of their own."""
    rows = [one.to_dict() for one in verdicts]
    return sorted(json.dumps({key: value for key, value in row.items() if key not in keys}) for row in rows)


@given(CONTACTS)
def test_a_tenant_by_another_name_has_the_same_findings(contacts: list[Contact]) -> None:
    renamed = [one._replace(tenant="fabrikam") for one in contacts]
    before, after = decide(contacts, KNOWN), decide(renamed, KNOWN)
    keys = ("tenant", "finding_id")
    assert told_without(before.updates, *keys) == told_without(after.updates, *keys)
    assert {one.tenant for one in after.updates} <= {"fabrikam"}


@given(CONTACTS, st.integers(-30, 30))
def test_weeks_later_the_same_is_told(contacts: list[Contact], weeks: int) -> None:
    by = weeks * 7 * DAY
    later = [one._replace(hour=one.hour + by, first=one.first + by, last=one.last + by) for one in contacts]
    before, after = decide(contacts, KNOWN), decide(later, KNOWN)
    shifted = [
        _TIME.sub(lambda found: to_iso(from_iso(found[0]) + by), row)
        for row in told_without(before.updates, "finding_id")
    ]
    assert sorted(shifted) == told_without(after.updates, "finding_id")


@given(CONTACTS, CONTACTS)
def test_an_unrelated_tenant_changes_nothing(contacts: list[Contact], others: list[Contact]) -> None:
    strangers = [one._replace(tenant="fabrikam") for one in others]
    both = decide([*contacts, *strangers], KNOWN)
    alone, apart = decide(contacts, KNOWN), decide(strangers, KNOWN)
    for tenant, decision in (("contoso", alone), ("fabrikam", apart)):
        assert [one for one in both.findings if one.tenant == tenant] == decision.findings
        assert [one for one in both.updates if one.tenant == tenant] == decision.updates


@given(CONTACTS)
def test_findings_are_the_last_updates_worst_first(contacts: list[Contact]) -> None:
    decision = decide(contacts, KNOWN)
    last = {one.finding_id: one for one in decision.updates}
    assert {one.finding_id for one in decision.findings} == set(last)
    for one in decision.findings:
        told = last[one.finding_id]
        assert (one.verdict, one.detected_at) == (told.verdict, told.detected_at)
        assert told.window_end <= one.window_end
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


@given(CONTACTS, st.integers(1, 4))
def test_events_exported_twice_say_the_same(contacts: list[Contact], odd: int) -> None:
    events = [
        event(
            **{key: value for key, value in one._asdict().items() if key in Event._fields},
            time=one.first,
            event_id=f"e{turn}",
        )
        for turn, one in enumerate(contacts)
    ]
    again = [one for turn, one in enumerate(events) if turn % 4 < odd]
    assert all_told(decide(group([*events, *again]), KNOWN)) == all_told(decide(group(events), KNOWN))


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


@pytest.mark.parametrize("limit", ["unclear_names", "window", "close_after"])
def test_limits_come_from_the_rulebook(limit: str) -> None:
    rules = dict(KNOWN.rulebook["detections"])
    rule = {**rules["email_enumeration"], "limits": {**rules["email_enumeration"]["limits"], limit: 7}}
    changed = limits_of(Context({**KNOWN.rulebook, "detections": {**rules, "email_enumeration": rule}}))
    assert getattr(changed, limit) == (7 if limit == "unclear_names" else 7_000_000)


def test_a_success_elsewhere_accuses_where_nobody_signs_in_from_there() -> None:
    old = success(-8 * 86_400, "boss@contoso.example", src_ip="192.0.2.1")
    came = success(200, named(0, "real"), src_ip="198.51.100.7", user_agent="Edge")
    contacts = [old, *names(6), *existing(1, 100), came]
    (finding,) = findings(contacts)
    assert finding.compromised_accounts == [named(0, "real")]
    colleague = success(-200, "staff@contoso.example", src_ip="198.51.100.8", user_agent="Edge")
    (finding,) = findings([*contacts, colleague])
    assert finding.compromised_accounts == []
    assert finding.window_end == START + 100 * SECOND


def test_attempts_from_two_machines_are_two_actors() -> None:
    two = [*names(5, src_ip="", host="PC1"), *names(5, src_ip="", host="PC2")]
    assert {one.actor.host for one in findings(two)} == {"PC1", "PC2"}


def test_hostile_text_ends_no_decision() -> None:
    odd = ["\ud800", "\x00", "a" * 70_000, "=1+1", "<script>", "\u202e", "'; DROP TABLE x", "@", "\\", "a@" * 400]
    contacts = [contact(turn, text, user_agent=text, app=text, tenant=text) for turn, text in enumerate(odd * 3)]
    contacts += [contact(turn, text, source="okta_system", user_agent="x") for turn, text in enumerate(odd)]
    (finding,) = findings(contacts)
    assert finding.evidence.names_tried >= 9
