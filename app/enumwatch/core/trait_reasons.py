"""Sentences on how names were tried and what is known of the actor beside the log; each with what would be normal."""

from __future__ import annotations

from typing import Callable, List, Mapping

from .evidence import Evidence
from .incident import Incident
from .intelligence import FRESH_DAYS
from .judgement import Judgement
from .tool import ToolMatch, is_recognised
from .traits import CLIENT_IDS, COUNTER, ORDERED, PATTERN, REGULAR
from .verdict import MODERATE
from .wording import counted

_RAISED = ", so the verdict is one step higher"


def trait_reasons(incident: Incident, evidence: Evidence, judged: Judgement, rule: Mapping[str, float]) -> List[str]:
    """Traits of a machine, in the order of the table of traits; numbers of what is usual come from the rulebook."""
    ids = len({app_id for app_id in incident.app_ids if app_id})
    sentences: Mapping[str, Callable[[], str]] = {
        ORDERED: lambda: _order(evidence.order_share or 0.0),
        PATTERN: lambda: _pattern(evidence, rule),
        COUNTER: lambda: (
            f"At least {rule['trait_pattern']:.0%} of the names are the same letters with a number; "
            "of the names of people fewer than 2 are alike so"
        ),
        REGULAR: lambda: (
            f"The pauses between first tries vary by {evidence.gap_variation or 0.0:.0%} of their mean; people come to "
            f"about 100%, a timer stays below {rule['trait_gap_variation']:.0%}"
        ),
        CLIENT_IDS: lambda: (
            f"{ids} client ids used; the programs of one person use fewer than {rule['trait_client_ids']:.0f}"
        ),
    }
    found = [sentences[trait]() for trait in evidence.machine_traits if trait in sentences]
    traits = incident.told.traits
    needed, names = int(rule["moderate_traits"]), int(rule["moderate_names"])
    if judged.verdict == MODERATE and len(traits) >= needed and incident.suspicious_names < names:
        found.append(
            f"{counted(len(traits), 'trait')} of a machine ({', '.join(traits)}) after {incident.told.traits_names} "
            f"names; with fewer than {needed} this verdict takes {names} names"
        )
    return found


def _order(share: float) -> str:
    way, part = ("ascending", share) if share >= 0.5 else ("descending", 1.0 - share)
    return f"{part:.0%} of neighbouring tries are in {way} order of the names; chance gives 50%"


def _pattern(evidence: Evidence, rule: Mapping[str, float]) -> str:
    told = f"{evidence.name_pattern_share or 0.0:.0%} of the names have one form ({evidence.name_pattern})"
    own = evidence.baseline or {}
    if own.get("name_pattern"):
        share = own["name_pattern_share"]
        return f"{told}; of the people who sign in here {share:.0%} have another ({own['name_pattern']})"
    return f"{told}; in a list of mixed origin no form reaches {rule['trait_pattern']:.0%}"


def known_reasons(incident: Incident, evidence: Evidence, judged: Judgement, actors: int) -> List[str]:
    """Tools, decoys, other logs, sensitive names, intelligence and actors; `actors` are those the table knows."""
    tools = incident.told.tools
    found = [_tools(tools)] if tools else []
    if evidence.decoy_names:
        found.append(
            f"{counted(len(evidence.decoy_names), 'decoy name')} tried; nobody has a reason to know one, 0 is usual"
        )
    is_raised = _RAISED if judged.steps_raised else ""
    sensitive = sum(1 for name in evidence.sensitive_names if name in incident.confirmed)
    if sensitive and is_raised:
        found.append(f"{counted(sensitive, 'sensitive name')} found; 0 is usual{is_raised}")
    logs = len({source.split("_")[0] for source in incident.sources})
    if logs > 1 and is_raised:
        found.append(f"{logs} separate logs show it; 1 is usual{is_raised}")
    if evidence.intelligence:
        last = max(evidence.intelligence, key=lambda one: (one["seen"], one["source"]))
        found.append(
            f"{counted(len(evidence.intelligence), 'report')} of threat intelligence on the actor, the last of "
            f"{last['seen'][:10]} by {last['source']} ({last['confidence']} confidence); 0 within {FRESH_DAYS} days is "
            f"usual{is_raised}"
        )
    if evidence.actors_consistent:
        found.append(
            f"Consistent with {len(evidence.actors_consistent)} of {counted(actors, 'actor')} known for this technique "
            f"({', '.join(evidence.actors_consistent)}); others work the same way, so it does not say who it is"
        )
    return found


def _tools(tools: List[ToolMatch]) -> str:
    names = sorted({tool.tool for tool in tools})
    told = (
        f"Agents and client ids look like {counted(len(names), 'known tool')} ({', '.join(names)}); those of browsers "
        "and mail clients look like 0"
    )
    return told if is_recognised(tools) else f"{told}. Others can have them too, so this alone changes no verdict"
