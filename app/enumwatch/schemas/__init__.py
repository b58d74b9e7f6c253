"""JSON Schemas of what enumwatch writes, generated from the records themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCHEMA_FOLDER = Path(__file__).resolve().parent
NAMES = ("verdict", "contact", "summary")


def schema(name: str) -> dict[str, Any]:
    """Return the schema of one line of NDJSON (verdict, contact) or of the summary; KeyError for another name."""
    if name not in NAMES:
        raise KeyError(name)
    found: dict[str, Any] = json.loads((SCHEMA_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found
