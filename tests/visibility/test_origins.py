"""The same simulated events tell the same of themselves as files, in a cluster and in Splunk."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from tests.engines.elastic.comparing import LOGS, local_contacts
from tests.engines.elastic.indexing import documents_of, index_name, put, template
from tests.splunk.engine import engine_or_skip

from enumwatch.core.contact import Contact
from enumwatch.engines.local.log_rows import told_by_files
from enumwatch.engines.local.scan import Request, counted
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate
from enumwatch.splunk.content.names import CONTACT_COLUMNS
from enumwatch.splunk.doctor.asking import times_search, visibility_lines
from enumwatch.splunk.doctor.exported import ExportError
from enumwatch.visibility.cluster import rows_of, told_by_cluster
from enumwatch.visibility.exported import told_by_exports
from enumwatch.visibility.record import MICROSECONDS, Lateness, LogRow, Told
from enumwatch.visibility.report import visibility

from .telling import DAY, FIELDS, NOW

PLAYS = (
    ("enumeration_then_success", "entra_signin"),
    ("fast_enumeration", "m365_audit"),
    ("account_burst", "entra_audit"),
    ("password_spray", "okta_system"),
)
CLOCK = 4_000_000_000 * MICROSECONDS


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Logs as the integrations of Elastic write them; the sign-ins arrived ninety seconds after they happened."""
    folder = tmp_path_factory.mktemp("logs")
    found = {}
    for seed, (scenario, source) in enumerate(PLAYS):
        (found[source],) = simulate(scenario, source, seed=seed, out=folder, users=20, form="ecs", events=60).files
    lines = [json.loads(line) for line in found["entra_signin"].read_text(encoding="utf-8").splitlines()]
    arrived = [{**line, "event": {**line.get("event", {}), "ingested": _later(line["@timestamp"])}} for line in lines]
    found["entra_signin"].write_text("".join(f"{json.dumps(line)}\n" for line in arrived), encoding="utf-8")
    return found


def _later(text: str) -> str:
    return (datetime.fromisoformat(text.replace("Z", "+00:00")) + timedelta(seconds=90)).isoformat()


def of_files(paths: Sequence[Path]) -> Told:
    rules = compiled()
    request = Request([str(path) for path in paths], rules, load_lookups(), arrival=rules["visibility"]["arrival"])
    with counted(request, lambda _: None) as (contacts, _):
        return told_by_files(contacts, rules, CLOCK)


@pytest.fixture(scope="module")
def by_files(files: dict[str, Path]) -> Told:
    return of_files([*files.values()])


@pytest.fixture(scope="module")
def contacts(files: dict[str, Path]) -> list[Contact]:
    return local_contacts([*files.values()])[0]


def said(told: Told) -> dict[str, Any]:
    """The report without what no two origins have in common: where it is from, and how far it is known."""
    same = Told("", told.rows, NOW, NOW, told.lateness)
    return visibility(same, compiled(), load_lookups().outcomes)


def test_files_tell_what_their_contacts_tell(by_files: Told, contacts: list[Contact]) -> None:
    assert len(by_files.rows) > len(PLAYS)
    assert sorted(by_files.rows, key=str) == sorted(rows_of(contacts, FIELDS), key=str)
    assert by_files.now == max(row.last for row in by_files.rows)
    assert any(row.hidden for row in by_files.rows if row.log == "m365_audit")


def test_files_tell_when_records_arrived_where_they_say_it(by_files: Told) -> None:
    assert by_files.lateness == {"entra_signin": Lateness(90, 90, 90, 90)}


def test_a_cluster_tells_the_same(bare_cluster: Elasticsearch, files: dict[str, Path], by_files: Told) -> None:
    template(bare_cluster)
    made = []
    try:
        for source, path in files.items():
            made.append(index_name(LOGS[source].indices[0], "seen"))
            put(bare_cluster, made[-1], documents_of(path))
        week_ago = CLOCK - 7 * DAY  # long after the last event: a log that fell silent is read where it ends
        found = told_by_cluster(bare_cluster, compiled(), load_lookups().outcomes, week_ago, CLOCK)
    finally:
        for index in made:
            bare_cluster.indices.delete(index=index)
        bare_cluster.options(ignore_status=404).indices.delete_index_template(name="logs-for-tests")
    assert said(found) == said(by_files)
    assert found.oldest.keys() == files.keys()
    assert all(found.oldest[row.log] <= row.first for row in found.rows if row.log in found.oldest)


@pytest.fixture(scope="module")
def exported(contacts: list[Contact], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result of the app's search over the same contacts, run by the SPL engine, as CSV."""
    engine = engine_or_skip()
    engine.load([_as_event(one) for one in contacts], numbers=False)
    rows = engine.run("\n".join(visibility_lines()).replace("`enumwatch_contacts`", "search index=main"))
    path = tmp_path_factory.mktemp("exports") / "visibility.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        names = sorted({name for row in rows for name in row})
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def _as_event(contact: Contact) -> dict[str, Any]:
    cells = dict(zip(CONTACT_COLUMNS, contact, strict=True))
    times = {name: cells[name] / MICROSECONDS for name in ("hour", "first", "last")}
    event = {**cells, **times, "target_visible": str(contact.target_visible).lower(), "_time": times["first"]}
    return {"index": "main", **{name: value for name, value in event.items() if value != ""}}


def test_splunk_tells_the_same(exported: Path, by_files: Told, tmp_path: Path) -> None:
    times = tmp_path / "times.csv"
    times.write_text("source_id,events,least_late,middle_late,late,most_late,silent\nentra_signin,9,90,90,90,90,3\n")
    told = told_by_exports([exported, times], compiled(), CLOCK)
    assert told.notes == ()
    assert said(told) == said(by_files)


def test_exports_without_times_say_what_is_not_known(exported: Path) -> None:
    (note,) = told_by_exports([exported], compiled(), CLOCK).notes
    assert times_search("...") in note


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "source_id,events\nentra_signin,3\n", '{"result": {"x": "1"}}'])
def test_an_export_of_something_else_is_refused_with_what_to_do(content: str, tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ExportError, match="enumwatch - Doctor - Visibility"):
        told_by_exports([path], compiled(), CLOCK)


def test_numbers_that_are_none_count_nothing(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("log_source,kind,form,doubtful,attempts,asked_at,first\nentra_signin,sign_in,-,-,inf,x,nan\n")
    told = told_by_exports([path], compiled(), CLOCK)
    assert told.rows == (LogRow("entra_signin", "sign_in", "", "", 0, 0, 0, 0, 0, 0, dict.fromkeys(FIELDS, 0)),)
    assert visibility(told, compiled(), load_lookups().outcomes)["logs"][0]["state"] == "not read"
