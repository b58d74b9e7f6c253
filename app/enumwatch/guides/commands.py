"""The command that prints a page: takes `out`, which prints one line, and returns an exit code."""

from __future__ import annotations

from pathlib import Path

from ..rulebook.commands import Out, loaded
from ..rulebook.problems import printable
from .page import page


def show_guide(id: str, out: Out, directory: Path | None = None) -> int:
    """Print the page of a detection; 0, or 2 where it has none or the rules cannot be used."""
    rulebook = loaded(directory, out)
    if rulebook is None:
        return 2
    detection = rulebook.detections.get(id)
    if detection is None or detection.guide is None:
        guided = ", ".join(one.id for one in rulebook.detections.values() if one.guide)
        out(f'There is no guide to "{id}": name one of {guided or "your own detections once they have a guide"}.')
        return 2
    for line in page(detection, rulebook).splitlines():
        out(printable(line))
    return 0
