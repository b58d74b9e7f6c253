"""Reasons: the sentences of a verdict, each made from a measure and what it would normally be."""

from __future__ import annotations

from typing import List, Mapping

from .evidence import Evidence
from .incident import Incident
from .judge import Judgement
from .times import SECOND, to_iso
from .verdict import COMPROMISE, GUESSING, SPRAY


def reasons(
    incident: Incident, evidence: Evidence, judged: Judgement, limits: Mapping[str, Mapping[str, float]]
) -> List[str]:
    """Sentences in order of weight; every number comes from the evidence or from the rulebook's limits."""
    found = []
    rule = limits["email_enumeration"]
    if judged.verdict == COMPROMISE:
        found += _break_ins(incident)
    missing = evidence.names_absent + evidence.names_wrong_realm
    if missing:
        told = missing + evidence.names_existing
        found.append(
            f"{missing} of {told} names do not exist here ({missing / told:.0%}); "
            f"fewer than {rule['alarm_names']:.0f} an hour from one place is the usual mistyping"
        )
    if evidence.names_hidden:
        found.append(
            f"{evidence.names_hidden} attempts at names that the log hides; "
            f"fewer than {rule['hidden_attempts']:.0f} an hour from one place is usual"
        )
    if evidence.names_existing and missing:
        found.append(f"{evidence.names_existing} of the tried names were confirmed to exist by the answers")
    if evidence.attempts_per_name is not None and judged.verdict != GUESSING:
        found.append(
            f"{evidence.attempts_per_name:g} attempts for each name; a person who cannot get in retries one name "
            f"more than {rule['alarm_attempts_per_name']:.0f} times"
        )
    found += _pace(incident, evidence, judged, limits)
    if evidence.tools:
        names = ", ".join(sorted({tool["tool"] for tool in evidence.tools}))
        found.append(f"{len(evidence.tools)} trait(s) of known tools: {names}; ordinary clients show none")
    if evidence.decoy_names:
        found.append(f"{len(evidence.decoy_names)} decoy name(s) tried; nobody has a reason to know them")
    found += [f"One step higher because {step}" for step in judged.steps_raised]
    return found


def _break_ins(incident: Incident) -> List[str]:
    first = min(incident.compromised.values())
    return [
        f"{len(incident.compromised)} tried account(s) let the actor in or confirmed the password, first at "
        f"{to_iso(first)}; none is normal from a place where the name never signed in before"
    ]


def _pace(
    incident: Incident, evidence: Evidence, judged: Judgement, limits: Mapping[str, Mapping[str, float]]
) -> List[str]:
    last = max(one.time for one in incident.observations if one.contact.outcome != "success")
    seconds = (last - incident.start) / SECOND
    if judged.verdict == SPRAY or (judged.verdict == COMPROMISE and "password_spray" in incident.raised):
        rule = limits["password_spray"]
        return [
            f"{evidence.names_tried} accounts tried within {_span(seconds)}; colleagues behind one address stay below "
            f"{rule['names']:.0f} an hour and never fail in rounds"
        ]
    if judged.verdict == GUESSING:
        rule = limits["password_guessing"]
        return [
            f"{evidence.attempts} attempts on {evidence.names_tried} account(s) within {_span(seconds)}; "
            f"a person makes fewer than {rule['burst_attempts']:.0f} in {rule['burst']:.0f} seconds"
        ]
    return []


def _span(seconds: float) -> str:
    if seconds < 1:
        return "one second"
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
