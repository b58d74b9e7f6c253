"""What the logs of a run show and what they do not, as the page tells it: the visibility report, cut to size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from enumwatch.report.visibility import HEADS, STATES, lacks, shown_by, span_text, step_text
from enumwatch.report.visible import visible
from enumwatch.rulebook.vocabulary import TECHNIQUES

NAMES_SHOWN = 10
"""Logs that no rule knows, and notes, shown at all: a log can be named anything, ten thousand times."""

_NAME_LIMIT = 40


@dataclass(frozen=True)
class Technique:
    """One technique: its score of 100, and how many of its ways of attack are in which state, in the order of STATES."""

    name: str
    score: int
    counts: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Log:
    """One log that was read, with a sentence for each thing it lacks."""

    title: str
    state: str
    events: int
    covers: str
    lacks: Sequence[str]


@dataclass(frozen=True)
class Step:
    """A log to connect next, what it adds, and how it is connected."""

    what: str
    how: str


@dataclass(frozen=True)
class Sight:
    """What the template needs. `ways` are the ways of attack by state, each with what shows it or why nothing does."""

    until: str
    techniques: Sequence[Technique]
    ways: Sequence[tuple[str, Sequence[str]]]
    logs: Sequence[Log]
    missing: Sequence[str]
    strange: Sequence[str]
    notes: Sequence[str]
    next: Sequence[Step]


def sight(report: Mapping[str, Any], lost: Mapping[str, str]) -> Sight:
    """Returns the section of a visibility report; `lost` says of each field what is lost where it is empty."""
    titles = {log["log"]: log["title"] for log in report["logs"]}
    strange = [visible(name, _NAME_LIMIT) for name in report["unknown_logs"]]
    return Sight(
        until=report["known_until"],
        techniques=[_technique(one) for one in report["techniques"]],
        ways=[(f"{HEADS[state]} ({len(told)})", told) for state in STATES if (told := _ways(report, state, titles))],
        logs=[_log(log, lost) for log in report["logs"] if log["events"]],
        missing=[log["title"] for log in report["logs"] if not log["events"]],
        strange=_cut(strange),
        notes=_cut([_begun(visible(note)) for note in report["notes"]]),
        next=[Step(_begun(step_text(step, titles)), step["connect"]) for step in report["next"]],
    )


def _technique(one: Mapping[str, Any]) -> Technique:
    name = f"{one['technique']} {TECHNIQUES.get(one['technique'], '')}".strip()
    return Technique(name, one["score"], [(state, one[state.replace(" ", "_")]) for state in STATES])


def _ways(report: Mapping[str, Any], state: str, titles: Mapping[str, str]) -> list[str]:
    return [f"{way['title']}{shown_by(way, titles)}" for way in report["ways"] if way["state"] == state]


def _log(log: Mapping[str, Any], lost: Mapping[str, str]) -> Log:
    return Log(log["title"], log["state"], log["events"], span_text(log["covers_seconds"]), list(lacks(log, lost)))


def _begun(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def _cut(texts: list[str]) -> list[str]:
    more = len(texts) - NAMES_SHOWN
    return [*texts[:NAMES_SHOWN], *([f"and {more:,} more"] if more > 0 else [])]
