"""Writes what is generated below `default/`: every maker of stanzas is one entry of MAKERS."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from ...engines.splunk.build import stanzas as contact_stanzas
from ..doctor import asking
from ..package import identity
from . import commands, detections, hunting, keeping, knowledge, lookups
from .confs import HEADER, ConfError, Stanza, conf_files

DEFAULT_FOLDER = Path(__file__).parents[4] / "default"

MAKERS: tuple[Callable[[], Iterable[Stanza]], ...] = (
    identity.stanzas,
    contact_stanzas,
    commands.stanzas,
    detections.stanzas,
    hunting.stanzas,
    keeping.stanzas,
    lookups.stanzas,
    knowledge.stanzas,
    asking.stanzas,
)

_MARK = HEADER.splitlines()[0]


def generated() -> dict[str, str]:
    """Return every generated file: path below `default/` to text. Raises ConfError."""
    return conf_files(stanza for maker in MAKERS for stanza in maker())


def stale(folder: Path = DEFAULT_FOLDER) -> list[Path]:
    """Return the files that are not what their makers say, those that no maker makes any more among them."""
    files = generated()
    wrong = [folder / name for name, text in files.items() if _text_of(folder / name) != text]
    return wrong + _left_over(folder, files)


def build(folder: Path = DEFAULT_FOLDER) -> None:
    """Write every generated file and remove what no maker makes any more.

    Raises ConfError, also where a file that somebody wrote by hand has the name of a generated one.
    """
    files = generated()
    for name, text in files.items():
        path = folder / name
        if _MARK not in (_text_of(path) or _MARK):
            raise ConfError(f"{name} is written by hand and generated; move what is in it to a maker")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for path in _left_over(folder, files):
        path.unlink()


def _left_over(folder: Path, files: dict[str, str]) -> list[Path]:
    below = sorted(path for path in folder.rglob("*") if path.is_file() and _MARK in (_text_of(path) or ""))
    return [path for path in below if path.relative_to(folder).as_posix() not in files]


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
