"""Writes the rules as the file that Kibana imports."""

from __future__ import annotations

from pathlib import Path

from .rule import line
from .rules import shipped

RULES_FILE = Path(__file__).with_name("rules.ndjson")


def generated() -> str:
    """Return the file: one rule a line."""
    return "".join(f"{line(one)}\n" for one in shipped())


def build(file: Path = RULES_FILE) -> None:
    """Write the file."""
    file.write_text(generated(), encoding="utf-8", newline="\n")


def stale(file: Path = RULES_FILE) -> list[Path]:
    """Return the file where it is not what its sources say."""
    is_fresh = file.is_file() and file.read_text(encoding="utf-8") == generated()
    return [] if is_fresh else [file]
