"""A contact table that is large is written without keeping every event apart, each event counted once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from enumwatch.cli import main
from enumwatch.engines.local import store
from enumwatch.engines.local.contacts import Contacts

EVENTS, NAMES = 20_000, 10_000


def sign_ins(file: Path, repeats: int) -> Path:
    """Sign-ins in the columns of the SigninLogs table, the first so many of them twice."""
    rows = (
        "SELECT TIMESTAMP '2026-03-02' + INTERVAL (number // 4) SECOND AS \"TimeGenerated\", "
        "concat('id-', md5(number::VARCHAR)) AS \"Id\", 'SignInLogs' AS \"Category\", '' AS \"TenantId\", "
        f"concat('name.', hash(number % {NAMES}), '@contoso.example') AS \"UserPrincipalName\", "
        "concat('203.0.113.', number % 200) AS \"IPAddress\", '0' AS \"ResultType\", "
        "concat('agent/', md5((number % 5000)::VARCHAR)) AS \"UserAgent\", 'Office' AS \"AppDisplayName\", "
        f"'Browser' AS \"ClientAppUsed\" FROM range({EVENTS}) AS numbers(number)"
    )
    with duckdb.connect() as database:
        database.execute(f"COPY ({rows} UNION ALL (FROM ({rows}) LIMIT {repeats})) TO '{file}' (FORMAT parquet)")
    return file


@pytest.mark.parametrize("repeats", [0, 3])
def test_a_large_table_is_whole_and_in_order(repeats: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    whole = Contacts.all_rows

    def noted(contacts: Contacts) -> str:
        asked.append(whole(contacts))
        return asked[-1]

    monkeypatch.setattr(Contacts, "all_rows", noted)
    monkeypatch.setattr(store, "_SORTED_SIDE_BY_SIDE", 1_000)
    log, table = sign_ins(tmp_path / "signin.parquet", repeats), tmp_path / "contacts.parquet"
    assert main(["contacts", str(log), "--format", "parquet", "--output", str(table)]) == 0
    # Every id kept apart is more than memory holds of ten million events.
    assert ["DISTINCT event_id" in sql for sql in asked] == [repeats > 0] * len(asked)
    with duckdb.connect() as database:
        assert database.execute(f"SELECT count(*), sum(attempts) FROM '{table}'").fetchone() == (NAMES, EVENTS)
        rows = database.execute(f"SELECT hour, src_ip, asn, country, user_agent, target FROM '{table}'").fetchall()
    assert asked
    assert rows == sorted(rows)
