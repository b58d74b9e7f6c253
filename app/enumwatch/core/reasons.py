"""Reasons: the sentences of a verdict, each made from a measure and what it would normally be."""

from __future__ import annotations

from typing import List, Mapping

from .evidence import Evidence
from .incident import CHAIN, ENUMERATION, GUESSING, SPRAY, Incident
from .judgement import Judgement
from .roll_call.statistics import ACCOUNT
from .scope import UNCLEAR
from .times import SECOND, to_iso
from .trait_reasons import known_reasons, trait_reasons
from .verdict import COMPROMISE
from .wording import counted, lasting

LimitsByRule = Mapping[str, Mapping[str, float]]


def reasons(
    incident: Incident, evidence: Evidence, judged: Judgement, limits: LimitsByRule, actors: int = 0
) -> List[str]:
    """Sentences in order of weight; every number comes from the evidence or from the rulebook's limits.

    `actors` is how many the table of actors has for the technique.
    """
    found = _break_ins(incident, limits) if judged.verdict == COMPROMISE else []
    found += _answers(incident, evidence, limits[ENUMERATION])
    found += _pace(incident, evidence, judged, limits)
    found += trait_reasons(incident, evidence, judged, limits[ENUMERATION])
    found += known_reasons(incident, evidence, judged, actors)
    return found


def _break_ins(incident: Incident, limits: LimitsByRule) -> List[str]:
    first = min(incident.compromised.values())
    share = limits[CHAIN]["success_share"]
    return [
        f"{counted(len(incident.compromised), 'tried account')} let the actor in or confirmed the password, first at "
        f"{to_iso(first)}; where people work more than {share:.0%} of the names get in, and had done so before"
    ]


def _answers(incident: Incident, evidence: Evidence, rule: Mapping[str, float]) -> List[str]:
    found = []
    missing = evidence.names_absent + evidence.names_wrong_realm
    told = missing + evidence.names_existing
    if missing:
        verb = "does" if missing == 1 else "do"
        found.append(
            f"{missing} of {counted(told, 'name')} {verb} not exist here ({missing / told:.0%}); "
            f"people who mistype stay below {rule['address_names']:.0f} such names at a place where nobody works"
            f"{_usual(evidence)}"
        )
    if evidence.names_existing and missing:
        found.append(f"The answers confirmed {evidence.names_existing} of the tried names; a person tries 1, their own")
    if evidence.names_hidden:
        found.append(
            f"{counted(evidence.names_hidden, 'attempt')} at names that the log hides; fewer than "
            f"{rule['hidden_attempts']:.0f} within {_window(rule)} from one place is usual"
        )
    unclear = incident.counts[UNCLEAR]
    if unclear and not told:
        found.append(
            f"{counted(unclear, 'different name')} tried, and no answer tells which exist; mail clients ask for fewer "
            f"than {rule['unclear_names']:.0f} within {_window(rule)} from one place"
        )
    if ENUMERATION in incident.raised and evidence.attempts_per_name is not None:
        noun = "attempt" if evidence.attempts_per_name == 1 else "attempts"
        found.append(
            f"{evidence.attempts_per_name:g} {noun} a name; devices and people that cannot get in retry one name "
            f"more than {rule['alarm_attempts_per_name']:.0f} times"
        )
    return found


def _usual(evidence: Evidence) -> str:
    own = evidence.baseline or {}
    if not own.get("days"):
        return ""
    return (
        f". All places together had {own['median']:g} a day and at most {own['most']:g} "
        f"on the {counted(own['days'], 'complete day')} before"
    )


def _pace(incident: Incident, evidence: Evidence, judged: Judgement, limits: LimitsByRule) -> List[str]:
    last = max(one.time for one in incident.observations if one.contact.outcome != "success")
    seconds = (last - incident.start) / SECOND
    is_spray = judged.detection == SPRAY or (judged.verdict == COMPROMISE and SPRAY in incident.raised)
    if is_spray:
        return [_spray(evidence, _span(seconds), limits[SPRAY], _window(limits[ENUMERATION]))]
    if judged.detection == GUESSING or (judged.verdict == COMPROMISE and GUESSING in incident.raised):
        rule = limits[GUESSING]
        what = f"{counted(evidence.attempts, 'attempt')} on {counted(evidence.names_tried, 'account')}"
        if incident.entity == ACCOUNT:
            return [
                f"{what} within {_span(seconds)} from {counted(evidence.addresses, 'address')} where nobody had "
                f"signed in; an owner who cannot get in comes from fewer than {rule['addresses']:.0f} new ones"
            ]
        return [
            f"{what} within {_span(seconds)}; a person makes fewer than {rule['burst_attempts']:.0f} in "
            f"{rule['burst']:.0f} seconds"
        ]
    return []


def _window(rule: Mapping[str, float]) -> str:
    return lasting(int(rule["window"] * SECOND))


def _spray(evidence: Evidence, within: str, rule: Mapping[str, float], window: str) -> str:
    tried = f"{counted(evidence.names_tried, 'account')} tried within {within}"
    if evidence.addresses <= 1:
        most = f"{rule['names']:.0f} within {window}"
        return f"{tried}; colleagues behind one address stay below {most} and never fail in rounds"
    # Colleagues sit behind one address, so what is usual there says nothing of several.
    attempts = evidence.attempts_per_name or 0.0
    return (
        f"{tried} from {evidence.addresses} addresses, {attempts:g} {'attempt' if attempts == 1 else 'attempts'} each; "
        "a person who cannot get in fails at 1 account, and from few addresses"
    )


def _span(seconds: float) -> str:
    if seconds < 1:
        return "one second"
    if seconds < 120:
        return counted(round(seconds), "second")
    if seconds < 7200:
        return counted(round(seconds / 60), "minute")
    return counted(round(seconds / 3600), "hour")
