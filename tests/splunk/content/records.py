"""Records: what each search of the app gave when it ran on the engine, with a hash of its text.

Without the engine a test still sees that a search was changed and not run since; with it, that the record is true.
Write them anew with `ENUMWATCH_RECORD=1 python -m pytest tests/splunk/content`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.splunk.content.twins import Row

FILE = Path(__file__).with_name("records.json")


def recorded() -> dict[str, dict[str, Any]]:
    """Every record by the name of its search."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return found


def hash_of(search: str) -> str:
    """What tells one text from another; the search with its macros put in."""
    return hashlib.sha256(search.encode()).hexdigest()[:16]


def hold(name: str, search: str, rows: Iterable[Row]) -> None:
    """Compares a run with its record, or writes the record where that is asked for."""
    listed = list(rows)
    columns = sorted({column for row in listed for column in row})
    made = {"search": hash_of(search), "rows": len(listed), "columns": columns}
    known = recorded()
    if os.environ.get("ENUMWATCH_RECORD"):
        known[name] = made
        FILE.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n", encoding="utf-8")
    else:
        assert known.get(name) == made, f"{name}: ENUMWATCH_RECORD=1 writes the record anew, once it is as it should be"
