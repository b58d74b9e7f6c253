"""Every question of every playbook: what makes its answer yes, what no, and what leaves it open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from enumwatch.core.times import DAY
from enumwatch.core.triage import NOTHING_KNOWN, Known
from enumwatch.core.triage.triage import CONDITIONS, QUESTIONS

from ..making import RULEBOOK, sensitive
from .making import ADDRESS, answer, event, finding, known

YES, NO, OPEN = "yes", "no", "not enough evidence"
ADDRESSES, IDENTITIES, ACCOUNTS = "T1589.002", "T1589", "T1585.002"
FEED = [{"type": "ip", "value": "198.51.100.200", "source": "feed", "confidence": "high", "seen": "2026-03-01"}]
REPORT = {"source": "feed", "confidence": "high", "seen": "2026-03-01T00:00:00Z", "value": ADDRESS}
OLD_REPORT = {**REPORT, "seen": "2026-01-01T00:00:00Z"}
TOOL = {"tool": "a tool", "match": "user_agent", "confidence": "medium"}
OWN = [{"cidr": "203.0.113.0/24", "tenant": "*", "kind": "corporate"}]
OTHERS = [{"cidr": "192.0.2.0/24", "tenant": "*", "kind": "corporate"}]
MADE = {"accounts_created": ["new@contoso.example"]}


class Case(NamedTuple):
    """One finding with what is known around it, and what the question's answer must be."""

    playbook: str
    question: str
    answer: str
    finding: Mapping[str, Any]
    known: Known = NOTHING_KNOWN
    tables: Mapping[str, Any] = {}


def evidence(**measures: Any) -> Mapping[str, Any]:
    return {"evidence": measures}


def mailboxes(number: int, at: float = 60) -> list[Any]:
    return [
        event("autodiscover", target=f"m{turn}@contoso.example", source="iis", at=at + turn) for turn in range(number)
    ]


def mails(number: int) -> list[Any]:
    return [
        event("mail_sent", actor="New@contoso.example", target=f"r{turn}@far.example", source="message_trace")
        for turn in range(number)
    ]


