"""`python -m tests.bench [--small] [--rounds N] [--record]`: scan against bare DuckDB, alternating, the best of each counts.

Then ten million events, the search command, the runner, the worst shapes of logs and how cost grows. With --record the figures
go to the page.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from .costs import ROOT, Cost, best_of, measured
from .recording import PAGE, SCALE_PAGE, machine, record

CACHE = ROOT / "build" / "bench"
SHARED = Path(os.environ.get("ENUMWATCH_SHARED", ROOT.parent / "shared")) / "bench"


def ndjson_of(parquet: Path) -> Path:
    """The same sign-ins as Azure's diagnostic settings write them, made once."""
    file = CACHE / f"{parquet.parent.name}.ndjson"
    if file.is_file():
        return file
    CACHE.mkdir(parents=True, exist_ok=True)
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    stamp = "strftime(CAST(TimeGenerated AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%g0000Z')"
    database.execute(
        f"""COPY (SELECT {stamp} AS time, TenantId AS "tenantId", 'Sign-in activity' AS "operationName", '1.0' AS
        "operationVersion", 'SignInLogs' AS category, ResultType AS "resultType", 'None' AS "resultSignature", '' AS
        "resultDescription", 0 AS "durationMs", IPAddress AS "callerIpAddress", 'GB' AS location, Id AS "correlationId",
        4 AS "Level", {{'id': Id, 'createdDateTime': {stamp}, 'userDisplayName': 'Some Name', 'userPrincipalName':
        UserPrincipalName, 'userId': '00000076-0000-4000-9000-000000000000', 'appId':
        '00000002-1111-4000-8000-000000000000', 'appDisplayName': AppDisplayName, 'resourceDisplayName': AppDisplayName,
        'ipAddress': IPAddress, 'autonomousSystemNumber': AutonomousSystemNumber, 'location': {{'city': '', 'state': '',
        'countryOrRegion': 'GB'}}, 'status': {{'errorCode': CAST(ResultType AS INTEGER), 'failureReason': 'Other.'}},
        'clientAppUsed': ClientAppUsed, 'isInteractive': true, 'userAgent': UserAgent, 'deviceDetail': {{'deviceId': '',
        'operatingSystem': 'Windows10', 'browser': 'Edge'}}, 'correlationId': Id, 'conditionalAccessStatus':
        'notApplied', 'riskState': 'none', 'tokenIssuerType': 'AzureAD'}} AS properties FROM '{parquet}')
        TO '{file}.part' (FORMAT json)"""
    )
    Path(f"{file}.part").rename(file)
    return file


def compare(log: Path, rounds: int) -> dict[str, Cost]:
    """The best cost of each of the three, run in turn so that all meet the same machine."""
    commands = {
        "scan": [sys.executable, "-m", "enumwatch", "scan", str(log), "--format", "ndjson"],
        "bare contacts": [sys.executable, "-m", "tests.bench.peers", "contacts", str(log)],
        "rule alone": [sys.executable, "-m", "tests.bench.peers", "rule", str(log)],
    }
    return best_of({name: partial(measured, command) for name, command in commands.items()}, rounds)


def scans(logs: Sequence[Path], rounds: int) -> Iterator[str]:
    """Lines of what a scan of each log and its peers cost."""
    yield f"{'log':9}{'work':16}{'seconds':>9}{'cpu s':>8}{'MiB':>7}{'times bare':>12}{'of rule':>9}"
    for log in logs:
        costs = compare(log, rounds)
        for name, cost in costs.items():
            times_bare = cost.seconds / costs["bare contacts"].seconds
            of_rule = costs["rule alone"].seconds / cost.seconds
            yield (
                f"{log.suffix[1:]:9}{name:16}{cost.seconds:9.2f}{cost.processor_seconds:8.2f}{cost.mebibytes:7.0f}"
                f"{times_bare:12.2f}{of_rule:9.2f}"
            )
        yield f"{log.suffix[1:]:9}where the time of a scan goes, in seconds:"
        yield from printed(["tests.bench.phases", str(log)])


def start() -> Iterator[str]:
    """The line of what it takes until the command says something."""
    help_seconds = min(measured([sys.executable, "-m", "enumwatch", "--help"]).seconds for _ in range(5))
    yield f"start     enumwatch --help {help_seconds:.2f} s"


def ten_million(parquet: Path) -> Iterator[str]:
    """Lines of what a scan of ten times as many tenants and people costs, and its peers."""
    from .scale import copied

    CACHE.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=CACHE) as folder:
        yield from scans((copied(parquet, Path(folder) / "copied.parquet"),), 1)


def printed(module: Sequence[str]) -> Iterator[str]:
    """Lines that a module of the benchmarks prints, as they come; raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", *module]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield from (line.rstrip("\n") for line in process.stdout or ())
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def keep(name: str, told: str) -> None:
    """Puts what a benchmark printed on its page, and draws what is drawn of it."""
    record(name, told, SCALE_PAGE if name == "scale" else PAGE)
    if name == "scale":
        from .charts import write_charts

        write_charts()


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables; returns 0, also where the development data is absent."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--small", action="store_true", help="ten thousand events instead of a million")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--parts", nargs="+", metavar="PART", help="only these: scan, ten, splunk, elastic, extremes, scale"
    )
    parser.add_argument("--record", action="store_true", help="write the figures into docs/benchmarks.md and scale.md")
    options = parser.parse_args(arguments)
    parquet = SHARED / ("dev-10k" if options.small else "dev-1m") / "signin.parquet"
    if not parquet.is_file():
        print(f"skipped: no development data at {parquet.parent}; set ENUMWATCH_SHARED to the folder that has bench/")
        return 0
    small = ["--small"] if options.small else []
    parts: dict[str, Iterator[str]] = {
        "scan": chain(scans((ndjson_of(parquet), parquet), options.rounds), start()),
        "splunk": printed(["tests.bench.splunk_stream", *small]),
    }
    if not options.small:
        parts |= {
            "ten": ten_million(parquet),
            "elastic": printed(["tests.bench.elastic_run"]),
            "extremes": printed(["tests.bench.extremes"]),
            "scale": printed(["tests.bench.scale"]),
        }
    print(machine())
    for name, lines in parts.items():
        if options.parts and name not in options.parts:
            continue
        told = []
        for line in lines:
            print(line, flush=True)
            told.append(line)
        if options.record:
            keep(name, "\n".join(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
