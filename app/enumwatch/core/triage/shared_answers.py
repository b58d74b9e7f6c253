"""Answers that more than one playbook asks for."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Set

from ..times import from_iso
from ..wording import counted
from .answer import Answer, listed, no, unknown, yes
from .subject import Subject


def unless_read(subject: Subject, kind: str, missed: str, of: str, *beside: str) -> Optional[Answer]:
    """Why logs of a kind cannot answer: none was read, or what they hold is not at hand; None where they can.

    Logs of the kinds `beside` are named with those that are missing, because they may say yes.
    """
    logs = subject.read(kind)
    if not logs:
        return unknown(missed, subject.unread(kind, *beside))
    if not subject.has_contacts:
        return unknown(f"What {listed(logs)} holds of the {of} is not at hand")
    return None


def current_reports(subject: Subject) -> List[Mapping[str, Any]]:
    """Intelligence on the actor that is current at the end of the finding."""
    oldest = subject.end - subject.span("feed_age")
    return [one for one in subject.evidence["intelligence"] if from_iso(one["seen"]) >= oldest]


def sure_tools(subject: Subject) -> List[str]:
    """Tools of high confidence, or of medium confidence that two different traits speak for."""
    traits: Dict[str, Set[str]] = {}
    for one in subject.evidence["tools"]:
        if one["confidence"] != "low":
            traits.setdefault(one["tool"], set()).add(one["match"])
    high = {one["tool"] for one in subject.evidence["tools"] if one["confidence"] == "high"}
    return sorted(high | {tool for tool, found in traits.items() if len(found) > 1})


def tool_or_report(subject: Subject) -> Answer:
    """Does a known tool or current intelligence fit?"""
    tools, reports = subject.evidence["tools"], current_reports(subject)
    if tools or reports:
        told = [f"traits of {listed(sorted({one['tool'] for one in tools}))}"] if tools else []
        told += [f"{counted(len(reports), 'current report')}: {listed(reports)}"] if reports else []
        return yes(f"There are {' and '.join(told)}", tools=tools, intelligence=reports)
    if not subject.context.intelligence.has_reports:
        return unknown("No trait of a known tool shows, and no feed of addresses is there", ["threat_intel"])
    if not subject.evidence["user_agents"] and not subject.evidence["apps"]:
        return unknown("The logs give neither agent nor application", subject.unread("sign_in"))
    return no(
        f"Neither {counted(subject.evidence['user_agents'], 'agent')} nor {counted(subject.evidence['apps'], 'application')} "
        "is that of a known tool, and no current report names the addresses",
        user_agents=subject.evidence["user_agents"],
        apps=subject.evidence["apps"],
    )


def report_on_actor(subject: Subject) -> Answer:
    """Does current intelligence name the actor?"""
    reports = current_reports(subject)
    if reports:
        return yes(f"{counted(len(reports), 'current report')}: {listed(reports)}", intelligence=reports)
    if not subject.addresses:
        return unknown(
            "The logs give no address of the actor, which is usual where an application acts",
            subject.unread("account_created"),
        )
    if not subject.context.intelligence.has_reports:
        return unknown("No feed of addresses is there to compare with", ["threat_intel"])
    return no(f"No current report names {listed(subject.addresses)}", addresses=subject.addresses)
