"""Contacts from the executed searches of the Splunk app equal DuckDB's, row by row, for every log."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from random import Random

import pytest
from tests.splunk.contact_rows import SOURCES, by_duckdb, by_splunk
from tests.splunk.engine import SHARED, engine_or_skip
from tests.splunk.hostile_records import hostile_lines
from tests.splunk.indexed import FORMS, from_log_analytics, indexed
from tests.splunk.plays import PLAYS, RECORDS, played, record, record_file

from enumwatch.simulate import simulate

HOSTILE = {
    "entra_signin": "vulnerability_scan",
    "entra_audit": "account_burst",
    "graph_activity": "directory_harvest",
    "m365_audit": "vulnerability_scan",
    "okta_system": "vulnerability_scan",
    "workspace_login": "vulnerability_scan",
    "workspace_admin": "account_burst",
    "windows_security": "enumeration_then_success",
    "exchange_httpproxy": "autodiscover_enumeration",
    "iis": "autodiscover_enumeration",
    "message_trace": "account_burst",
}


FEW_HOSTILE = ("entra_signin", "okta_system", "windows_security", "iis")  # JSON with and without lists, XML, lines


def test_every_log_is_played() -> None:
    assert {source for _, source in PLAYS} == set(SOURCES) == set(FORMS)


@pytest.mark.parametrize(("scenario", "source"), PLAYS, ids=["-".join(play) for play in PLAYS])
def test_what_was_recorded_belongs_to_the_search_and_is_what_duckdb_says(scenario: str, source: str) -> None:
    """Needs no engine: a search that was changed without being run again is told by its hash."""
    with played(scenario, source) as file:
        now = json.loads(json.dumps(record(source, file, by_duckdb([file]))))
    kept = json.loads(record_file(scenario, source).read_text(encoding="utf-8"))
    assert now == kept, "run python -m tests.splunk.plays where the SPL engine is"


def test_there_is_no_record_without_its_play() -> None:
    assert {file.name for file in RECORDS.iterdir()} == {record_file(*play).name for play in PLAYS}


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("scenario", "source"), PLAYS, ids=["-".join(play) for play in PLAYS])
def test_the_executed_search_gives_duckdbs_contacts(scenario: str, source: str) -> None:
    engine = engine_or_skip()
    with played(scenario, source) as file:
        contacts = by_duckdb([file])
        assert contacts
        assert by_splunk(engine, source, indexed(source, file)) == contacts


@pytest.mark.timeout(600)
@pytest.mark.parametrize("source", HOSTILE if os.environ.get("ENUMWATCH_LONG") else FEW_HOSTILE)
def test_hostile_texts_are_the_same_texts(source: str, tmp_path: Path) -> None:
    engine, seed = engine_or_skip(), Random().randrange(10**6)
    rng = Random(seed)
    (file,) = simulate(HOSTILE[source], source, seed=6, out=tmp_path, users=30, form=FORMS[source]).files
    text = hostile_lines(source, file.read_text(encoding="utf-8-sig"), rng, 150)
    file.write_bytes(text.encode())
    assert by_splunk(engine, source, indexed(source, file)) == by_duckdb([file]), f"seed {seed}"


@pytest.mark.timeout(900)
def test_the_small_benchmark_gives_the_same_contacts(tmp_path: Path) -> None:
    engine = engine_or_skip()
    packed = SHARED / "bench" / "dev-10k" / "signin.ndjson.gz"
    if not packed.is_file():
        pytest.skip("no benchmark sets: set ENUMWATCH_SHARED to the folder that holds bench")
    file = tmp_path / "signin.ndjson"
    file.write_bytes(gzip.decompress(packed.read_bytes()))
    assert by_splunk(engine, "entra_signin", indexed("entra_signin", file)) == by_duckdb([file])


@pytest.mark.timeout(3600)
@pytest.mark.skipif(not os.environ.get("ENUMWATCH_LONG"), reason="takes long: set ENUMWATCH_LONG=1")
def test_the_large_benchmark_gives_the_same_contacts() -> None:
    """Columns of Log Analytics, written as the diagnostic records that Splunk's add-on gets."""
    engine = engine_or_skip()
    table = SHARED / "bench" / "dev-100k" / "signin.parquet"
    if not table.is_file():
        pytest.skip("no benchmark sets: set ENUMWATCH_SHARED to the folder that holds bench")
    assert by_splunk(engine, "entra_signin", from_log_analytics(table)) == by_duckdb([table])
