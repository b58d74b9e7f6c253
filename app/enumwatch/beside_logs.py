"""Beside logs: files of enumwatch that may lie in a folder of logs and are none; whoever reads the folder passes over them."""

from __future__ import annotations

import re
from collections.abc import Sequence

LABELS, TRUTH, RUN_FILE = "labels.ndjson", "truth.json", "run.json"
"""What `enumwatch simulate` writes beside the logs: the label of each record, what should be found, where it was sent."""

_TABLE = re.compile(r"enumwatch_\w+\.csv")


def logs_among(names: Sequence[str]) -> list[str]:
    """The names of a folder's files without lookup tables, and without labels and truth where both lie there."""
    passed_over = {LABELS, TRUTH, RUN_FILE} if {LABELS, TRUTH} <= set(names) else set()
    return [name for name in names if name not in passed_over and not _TABLE.fullmatch(name)]
