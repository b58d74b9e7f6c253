"""Writes the guides as the pages of the documentation."""

from __future__ import annotations

from pathlib import Path

from ..rulebook.guide import FOLDER
from ..rulebook.load import load
from .page import pages

GUIDES = Path(__file__).parents[3] / FOLDER


def build(folder: Path = GUIDES) -> None:
    """Write every page and remove those of detections that are gone."""
    made = pages(load())
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for path in folder.glob("*.md"):
        if path.name not in made:
            path.unlink()


def stale(folder: Path = GUIDES) -> list[Path]:
    """Return the pages that are not what the rulebook says, those that nothing makes any more among them."""
    made = pages(load())
    wrong = [folder / name for name, text in made.items() if _kept(folder / name) != text]
    return wrong + sorted(path for path in folder.glob("*.md") if path.name not in made)


def _kept(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
