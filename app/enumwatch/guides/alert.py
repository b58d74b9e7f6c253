"""Alert: what a finding means, whom to wake, what to do first, and how to know the harmless ones."""

from __future__ import annotations

from ..rulebook.detection import Detection
from ..rulebook.duration import spell_duration
from ..rulebook.guide import Guide, Rung
from ..rulebook.playbook import Playbook
from .markdown import Lines, bullets, flat, numbered, section, table
from .places import SOME_FINDING, places


def meaning(detection: Detection, guide: Guide) -> Lines:
    """What it is, how it is told, and each verdict it can have."""
    yield flat(detection.filled(guide.means))
    yield ""
    yield f"How it is told: {flat(detection.filled(detection.description))}"
    for rung in guide.verdicts:
        yield from section(rung.verdict, _rung(detection, rung), 3)


def waking(detection: Detection, guide: Guide, playbook: Playbook) -> Lines:
    """Whom to wake at each verdict, and what counts whatever the verdict is."""
    yield from table(
        ("verdict", "wake", "within"),
        ((rung.verdict, detection.filled(rung.wake), spell_duration(rung.within) or "-") for rung in guide.verdicts),
    )
    yield ""
    yield (
        f"Whatever the verdict says, hand the finding on when `enumwatch triage {SOME_FINDING} logs/` says escalate. It does "
        "so when one of these holds:"
    )
    yield ""
    yield from bullets(f"{key}: {playbook.filled(text)}" for key, text in playbook.escalate.items())


def beginning(detection: Detection, guide: Guide) -> Lines:
    """What to do first, and where."""
    yield from numbered(detection.filled(text) for text in guide.first)
    yield from places(detection)


def look_alikes(detection: Detection) -> Lines:
    """What is harmless and looks alike, with the fields that differ."""
    yield "Fields are those of the finding; `enumwatch scan logs/ --explain` shows them, the verdict record holds them all."
    for one in detection.false_positives:
        yield from section(one.name, (flat(detection.filled(one.treatment)),), 3)
        yield ""
        yield from table(
            ("field", "harmless", "attack"),
            ((f"`{tell.field}`", detection.filled(tell.harmless), detection.filled(tell.attack)) for tell in one.tells),
        )


def _rung(detection: Detection, rung: Rung) -> Lines:
    within = f", within {spell_duration(rung.within)}" if rung.within else ""
    yield flat(detection.filled(rung.means))
    yield ""
    yield f"- What to do: {flat(detection.filled(rung.act))}"
    yield f"- Whom to wake{within}: {flat(detection.filled(rung.wake))}."
