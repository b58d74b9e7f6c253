"""Writes what Splunk wants beside the conf files: app.manifest and the icons."""

from __future__ import annotations

from pathlib import Path

from .icons import STATIC, icons
from .identity import MANIFEST, manifest


def build() -> None:
    """Write app.manifest and static/."""
    STATIC.mkdir(exist_ok=True)
    for path, content in _made().items():
        path.write_bytes(content)


def stale() -> list[Path]:
    """Return the files that are not what their source says."""
    return [path for path, content in _made().items() if not path.is_file() or path.read_bytes() != content]


def _made() -> dict[Path, bytes]:
    return {MANIFEST: manifest().encode(), **{STATIC / name: content for name, content in icons().items()}}
