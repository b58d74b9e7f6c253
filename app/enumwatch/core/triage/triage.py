"""Triage of one finding: answers, conditions, whether to escalate, and steps in their order."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Tuple

from ..context import Context
from . import accounts, addresses, identities, shared_answers
from .answer import Answer
from .connecting import connecting
from .known import NOTHING_KNOWN, Known
from .queries import queries
from .steps import cautions, steps
from .subject import Finding, Subject

Question = Callable[[Subject], Answer]
Condition = Callable[[Subject], str]

QUESTIONS: Mapping[Tuple[str, str], Question] = {
    ("T1589.002", "Q1"): addresses.many_names,
    ("T1589.002", "Q2"): addresses.autodiscover,
    ("T1589.002", "Q3"): addresses.sensitive,
    ("T1589.002", "Q4"): shared_answers.tool_or_report,
    ("T1589", "Q1"): identities.repeated_failures,
    ("T1589", "Q2"): identities.from_outside,
    ("T1589", "Q3"): identities.directory_read,
    ("T1589", "Q4"): identities.changed_behaviour,
    ("T1585.002", "Q1"): shared_answers.report_on_actor,
    ("T1585.002", "Q2"): accounts.disposable,
    ("T1585.002", "Q3"): accounts.infrastructure,
    ("T1585.002", "Q4"): accounts.sending,
}
CONDITIONS: Mapping[Tuple[str, str], Condition] = {
    ("T1589.002", "E1"): addresses.is_roll_call,
    ("T1589.002", "E2"): addresses.is_known_tool,
    ("T1589.002", "E3"): addresses.is_reported,
    ("T1589.002", "E4"): addresses.is_broken_in,
    ("T1589", "E1"): identities.is_persistent,
    ("T1589", "E2"): identities.is_sensitive,
    ("T1589", "E3"): identities.is_matched,
    ("T1585.002", "E1"): accounts.is_burst,
    ("T1585.002", "E1+"): accounts.is_bad_burst,
    ("T1585.002", "E2"): accounts.is_infrastructure,
}


def triage(finding: Finding, context: Context, known: Known = NOTHING_KNOWN) -> Dict[str, Any]:
    """The answers, conditions and steps of the finding's playbook, as plain values.

    `finding` is what `Verdict.to_dict` gives. Raises KeyError for what is no whole finding of this rulebook.
    """
    subject = Subject(finding, context, known)
    name = subject.playbook["id"]
    answers = {key: _answer(name, key, subject) for key in subject.playbook["questions"]}
    conditions = {key: _condition(name, key, subject) for key in subject.playbook["escalate"]}
    met = {key for key, one in conditions.items() if one["met"]}
    return {
        "playbook": name,
        "title": subject.playbook["title"],
        "guide": subject.guide,
        "answers": answers,
        "conditions": conditions,
        "escalate": bool(met),
        "steps": steps(subject, met),
        "cautions": cautions(subject),
        "queries": queries(subject),
    }


def cautions_of(finding: Finding, context: Context) -> List[str]:
    """What containing the actor of a finding would break for people at work: the `cautions` of its triage, alone.

    Raises KeyError for what is no whole finding of this rulebook.
    """
    return cautions(Subject(finding, context, NOTHING_KNOWN))


def _answer(playbook: str, key: str, subject: Subject) -> Dict[str, Any]:
    answer = QUESTIONS[playbook, key](subject).to_dict()
    question = subject.playbook["questions"][key]["question"]
    return {"question": question, **answer, "connect": connecting(answer["missing"], subject.context.rulebook)}


def _condition(playbook: str, key: str, subject: Subject) -> Dict[str, Any]:
    because = CONDITIONS[playbook, key](subject)
    asked = subject.playbook["escalate"][key]["condition"]
    return {"met": bool(because), "because": because or f"The evidence does not show it: {asked}"}
