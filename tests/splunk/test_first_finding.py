"""The search that docs/splunk.md lets an admin try first, run as it stands there with the package as it is shipped."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.core.test_other_pythons import PYTHONS, interpreter
from tests.splunk.fetched import ROOT
from tests.splunk.harness import Row, converse, split
from tests.splunk.unpacked import unpack


def first_search() -> list[tuple[str, list[str]]]:
    """Commands of the search and their arguments."""
    page = (ROOT / "docs" / "splunk.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"## 3\. .*?```spl\n(.*?)```", page, re.DOTALL)
    words = [line.strip("| ").split() for line in block.strip().splitlines()]
    return [(command, arguments) for command, *arguments in words]


@pytest.mark.parametrize("version", PYTHONS)
def test_the_first_search_gives_a_finding_with_its_next_steps(version: str, tmp_path: Path) -> None:
    app = unpack(tmp_path)
    rows: list[Row] = []
    for command, arguments in first_search():
        ended = converse(interpreter(version), app, command, split(rows, [500, 1]) if rows else [b""], arguments)
        assert (ended.exit_code, ended.stderr, ended.messages) == (0, "", [])
        rows = list(ended.rows)
    assert len(rows) == 1
    (finding,) = rows
    assert finding["verdict"] == "High Confidence Enumeration"
    assert finding["src"]
    assert finding["next_steps"]
    assert finding["escalate"] in ("true", "false")
    assert json.loads(str(finding["finding"]))["finding_id"] == finding["finding_id"]
