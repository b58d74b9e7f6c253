"""Answers and conditions of the playbook on enumerated addresses, T1589.002."""

from __future__ import annotations

from collections import defaultdict
from typing import Dict, List, Optional, Set

from ..baseline import median
from ..contact import Contact
from ..times import day_of
from ..verdict import HIGH, MODERATE
from ..wording import counted
from .answer import Answer, listed, no, unknown, yes
from .shared_answers import current_reports, sure_tools
from .subject import Subject


def many_names(subject: Subject) -> Answer:
    """Q1: did one place, or one group, fail with many names?"""
    evidence, least = subject.evidence, int(subject.limits["many_names"])
    names, hidden = evidence["names_tried"], evidence["names_hidden"]
    measures = {key: evidence[key] for key in ("names_tried", "names_absent", "attempts", "addresses")}
    told = (
        f"{counted(names, 'name')} from {counted(evidence['addresses'], 'address')} in "
        f"{counted(evidence['attempts'], 'attempt')}; {told_of_existence(subject)}"
    )
    if names >= least:
        return yes(told, **measures)
    if hidden:
        return unknown(
            f"{counted(hidden, 'attempt')} at names that the log hides", subject.unread("sign_in"), names_hidden=hidden
        )
    return no(f"{told}; {least} names are many", **measures)


def told_of_existence(subject: Subject) -> str:
    """How many of the names exist and how many do not, as far as the answers say."""
    absent, existing = subject.evidence["names_absent"], subject.evidence["names_existing"]
    return f"{absent} absent and {existing} existing" if absent or existing else "no answer tells which exist"


def autodiscover(subject: Subject) -> Answer:
    """Q2: was autodiscover asked for more mailboxes than its caller usually asks for?"""
    logs = subject.read("autodiscover")
    if not logs:
        return unknown(
            "No log of autodiscover was read; that of the cloud leaves no trace in any log",
            subject.unread("autodiscover"),
        )
    if not subject.has_contacts:
        if set(logs) & set(subject.evidence["sources"]) and not set(subject.read("sign_in")) - set(logs):
            return _asked(subject, subject.evidence["names_tried"], None)
        return unknown(f"What {listed(logs)} holds of the actor is not at hand")
    actors = set(subject.addresses)
    mine = [one for one in subject.around("autodiscover") if one.src_ip in actors]
    now = [one for one in mine if subject.start <= one.first <= subject.end]
    return _asked(subject, len(subject.names_of(now)), _usual(subject, mine))


def _usual(subject: Subject, mine: List[Contact]) -> float:
    """Median of the mailboxes asked for on a day before, of days with any; 0 where there were none."""
    oldest = day_of(subject.start) - subject.span("history")
    days: Dict[int, Set[str]] = defaultdict(set)
    for one in mine:
        if oldest <= one.first < day_of(subject.start) and one.target_visible:
            days[day_of(one.first)].add(one.target.lower())
    return median([len(names) for names in days.values()]) if days else 0.0


def _asked(subject: Subject, asked: int, usual: Optional[float]) -> Answer:
    least, times = int(subject.limits["autodiscover_names"]), subject.limits["autodiscover_times"]
    measures = {"mailboxes": asked, "median_before": usual}
    if not asked:
        return no(f"The actor asked autodiscover for no mailbox in {listed(subject.read('autodiscover'))}", **measures)
    told = f"The actor asked autodiscover for {counted(asked, 'mailbox')}"
    if usual:
        told += f", on a day before for {usual:g}"
    if asked >= least and asked > times * (usual or 0.0):
        return yes(told, **measures)
    return no(f"{told}; from {least} on, and more than {times:g} times its median, it is not usual", **measures)


def sensitive(subject: Subject) -> Answer:
    """Q3: were sensitive names or decoys among those tried?"""
    evidence = subject.evidence
    touched = [*evidence["decoy_names"], *evidence["sensitive_names"]]
    if touched:
        kinds = [f"{counted(len(evidence[key]), noun)}" for key, noun in _TOUCHED.items() if evidence[key]]
        return yes(
            f"{' and '.join(kinds)}: {listed(touched)}",
            sensitive_names=evidence["sensitive_names"],
            decoy_names=evidence["decoy_names"],
        )
    if not subject.context.organisation.lists_accounts(subject.tenant):
        return unknown("No list says which accounts are sensitive", ["sensitive_accounts"])
    if evidence["names_hidden"]:
        return unknown(
            f"{counted(evidence['names_hidden'], 'attempt')} at names that the log hides", subject.unread("sign_in")
        )
    return no(
        f"None of the {counted(evidence['names_tried'], 'name')} is listed as sensitive",
        names_tried=evidence["names_tried"],
    )


_TOUCHED = {"decoy_names": "decoy", "sensitive_names": "sensitive account"}


def is_roll_call(subject: Subject) -> str:
    """E1: why the pattern is confirmed, "" where it is not."""
    evidence, limits = subject.evidence, subject.limits
    if subject.finding["suppressed_by"]:
        return ""
    absent, ratio, repeats = evidence["names_absent"], evidence["absent_ratio"], evidence["attempts_per_name"]
    is_plain = (
        absent >= limits["absent_names"]
        and (ratio or 0.0) >= limits["absent_share"]
        and (repeats or 0.0) <= limits["attempts_per_name"]
    )
    if is_plain:
        return (
            f"{counted(absent, 'absent name')}, a share of {ratio:.2f} of those told, {repeats:.1f} attempts a name, from "
            f"{counted(evidence['addresses'], 'address')}"
        )
    if subject.verdict in (HIGH, MODERATE):
        return f"{subject.verdict}: {subject.finding['reasons'][0]}"
    return ""


def is_known_tool(subject: Subject) -> str:
    """E2: which tools are recognised for certain."""
    tools = sure_tools(subject)
    return f"Recognised for certain: {listed(tools)}" if tools else ""


def is_reported(subject: Subject) -> str:
    """E3: which current intelligence names an actor whose work is like a roll call."""
    reports = current_reports(subject)
    if reports and (is_roll_call(subject) or subject.evidence["names_tried"] >= subject.limits["many_names"]):
        return f"Current intelligence names it: {listed(reports)}"
    return ""


def is_broken_in(subject: Subject) -> str:
    """E4: which accounts the actor got into."""
    accounts = subject.finding["compromised_accounts"]
    return f"The actor got into {listed(accounts)}" if accounts else ""
