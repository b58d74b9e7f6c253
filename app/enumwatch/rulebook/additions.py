"""Additions: what a user's own rules must be besides sound, beside the rules that come with the package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import PurePath

from ..lookups import load_table
from .detection import Detection
from .limit import Limit, spelled
from .playbook import Playbook
from .problems import Trail, nearest, place
from .source import Source


def check_detections(own: Mapping[str, Detection], shipped: Mapping[str, Detection]) -> None:
    """Note in the documents of a user's detections why they could not be decided: the core computes what is shipped, by its id
    and its limits."""
    for rule in own.values():
        if rule.id not in shipped and rule.id != PurePath(rule.document.file).stem:
            continue  # told as an id that is not the name of the file
        if rule.id not in shipped:
            what = "no such rule exists, and a detection of another id is never decided"
            rule.document.add(("id",), what, nearest(rule.id, shipped), rule.id)
            continue
        _check_limits(rule, shipped[rule.id].limits)


def _check_limits(rule: Detection, needed: Mapping[str, Limit]) -> None:
    add, unknown = rule.document.add, [name for name in rule.limits if name not in needed]
    trail: Trail
    for name in unknown:
        trail = ("limits", name)
        add(trail, f"{place(trail)} is read by nothing", nearest(name, needed), name)
    for name, limit in needed.items():
        if name not in rule.limits:
            if not get_close_matches(name, unknown, 1):  # told there
                add(("limits",), f"the limit {name} is missing, without which nothing is decided", spelled(limit))
        elif isinstance(limit.value, str) != isinstance(rule.limits[name].value, str):
            trail = ("limits", name, "value")
            expected = "a duration such as 90s, 10m, 1h or 7d" if isinstance(limit.value, str) else "a number"
            add(trail, f"{place(trail)} is of another type", expected, str(rule.limits[name].value))


def notes_of(
    sources: Mapping[str, Source],
    playbooks: Mapping[str, Playbook],
    detections: Mapping[str, Detection],
    shipped_sources: Mapping[str, Source],
) -> Iterator[str]:
    """Yield a line for what is sound in a user's sources and playbooks and has no effect, or hardly the one that is meant."""
    providers = {row["provider"] for row in load_table("outcomes").rows}
    for source in sources.values():
        file = source.document.file
        if source.id not in shipped_sources:
            near = get_close_matches(source.id, shipped_sources, 1)
            meant = f"; to take the place of {near[0]}, give it that id" if near else ""
            yield f"{file} adds the source {source.id}{meant}"
        if source.provider not in providers:
            known = nearest(source.provider, sorted(providers))
            yield (
                f"{file} is of the provider {source.provider}, of which enumwatch_outcomes.csv has no code: every answer "
                f"is ambiguous until your own has some (expected {known})"
            )
    named = {rule.playbook for rule in detections.values()}
    for playbook in playbooks.values():
        if playbook.id not in named:
            yield f"{playbook.document.file} is never used: no detection names the playbook {playbook.id}"
