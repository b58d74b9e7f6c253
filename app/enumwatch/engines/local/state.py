"""State: what runs remember, in one DuckDB file that an analyst may look into, and may delete."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from ...core.memory.row import VERSION, MemoryRow
from .reach import literal

ReadUntil = Mapping[tuple[str, str], int]  # (tenant, source) → time of the last event that was read, microseconds

_TABLES = f"""
CREATE TABLE about (version INTEGER);
INSERT INTO about VALUES ({VERSION});
CREATE TABLE read_until (tenant VARCHAR, source VARCHAR, time TIMESTAMP);
CREATE TABLE memory (key VARCHAR, tenant VARCHAR, kind VARCHAR, value VARCHAR, updated TIMESTAMP, expires TIMESTAMP);
"""
_ROWS_AT_ONCE = 20_000


class StateError(Exception):
    """A state file that cannot be used; the message is one line that ends in what to do."""


class State:
    """What earlier runs remembered, and until when they had read each log."""

    def __init__(self, path: Path) -> None:
        """Reads the file; where there is none a first run begins. Raises StateError."""
        self.path = path
        self.memory: list[MemoryRow] = []
        self.read_until: dict[tuple[str, str], int] = {}
        if path.exists():
            self._read()

    def _read(self) -> None:
        try:
            with duckdb.connect(str(self.path), read_only=True) as db:
                (version,) = db.execute("SELECT version FROM about").fetchall()[0]
                if version != VERSION:
                    raise StateError(
                        f"{self.path} was written by another version of enumwatch (memory {version}, this one has "
                        f"{VERSION}): name a new file, and the first run with it starts without history"
                    )
                columns = "key, tenant, kind, value, epoch_us(updated), epoch_us(expires)"
                self.memory = [MemoryRow._make(row) for row in db.execute(f"SELECT {columns} FROM memory").fetchall()]
                for tenant, source, time in db.execute(
                    "SELECT tenant, source, epoch_us(time) FROM read_until"
                ).fetchall():
                    self.read_until[tenant, source] = time
        except (duckdb.Error, IndexError) as problem:
            reason = str(problem).splitlines()[0]
            raise StateError(
                f"{self.path} is no state of enumwatch ({reason}): name another file, or delete it to start without history"
            ) from None

    def write(self, memory: Iterable[MemoryRow], read_until: ReadUntil) -> None:
        """Replaces the file in one step, so that a crash leaves the old state or the new one. Raises StateError."""
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        try:
            self._write(beside, memory, {**self.read_until, **read_until})
            os.replace(beside, self.path)
        except (duckdb.Error, OSError) as problem:
            reason = str(problem).splitlines()[0]
            raise StateError(
                f"{self.path} cannot be written ({reason}): name a file in a folder you may write to"
            ) from None
        finally:
            for left in (beside, beside.with_name(beside.name + ".wal")):
                left.unlink(missing_ok=True)

    @staticmethod
    def _write(path: Path, memory: Iterable[MemoryRow], read_until: ReadUntil) -> None:
        rows = list(memory)
        with duckdb.connect() as db:
            # The texts repeat themselves a lot: compressed so, the file is a seventh of what it would be.
            db.execute(f"ATTACH {literal(str(path))} AS state (STORAGE_VERSION 'v1.2.0')")
            db.execute("PRAGMA force_compression = 'zstd'")
            db.execute("USE state")
            db.execute(_TABLES)
            for (tenant, source), time in sorted(read_until.items()):
                db.execute("INSERT INTO read_until VALUES (?, ?, make_timestamp(?))", (tenant, source, time))
            for begin in range(0, len(rows), _ROWS_AT_ONCE):
                part = list(zip(*rows[begin : begin + _ROWS_AT_ONCE], strict=True))
                db.execute(
                    "INSERT INTO memory SELECT key, tenant, kind, value, make_timestamp(updated), make_timestamp(expires) "
                    "FROM (SELECT unnest(?) AS key, unnest(?) AS tenant, unnest(?) AS kind, unnest(?) AS value, "
                    "unnest(?::BIGINT[]) AS updated, unnest(?::BIGINT[]) AS expires)",
                    [list(column) for column in part],
                )
            db.execute("CHECKPOINT state")


def not_read_before(read_until: ReadUntil) -> str:
    """SQL that is true for events later than what was read of their log; "" where nothing was."""
    if not read_until:
        return ""
    known = ", ".join(
        f"({literal(tenant)}, {literal(source)}, make_timestamp({time}))"
        for (tenant, source), time in sorted(read_until.items())
    )
    return (
        f"time > coalesce((SELECT until FROM (VALUES {known}) AS known(of_tenant, of_source, until) "
        "WHERE of_tenant = trim(tenant) AND of_source = trim(source)), TIMESTAMP '-infinity')"
    )
