"""Asks the judges of rules, which live in an environment of their own with a newer Python."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from tests.core.test_other_pythons import interpreter
from tests.splunk.fetched import OUT_OF_REACH, ROOT

from enumwatch.elastic.kibana.columns import types
from enumwatch.elastic.names import lookup_index
from enumwatch.elastic.setup.indices import LOOKUPS, lookup_mapping

# Versions whose grammar, types and features every query must be good for.
VERSIONS = ("8.19.0", "9.3.0", "9.5.0")
_NEWEST = "3.13"


def judged(
    esql: Mapping[str, str] | None = None,
    kql: Mapping[str, str] | None = None,
    play: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """What the judges say: `faults` of ES|QL by name, `kql` as trees, `played` rows; `play` has query, rows and now."""
    lookups = {lookup_index(table): lookup_mapping(table)["properties"] for table in LOOKUPS}
    known = {"schema": types(), "lookups": {name: _types(fields) for name, fields in lookups.items()}}
    asked = {**known, "esql": esql or {}, "versions": VERSIONS, "kql": kql or {}, "play": play or {}}
    judge = Path(__file__).with_name("judge.py")
    ended = _run([str(_environment() / "bin" / "python"), "-B", str(judge)], json.dumps(asked))
    assert ended.returncode == 0, ended.stderr[-4000:]
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def _types(properties: Mapping[str, Any]) -> dict[str, str]:
    return {name: one["type"] for name, one in properties.items()}


@lru_cache
def _environment() -> Path:
    """The environment, made on first use; skips the test where it cannot be made."""
    python = sys.executable if sys.version_info >= (3, 12) else interpreter(_NEWEST)
    ended = _run([str(ROOT / ".ci" / "fetch"), "rule-lint", python])
    if ended.returncode == OUT_OF_REACH:
        pytest.skip(
            "the judges of rules cannot be fetched: run `.ci/fetch rule-lint PYTHON` where the package index is in reach"
        )
    assert ended.returncode == 0, ended.stderr[-4000:]
    return ROOT / "build" / "rule-lint"


def _run(command: Sequence[str], given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=given, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
