"""Writes every watch as it is without actions, for people to read and for reviews to see what a change makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ...rulebook.compiled import compiled
from .bodies import watches

FOLDER = Path(__file__).parents[4] / "docs" / "elastic" / "watches"


def generated() -> dict[str, str]:
    """Every file: name to text."""
    return {f"{name}.json": _text(body) for name, body in watches(compiled()).items()}


def stale(folder: Path = FOLDER) -> list[Path]:
    """The files that are not what they should be, those that nothing makes any more among them."""
    files = generated()
    wrong = [folder / name for name, text in files.items() if _kept(folder / name) != text]
    return wrong + [path for path in _there(folder) if path.name not in files]


def build(folder: Path = FOLDER) -> None:
    """Write every file and remove what nothing makes any more."""
    files = generated()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for path in _there(folder):
        if path.name not in files:
            path.unlink()


def _there(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.json"))


def _kept(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _text(body: object) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"
