"""Definitions of the search commands: how Splunk starts each, and the help it shows for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .confs import Stanza
from .names import CONTACTS, TRIAGE

# Splunk takes the newest of these that it has.
PYTHONS = ("3.9", "3.13")


class Command(NamedTuple):
    """What the help of a search command says; `examples` are (comment, search), and each of them runs."""

    name: str
    syntax: str
    shortdesc: str
    description: str
    examples: tuple[tuple[str, str], ...]
    related: str
    tags: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "enumverdict",
        "enumverdict (detections=<string>)? (updates=<bool>)? (remember=<bool>)? (suppressed=<bool>)? (summary=<bool>)?",
        "Says who is calling the roll of your mailboxes.",
        "Takes events or contacts of sign-ins, autodiscover, directory reads, new accounts and mail, in any order, and gives "
        "one row for each finding, worst first. Rows of memory from an earlier run may be among them; with remember=true the "
        "rows to remember come back. Events need _time, a log (log_source, or the sourcetype of its add-on), an address "
        "(src_ip or src), a name (target or user) and a code (code or signature_id). Leave out _raw with fields.",
        (
            ("Findings in the contacts of the last week", f"`{CONTACTS}` | enumverdict"),
            (
                "Roll calls alone, with everything that was said of them on the way",
                f"`{CONTACTS}` | enumverdict detections=email_enumeration updates=true",
            ),
            (
                "The same from events of an add-on",
                "sourcetype=azure:monitor:aad | fields _time, src, user, user_agent, app, action, signature_id, sourcetype "
                "| enumverdict summary=true",
            ),
        ),
        "enumtriage, enumtune, outcome",
        "enumeration password spray sign-in T1589.002 security",
    ),
    Command(
        "enumtriage",
        "enumtriage",
        "Adds answers, escalation and next steps to findings.",
        "Answers the questions of the playbook from the evidence of each finding, says which conditions of escalation are met, "
        "and fills the steps with the finding's own addresses, names and times. Rows that are no findings pass through. "
        "Before the findings there may be rows of contacts (row_type=contact) and of "
        "logs that were read (row_type=reading with tenant, log_source, first, last): questions that need more than the "
        f"finding itself are answered from them, else they stay open. The macro {TRIAGE} puts all three together.",
        (
            ("What to do about each finding", f"`{CONTACTS}` | enumverdict | enumtriage"),
            ("One finding, answered from all contacts of the time range", f'`{TRIAGE}("ew-0123456789abcdef")`'),
        ),
        "enumverdict",
        "triage playbook escalation",
    ),
    Command(
        "outcome",
        "outcome (source=<string>)? (code=<field>)?",
        "Adds what a result code says about the account and its password.",
        "Looks every row's code up in enumwatch_outcomes.csv: whether the account exists, whether the password was right.",
        (
            (
                "Which codes deny that an account exists",
                "sourcetype=azure:monitor:aad | outcome | stats count by signature_id, outcome_name, account_exists",
            ),
            ("Codes that stand in a column of their own", "index=auth | outcome source=okta_system code=result"),
        ),
        "enumverdict",
        "error code meaning",
    ),
    Command(
        "disposable",
        "disposable (field=<field>)?",
        "Adds what the domain of an address is known as.",
        "Says of an address or a domain whether its mailboxes are thrown away after use or free for everybody, and whether it "
        "imitates a domain of enumwatch_domains.csv.",
        (
            (
                "Who signs up with throw-away addresses",
                'index=signup | disposable field=user | where is_disposable="true"',
            ),
        ),
        "outcome",
        "disposable temporary mail lookalike domain",
    ),
    Command(
        "enumtune",
        "enumtune (detections=<string>)?",
        "Says what every main threshold would have raised with other values.",
        "Decides the same events or contacts under several values of each main threshold; one row for each value, with findings "
        "a day and how many actors they accuse.",
        (("How noisy other thresholds would be", f"`{CONTACTS}` | enumtune detections=email_enumeration"),),
        "enumverdict",
        "threshold tuning false positive",
    ),
    Command(
        "enumsimulate",
        "enumsimulate (scenario=<string>)? (source=<string>)? (seed=<int>)? (users=<int>)? (events=<int>)? (start=<string>)?",
        "Generates labelled events of a scenario, to try searches and alerts on.",
        "Writes log lines only, never traffic. The same options give the same events. Each row has the columns that enumverdict "
        "reads, the record as the log would hold it in _raw, and what it is in truth in label.",
        (
            (
                "A fast roll call in Entra sign-ins, and what is found in it",
                "| enumsimulate | enumverdict | enumtriage",
            ),
            (
                "A slow one in Okta",
                "| enumsimulate scenario=slow_enumeration source=okta_system seed=7 users=50 | stats count by label, outcome",
            ),
        ),
        "enumverdict",
        "test data simulation",
    ),
)


def stanzas() -> Iterator[Stanza]:
    """Yield how each command is started, then its help."""
    for command in COMMANDS:
        yield Stanza("commands", command.name, _started(command))
    for command in COMMANDS:
        yield Stanza("searchbnf", f"{command.name}-command", _help(command))


def _started(command: Command) -> Mapping[str, str]:
    return {
        "filename": f"{command.name}.py",
        "chunked": "true",
        "is_risky": "false",
        "python.version": "python3",
        "python.required": ", ".join(PYTHONS),
    }


def _help(command: Command) -> Mapping[str, str]:
    examples = {}
    for number, (comment, search) in enumerate(command.examples, start=1):
        examples[f"comment{number}"] = comment
        examples[f"example{number}"] = search
    return {
        "syntax": command.syntax,
        "shortdesc": command.shortdesc,
        "description": command.description,
        "usage": "public",
        **examples,
        "related": command.related,
        "tags": command.tags,
    }
