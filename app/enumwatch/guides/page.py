"""Page: everything about one detection, readable alone; and the list of all pages."""

from __future__ import annotations

from collections.abc import Iterator

from ..rulebook.detection import Detection
from ..rulebook.load import Rulebook
from ..rulebook.source import Source
from . import alert, response, tuning
from .markdown import Lines, flat, section, table

_NOTICE = "<!-- generated from the rulebook: run `make build`, do not edit -->"


def pages(rulebook: Rulebook) -> dict[str, str]:
    """Every page by its file name, the list of them among them."""
    guided = [one for one in rulebook.detections.values() if one.guide]
    return {"README.md": _joined(_index(guided)), **{f"{one.id}.md": page(one, rulebook) for one in guided}}


def page(detection: Detection, rulebook: Rulebook) -> str:
    """The page of a detection; raises KeyError for one without a guide."""
    if detection.guide is None:
        raise KeyError(detection.id)
    return _joined(_page(detection, rulebook))


def _joined(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _page(detection: Detection, rulebook: Rulebook) -> Lines:
    guide, playbook = detection.guide, rulebook.playbooks[detection.playbook]
    if guide is None:
        return
    sources = list(_sources(detection, rulebook))
    state = "" if detection.is_enabled else ", off unless asked for"
    yield from (_NOTICE, "", f"# {detection.title}", "")
    yield (
        f"Detection `{detection.id}`, version {detection.version}{state}; {', '.join(detection.techniques)}. "
        f"`enumwatch rules guide {detection.id}` prints this page, with `--rules DIR` under limits of your own. "
        "[All guides](README.md)"
    )
    for title, lines in (
        ("What it means", alert.meaning(detection, guide)),
        ("The first minutes", alert.beginning(detection, guide)),
        ("When to wake whom", alert.waking(detection, guide, playbook)),
        ("Harmless, and looks alike", alert.look_alikes(detection)),
        ("Questions that decide", response.questions(playbook)),
        ("Working through it", response.working(playbook)),
        ("Collect before it is gone", response.collecting(playbook, rulebook.sources.values())),
        ("Contain, and what it hurts", response.containing(playbook)),
        ("Close", response.closing(detection, guide)),
        ("Tune", tuning.tuning(detection, guide)),
        ("Exceptions", tuning.exceptions()),
        ("What it does not see", tuning.blind_spots(detection, sources)),
    ):
        yield from section(title, lines)


def _sources(detection: Detection, rulebook: Rulebook) -> Iterator[Source]:
    for one in rulebook.sources.values():
        if set(one.kinds) & set(detection.kinds) and (not detection.sources or one.emits & set(detection.sources)):
            yield one


def _index(detections: list[Detection]) -> Lines:
    yield from (_NOTICE, "", "# Guides", "")
    yield "One page for each detection, readable alone: what a finding means, what to do first, whom to wake, how to end it."
    yield ""
    yield from table(
        ("page", "verdicts it explains"),
        (
            (f"[{one.title}]({one.id}.md)", ", ".join(rung.verdict for rung in one.guide.verdicts))
            for one in detections
            if one.guide
        ),
    )
    yield ""
    yield flat(
        "An incident keeps its id while its verdict climbs, and with the verdict the detection may change: a roll call that "
        "gets into an account goes on as success_after_enumeration. Use the page of the detection that the finding names now."
    )
