"""Response: the steps of the playbook, what to put aside before it is gone, how to contain and how to close."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..rulebook.detection import Detection
from ..rulebook.duration import spell_duration
from ..rulebook.guide import Guide
from ..rulebook.playbook import Playbook, PlaybookStep
from ..rulebook.source import Kept, Source
from .markdown import Lines, bullets, flat, numbered, section, table
from .places import IN_RECORD

_KINDS = {"automatic": "done for you", "half": "with a list of your own", "manual": "by hand"}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def questions(playbook: Playbook) -> Lines:
    """What the playbook asks, and what an answer needs."""
    yield (
        "Each is answered yes, no or not enough evidence, with the log or list that is missing. `enumwatch triage` gives the "
        "answers in the terminal, `enumtriage` in Splunk."
    )
    yield ""
    yield from table(
        ("question", "asked", "needs events of the kind"),
        ((key, one.question, ", ".join(f"`{kind}`" for kind in one.needs)) for key, one in playbook.questions.items()),
    )


def working(playbook: Playbook) -> Lines:
    """Steps of the first and the second line."""
    for title, steps in (("First line", playbook.l1), ("Second line", playbook.tier2)):
        yield from section(title, numbered(f"{told(step, playbook)} ({_KINDS[step.kind]})" for step in steps), 3)


def collecting(playbook: Playbook, sources: Iterable[Source]) -> Lines:
    """What to put aside, where it lies, and how long it stays there."""
    known = {name: one for one in sources for name in (one.id, *one.emits)}
    yield "Providers keep logs for a time of their own. What is not copied by then is gone, whatever the case becomes."
    yield ""
    rows = []
    for one in playbook.collect:
        source = known.get(one.source)
        kept = "; ".join(map(_kept, source.kept)) if source else "until you delete it"
        rows.append((playbook.filled(one.what), source.title if source else "your own case", kept))
    yield from table(("what", "where", "kept"), rows)


def containing(playbook: Playbook) -> Lines:
    """How to contain, and what each step breaks."""
    yield "Only when it is to be escalated, and in this order. Names that were merely tried need no reset."
    yield ""
    yield from table(
        ("step", "what it hurts"), ((told(step, playbook), step.hurts or "nothing") for step in playbook.containment)
    )


def closing(detection: Detection, guide: Guide) -> Lines:
    """How a finding ends."""
    yield from bullets(f"{one.when}: {flat(detection.filled(one.act))}" for one in guide.close)


def told(step: PlaybookStep, playbook: Playbook) -> str:
    """A step with the places where a finding holds what it names."""
    text = _PLACEHOLDER.sub(lambda found: IN_RECORD[found[1]], playbook.filled(step.step))
    return f"{text} (when {', '.join(step.when)})" if step.when else text


def _kept(kept: Kept) -> str:
    return f"{kept.where}: " + (spell_duration(kept.time) if kept.time else f"until {kept.until}")
