"""Findings made under changed limits say so; others do not."""

from __future__ import annotations

import copy

from enumwatch.core.tuned import with_note
from enumwatch.core.verdict import Actor, Verdict
from enumwatch.rulebook.compiled import compiled


def verdict(detection: str) -> Verdict:
    actor = Actor(ip=["192.0.2.1"])
    return Verdict("ew-1", detection, 1, "Password Spray", 30, "low", "", actor, 0, 1, 1, reasons=["first"])


def test_a_finding_under_shipped_limits_has_no_note() -> None:
    assert with_note(verdict("password_spray"), compiled()).reasons == ["first"]


def test_a_finding_names_the_changed_limits_of_all_rules_it_is_decided_with() -> None:
    rulebook = copy.deepcopy(compiled())
    tuned = {"by": "tuned/a.yml", "limits": {"address_level": "11 points (shipped: 8 points)"}}
    rulebook["detections"]["email_enumeration"]["tuned"] = tuned
    note = "Made under tuned limits: email_enumeration.address_level = 11 points (shipped: 8 points) in tuned/a.yml"
    assert with_note(verdict("password_spray"), rulebook).reasons == ["first", note]
    assert with_note(verdict("account_creation"), rulebook).reasons == ["first"]
