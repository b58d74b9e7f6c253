"""Answers and conditions of the playbook on gathered identity data, T1589."""

from __future__ import annotations

from collections import defaultdict
from typing import Dict, List, Optional, Set, Tuple

from ..contact import Contact
from ..times import DAY, day_of, from_iso
from ..wording import counted
from .answer import Answer, listed, no, unknown, yes
from .shared_answers import current_reports, sure_tools, unless_read
from .subject import Subject

PROBING, HARVEST = "Identity Probing", "Directory Harvest"


def repeated_failures(subject: Subject) -> Answer:
    """Q1: do failures repeat on particular names or on forms of one name?"""
    evidence, least = subject.evidence, subject.limits["many_attempts"]
    repeats, names = evidence["attempts_per_name"], evidence["names_tried"]
    measures = {"attempts": evidence["attempts"], "names_tried": names, "attempts_per_name": repeats}
    if subject.verdict == PROBING:
        return yes(subject.finding["reasons"][0], **measures)
    if not names:
        if subject.read("sign_in"):
            return no("The actor failed at no name", **measures)
        return unknown("No log of sign-ins was read", subject.unread("sign_in"))
    told = f"{counted(evidence['attempts'], 'attempt')} at {counted(names, 'name')}, {repeats or 0.0:.1f} a name"
    if (repeats or 0.0) >= least:
        return yes(told, **measures)
    return no(f"{told}; {least:g} a name repeat", **measures)


def from_outside(subject: Subject) -> Answer:
    """Q2: are identity services used from outside the own ranges?"""
    organisation = subject.context.organisation
    if not subject.addresses:
        return unknown("The logs give no address of the actor", subject.unread("sign_in", "directory_read"))
    if not organisation.lists_networks(subject.tenant):
        return unknown("No list says which networks are the organisation's own", ["networks"])
    outside = [one for one in subject.addresses if not organisation.network_kind(one, subject.tenant)]
    if outside:
        return yes(f"{listed(outside)} is in no network of the organisation", addresses=outside)
    return no(f"{listed(subject.addresses)} is in networks of the organisation", addresses=subject.addresses)


def directory_read(subject: Subject) -> Answer:
    """Q3: was the directory read in a way that is not usual for the reader?"""
    evidence = subject.evidence
    measures = {key: evidence[key] for key in ("objects_read", "pages_read", "lists_read", "sensitive_sections")}
    if subject.verdict == HARVEST or evidence["sensitive_sections"]:
        return yes(subject.finding["reasons"][0], **measures)
    open_question = unless_read(subject, "directory_read", "No log of directory reads was read", "actor")
    if open_question is not None:
        return open_question
    logs = subject.read("directory_read")
    mine = [one for one in subject.around("directory_read") if _is_actor(subject, one)]
    return no(f"{listed(logs)} shows {counted(len(mine), 'read')} of the actor, and no finding", reads=len(mine))


def changed_behaviour(subject: Subject) -> Answer:
    """Q4: did an account change its behaviour in a way that points to a takeover?"""
    accounts = subject.finding["compromised_accounts"]
    if accounts:
        return yes(f"The actor got into {listed(accounts)}", compromised_accounts=accounts)
    loud = _loudest(subject)
    if loud is not None:
        name, number = loud
        return yes(f"{name} wrote to {counted(number, 'address')} outside near the window", recipients_outside=number)
    open_question = unless_read(
        subject, "identity_change", "No log of changed methods, rules and consents was read", "accounts", "mail_sent"
    )
    if open_question is not None:
        return open_question
    logs = subject.read("identity_change")
    within = subject.span("change_within")
    changes = [
        one for one in subject.around("identity_change") if subject.start - within <= one.first <= subject.end + within
    ]
    if changes:
        told = sorted({f"{one.code or one.app} of {one.target or one.actor}" for one in changes})
        return yes(f"{counted(len(changes), 'change')} near the window: {listed(told)}", changes=told)
    return no(f"{listed(logs)} shows no change of the accounts near the window", changes=[])


def _loudest(subject: Subject) -> Optional[Tuple[str, int]]:
    """The account concerned that wrote to most addresses outside near the window, where they are more than usual."""
    within = subject.span("change_within")
    written: Dict[str, Set[str]] = defaultdict(set)
    for one in subject.around("mail_sent"):
        sender, recipient = one.actor.lower(), one.target.lower()
        is_near = subject.start - within <= one.first <= subject.end + within
        if is_near and sender and recipient.rpartition("@")[2] != sender.rpartition("@")[2]:
            written[sender].add(recipient)
    most = max(written.items(), key=lambda one: (len(one[1]), one[0]), default=("", set()))
    return (most[0], len(most[1])) if len(most[1]) > subject.limits["outside_recipients"] else None


def is_persistent(subject: Subject) -> str:
    """E1: why the gathering goes on or is a machine's."""
    traits = subject.evidence["machine_traits"]
    if len(traits) >= subject.limits["machine_traits"]:
        return f"Run by a machine: {listed(traits)}"
    days = _active_days(subject)
    if len(days) >= subject.limits["active_days"]:
        return f"Active on {counted(len(days), 'day')} within {subject.limits['active_span'] / 86_400:g} days"
    return ""


def _active_days(subject: Subject) -> List[int]:
    """The most days of activity that lie within the span."""
    days: Set[int] = {day_of(from_iso(one["time"])) for one in subject.evidence["timeline"]}
    days |= {day_of(one.first) for one in subject.around("sign_in", "autodiscover") if _is_failure_of(subject, one)}
    days |= {day_of(one.first) for one in subject.around("directory_read") if _is_actor(subject, one)}
    ordered, span = sorted(days), subject.span("active_span")
    best: List[int] = []
    for begin in ordered:
        within = [one for one in ordered if begin <= one < begin + max(span, DAY)]
        best = max(best, within, key=len)
    return best


def is_sensitive(subject: Subject) -> str:
    """E2: which sensitive data was read, or that the whole directory was."""
    evidence = subject.evidence
    if evidence["refused_share"] == 1.0:
        return ""
    if evidence["sensitive_sections"]:
        return f"Sensitive parts were read: {listed(evidence['sensitive_sections'])}"
    if evidence["lists_read"]:
        return f"{counted(evidence['lists_read'], 'list')} of the directory was downloaded whole"
    return ""


def is_matched(subject: Subject) -> str:
    """E3: which tool or report fits."""
    tools, reports = sure_tools(subject), current_reports(subject)
    if tools:
        return f"Recognised for certain: {listed(tools)}"
    return f"Current intelligence names it: {listed(reports)}" if reports else ""


def _is_actor(subject: Subject, one: Contact) -> bool:
    account = (subject.actor["account"] or "").lower()
    return one.src_ip in subject.addresses or bool(account and one.actor.lower() == account)


def _is_failure_of(subject: Subject, one: Contact) -> bool:
    return one.outcome != "success" and one.src_ip in subject.addresses
