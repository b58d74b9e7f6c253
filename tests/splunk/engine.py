"""Engine: runs searches of the app without Splunk, on the SPL engine that lies beside the repository.

It judges search, where, eval, stats, rex, lookup, spath and the like. What it cannot read is rewritten before it gets it,
by equivalences named where they are done (tests.splunk.spelling); a long pipeline runs in pieces. Tests that need the
engine are skipped, with the reason, where it or its Python is absent.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from .spelling import commands, readable, real_name, safe_name

SHARED = Path(os.environ.get("ENUMWATCH_SHARED", Path(__file__).resolve().parents[3] / "shared"))
FOLDER = SHARED / "tools" / "spl"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "enumwatch-spl"
PYTHON = Path(os.environ.get("SPL_PYTHON", _CACHE / "bin" / "python"))

Row = dict[str, Any]


class RefusedError(Exception):
    """The engine does not take this search; the message says why."""


@lru_cache(maxsize=1)
def why_not() -> str:
    """Why there is no engine here; empty where there is one."""
    if not (FOLDER / "ossrun.py").is_file():
        return "no SPL engine: set ENUMWATCH_SHARED to the folder that holds tools/spl"
    if not PYTHON.is_file():
        return "no Python with chdb: run tools/spl/splrun once, or set SPL_PYTHON"
    tried = subprocess.run([PYTHON, "-c", "import chdb"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else f"{PYTHON} has no chdb: run tools/spl/splrun once, or set SPL_PYTHON"


def engine_or_skip() -> Engine:
    """A running engine, one for the whole test run; skips the test where there can be none."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    return _running()


@lru_cache(maxsize=1)
def _running() -> Engine:
    return Engine()


class Engine:
    """Holds events and lookups, and runs searches over them."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [PYTHON, Path(__file__).with_name("engine_server.py"), FOLDER],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )  # fmt: skip
        self._line()

    def load(self, events: Iterable[Row], *, numbers: bool = False) -> None:
        """Takes these events instead of earlier ones: `_time` (epoch seconds), `_raw`, index, sourcetype, fields; a list is
        a multivalue field. With `numbers` a text that reads as one compares as one, else every text stays as it is."""
        with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
            for event in events:
                file.write(json.dumps({safe_name(name): value for name, value in event.items()}) + "\n")
            file.flush()
            self._ask({"events": file.name, "numbers": numbers})

    def load_lookups(self, folder: Path) -> None:
        """Takes the CSV files of this folder as lookups, named as the files without ending."""
        self._ask({"lookups": str(folder)})

    def run(self, search: str) -> list[Row]:
        """Rows of a search whose macros are expanded; an absent field is an absent key. Raises RefusedError with the reason."""
        rows: list[Row] = self._ask({"pipeline": commands(readable(search))})["rows"]
        return [{real_name(name): value for name, value in row.items()} for row in rows]

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._line()
        if "refused" in answer:
            raise RefusedError(answer["refused"])
        return answer

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RefusedError("the engine has stopped")
        answer: dict[str, Any] = json.loads(line)
        return answer
