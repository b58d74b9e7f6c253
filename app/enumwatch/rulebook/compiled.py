"""The compiled rulebook: one JSON that every engine reads. Standard library only, no YAML, Python 3.9 syntax."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

FORMAT = 1
COMPILED_FILE = Path(__file__).resolve().parents[1] / "rulebook.json"


class CompiledRulebookError(ValueError):
    """The compiled rulebook is missing or not of this version; its message ends in what to do."""


@lru_cache(maxsize=1)
def compiled() -> dict[str, Any]:
    """Return the shipped rulebook `{"format", "sources", "detections", "playbooks", "visibility"}`; do not change it.

    Rules are by id. Durations under a detection's `limits` are seconds. Raises CompiledRulebookError.
    """
    try:
        text = COMPILED_FILE.read_text(encoding="utf-8")
        rulebook = json.loads(text)
    except (OSError, ValueError) as error:
        raise CompiledRulebookError(
            f"{COMPILED_FILE.name} cannot be read ({error}): install enumwatch again"
        ) from error
    if not isinstance(rulebook, dict) or rulebook.get("format") != FORMAT:
        raise CompiledRulebookError(f"{COMPILED_FILE.name} is not of format {FORMAT}: install enumwatch again")
    return rulebook
