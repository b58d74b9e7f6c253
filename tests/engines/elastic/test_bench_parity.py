"""Parity on the benchmark data sets: sign-ins of many tenants as documents of the Azure integration."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from elasticsearch import Elasticsearch

from enumwatch.core.decide import decide
from enumwatch.engines.local.scan import Request, context_of
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

from .comparing import cluster_contacts, local_contacts, written

SHARED = Path(os.environ.get("ENUMWATCH_SHARED", Path(__file__).resolve().parents[4] / "shared"))
SETS = ("dev-100k", "dev-10k")
_ROWS_AT_ONCE = 10_000


def bench(name: str) -> Path:
    folder = SHARED / "bench" / name
    if not folder.is_dir():
        pytest.skip(f"no development data at {folder}; set ENUMWATCH_SHARED to the folder that has bench/")
    return folder


def documents(folder: Path) -> Iterator[dict[str, Any]]:
    """The sign-ins of a data set as the integration would have indexed them."""
    columns = (
        "strftime(TimeGenerated, '%Y-%m-%dT%H:%M:%S.%g') || 'Z', TenantId, UserPrincipalName, IPAddress, ClientAppUsed, "
        "UserAgent, AppDisplayName, ResultType, AutonomousSystemNumber, Id"
    )
    with duckdb.connect() as db:
        rows = db.execute(f"SELECT {columns} FROM read_parquet('{folder / 'signin.parquet'}')")
        while some := rows.fetchmany(_ROWS_AT_ONCE):
            for time, tenant, name, address, client, agent, app, code, asn, unique in some:
                properties = {
                    "id": unique, "user_principal_name": name, "client_app_used": client, "app_display_name": app,
                    "autonomous_system_number": asn, "is_interactive": True,
                    "status": {"error_code": int(code)},
                }  # fmt: skip
                yield {
                    "@timestamp": time, "event": {"dataset": "azure.signinlogs", "id": unique},
                    "source": {"ip": address}, "user_agent": {"original": agent},
                    "azure": {"tenant_id": tenant, "signinlogs": {
                        "category": "SignInLogs", "result_type": code, "properties": properties}},
                }  # fmt: skip


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SETS)
def test_contacts_and_verdicts_of_a_data_set_equal_those_of_the_local_engine(
    name: str, cluster: Elasticsearch, tmp_path: Path
) -> None:
    folder = bench(name)
    given = list(documents(folder))
    expected, noise = local_contacts([written(tmp_path, given)], folder / "lookups")
    found, tally = cluster_contacts(cluster, "entra_signin", given)
    assert len(expected) > len(given) // 4
    assert found == expected
    assert (tally.documents, tally.noise, tally.one_by_one) == (len(given), noise, 0)
    context = context_of(Request([], compiled(), load_lookups(folder / "lookups")))
    assert decide(found, context) == decide(expected, context)
