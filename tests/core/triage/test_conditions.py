"""Conditions for escalation: met, and just not met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from enumwatch.core.intelligence import FRESH_DAYS

from ..making import RULEBOOK
from .making import ADDRESS, event, finding, known, met

ADDRESSES, IDENTITIES, ACCOUNTS = "T1589.002", "T1589", "T1585.002"
ROLL_CALL = {"names_tried": 20, "names_absent": 10, "absent_ratio": 0.5, "attempts_per_name": 3.0}
REPORT = {"source": "feed", "confidence": "high", "seen": "2026-03-01T00:00:00Z", "value": ADDRESS}


def tool(confidence: str, match: str = "user_agent") -> Mapping[str, str]:
    return {"tool": "a tool", "match": match, "confidence": confidence}


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (ROLL_CALL, {"E1"}),
        ({**ROLL_CALL, "names_absent": 9}, set()),
        ({**ROLL_CALL, "absent_ratio": 0.49}, set()),
        ({**ROLL_CALL, "attempts_per_name": 3.01}, set()),
        ({"tools": [tool("high")]}, {"E2"}),
        ({"tools": [tool("medium")]}, set()),
        ({"tools": [tool("medium"), tool("medium", "app_ids")]}, {"E2"}),
        ({"tools": [tool("medium"), tool("low", "app_ids")]}, set()),
        ({"intelligence": [REPORT], "names_tried": 5}, {"E3"}),
        ({"intelligence": [REPORT], "names_tried": 4}, set()),
        ({"intelligence": [{**REPORT, "seen": "2026-01-30T00:00:00Z"}], "names_tried": 5}, set()),
    ],
)
def test_conditions_of_enumerated_addresses(evidence: Mapping[str, Any], expected: set[str]) -> None:
    assert met(ADDRESSES, finding(ADDRESSES, evidence=dict(evidence))) == expected


def test_a_moderate_verdict_confirms_the_pattern_and_a_success_escalates_by_itself() -> None:
    assert met(ADDRESSES, finding(verdict="Moderate Enumeration")) == {"E1"}
    assert met(ADDRESSES, finding(compromised_accounts=["a@contoso.example"])) == {"E4"}


def test_what_an_allowlist_entry_covers_is_no_confirmed_pattern() -> None:
    covered = finding(evidence=dict(ROLL_CALL), suppressed_by={"entry": "x"})
    assert met(ADDRESSES, covered) == set()


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"machine_traits": ["a", "b", "c"]}, {"E1"}),
        ({"machine_traits": ["a", "b"]}, set()),
        ({"timeline": [{"time": f"2026-03-0{day}T00:00:00Z"} for day in (2, 3, 4)]}, {"E1"}),
        ({"timeline": [{"time": f"2026-03-0{day}T00:00:00Z"} for day in (2, 3)]}, set()),
        ({"timeline": [{"time": f"2026-03-{day}T00:00:00Z"} for day in ("02", "03", "09")]}, set()),
        ({"sensitive_sections": ["roles"]}, {"E2"}),
        ({"lists_read": 1}, {"E2"}),
        ({"lists_read": 1, "refused_share": 1.0}, set()),
        ({"tools": [tool("high")]}, {"E3"}),
        ({"intelligence": [REPORT]}, {"E3"}),
    ],
)
def test_conditions_of_gathered_identities(evidence: Mapping[str, Any], expected: set[str]) -> None:
    assert met(IDENTITIES, finding(IDENTITIES, evidence=dict(evidence))) == expected


def test_days_of_activity_are_seen_in_the_contacts_too() -> None:
    days = [event("sign_in", at=day * 86_400) for day in range(3)]
    assert met(IDENTITIES, finding(IDENTITIES), known("entra_signin", contacts=days)) == {"E1"}
    assert met(IDENTITIES, finding(IDENTITIES), known("entra_signin", contacts=days[:2])) == set()


def test_conditions_of_made_accounts() -> None:
    burst = {"verdict": "Account Creation Burst", "accounts_created": ["a@contoso.example"]}
    assert met(ACCOUNTS, finding(ACCOUNTS, **burst)) == {"E1"}
    assert met(ACCOUNTS, finding(ACCOUNTS, **burst, evidence={"disposable_domains": ["mailinator.com"]})) == {
        "E1",
        "E1+",
    }
    assert met(ACCOUNTS, finding(ACCOUNTS)) == set()  # new, and nothing else
    sends = {"mails_sent": 20, "bounce_share": 0.2}
    assert met(ACCOUNTS, finding(ACCOUNTS, evidence=sends)) == {"E2"}


def test_intelligence_is_current_as_long_as_findings_hold_it() -> None:
    ages = {playbook["limits"]["feed_age"] for playbook in RULEBOOK["playbooks"].values()}
    assert ages == {FRESH_DAYS * 86_400}