CASES = {
    "five names are many": Case(ADDRESSES, "Q1", YES, evidence(names_tried=5)),
    "four names are not": Case(ADDRESSES, "Q1", NO, evidence(names_tried=4)),
    "hidden names leave it open": Case(ADDRESSES, "Q1", OPEN, evidence(names_tried=1, names_hidden=40)),
    "autodiscover asked for five": Case(ADDRESSES, "Q2", YES, {}, known("iis", contacts=mailboxes(5))),
    "autodiscover asked for four": Case(ADDRESSES, "Q2", NO, {}, known("iis", contacts=mailboxes(4))),
    "as many as on days before": Case(
        ADDRESSES, "Q2", NO, {}, known("iis", contacts=mailboxes(6) + mailboxes(3, -86_400) + mailboxes(3, -172_800))
    ),
    "autodiscover not asked": Case(ADDRESSES, "Q2", NO, {}, known("iis")),
    "no log of autodiscover": Case(ADDRESSES, "Q2", OPEN, {}, known("entra_signin")),
    "a log of autodiscover that ends before": Case(
        ADDRESSES, "Q2", OPEN, {}, Known({"iis": known("iis").readings["iis"]._replace(last=DAY)}, [])  # type: ignore[index]
    ),
    "its contacts are not at hand": Case(ADDRESSES, "Q2", OPEN, {}, Known(known("iis", "entra_signin").readings, None)),
    "a finding of autodiscover alone": Case(
        ADDRESSES, "Q2", YES, evidence(sources=["iis"], names_tried=9), Known(known("iis").readings, None)
    ),
    "a decoy": Case(ADDRESSES, "Q3", YES, evidence(decoy_names=["bait"])),
    "an executive": Case(ADDRESSES, "Q3", YES, evidence(sensitive_names=["ceo"])),
    "none that is listed": Case(
        ADDRESSES, "Q3", NO, evidence(names_tried=9), tables={"sensitive_accounts": [sensitive("ceo", "executive")]}
    ),
    "no list of sensitive accounts": Case(ADDRESSES, "Q3", OPEN, evidence(names_tried=9)),
    "a list, but names are hidden": Case(
        ADDRESSES, "Q3", OPEN, evidence(names_hidden=9), tables={"sensitive_accounts": [sensitive("ceo", "executive")]}
    ),
    "a tool": Case(ADDRESSES, "Q4", YES, evidence(tools=[TOOL])),
    "a current report": Case(ADDRESSES, "Q4", YES, evidence(intelligence=[REPORT])),
    "an old report": Case(
        ADDRESSES, "Q4", NO, evidence(intelligence=[OLD_REPORT], user_agents=1), tables={"feed": FEED}
    ),
    "neither tool nor report": Case(ADDRESSES, "Q4", NO, evidence(user_agents=1), tables={"feed": FEED}),
    "no feed": Case(ADDRESSES, "Q4", OPEN, evidence(user_agents=1)),
    "no agent either": Case(ADDRESSES, "Q4", OPEN, {}, tables={"feed": FEED}),
    "three attempts a name": Case(
        IDENTITIES, "Q1", YES, {"verdict": "Password Guessing", **evidence(names_tried=2, attempts_per_name=3.0)}
    ),
    "forms of one name": Case(IDENTITIES, "Q1", YES, {}),
    "two attempts a name": Case(
        IDENTITIES, "Q1", NO, {"verdict": "Directory Harvest", **evidence(names_tried=2, attempts_per_name=2.0)}
    ),
    "no failure at all": Case(IDENTITIES, "Q1", NO, {"verdict": "Directory Harvest"}, known("entra_signin")),
    "no log of sign-ins": Case(IDENTITIES, "Q1", OPEN, {"verdict": "Directory Harvest"}, known("graph_activity")),
    "from outside": Case(IDENTITIES, "Q2", YES, {}, tables={"networks": OTHERS}),
    "from an own network": Case(IDENTITIES, "Q2", NO, {}, tables={"networks": OWN}),
    "no list of networks": Case(IDENTITIES, "Q2", OPEN, {}),
    "no address": Case(IDENTITIES, "Q2", OPEN, {"actor": {"ip": None}}, tables={"networks": OWN}),
    "a harvest": Case(IDENTITIES, "Q3", YES, {"verdict": "Directory Harvest"}),
    "no read of the actor": Case(IDENTITIES, "Q3", NO, {}, known("graph_activity")),
    "no log of reads": Case(IDENTITIES, "Q3", OPEN, {}, known("entra_signin")),
    "reads are not at hand": Case(IDENTITIES, "Q3", OPEN, {}, Known(known("graph_activity").readings, None)),
    "somebody got in": Case(IDENTITIES, "Q4", YES, {"compromised_accounts": ["a@contoso.example"]}),
    "a new rule": Case(IDENTITIES, "Q4", YES, {}, known("entra_audit", contacts=[event("identity_change")])),
    "a rule of last week": Case(
        IDENTITIES, "Q4", NO, {}, known("entra_audit", contacts=[event("identity_change", at=-7 * 86_400)])
    ),
    "mail to many outside": Case(
        IDENTITIES, "Q4", YES, {}, known("message_trace", contacts=mails(51))
    ),
    "mail to some outside": Case(
        IDENTITIES, "Q4", NO, {}, known("message_trace", "entra_audit", contacts=mails(50))
    ),
    "no change": Case(IDENTITIES, "Q4", NO, {}, known("entra_audit")),
    "no log of changes": Case(IDENTITIES, "Q4", OPEN, {}, known("entra_signin")),
    "a bad creator": Case(ACCOUNTS, "Q1", YES, evidence(intelligence=[REPORT])),
    "a creator nobody reported": Case(ACCOUNTS, "Q1", NO, {}, tables={"feed": FEED}),
    "a creator without address": Case(ACCOUNTS, "Q1", OPEN, {"actor": {"ip": None}}, tables={"feed": FEED}),
    "no feed to compare with": Case(ACCOUNTS, "Q1", OPEN, {}),
    "a disposable service": Case(ACCOUNTS, "Q2", YES, evidence(disposable_domains=["mailinator.com"])),
    "no disposable service": Case(ACCOUNTS, "Q2", NO, MADE),
    "accounts not named": Case(ACCOUNTS, "Q2", OPEN, evidence(bulk_uploads=1)),
    "a look-alike": Case(ACCOUNTS, "Q3", YES, evidence(lookalike_domains=["c0ntoso.example"])),
    "a forward soon after": Case(
        ACCOUNTS, "Q3", YES, MADE,
        known("m365_audit", contacts=[event("identity_change", target="New@contoso.example")]),
    ),
    "a forward of another": Case(
        ACCOUNTS, "Q3", NO, MADE, known("m365_audit", contacts=[event("identity_change", target="b@contoso.example")])
    ),
    "no log of rules": Case(ACCOUNTS, "Q3", OPEN, MADE, known("message_trace")),
    "mail comes back": Case(ACCOUNTS, "Q4", YES, evidence(mails_sent=20, bounce_share=0.11)),
    "as much mail as usual comes back": Case(
        ACCOUNTS, "Q4", NO, evidence(mails_sent=20, bounce_share=0.1), known("message_trace")
    ),
    "much mail of one account": Case(ACCOUNTS, "Q4", YES, MADE, known("message_trace", contacts=mails(51))),
    "mail of new people": Case(ACCOUNTS, "Q4", NO, MADE, known("message_trace", contacts=mails(50))),
    "little mail": Case(ACCOUNTS, "Q4", NO, {"verdict": "Account Creation Burst"}, known("message_trace")),
    "no log of mail": Case(ACCOUNTS, "Q4", OPEN, {"verdict": "Account Creation Burst"}, known("entra_audit")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_question_is_answered_from_what_is_known(name: str) -> None:
    case = CASES[name]
    one = finding(
        case.playbook, **{key: dict(value) if isinstance(value, dict) else value for key, value in case.finding.items()}
    )
    assert answer(case.playbook, case.question, one, case.known, **case.tables) == case.answer


def test_every_question_has_cases_for_every_answer() -> None:
    wanted = {(*key, told) for key in QUESTIONS for told in (YES, NO, OPEN)}
    assert {(case.playbook, case.question, case.answer) for case in CASES.values()} == wanted


def test_every_question_and_condition_of_the_playbooks_is_computed() -> None:
    def keys(part: str) -> set[tuple[str, str]]:
        return {(name, key) for name, playbook in RULEBOOK["playbooks"].items() for key in playbook[part]}

    assert set(QUESTIONS) == keys("questions")
    assert set(CONDITIONS) == keys("escalate")
