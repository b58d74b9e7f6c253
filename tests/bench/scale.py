"""`python -m tests.bench.scale [--largest N]`: how cost grows with events, and what a day of a billion comes to.

The largest log is a million sign-ins written down for ten groups of tenants, so tenants and names grow with the events.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from .__main__ import CACHE, SHARED
from .costs import measured

BILLION = 1_000_000_000
_COPIES = 10
_DAY_SECONDS = 86_400
SLOWER = (1, 3, 10)  # how much slower than a core here one of an indexer or shard may group; only a live one can tell
BUSY = 0.1  # of the time, so that a peak of ten times the mean still fits


class Size(NamedTuple):
    """One log: what is in it and what became of it. Bytes are those of the contact table as Parquet."""

    events: int
    names: int
    addresses: int
    contacts: int
    bytes: int
    grouping: float  # processor seconds from events to contacts
    deciding: float  # processor seconds from contacts to findings
    mebibytes: float


def measure(log: Path, folder: Path) -> Size:
    """Measures one log."""
    with duckdb.connect() as database:
        row = database.execute(
            f"SELECT count(*), count(DISTINCT UserPrincipalName), count(DISTINCT IPAddress) FROM '{log}'"
        ).fetchone()
    events, names, addresses = row or (0, 0, 0)
    table = folder / "contacts.parquet"
    enumwatch = [sys.executable, "-m", "enumwatch"]
    grouping = measured([*enumwatch, "contacts", str(log), "--format", "parquet", "--output", str(table)])
    scan = measured([*enumwatch, "scan", str(log), "--format", "ndjson"])
    deciding = measured([*enumwatch, "scan", str(table), "--format", "ndjson"])
    with duckdb.connect() as database:
        (contacts,) = database.execute(f"SELECT count(*) FROM '{table}'").fetchone() or (0,)
    size = table.stat().st_size
    return Size(
        events, names, addresses, contacts, size, grouping.processor_seconds, deciding.processor_seconds, scan.mebibytes
    )


def _events(log: Path) -> int:
    with duckdb.connect() as database:
        (events,) = database.execute(f"SELECT count(*) FROM '{log}'").fetchone() or (0,)
    return int(events)


def copied(log: Path, file: Path) -> Path:
    """The same sign-ins for ten groups of tenants, each with names of its own."""
    replaced = (
        "concat(TenantId, '-', copy) AS TenantId, concat('g', copy, '.', UserPrincipalName) AS UserPrincipalName, "
        "concat(Id, '-', copy) AS Id"
    )
    with duckdb.connect() as database:
        database.execute(
            f"COPY (SELECT * EXCLUDE (copy) REPLACE ({replaced}) FROM '{log}', range({_COPIES}) AS copies(copy)) "
            f"TO '{file}' (FORMAT parquet, COMPRESSION zstd)"
        )
    return file


def slope(sizes: Sequence[Size], value: str) -> tuple[float, float]:
    """(fixed part, part for each event) of a value, by least squares with weights that make every size count alike."""
    weights = [1 / one.events**2 for one in sizes]
    total = sum(weights)
    mean_x = sum(weight * one.events for weight, one in zip(weights, sizes, strict=True)) / total
    mean_y = sum(weight * float(getattr(one, value)) for weight, one in zip(weights, sizes, strict=True)) / total
    spread = sum(weight * (one.events - mean_x) ** 2 for weight, one in zip(weights, sizes, strict=True))
    shared = sum(
        weight * (one.events - mean_x) * (float(getattr(one, value)) - mean_y)
        for weight, one in zip(weights, sizes, strict=True)
    )
    each = shared / spread if spread else 0.0
    return mean_y - each * mean_x, each


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, the fitted costs and what they come to for a billion events a day; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--largest", type=int, default=10_000_000, help="leave out logs of more events")
    options = parser.parse_args(arguments)
    logs = [SHARED / name / "signin.parquet" for name in ("dev-10k", "dev-100k", "dev-1m")]
    if not all(one.is_file() for one in logs):
        print(f"skipped: no development data at {SHARED}; set ENUMWATCH_SHARED to the folder that has bench/")
        return 0
    CACHE.mkdir(parents=True, exist_ok=True)
    print(
        f"{'events':>11}{'names':>9}{'addresses':>11}{'contacts':>10}{'MB':>9}{'to contacts':>13}{'to findings':>13}{'MiB':>6}"
    )
    sizes = []
    with TemporaryDirectory(dir=CACHE) as name:
        folder = Path(name)
        known = 1
        for log in [*logs, folder]:
            known = _events(log) if log is not folder else known * _COPIES
            if known > options.largest:
                break
            size = measure(copied(logs[-1], folder / "copied.parquet") if log is folder else log, folder)
            sizes.append(size)
            print(
                f"{size.events:11,}{size.names:9,}{size.addresses:11,}{size.contacts:10,}{size.bytes / 1e6:9.3f}"
                f"{size.grouping:11.2f} s{size.deciding:11.2f} s{size.mebibytes:6.0f}",
                flush=True,
            )
    print("\n".join(billion(sizes)))
    return 0


def billion(sizes: Sequence[Size]) -> list[str]:
    """What the fitted costs come to for a billion events a day."""
    each = {value: slope(sizes, value)[1] for value in ("contacts", "bytes", "grouping", "deciding")}
    contacts = each["contacts"] * BILLION
    cores = {value: each[value] * BILLION / _DAY_SECONDS for value in ("grouping", "deciding")}
    return [
        f"fitted    {each['contacts']:.3f} contacts, {each['bytes']:.1f} bytes, {each['grouping'] * 1e6:.2f} microseconds to "
        f"contacts and {each['deciding'] * 1e6:.2f} to findings for each event",
        f"a billion {contacts / 1e6:,.0f} million contacts and {each['bytes'] * BILLION / 1e9:.1f} GB a day; "
        f"{cores['grouping']:.2f} cores busy all day to group here, {cores['deciding']:.2f} to decide",
        f"one core  groups {1 / each['grouping']:,.0f} events a second and decides on {1 / each['deciding']:,.0f}",
        "indexers  or shards for a billion, a core each, busy a tenth of the time: "
        + ", ".join(f"{cores_for(BILLION, each['grouping'] * one):.0f} {_slower(one)}" for one in SLOWER),
        f"tenant    the largest that one core can decide on, busy a tenth of the time: "
        f"{BUSY * _DAY_SECONDS / each['deciding'] / 1e6:,.0f} million events a day",
    ]


def cores_for(events: float, seconds_each: float) -> float:
    """Cores that events of a day keep busy for the share of the time that is planned with, at least one."""
    return max(1.0, events * seconds_each / (BUSY * _DAY_SECONDS))


def _slower(factor: int) -> str:
    return "if as fast as here" if factor == 1 else f"if {factor} times slower"


if __name__ == "__main__":
    sys.exit(main())
