"""Pipelines and transforms are what they were, unless somebody wanted them otherwise."""

from __future__ import annotations

from .goldens import FOLDER, golden


def test_bodies_are_as_they_were_written_down() -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in sorted(FOLDER.iterdir())}
    assert kept == golden(), "run python -m tests.engines.elastic.goldens and look at the difference"
