"""A finding gets the same answers in Splunk, from the contacts of the summary index, as from the logs by DuckDB."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.splunk.content.staging import kept, runtime
from tests.splunk.content.twins import Row
from tests.splunk.harness import converse, split

from enumwatch.core.verdict import Verdict
from enumwatch.engines.local.scan import Request, scan
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate
from enumwatch.simulate.demo import CAST
from enumwatch.splunk.commands.verdict_rows import finding_row

SEARCHED = (("identity_probing", "okta_system", None), ("kerberos_enumeration", "windows_security", 12))
BESIDE = (
    ("directory_harvest", "graph_activity", 40),
    ("account_burst", "entra_audit", None),
    ("account_burst", "message_trace", 400),
    *(("office", "iis", 20), ("office", "entra_audit", 20)),
)
# Every scenario of the demo in its log, and what asks the other two playbooks.
DEMO = tuple((scenario, part.source, None) for part in CAST for scenario in part.beside) + SEARCHED + BESIDE


class Played(NamedTuple):
    """The app with the lists of an organisation, and what DuckDB says of its logs."""

    app: Path
    files: list[Path]
    findings: list[Verdict]
    local: dict[str, dict[str, Any]]
    around: list[Row]


def played(app: Path, folder: Path, plays: tuple[tuple[str, str, int | None], ...]) -> Played:
    own, logs = folder / "enumwatch", folder / "logs"
    shutil.copytree(app, own)
    files = [simulate(one, source, seed=3, users=40, events=number, out=logs).files[0] for one, source, number in plays]
    for table in (logs / "lookups").glob("*.csv"):
        shutil.copy(table, own / "lookups" / table.name)
    lookups = load_lookups(logs / "lookups")
    result = scan(Request([str(file) for file in files], compiled(), lookups, with_triage=True))
    return Played(own, files, result.decision.findings, result.triages, around(files))


def row_of(finding: Verdict) -> Row:
    row = {name: _cell(value) for name, value in finding_row(finding).items()}
    return {name: value for name, value in row.items() if value not in ("", [])}


def _cell(value: Any) -> str | list[str]:
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def around(files: list[Path]) -> list[Row]:
    """What the macro puts before the findings: each log that was read, and contacts."""
    contacts = [dict(row, row_type="contact") for row in kept(files)]
    by_log: dict[tuple[str, str], list[Row]] = {}
    for row in contacts:
        by_log.setdefault((row["tenant"], row["log_source"]), []).append(row)
    readings = [
        {
            "row_type": "reading",
            "tenant": tenant,
            "log_source": source,
            "first": min(row["first"] for row in rows),
            "last": max(row["last"] for row in rows),
        }
        for (tenant, source), rows in by_log.items()
    ]
    return [*readings, *contacts]


def triaged(app: Path, rows: list[Row]) -> dict[str, Any]:
    """The triage of each finding among the rows by the real command, fed in several chunks."""
    ended = converse(sys.executable, app, "enumtriage", split(rows, [3, 0, 500]))
    assert (ended.exit_code, ended.messages, ended.stderr) == (0, [], "")
    return {str(row["finding_id"]): json.loads(str(row["triage"])) for row in ended.rows if row.get("triage")}


@pytest.fixture(scope="module")
def demo(app: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    return played(app, tmp_path_factory.mktemp("demo"), DEMO)


def test_every_finding_of_the_demo_is_answered_as_by_duckdb(demo: Played) -> None:
    assert {one["playbook"] for one in demo.local.values()} == {"T1589.002", "T1589", "T1585.002"}
    rows = [*demo.around, *({**row_of(one), "row_type": "finding"} for one in demo.findings)]
    assert triaged(demo.app, rows) == demo.local


def test_parts_of_one_contact_are_one_again(demo: Played) -> None:
    rows = demo.around
    halves = [row for row in rows for _ in range(2 if row["row_type"] == "contact" else 1)]
    one = demo.findings[0]
    assert triaged(demo.app, [*halves, {**row_of(one), "row_type": "finding"}]) == {
        one.finding_id: demo.local[one.finding_id]
    }


def test_without_contacts_nothing_is_concluded_from_their_absence(demo: Played) -> None:
    alone = triaged(demo.app, [{**row_of(one), "row_type": "finding"} for one in demo.findings])
    for finding, local in demo.local.items():
        answers = alone[finding]["answers"]
        assert {
            key
            for key, one in answers.items()
            if one["answer"] not in (local["answers"][key]["answer"], "not enough evidence")
        } == set()


def test_contacts_after_a_finding_are_told(demo: Played) -> None:
    finding = {**row_of(demo.findings[0]), "row_type": "finding"}
    ended = converse(sys.executable, demo.app, "enumtriage", split([finding, *demo.around[:2]], [9]))
    ((level, text),) = ended.messages
    assert level == "WARN"
    assert "append the findings last" in text


@pytest.mark.timeout(600)  # the engine takes its time where other tests run beside it
def test_the_macro_finds_what_belongs_to_a_finding(app: Path, tmp_path: Path) -> None:
    one = played(app, tmp_path, SEARCHED if os.environ.get("ENUMWATCH_LONG") else SEARCHED[:1])
    splunk = runtime(one.app, kept(one.files))
    splunk.kept["enumwatch_findings"] = [row_of(finding) for finding in one.findings]
    for finding, local in one.local.items():
        (row,) = splunk.run(f'`enumwatch_triage("{finding}")`')
        assert row["row_type"] == "finding"
        assert json.loads(row["triage"]) == local
