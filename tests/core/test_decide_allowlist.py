"""What the allowlist covers is set aside before anything is counted, and told apart."""

from __future__ import annotations

from enumwatch.core.allowlist import Allowlist
from enumwatch.core.context import Context
from enumwatch.core.decide import decide
from enumwatch.core.times import from_iso

from .making import ADDRESS, context, existing, names


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
