"""Ready queries of a triage, executed where an engine is: what they return is what the finding says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.splunk.engine import engine_or_skip

from enumwatch.core.contact import Contact
from enumwatch.engines.local.export import export
from enumwatch.engines.local.scan import Request, counted, scan
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.simulate import simulate
from enumwatch.splunk.content.names import CONTACT_COLUMNS, CONTACTS


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    return simulate("enumeration_then_success", "entra_signin", seed=4, out=folder, users=40).files[0]


@pytest.fixture(scope="module")
def told(log: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The finding and its triage."""
    result = scan(Request([str(log)], compiled(), load_lookups(), with_triage=True))
    finding = result.decision.findings[0].to_dict()
    return finding, result.triages[finding["finding_id"]]["queries"]


def contacts_of(log: Path) -> list[Contact]:
    with counted(Request([str(log)], compiled(), load_lookups()), lambda _: None) as (contacts, _):
        return sorted(contacts.everything())


def test_sql_finds_what_the_finding_says(told: Any, log: Path, tmp_path: Path) -> None:
    finding, queries = told
    file = tmp_path / "contacts.parquet"
    with counted(Request([str(log)], compiled(), load_lookups()), lambda _: None) as (contacts, _):
        export(contacts, "parquet", str(file))

    def rows(name: str) -> list[Any]:
        with duckdb.connect() as database:
            return database.execute(queries[name]["sql"].replace("'contacts.parquet'", f"'{file}'")).fetchall()

    failed = [row for row in rows("attempts") if row[7] != "success"]
    assert sum(row[8] for row in failed) == finding["evidence"]["attempts"]
    assert {row[2] for row in rows("attempts")} == set(finding["actor"]["ip"])
    assert set(finding["compromised_accounts"]) <= {row[5] for row in rows("later_successes")}
    assert not {row[2] for row in rows("same_names")} & set(finding["actor"]["ip"])


def test_kql_finds_what_the_finding_says(told: Any, log: Path) -> None:
    duckdb_kql = pytest.importorskip("duckdb_kql", reason="duckdb-kql needs Python 3.11 or newer")
    finding, queries = told
    database = duckdb_kql.connect()
    database.execute("SET TimeZone = 'UTC'")
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    database.execute(
        'CREATE TABLE "SigninLogs" (TimeGenerated TIMESTAMP, IPAddress VARCHAR, UserAgent VARCHAR, '
        "AppDisplayName VARCHAR, UserPrincipalName VARCHAR, ResultType VARCHAR)"
    )
    properties = [one["properties"] for one in records]
    database.executemany(
        'INSERT INTO "SigninLogs" VALUES (?, ?, ?, ?, ?, ?)',
        [
            (
                one["createdDateTime"].rstrip("Z"), one["ipAddress"], one.get("userAgent", ""), one["appDisplayName"],
                one["userPrincipalName"], str(one["status"]["errorCode"]),
            )
            for one in properties
        ],
    )  # fmt: skip
    # The stand-in knows no union; the other table would be read in the same way.
    query = queries["attempts"]["kql"].replace(
        "union isfuzzy=true SigninLogs, AADNonInteractiveUserSignInLogs", "SigninLogs"
    )
    rows = duckdb_kql.kql(database, query).fetchall()
    assert len(rows) == finding["evidence"]["attempts"]
    assert {row[1] for row in rows} == set(finding["actor"]["ip"])


def test_spl_finds_what_the_finding_says(told: Any, log: Path) -> None:
    engine = engine_or_skip()
    finding, queries = told
    rows = [
        {
            **{name: str(value) for name, value in zip(CONTACT_COLUMNS, one, strict=True)},
            **{
                "_time": one.first / 1_000_000,
                "_raw": "",
                "index": "summary",
                "source": CONTACTS,
                "sourcetype": "stash",
            },
        }
        for one in contacts_of(log)
    ]
    engine.load(rows)
    _, *others = queries["attempts"]["spl"].splitlines()
    found = engine.run("\n".join([f'index=summary source="{CONTACTS}"', *others]))
    assert (
        sum(int(str(row["attempts"])) for row in found if row["outcome"] != "success")
        == finding["evidence"]["attempts"]
    )
