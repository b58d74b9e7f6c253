"""Findings as plain values, made of what one test needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.evidence import Evidence
from enumwatch.core.intelligence import Intelligence
from enumwatch.core.times import DAY
from enumwatch.core.triage import NOTHING_KNOWN, Known, Reading, triage
from enumwatch.core.verdict import Actor, Verdict

from ..making import START, contact, context

ADDRESS = "203.0.113.9"
DETECTIONS = {
    "T1589.002": "email_enumeration",
    "T1589": "identity_gathering",
    "T1585.002": "account_creation",
}
VERDICTS = {"T1589.002": "Low-Level Enumeration", "T1589": "Identity Probing", "T1585.002": "Suspicious New Account"}


def finding(playbook: str = "T1589.002", **given: Any) -> Mapping[str, Any]:
    """A finding of a playbook's technique; `given` are keys of the verdict, `evidence` and `actor` as plain values."""
    evidence = Evidence(**{"sources": ["entra_signin"], **given.pop("evidence", {})})
    actor = Actor(**{"ip": [ADDRESS], **given.pop("actor", {})})
    fields: dict[str, Any] = {
        "finding_id": "ew-1",
        "detection": DETECTIONS[playbook],
        "version": 1,
        "verdict": VERDICTS[playbook],
        "score": 40,
        "confidence": "medium",
        "tenant": "contoso",
        "window_start": START,
        "window_end": START + DAY // 24,
        "detected_at": START,
        "reasons": ["because of this"],
        **given,
    }
    return Verdict(actor=actor, evidence=evidence, **fields).to_dict()


def read(*sources: str) -> Mapping[str, Reading]:
    """These logs, read for the whole time of a finding and the day before."""
    return {source: Reading(START - DAY, START + DAY) for source in sources}


def known(*sources: str, contacts: list[Contact] | None = None) -> Known:
    """These logs were read, and these contacts found in them."""
    return Known(read(*sources), [] if contacts is None else contacts)


def answer(playbook: str, question: str, one: Mapping[str, Any], around: Known = NOTHING_KNOWN, **tables: Any) -> str:
    """The answer of one question, with a check of its form."""
    told = triage(one, given(**tables), around)["answers"][question]
    assert told["because"]
    assert bool(told["missing"]) <= (told["answer"] == "not enough evidence")
    return str(told["answer"])


def met(playbook: str, one: Mapping[str, Any], around: Known = NOTHING_KNOWN, **tables: Any) -> set[str]:
    """The conditions that a finding meets."""
    told = triage(one, given(**tables), around)
    assert told["playbook"] == playbook
    assert told["escalate"] == any(condition["met"] for condition in told["conditions"].values())
    return {key for key, condition in told["conditions"].items() if condition["met"]}


def given(**tables: Any) -> Context:
    """A context; `feed` are rows of the owner's intelligence."""
    feed = tables.pop("feed", ())
    return context(intelligence=Intelligence.from_rows(feed), **tables)


def event(kind: str, **fields: Any) -> Contact:
    """A contact of the finding's time."""
    return contact(fields.pop("at", 60), fields.pop("target", "a@contoso.example"), kind=kind, **fields)
