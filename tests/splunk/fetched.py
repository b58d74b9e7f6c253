"""What `.ci/fetch` makes: the packages that the app takes along, and AppInspect."""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

OUT_OF_REACH = 75


@lru_cache
def fetched(what: str) -> Path:
    """Folder with what was asked for, made on first use; skips the test where the packages cannot be reached."""
    command = [str(ROOT / ".ci" / "fetch"), what, sys.executable]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if ended.returncode == OUT_OF_REACH:
        pytest.skip(f"{what} cannot be fetched: run `{' '.join(command)}` once where the package index is in reach")
    assert ended.returncode == 0, ended.stderr[-4000:]
    return ROOT / "build" / what
