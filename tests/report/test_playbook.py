"""The playbook of a finding as text."""

from __future__ import annotations

from typing import Any

from enumwatch.report.playbook import playbook


def triage(**keys: Any) -> dict[str, Any]:
    return {
        "playbook": "T1589.002",
        "answers": {"Q1": {"question": "Is it?", "answer": "yes", "because": "it is", "evidence": {}, "missing": [],
                           "connect": []},
                    "Q2": {"question": "Was it?", "answer": "not enough evidence", "because": "no log", "evidence": {},
                           "missing": ["iis", "other"], "connect": ["iis: Collect it."]}},
        "conditions": {"E1": {"met": True, "because": "so"}, "E1+": {"met": False, "because": "not so"}},
        "escalate": True,
        "steps": {"l1": ["look"], "tier2": [], "containment": ["stop it"]},
        **keys,
    }  # fmt: skip


def test_answers_conditions_and_steps_stand_in_their_order() -> None:
    assert playbook(triage()).splitlines() == [
        "Playbook T1589.002: escalate",
        "  E1 so",
        "  Not met: E1+",
        "",
        "Answers",
        "  Q1 Is it?",
        "     yes: it is",
        "  Q2 Was it?",
        "     not enough evidence: no log",
        "     missing iis: Collect it.",
        "     missing other",
        "",
        "Contain",
        "  1. stop it",
        "",
        "First line",
        "  1. look",
    ]


def test_nothing_is_contained_without_escalation() -> None:
    told = playbook(triage(escalate=False, conditions={"E1": {"met": False, "because": "not so"}}))
    assert told.startswith("Playbook T1589.002: no need to escalate\n  Not met: E1\n\nAnswers")
    assert "Contain" not in told


def test_hostile_texts_are_inert_and_lines_stay_in_80_columns() -> None:
    told = playbook(triage(steps={"l1": ["\x1b]8;;http://x\x07" + "a" * 500], "tier2": [], "containment": []}))
    assert "\x1b" not in told
    assert max(map(len, told.splitlines())) <= 80
