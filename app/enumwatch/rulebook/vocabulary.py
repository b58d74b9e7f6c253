"""Words the rulebook is written in: closed sets that rules choose from. Standard library only."""

from __future__ import annotations

from dataclasses import fields

from ..core.event import KINDS, Event
from ..core.evidence import Evidence
from ..core.verdict import VERDICTS, Actor, Verdict

FOLDERS: tuple[str, ...] = ("sources", "detections", "playbooks")
FORMS: tuple[str, ...] = ("json", "table", "any")
STATUSES: tuple[str, ...] = ("stable", "experimental", "baseline", "deprecated")
COMPUTED: tuple[str, ...] = ("auto", "half", "manual")
STEP_KINDS: tuple[str, ...] = ("automatic", "half", "manual")
NAME_ACTIONS: tuple[str, ...] = ("reset", "reset_with_owner", "watch", "decoy")
NAME_TIMES: tuple[str, ...] = ("window_start", "window_end")  # what a text of theirs may name of a finding
NAMES_SHOWN: tuple[str, ...] = ("shown", "partly", "hidden")
ACCOUNTS: tuple[str, ...] = ("mail", "any")
ADDRESSES: tuple[str, ...] = ("connection", "header")
MISSES_LOGGED: tuple[str, ...] = ("logged", "partly", "hidden", "never")
SHOWS: tuple[str, ...] = ("seen", "partly")
WEIGHTS: tuple[int, ...] = (1, 2, 3)
WAY_LIMITS: tuple[str, ...] = (
    *("empty_from", "hidden_from", "silent_after", "silent_times", "rhythm_after", "late_after", "ahead_after"),
    *("covered_from", "worth_seen", "worth_partly", "next_steps"),
)

# What a source sets. The outcome follows from provider, code and reason; the reason goes no further than that.
EVENT_FIELDS: tuple[str, ...] = (*(name for name in Event._fields if name != "outcome"), "reason")

_ACTOR_KEYS = frozenset(f"actor.{key.name}" for key in fields(Actor))
_EVIDENCE_KEYS = frozenset(key.name for key in fields(Evidence))
_VERDICT_KEYS = frozenset(key.name for key in fields(Verdict)) - {"evidence", "triage"}
EXPECTABLE: frozenset[str] = _ACTOR_KEYS | _EVIDENCE_KEYS | _VERDICT_KEYS

# Values of a finding that the steps of a playbook may name in braces.
FILLABLE: tuple[str, ...] = (
    *("actor", "tenant", "window_start", "window_end", "addresses", "networks", "asn", "user_agents", "apps"),
    *("names_tried", "names_found", "sensitive_names", "compromised_accounts", "accounts_created", "sources", "tools"),
)

TECHNIQUES: dict[str, str] = {
    "T1078": "Valid Accounts",
    "T1078.004": "Valid Accounts: Cloud Accounts",
    "T1087": "Account Discovery",
    "T1087.002": "Account Discovery: Domain Account",
    "T1087.003": "Account Discovery: Email Account",
    "T1087.004": "Account Discovery: Cloud Account",
    "T1098": "Account Manipulation",
    "T1110": "Brute Force",
    "T1110.001": "Brute Force: Password Guessing",
    "T1110.003": "Brute Force: Password Spraying",
    "T1110.004": "Brute Force: Credential Stuffing",
    "T1136": "Create Account",
    "T1136.003": "Create Account: Cloud Account",
    "T1585": "Establish Accounts",
    "T1585.002": "Establish Accounts: Email Accounts",
    "T1586.002": "Compromise Accounts: Email Accounts",
    "T1589": "Gather Victim Identity Information",
    "T1589.001": "Gather Victim Identity Information: Credentials",
    "T1589.002": "Gather Victim Identity Information: Email Addresses",
    "T1589.003": "Gather Victim Identity Information: Employee Names",
    "T1591": "Gather Victim Org Information",
    "T1595": "Active Scanning",
}

# The tactic that each technique (or the one above it) serves here: its id and its name.
TACTICS: dict[str, tuple[str, str]] = {
    "T1078": ("TA0001", "Initial Access"),
    "T1087": ("TA0007", "Discovery"),
    "T1098": ("TA0003", "Persistence"),
    "T1110": ("TA0006", "Credential Access"),
    "T1136": ("TA0003", "Persistence"),
    "T1585": ("TA0042", "Resource Development"),
    "T1586": ("TA0042", "Resource Development"),
    "T1589": ("TA0043", "Reconnaissance"),
    "T1591": ("TA0043", "Reconnaissance"),
    "T1595": ("TA0043", "Reconnaissance"),
}

__all__ = [
    "ACCOUNTS",
    "ADDRESSES",
    "COMPUTED",
    "EVENT_FIELDS",
    "EXPECTABLE",
    "FILLABLE",
    "FOLDERS",
    "FORMS",
    "KINDS",
    "MISSES_LOGGED",
    "NAMES_SHOWN",
    "NAME_ACTIONS",
    "NAME_TIMES",
    "SHOWS",
    "STATUSES",
    "STEP_KINDS",
    "TACTICS",
    "TECHNIQUES",
    "VERDICTS",
    "WAY_LIMITS",
    "WEIGHTS",
]
