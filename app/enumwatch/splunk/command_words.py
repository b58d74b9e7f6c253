"""Words about the search commands: what each option means, and each column that they write."""

from __future__ import annotations

from collections.abc import Mapping

from ..schemas import schema

OPTIONS: Mapping[str, Mapping[str, str]] = {
    "disposable": {
        "field": "column with addresses or domains; without it the first usual one that holds any: target, user, address, "
        "email, mail, recipient, sender, domain",
    },
    "enumsimulate": {
        "scenario": "what is played; a wrong name lists those there are",
        "source": "log to imitate, by its id",
        "seed": "whole number; the same seed gives the same events",
        "users": "people of the made-up organisation, 20 or more",
        "events": "how many events at most; as many as the scenario wants without it",
        "start": "time of the first event, as 2026-03-02T00:00:00Z or in epoch seconds",
    },
    "enumtune": {
        "detections": "ids, joined by commas; without it every detection that is on",
    },
    "enumverdict": {
        "detections": "ids, joined by commas; without it every detection that is on",
        "updates": "true: every update of a finding in the order of time, not only the last word",
        "remember": "true: also rows of memory, to be kept and given back with the next run's rows",
        "suppressed": "true: also findings that an allowlist entry hides",
        "summary": "true: also one row that says what was read and what became of it",
    },
    "outcome": {
        "source": "log the rows are from, by its id; without it log_source, source or sourcetype say it",
        "code": "column with the result code; without it code or signature_id",
    },
}

_VERDICT = schema("verdict")["properties"]
_CONTACT = schema("contact")["properties"]

_CONTACT_COLUMNS = {
    name: _CONTACT[key]["description"]
    for name, key in {
        **{key: key for key in ("kind", "tenant", "src_ip", "asn", "country", "user_agent", "app", "app_id")},
        **{key: key for key in ("client_app", "actor", "target", "target_visible", "code", "outcome")},
        "log_source": "source",
        "src_host": "host",
    }.items()
}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "disposable": {
        "domain": "domain of the address, in lower case and ASCII",
        "registrable_domain": "the part of it that somebody registered",
        "is_disposable": "true where its mailboxes are thrown away after use",
        "is_free_mail": "true where everybody can have a mailbox there",
        "is_lookalike": "true where it imitates a domain of yours",
        "lookalike_of": "which one",
        "reason": "list and date of what is known, and how it imitates",
    },
    "enumsimulate": {
        **_CONTACT_COLUMNS,
        "_time": "time of the event",
        "label": "attack, benign or background: what it is in truth",
        "scenario": "scenario it belongs to",
        "_raw": "the record as its log writes it",
    },
    "enumtriage": {
        "triage_answers": "question of the playbook: answer: why; several",
        "escalate": "true where a condition of escalation is met",
        "conditions_met": "which, and why; several",
        "next_steps": "what to look at first, with this finding's own values; several",
        "tier2_steps": "what to look into deeper; several",
        "containment_steps": "what stops it; several",
        "cautions": "what stopping it would break here, as far as is known; several",
        "triage": "all of it, as JSON",
    },
    "enumtune": {
        "detection": "rule",
        "threshold": "limit of the rule",
        "value": "value that was tried",
        "factor": "that value divided by the one of now",
        "is_current": "true for the value of now",
        "counted": "which findings are counted",
        "findings": "how many there would have been",
        "findings_a_day": "the same by day",
        "actors": "different actors among them",
        "tenants": "different tenants among them",
        "days": "days between the first and the last row",
        "means": "what the limit is",
    },
    "enumverdict": {
        "row_type": "finding, memory or summary",
        "_time": "detected_at of a finding",
        **{
            name: _VERDICT[name]["description"]
            for name in (
                *("finding_id", "detection", "verdict", "score", "confidence", "tenant", "window_start", "window_end"),
                *("detected_at", "names_found", "compromised_accounts", "accounts_created", "reasons", "mitre"),
            )
        },
        "detection_version": _VERDICT["version"]["description"],
        "src": "addresses of the actor; several",
        "cidr": "network of the actor, where it is one",
        **{name: f"{_CONTACT[name]['description']}, where it is the same throughout" for name in ("asn", "user_agent")},
        "app": "application that was asked, where it is one",
        "app_id": "its id",
        "client_app": "client or protocol, where it is one",
        "actor": "account that acted, where that is not the target",
        "src_host": "machine of the actor, where the log gives no address",
        "gaps": "what the logs could not show; several",
        "names_tried": "different names that were tried",
        "names_absent": "of these, those that nobody has",
        "names_existing": "of these, those that somebody has",
        "attempts": "how often it was tried",
        "addresses": "different addresses it came from",
        "suppressed_by": "allowlist entry that hides it, empty where none does",
        "finding": "the whole finding as JSON: what `enumwatch scan` says",
        "memory_key": "what is remembered of whom",
        "memory_kind": "sort of memory",
        "memory_value": "what is remembered, as JSON",
        "updated": "when it was last changed, epoch seconds",
        "expires": "when it may be forgotten, epoch seconds",
        "summary": "what was read and what became of it, as JSON",
    },
    "outcome": {
        "outcome": _CONTACT["outcome"]["description"],
        "account_exists": "yes, no or unknown: what the answer says about the account",
        "password_state": "what it says about the password",
        "category": "group of answers",
        "outcome_name": "name of the answer at its maker",
    },
}
