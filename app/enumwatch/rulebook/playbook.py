"""Playbook: the questions of one technique, when to escalate, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .document import Document
from .limit import Limit, filled


@dataclass(frozen=True)
class LogSource:
    """A log worth reading: the id of a source, and what to look for in it."""

    source: str
    look_for: str


@dataclass(frozen=True)
class Question:
    """One question; `computed` is auto, half or manual, `needs` are the kinds of events an answer needs."""

    question: str
    computed: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class PlaybookStep:
    """One step; `kind` is automatic, half or manual. With `when`, only for findings that meet one of them.

    `hurts` is what the step breaks for people at work, empty where it breaks nothing.
    """

    step: str
    kind: str
    when: tuple[str, ...]
    hurts: str = ""


@dataclass(frozen=True)
class Collected:
    """Something to put aside before it is gone; `source` is the log that holds it, empty where none does."""

    what: str
    source: str


@dataclass(frozen=True)
class Handover:
    """What is written beside what leaves the product: actions on names by their sort, and how decoys are made."""

    names: Mapping[str, str]
    decoys: tuple[str, ...]


@dataclass(frozen=True)
class Playbook:
    """One playbook, its id the technique's; `content` is the file as plain values."""

    id: str
    title: str
    technique: str
    version: int
    log_sources: tuple[LogSource, ...]
    limits: Mapping[str, Limit]
    indicators: tuple[str, ...]
    questions: Mapping[str, Question]
    escalate: Mapping[str, str]
    l1: tuple[PlaybookStep, ...]
    tier2: tuple[PlaybookStep, ...]
    containment: tuple[PlaybookStep, ...]
    handover: Handover | None
    content: Mapping[str, Any]
    document: Document
    collect: tuple[Collected, ...] = ()

    def filled(self, text: str) -> str:
        """Return a text of the playbook with the values of the limits it names in braces."""
        return filled(text, self.limits)


def after_step(when: Sequence[str], hurts: str) -> str:
    """Return what stands behind the sentence of a step: the conditions it waits for and what it breaks, "" for neither."""
    condition = f" (when {', '.join(when)})" if when else ""
    return condition + (f" What it hurts: {hurts}" if hurts else "")
