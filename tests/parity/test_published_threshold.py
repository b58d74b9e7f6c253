"""The published rule equals its own KQL text, run by another engine: same groups, counts, rates and verdicts."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from enumwatch.cli import main

duckdb_kql = pytest.importorskip("duckdb_kql", reason="duckdb-kql needs Python 3.11 or newer")

SHARED = Path(os.environ.get("ENUMWATCH_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "bench"
# The time filter of the published text looks back from now; a replay needs all of the file instead.
KQL = """
SigninLogs
| where ResultType in ("50034", "50053", "50055", "50056")
| where isnotempty(IPAddress)
| summarize UniqueUsernames = dcount(UserPrincipalName), AttemptCount = count(),
    Earliest = min(TimeGenerated), Latest = max(TimeGenerated)
    by IPAddress, ClientAppUsed, UserAgent, bin(TimeGenerated, 1h)
| where UniqueUsernames >= 10
| extend DurationMinutes = datetime_diff('minute', Latest, Earliest) + 1
| extend EnumerationRatePerMin = round(toreal(UniqueUsernames) / toreal(DurationMinutes), 2)
| extend Verdict = case(UniqueUsernames >= 50, "High Confidence Enumeration",
    UniqueUsernames >= 20, "Moderate Enumeration", "Low-Level Enumeration")
| project IPAddress, ClientAppUsed, UserAgent, UniqueUsernames, AttemptCount, DurationMinutes, EnumerationRatePerMin, Verdict
"""

Alert = tuple[str, str, str, int, int, int, float, str]


def by_kql(parquet: Path) -> list[Alert]:
    database = duckdb_kql.connect()
    database.execute("SET TimeZone = 'UTC'")
    database.execute(f"CREATE VIEW \"SigninLogs\" AS SELECT * FROM read_parquet('{parquet}')")
    return sorted(tuple(row) for row in duckdb_kql.kql(database, KQL).fetchall())


def by_scan(log: Path, folder: Path) -> list[Alert]:
    out = folder / "findings.ndjson"
    assert (
        main(["scan", str(log), "--detection", "published_threshold", "--format", "ndjson", "--output", str(out)]) == 0
    )
    rows: list[dict[str, Any]] = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return sorted(
        (
            row["actor"]["ip"][0],
            row["actor"]["client_app"] or "",
            row["actor"]["user_agent"] or "",
            row["evidence"]["names_tried"],
            row["evidence"]["attempts"],
            row["evidence"]["minutes"],
            row["evidence"]["names_per_minute"],
            row["verdict"],
        )
        for row in rows
    )


@pytest.mark.parametrize("name", ["dev-10k", "dev-1m"])
def test_the_rule_equals_its_kql(name: str, tmp_path: Path) -> None:
    parquet = SHARED / name / "signin.parquet"
    if not parquet.is_file():
        pytest.skip(f"no development data at {parquet.parent}; set ENUMWATCH_SHARED to the folder that has bench/")
    expected = by_kql(parquet)
    assert len(expected) > (5 if name == "dev-10k" else 300)
    assert by_scan(parquet, tmp_path) == expected


def test_csv_and_ndjson_say_the_same_as_parquet(tmp_path: Path) -> None:
    parquet = SHARED / "dev-10k" / "signin.parquet"
    if not parquet.is_file():
        pytest.skip(f"no development data at {parquet.parent}; set ENUMWATCH_SHARED to the folder that has bench/")
    csv = tmp_path / "signin.csv"
    duckdb.execute(f"COPY (FROM read_parquet('{parquet}')) TO '{csv}' (HEADER)")
    expected = by_scan(parquet, tmp_path)
    assert by_scan(csv, tmp_path) == expected
    assert by_scan(parquet.with_name("signin.ndjson.gz"), tmp_path) == expected
