"""`python -m tests.bench.extremes [--events N]`: sign-ins of the worst shapes there are, and what a scan of each costs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from .__main__ import CACHE
from .costs import Cost, measured

_FAILED_ALWAYS, _FAILED_SOMETIMES = (
    "'50034'",
    "CASE WHEN hash(i) % 10 < 8 THEN '0' WHEN hash(i) % 10 = 8 THEN '50126' ELSE '50034' END",
)
_ANY_ADDRESS = "concat(11 + i // 16777216 % 100, '.', i // 65536 % 256, '.', i // 256 % 256, '.', i % 256)"
_SOME_ADDRESS = "concat('198.51.', i % 100, '.', i // 100 % 250)"
_WORKER = "concat('worker', i * 7919 % 5000, '@contoso.example')"


class Extreme(NamedTuple):
    """SQL of what is special about the i-th event of a shape, and over how many days they are spread."""

    address: str
    name: str
    tenant: str
    code: str
    days: int


EXTREMES = {
    "one address, every name another": Extreme(
        "'203.0.113.9'", "concat('name', i, '@contoso.example')", "'contoso'", _FAILED_ALWAYS, 1
    ),
    "one name, every address another": Extreme(_ANY_ADDRESS, "'anna@contoso.example'", "'contoso'", "'50126'", 1),
    "every address and name another": Extreme(
        _ANY_ADDRESS, "concat('name', i, '@contoso.example')", "'contoso'", _FAILED_ALWAYS, 1
    ),
    "a thousand tenants at work": Extreme(_SOME_ADDRESS, _WORKER, "concat('tenant', i % 1000)", _FAILED_SOMETIMES, 7),
    "four hundred days at work": Extreme(_SOME_ADDRESS, _WORKER, "'contoso'", _FAILED_SOMETIMES, 400),
}


def write(extreme: Extreme, events: int, file: Path) -> None:
    """Writes so many sign-ins of a shape, as Entra ID's table is exported to Parquet."""
    step = extreme.days * 86_400_000_000 // events
    columns = {
        "TimeGenerated": f"make_timestamp(1772442000000000 + i * {step})::TIMESTAMPTZ",
        "TenantId": extreme.tenant,
        "UserPrincipalName": extreme.name,
        "IPAddress": extreme.address,
        "ClientAppUsed": "'Browser'",
        "UserAgent": "'Mozilla/5.0'",
        "AppDisplayName": "'Office 365'",
        "ResultType": extreme.code,
        "AutonomousSystemNumber": "64500",
        "Id": "concat('event', i)",
    }
    selected = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
    with duckdb.connect() as database:
        database.execute(
            f"SET TimeZone = 'UTC'; COPY (SELECT {selected} FROM range({events}) AS row(i)) TO '{file}' (FORMAT parquet)"
        )


def scanned(file: Path, folder: Path) -> tuple[Cost, dict[str, object], list[str]]:
    """What a scan of a file cost, its summary, and the verdicts it told."""
    told, summary = folder / "told.ndjson", folder / "summary.json"
    command = [sys.executable, "-m", "enumwatch", "scan", str(file), "--format", "ndjson", "--output", str(told)]
    cost = measured([*command, "--summary", str(summary)])
    verdicts = [json.loads(line)["verdict"] for line in told.read_text("utf-8").splitlines()]
    return cost, json.loads(summary.read_text("utf-8")), verdicts


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each shape; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.extremes", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args(arguments)
    CACHE.mkdir(parents=True, exist_ok=True)
    print(f"{'shape':34}{'events':>11}{'seconds':>9}{'cpu s':>8}{'MiB':>7}  told; cut")
    for name, extreme in EXTREMES.items():
        with TemporaryDirectory(dir=CACHE) as folder:
            file = Path(folder) / "events.parquet"
            write(extreme, options.events, file)
            cost, summary, verdicts = scanned(file, Path(folder))
        cut = summary["truncated"]
        told = ", ".join(sorted(set(verdicts))) or "nothing"
        numbers = f"{options.events:11,}{cost.seconds:9.1f}{cost.processor_seconds:8.1f}{cost.mebibytes:7.0f}"
        print(f"{name:34}{numbers}  {told}; {cut[0] if isinstance(cut, list) and cut else 'nothing'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
