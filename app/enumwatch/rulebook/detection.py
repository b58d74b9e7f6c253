"""Detection: what is looked for, with which limits, and the cases that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .limit import Limit, filled

if TYPE_CHECKING:
    from .document import Document  # reads YAML, which not every place can that uses a limit
    from .guide import Guide, Tell


@dataclass(frozen=True)
class FalsePositive:
    """Something harmless that looks alike, and what is done about it."""

    name: str
    treatment: str
    tells: tuple[Tell, ...] = ()


@dataclass(frozen=True)
class Case:
    """Events placed in time with the verdict they must lead to; `events` and `expect` are plain values."""

    name: str
    events: tuple[Mapping[str, Any], ...]
    expect: Mapping[str, Any]
    lookups: Mapping[str, tuple[Mapping[str, str], ...]]


@dataclass(frozen=True)
class Detection:
    """One detection; `content` is the file as plain values, `tuned_by` the overlays that changed limits of it."""

    id: str
    title: str
    version: int
    status: str
    is_enabled: bool
    techniques: tuple[str, ...]
    playbook: str
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    codes: tuple[str, ...]
    description: str
    limits: Mapping[str, Limit]
    known_gaps: tuple[str, ...]
    false_positives: tuple[FalsePositive, ...]
    references: tuple[str, ...]
    changes: tuple[str, ...]
    cases: tuple[Case, ...]
    content: Mapping[str, Any]
    document: Document
    tuned_by: str = ""
    guide: Guide | None = None

    def filled(self, text: str) -> str:
        """Return a text of the detection with the values of the limits it names in braces."""
        return filled(text, self.limits)
