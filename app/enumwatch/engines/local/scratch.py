"""Scratch: a folder for what a run writes on the way, gone when it ends however it ends."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new private folder. It holds log content, so only its owner may look into it."""
    with tempfile.TemporaryDirectory(prefix="enumwatch-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
