"""Guidance: what a notice says of a finding, the steps of its playbook with the finding's own values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...core.verdict import VERDICTS
from ...rulebook.playbook import after_step
from ...rulebook.vocabulary import FILLABLE
from ..documents import CAUTIONS, LONGEST_TEXT, SEVERITIES
from .stored import script

_MOST_VALUES = 4  # of a list in one sentence
_LONGEST_VALUE, _LONGEST_LINE = 80, 400
_LAST_OF_SLACK = "Tier 2"  # from here on a message in a channel is too long
_NONE = "(none in this finding)"
_TITLE = "enumwatch: {verdict} ({detection}, {finding_id})"

# Where a verdict holds what a step of a playbook names in braces, the first that is there.
PLACES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "actor": (("actor", "account"), ("actor", "ip"), ("actor", "host"), ("actor", "user_agent")),
    "tenant": (("tenant",),),
    "window_start": (("window_start",),),
    "window_end": (("window_end",),),
    "addresses": (("actor", "ip"), ("evidence", "addresses_sample")),
    "networks": (("evidence", "networks_sample"), ("actor", "cidr"), ("actor", "ip")),
    "asn": (("actor", "asn"),),
    "user_agents": (("evidence", "user_agents_sample"), ("actor", "user_agent")),
    "apps": (("evidence", "apps_sample"),),
    "names_tried": (("evidence", "names_tried"),),
    "names_found": (("names_found",),),
    "sensitive_names": (("evidence", "sensitive_names"),),
    "compromised_accounts": (("compromised_accounts",),),
    "accounts_created": (("accounts_created",),),
    "sources": (("evidence", "sources"),),
    "tools": (("evidence", "tools"),),
}


def notices(detection: Mapping[str, Any], playbook: Mapping[str, Any]) -> dict[str, Any]:
    """The script that turns fresh findings of a detection into notices, with its parameters."""
    told = lines(detection, playbook)
    title = _TITLE.replace("{detection}", detection["id"])
    return script(
        "notices",
        detection=detection["id"],
        title=_parts(title),
        lines=[_parts(line) for line in told],
        slack_lines=told.index(_LAST_OF_SLACK) - 1,
        places={name: [list(path) for path in PLACES[name]] for name in FILLABLE},
        severities=dict(SEVERITIES),
        red_above=SEVERITIES[VERDICTS[2]],
        most=_MOST_VALUES,
        longest=_LONGEST_VALUE,
        longest_line=_LONGEST_LINE,
        none=_NONE,
        cautions=CAUTIONS,
        longest_caution=LONGEST_TEXT,
    )


def lines(detection: Mapping[str, Any], playbook: Mapping[str, Any]) -> list[str]:
    """The lines of a notice, values of the finding in braces."""
    conditions = [f"{key}: {one['condition']}" for key, one in playbook["escalate"].items()]
    parts = [("Escalate when", conditions)]
    for title, key in (("First look", "l1"), (_LAST_OF_SLACK, "tier2"), ("Containment", "containment")):
        steps = [_step(one) for one in playbook[key]]
        parts.append((title, [f"{number}. {step}" for number, step in enumerate(steps, start=1)]))
    told = [
        "{verdict}: " + detection["title"],
        "Finding {finding_id} of tenant {tenant}, {window_start} to {window_end}",
        "{because}",
        # Once for each, before what to do, so that it stands in the short form too.
        f"Caution before containment: {{{CAUTIONS}}}.",
        *([detection["guide"]] if detection["guide"] else []),
    ]
    for title, sentences in parts:
        told += ["", title, *sentences]
    return told


def _step(step: Mapping[str, Any]) -> str:
    return f"{step['step']}{after_step(step['when'], step.get('hurts', ''))}"


def _parts(line: str) -> list[list[str]]:
    """A line as pairs of fixed text and the name of the value behind it, "" where none is."""
    pieces = re.split(r"\{(\w+)\}", line)
    names = [*pieces[1::2], ""]
    return [[text, name] for text, name in zip(pieces[::2], names, strict=True)]
