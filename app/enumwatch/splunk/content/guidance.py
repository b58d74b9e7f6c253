"""Guidance of a detection as Splunk shows it, every sentence and number of it from the rulebook."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache

from ...rulebook.detection import Detection
from ...rulebook.guide import told
from ...rulebook.load import Rulebook, load
from ...rulebook.playbook import Playbook, PlaybookStep, after_step
from ...rulebook.source import Source
from .names import FINDING

# Where the result rows hold what a step of a playbook names in braces.
IN_ROWS: dict[str, str] = {
    "actor": "the actor (src, user_agent, actor)",
    "tenant": "the tenant (tenant)",
    "window_start": "the first attempt (window_start)",
    "window_end": "the last attempt (window_end)",
    "addresses": "its addresses (src)",
    "networks": "its networks (cidr, asn)",
    "asn": "its autonomous system (asn)",
    "user_agents": "user_agent",
    "apps": "app",
    "names_tried": "the names it tried (finding detail)",
    "names_found": "the names it found (names_found)",
    "sensitive_names": "the sensitive names among them (finding detail)",
    "compromised_accounts": "the accounts it got into (compromised_accounts)",
    "accounts_created": "the accounts it made (accounts_created)",
    "sources": "the logs that show it (finding detail)",
    "tools": "the tools that were recognised (finding detail)",
}


@lru_cache(maxsize=1)
def rules() -> Rulebook:
    """Return the shipped rulebook; raises RuleProblems."""
    return load()


def description(detection: Detection) -> str:
    """Return what the detection looks for, in one paragraph."""
    return _one_line(detection.filled(detection.description))


def sources_of(detection: Detection) -> list[Source]:
    """Return the logs that can show what the detection looks for."""
    return [
        one
        for one in rules().sources.values()
        if set(one.kinds) & set(detection.kinds) and (not detection.sources or one.emits & set(detection.sources))
    ]


def how_to_implement(detection: Detection) -> str:
    """Return what the detection needs: the logs it reads and the macros in which they are found."""
    logs = ", ".join(f"{one.title} (macro enumwatch_{one.id})" for one in sources_of(detection))
    return (
        f"Reads contacts of {logs}; at least one of them must be there. Set the macro of each log that you have, enable its "
        "search of contacts, then this one, then run the backfill of the log, so that this one reads what it brings. "
        "Exceptions go to enumwatch_allowlist.csv; the last macro of the search is for findings that you never want to see."
    )


def false_positives(detection: Detection) -> str:
    """Return what is harmless and looks alike, each with what is done about it."""
    return "\n".join(f"{one.name}: {_one_line(detection.filled(one.treatment))}" for one in detection.false_positives)


def known_gaps(detection: Detection) -> str:
    """Return what the detection does not see."""
    return "\n".join(_one_line(detection.filled(one)) for one in detection.known_gaps)


def steps(detection: Detection, places: Mapping[str, str] = IN_ROWS) -> list[tuple[str, list[str]]]:
    """Return what to do next: titles with their sentences. Values of a finding are named by the place they stand in."""
    playbook = rules().playbooks[detection.playbook]
    return [
        ("Escalate when", [f"{key}: {playbook.filled(text)}" for key, text in playbook.escalate.items()]),
        ("First look", [_told(step, playbook, places) for step in playbook.l1]),
        ("Tier 2", [_told(step, playbook, places) for step in playbook.tier2]),
        ("Containment", [_told(step, playbook, places) for step in playbook.containment]),
    ]


def guide(detection: Detection) -> str:
    """Return where the guide to findings of the detection is, empty where it has none."""
    return told(detection.id) if detection.guide else ""


def steps_text(detection: Detection) -> str:
    """Return the steps as one text, a step a line, numbered within its part."""
    lines = [
        f"The same with the values of this finding: dashboard {FINDING}, fields next_steps and cautions (what containment "
        "would break here) of the result.",
    ]
    lines += [guide(detection)] if detection.guide else []
    for title, sentences in steps(detection):
        lines += ["", title]
        lines += [f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1)]
    return "\n".join(lines)


def next_steps(detection: Detection, actions: tuple[str, ...]) -> str:
    """Return the steps in the JSON that Enterprise Security reads, with links that run the adaptive responses named."""
    links = "".join(f"\n[[action|{name}]]" for name in actions)
    return json.dumps({"version": 1, "data": steps_text(detection) + links}, ensure_ascii=False)


def _told(step: PlaybookStep, playbook: Playbook, places: Mapping[str, str]) -> str:
    text = re.sub(r"\{(\w+)\}", lambda found: places[found[1]], playbook.filled(step.step))
    return text + after_step(step.when, step.hurts)


def _one_line(text: str) -> str:
    return " ".join(text.split())
