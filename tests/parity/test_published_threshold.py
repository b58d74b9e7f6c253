"""The published rule equals its own KQL text, run by another engine: same groups, counts, rates and verdicts."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest

from enumwatch.cli import main
from enumwatch.core.times import to_iso

duckdb_kql = pytest.importorskip("duckdb_kql", reason="duckdb-kql needs Python 3.11 or newer")

SHARED = Path(os.environ.get("ENUMWATCH_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "bench"
# The time filter of the published text looks back from now; a replay needs all of the file instead.
KQL = """
SigninLogs
| where ResultType in ("50034", "50053", "50055", "50056")
| where isnotempty(IPAddress)
| summarize UniqueUsernames = dcount(UserPrincipalName), AttemptCount = count(),
    UsernameSample = make_set(UserPrincipalName, 25), AppList = make_set(AppDisplayName, 10),
    Earliest = min(TimeGenerated), Latest = max(TimeGenerated)
    by IPAddress, ClientAppUsed, UserAgent, bin(TimeGenerated, 1h)
| where UniqueUsernames >= 10
| extend DurationMinutes = datetime_diff('minute', Latest, Earliest) + 1
| extend EnumerationRatePerMin = round(toreal(UniqueUsernames) / toreal(DurationMinutes), 2)
| extend Verdict = case(UniqueUsernames >= 50, "High Confidence Enumeration",
    UniqueUsernames >= 20, "Moderate Enumeration", "Low-Level Enumeration")
| project IPAddress, ClientAppUsed, UserAgent, UniqueUsernames, AttemptCount, DurationMinutes, EnumerationRatePerMin,
    Verdict, UsernameSample, AppList, Earliest, Latest
"""

Alert = tuple[Any, ...]


def by_kql(parquet: Path) -> list[Alert]:
    database = duckdb_kql.connect()
    database.execute("SET TimeZone = 'UTC'")
    database.execute(f"CREATE VIEW \"SigninLogs\" AS SELECT * FROM read_parquet('{parquet}')")
    return sorted(_as_told(*row) for row in duckdb_kql.kql(database, KQL).fetchall())


def _as_told(*row: Any) -> Alert:
    *counted, names, apps, first, last = ("" if value is None else value for value in row)  # no text is null in KQL
    # KQL lists any 25 names and 10 apps, this stand-in for it lists all; the product lists the first of them in order.
    return (*counted, _listed(names, 25), _listed(apps, 10), *(to_iso(_microseconds(time)) for time in (first, last)))


def _listed(values: Any, most: int) -> list[str]:
    found = json.loads(values) if isinstance(values, str) else values
    return sorted(value for value in found if value)[:most]


def _microseconds(time: datetime) -> int:
    moment = time if time.tzinfo else time.replace(tzinfo=timezone.utc)
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)


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
            row["evidence"]["names_sample"]["tried"],
            row["evidence"]["apps_sample"],
            row["window_start"],
            row["window_end"],
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


def test_edges_of_the_rule_that_no_development_data_has(tmp_path: Path) -> None:
    parquet = tmp_path / "signin.parquet"
    # Groups of up to 70 names at the edges of hours and minutes, among rows that one of the filters must drop.
    duckdb.execute(
        f"""COPY (
            SELECT TIMESTAMPTZ '2026-03-02T08:59:30.5Z' + to_microseconds(step * pace * 1000) AS TimeGenerated,
                't' || ip % 2 AS TenantId,
                (CASE step % 3 WHEN 0 THEN 'User' WHEN 1 THEN 'user' ELSE 'USER' END) || step || '@contoso.example'
                    AS UserPrincipalName,
                CASE WHEN ip = 9 THEN '' WHEN ip = 8 THEN NULL ELSE '203.0.113.' || ip END AS IPAddress,
                CASE ip % 4 WHEN 0 THEN '' WHEN 1 THEN 'Browser' ELSE 'IMAP4' END AS ClientAppUsed,
                CASE WHEN ip % 3 = 0 THEN NULL ELSE 'agent' || step % (ip % 3) END AS UserAgent,
                'App ' || step % 13 AS AppDisplayName,
                (CASE WHEN ip = 7 AND step % 5 = 0 THEN '50126'
                      ELSE ['50034', '50053', '50055', '50056'][step % 4 + 1] END) AS ResultType,
                64500 AS AutonomousSystemNumber,
                ip || '-' || pace || '-' || step AS Id
            FROM range(1, 10) AS ips(ip), range(0, 90) AS steps(step), (VALUES (97), (1000), (2903), (4021)) AS paces(pace)
            WHERE step < ip * 10
        ) TO '{parquet}'"""
    )
    expected = by_kql(parquet)
    assert {alert[7].split()[0] for alert in expected} == {"Low-Level", "Moderate", "High"}
    assert len(expected) > 8
    assert by_scan(parquet, tmp_path) == expected
