"""The peers: what bare DuckDB costs for part of the same work, each as a process of its own."""

from __future__ import annotations

import sys

import duckdb

_CODES = "('50034', '50053', '50055', '50056')"
_NDJSON_COLUMNS = (
    "{time: 'VARCHAR', tenantId: 'VARCHAR', category: 'VARCHAR', resultType: 'VARCHAR', properties: 'STRUCT(id VARCHAR, "
    "createdDateTime VARCHAR, userPrincipalName VARCHAR, ipAddress VARCHAR, autonomousSystemNumber VARCHAR, "
    "location STRUCT(countryOrRegion VARCHAR), userAgent VARCHAR, appDisplayName VARCHAR, appId VARCHAR, clientAppUsed "
    "VARCHAR, status STRUCT(errorCode VARCHAR, failureReason VARCHAR), signInIdentifier VARCHAR)'}"
)
_NDJSON = """SELECT category AS source, tenantId AS tenant, try_cast(properties.createdDateTime AS TIMESTAMP) AS time,
    properties.ipAddress AS src_ip, properties.autonomousSystemNumber AS asn,
    properties.location.countryOrRegion AS country, properties.userAgent AS agent, properties.appDisplayName AS app,
    properties.appId AS app_id, properties.clientAppUsed AS client, properties.userPrincipalName AS name,
    resultType AS code FROM read_json('{file}', format = 'newline_delimited', columns = {columns})"""
_PARQUET = """SELECT 'SignInLogs' AS source, TenantId AS tenant, CAST(TimeGenerated AS TIMESTAMP) AS time,
    IPAddress AS src_ip, AutonomousSystemNumber AS asn, '' AS country, UserAgent AS agent, AppDisplayName AS app,
    '' AS app_id, ClientAppUsed AS client, UserPrincipalName AS name, ResultType AS code FROM '{file}'"""
_RULE_NDJSON = """SELECT try_cast(time AS TIMESTAMP) AS time, properties.ipAddress AS src_ip,
    properties.clientAppUsed AS client, properties.userAgent AS agent, properties.userPrincipalName AS name,
    resultType AS code FROM read_json('{file}', format = 'newline_delimited', columns = {{time: 'VARCHAR',
    resultType: 'VARCHAR', properties: 'STRUCT(ipAddress VARCHAR, clientAppUsed VARCHAR, userAgent VARCHAR,
    userPrincipalName VARCHAR)'}})"""


def contacts(file: str) -> str:
    """SQL of extraction and grouping to the grain of contacts, and nothing else."""
    rows = (
        _PARQUET.format(file=file) if file.endswith(".parquet") else _NDJSON.format(file=file, columns=_NDJSON_COLUMNS)
    )
    ok = "(code = '0')"
    kept = ", ".join(f"CASE WHEN {ok} THEN '' ELSE {name} END AS {name}" for name in ("app", "app_id", "client"))
    return (
        f"CREATE TEMP TABLE contact AS SELECT source, tenant, CASE WHEN {ok} THEN time_bucket(INTERVAL 1 DAY, time) "
        f"ELSE time_bucket(INTERVAL 1 HOUR, time) END AS hour, src_ip, asn, country, agent, {kept}, name, code, "
        f"count(*) AS attempts, min(time) AS first, max(time) AS last FROM ({rows}) GROUP BY ALL"
    )


def rule(file: str) -> str:
    """SQL of the published threshold rule alone."""
    rows = _PARQUET.format(file=file) if file.endswith(".parquet") else _RULE_NDJSON.format(file=file)
    return (
        "CREATE TEMP TABLE alert AS SELECT src_ip, client, agent, time_bucket(INTERVAL 1 HOUR, time) AS hour, "
        f"count(DISTINCT name) AS names, count(*) AS attempts FROM ({rows}) WHERE code IN {_CODES} GROUP BY ALL "
        "HAVING count(DISTINCT name) >= 10"
    )


if __name__ == "__main__":
    work, log = sys.argv[1:]
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    database.execute(contacts(log) if work == "contacts" else rule(log))
