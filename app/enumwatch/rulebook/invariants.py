"""Invariants: what must hold between rule files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from .detection import Case, Detection
from .playbook import Playbook
from .problems import Problem, place
from .source import Source

_Sources = Mapping[str, Source]
_Detections = Mapping[str, Detection]
_Playbooks = Mapping[str, Playbook]
_QUIET = ("No Finding", "Not Enough Evidence")


def check_rulebook(sources: _Sources, detections: _Detections, playbooks: _Playbooks) -> None:
    """Note in the documents of the rules what does not fit together."""
    emitted = _check_emitted(sources)
    known = {*sources, *emitted}
    for detection in detections.values():
        _check_detection(detection, known, sources, playbooks)
    for playbook in playbooks.values():
        for number, log in enumerate(playbook.log_sources):
            if log.source and log.source not in known:
                trail = ("log_sources", number, "source")
                playbook.document.add(trail, f"{place(trail)} is no source", _some(sources), log.source)
        for number, one in enumerate(playbook.collect):
            if one.source and one.source not in known:
                trail = ("collect", number, "source")
                playbook.document.add(trail, f"{place(trail)} is no source", _some(sources), one.source)


def _check_emitted(sources: _Sources) -> set[str]:
    """The source ids of all events; two files that write one id are a problem."""
    owners: dict[str, str] = {}
    for source in sources.values():
        taken: dict[str, list[str]] = {}
        for emitted in sorted(source.emits):
            owner = owners.setdefault(emitted, source.id)
            if owner != source.id:
                taken.setdefault(owner, []).append(emitted)
        for owner, ids in taken.items():
            expected = f"source ids of its own, or the id {owner} to take the place of that rule"
            source.document.add(("event",), f"it writes the source ids of {owner}", expected, ", ".join(ids))
    return set(owners)


def _check_detection(detection: Detection, known: set[str], sources: _Sources, playbooks: _Playbooks) -> None:
    add = detection.document.add
    if detection.playbook and detection.playbook not in playbooks:
        add(("playbook",), "playbook is not there", "one of " + (", ".join(playbooks) or "none"), detection.playbook)
    for number, name in enumerate(detection.sources):
        if name not in known:
            add(("sources", number), f"sources[{number}] is no source", _some(known), name)
    made = {kind for source in sources.values() for kind in source.kinds}
    for number, kind in enumerate(detection.kinds):
        if sources and kind not in made:
            add(("kinds", number), "no source has this kind of event", "one of " + ", ".join(sorted(made)), kind)
    for trail, name in _case_sources(detection):
        if name not in known:
            add(trail, f"{place(trail)} is no source", _some(known), name)


def _case_sources(detection: Detection) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for case_number, case in enumerate(detection.cases):
        for number, group in enumerate(case.events):
            names = group.get("source", [])
            for name in [names] if isinstance(names, str) else names:
                yield ("cases", case_number, "events", number, "source"), name


def _some(names: Mapping[str, Source] | set[str]) -> str:
    return "one of " + (", ".join(sorted(names)) or "none")


def _fires(case: Case) -> bool:
    return case.expect.get("verdict") not in _QUIET


def _is_quiet(case: Case) -> bool:
    return case.expect.get("verdict") in _QUIET


def _named(*words: str) -> Callable[[Case], bool]:
    return lambda case: any(word in case.name.lower() for word in words)


# The five kinds of cases; the last three can only be told by words in the name of the case.
_WANTED: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("one that fires", _fires),
    ("one that stays quiet", _is_quiet),
    *(
        (f"{meaning} (its name says {', '.join(words)})", _named(*words))
        for meaning, words in (
            ("one just below a limit", ("below", "under", "less", "fewer", "short")),
            ("one at the edge of a window", ("window", "edge", "across", "hour", "minute", "day")),
            ("one with a field missing", ("without", "missing", "no address", "hidden")),
        )
    ),
)


def warnings_of(detections: _Detections) -> tuple[Problem, ...]:
    """Return which of the five kinds of cases stable detections lack."""
    return tuple(
        Problem(rule.document.file, rule.document.line(("cases",)), rule.id, "a kind of case is missing", wanted)
        for rule in detections.values()
        if rule.status == "stable"
        for wanted, has in _WANTED
        if not any(map(has, rule.cases))
    )
