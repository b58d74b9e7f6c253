"""Answers and conditions of the playbook on accounts made to attack from, T1585.002."""

from __future__ import annotations

from collections import defaultdict
from typing import Dict, List, Set

from ..contact import Contact
from ..wording import counted
from .answer import YES, Answer, listed, no, unknown, yes
from .shared_answers import report_on_actor, unless_read
from .subject import Subject

BURST = "Account Creation Burst"


def disposable(subject: Subject) -> Answer:
    """Q2: do the new addresses use disposable services?"""
    domains, made = subject.evidence["disposable_domains"], subject.finding["accounts_created"]
    if domains:
        return yes(f"Addresses at {listed(domains)}", disposable_domains=domains)
    if not made:
        return unknown(
            "The log does not name the accounts that were made", subject.unread("account_created"),
            bulk_uploads=subject.evidence["bulk_uploads"],
        )  # fmt: skip
    return no(f"None of the {counted(len(made), 'address')} is at a listed service", accounts=len(made))


def infrastructure(subject: Subject) -> Answer:
    """Q3: do look-alikes, forwarding rules or consents point to phishing?"""
    domains = subject.evidence["lookalike_domains"]
    if domains:
        return yes(f"Domains that look like an own one: {listed(domains)}", lookalike_domains=domains)
    open_question = unless_read(
        subject, "identity_change", "No log of rules, forwards and consents was read", "accounts"
    )
    if open_question is not None:
        return open_question
    logs = subject.read("identity_change")
    found = _soon_after(subject, "identity_change")
    if found:
        told = sorted({f"{one.code or one.app} of {one.target or one.actor}" for one in found})
        return yes(f"{counted(len(found), 'change')} of the accounts soon after: {listed(told)}", changes=told)
    return no(f"No look-alike, and {listed(logs)} shows no rule, forward or consent of the accounts", changes=[])


def sending(subject: Subject) -> Answer:
    """Q4: did the accounts send unusually soon or much?"""
    evidence = subject.evidence
    measures = {key: evidence[key] for key in ("mails_sent", "recipients_outside", "bounce_share")}
    limits = subject.context.limits(subject.finding["detection"])
    mails, bounced = evidence["mails_sent"], evidence["bounce_share"] or 0.0
    most = _most_recipients(subject)
    told = []
    if most > limits["recipients"]:
        told.append(f"{most:g} recipients outside for one account; up to {limits['recipients']:g} is usual")
    if mails >= limits["bounce_mails"] and bounced > limits["bounce_share"]:
        told.append(
            f"{bounced:.0%} of {counted(mails, 'mail')} were not delivered; up to {limits['bounce_share']:.0%} is usual"
        )
    if told:
        return yes("; ".join(told), **measures)
    if not subject.read("mail_sent"):
        return unknown("No log of sent mail was read", subject.unread("mail_sent"))
    return no(f"{counted(mails, 'mail')} in the first day, which new people send too", **measures)


def _most_recipients(subject: Subject) -> float:
    """Recipients outside of the account that has most; their mean where what each sent is not at hand."""
    made = {name.lower() for name in subject.finding["accounts_created"]}
    if not subject.has_contacts:
        return float(subject.evidence["recipients_outside"]) / max(1, len(made))
    outside: Dict[str, Set[str]] = defaultdict(set)
    for one in _soon_after(subject, "mail_sent"):
        sender, recipient = one.actor.lower(), one.target.lower()
        if sender in made and recipient.rpartition("@")[2] != sender.rpartition("@")[2]:
            outside[sender].add(recipient)
    return max(map(len, outside.values()), default=0)


def _soon_after(subject: Subject, kind: str) -> List[Contact]:
    made = {name.lower() for name in subject.finding["accounts_created"]}
    last = subject.end + subject.span("sent_after")
    return [
        one
        for one in subject.around(kind)
        if subject.start <= one.first <= last and {one.target.lower(), one.actor.lower()} & made
    ]


def is_burst(subject: Subject) -> str:
    """E1: why many accounts were made in a short time."""
    return subject.finding["reasons"][0] if subject.verdict == BURST else ""


def is_bad_burst(subject: Subject) -> str:
    """E1+: a burst with a bad address or a disposable service."""
    bad = [one for one in (report_on_actor(subject), disposable(subject)) if one.answer == YES]
    return "; ".join(one.because for one in bad) if bad and is_burst(subject) else ""


def is_infrastructure(subject: Subject) -> str:
    """E2: phishing or building of infrastructure by at least one of the accounts."""
    shown = [one for one in (infrastructure(subject), sending(subject)) if one.answer == YES]
    return "; ".join(one.because for one in shown)
