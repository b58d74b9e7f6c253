"""ATT&CK as Kibana wants it: tactics with the techniques of a detection below them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...rulebook.vocabulary import TACTICS, TECHNIQUES

_FRAMEWORK = "MITRE ATT&CK"
_SITE = "https://attack.mitre.org"


def threat(techniques: Iterable[str]) -> list[dict[str, Any]]:
    """Return one entry for each tactic, in the order of the techniques; raises KeyError for an unknown technique."""
    by_tactic: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for technique in techniques:
        parent, _, _ = technique.partition(".")
        of_tactic = by_tactic.setdefault(TACTICS[parent], {})
        # A technique below another has the name of that one in front of its own.
        above, _, name = TECHNIQUES[technique].partition(": ")
        entry = of_tactic.setdefault(parent, {**_named(parent, above), "subtechnique": []})
        if technique != parent:
            entry["subtechnique"].append(_named(technique, name))
    return [
        {
            "framework": _FRAMEWORK,
            "tactic": {"id": tactic, "name": name, "reference": f"{_SITE}/tactics/{tactic}/"},
            "technique": list(entries.values()),
        }
        for (tactic, name), entries in by_tactic.items()
    ]


def tactics(techniques: Iterable[str]) -> list[str]:
    """Return the names of the tactics, each once."""
    return list(dict.fromkeys(TACTICS[technique.partition(".")[0]][1] for technique in techniques))


def reference(technique: str) -> str:
    """Return the page that explains a technique."""
    return f"{_SITE}/techniques/{technique.replace('.', '/')}/"


def _named(technique: str, name: str) -> dict[str, Any]:
    return {"id": technique, "name": name, "reference": reference(technique)}
