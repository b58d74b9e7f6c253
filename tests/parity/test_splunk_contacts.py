"""Contacts from the executed searches of the Splunk app equal DuckDB's, row by row, for every log."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from tests.splunk.contact_rows import SOURCES, by_duckdb, by_splunk
from tests.splunk.engine import SHARED, engine_or_skip
from tests.splunk.hostile_records import hostile
from tests.splunk.indexed import FORMS, indexed

from enumwatch.simulate import simulate

PLAYS = (
    ("fast_enumeration", "entra_signin"),
    ("office", "entra_signin"),
    ("account_short_life", "entra_audit"),
    ("directory_harvest", "graph_activity"),
    ("enumeration_then_success", "m365_audit"),
    ("account_short_life", "m365_audit"),
    ("enumeration_then_success", "okta_system"),
    ("account_short_life", "okta_system"),
    ("password_spray", "workspace_login"),
    ("account_bulk_upload", "workspace_admin"),
    ("autodiscover_enumeration", "iis"),
    ("outlook_autodiscover", "exchange_httpproxy"),
    ("enumeration_then_success", "windows_security"),
    ("account_sending", "message_trace"),
)
HOSTILE = ("entra_signin", "m365_audit", "okta_system", "workspace_login")


def test_every_log_is_played() -> None:
    assert {source for _, source in PLAYS} == set(SOURCES) == set(FORMS)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("scenario", "source"), PLAYS, ids="-".join)
def test_a_simulated_log_gives_the_same_contacts(scenario: str, source: str, tmp_path: Path) -> None:
    engine = engine_or_skip()
    (file,) = simulate(scenario, source, seed=5, out=tmp_path, users=40, form=FORMS[source]).files
    contacts = by_duckdb([file])
    assert contacts
    assert by_splunk(engine, source, indexed(source, file)) == contacts


@pytest.mark.timeout(600)
@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_texts_are_the_same_texts(source: str, tmp_path: Path) -> None:
    engine, seed = engine_or_skip(), Random().randrange(10**6)
    rng = Random(seed)
    (file,) = simulate("vulnerability_scan", source, seed=6, out=tmp_path, users=30, form=FORMS[source]).files
    lines = file.read_text(encoding="utf-8").splitlines()
    records = [hostile(json.loads(rng.choice(lines)), rng) for _ in range(300)]
    file.write_text("".join(json.dumps(_renumbered(record, n)) + "\n" for n, record in enumerate(records)))
    assert by_splunk(engine, source, indexed(source, file)) == by_duckdb([file]), f"seed {seed}"


def _renumbered(record: dict[str, object], number: int) -> dict[str, object]:
    """The record under an id of its own: one id for two different records is another test's matter."""
    text = json.dumps(record)
    for key in ("id", "uuid", "Id", "correlationId"):
        value = record.get(key)
        if isinstance(value, str):
            text = text.replace(value, f"{value}-{number}")
    properties = record.get("properties")
    if isinstance(properties, dict):
        text = text.replace(f'"id": "{properties["id"]}"', f'"id": "{properties["id"]}-{number}"')
    inner = record.get("id")
    if isinstance(inner, dict):
        text = text.replace(inner["uniqueQualifier"], f"{inner['uniqueQualifier']}{number}")
    found: dict[str, object] = json.loads(text)
    return found


@pytest.mark.timeout(900)
def test_the_small_benchmark_gives_the_same_contacts(tmp_path: Path) -> None:
    engine = engine_or_skip()
    packed = SHARED / "bench" / "dev-10k" / "signin.ndjson.gz"
    if not packed.is_file():
        pytest.skip("no benchmark sets: set ENUMWATCH_SHARED to the folder that holds bench")
    import gzip

    file = tmp_path / "signin.ndjson"
    file.write_bytes(gzip.decompress(packed.read_bytes()))
    assert by_splunk(engine, "entra_signin", indexed("entra_signin", file)) == by_duckdb([file])
