"""Store: the DuckDB database of one run, bounded in memory, spilling to a scratch folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from ...core.network import IPV4, canonical_ip
from ...core.outcome import OutcomeTable
from .extract import ARRIVAL, COLUMNS, EVENT, MACROS, STATES, EventQuery
from .given import GIVEN_COLUMNS, given_rows
from .reach import literal

_MEBIBYTE = 1 << 20
# DuckDB takes some memory beside its limit and Python needs its own: the whole stays under 600 MiB with this.
_MEMORY_AT_MOST = 380 * _MEBIBYTE
_MEMORY_AT_LEAST = 128 * _MEBIBYTE
_ROWS_AT_ONCE = 20_000
_SORTED_SIDE_BY_SIDE = 1_000_000
_MEMORY_SHARE = 0.25  # of what the machine has

# IPv6 text that is surely in its shortest form; anything else is looked at by the core's own rule.
_SHORTEST_IP = (
    rf"{IPV4}|"
    r"([1-9a-f][0-9a-f]{0,3}:){7}[1-9a-f][0-9a-f]{0,3}|"
    r"([1-9a-f][0-9a-f]{0,3}:){1,6}(:[1-9a-f][0-9a-f]{0,3}){1,5}"
)


class Store:
    """Events of a run in a DuckDB database; a context manager that closes it.

    `keeps_arrival` adds a column with the time at which a record arrived.
    """

    def __init__(self, scratch: Path, threads: int | None = None, *, keeps_arrival: bool = False) -> None:
        self.scratch = scratch
        self.keeps_arrival = keeps_arrival
        self._columns = {**COLUMNS, **({ARRIVAL: "TIMESTAMP"} if keeps_arrival else {})}
        self.db = duckdb.connect(":memory:")
        for setting, value in (
            ("TimeZone", "UTC"),
            ("memory_limit", f"{_memory_limit() // _MEBIBYTE}MiB"),
            ("temp_directory", str(scratch / "spill")),
            ("preserve_insertion_order", "false"),
            ("enable_progress_bar", "false"),
            # It makes a join of each list of five values or more, and there is one for nearly every field that is read.
            ("disabled_optimizers", "in_clause"),
            ("threads", str(threads or os.cpu_count() or 1)),
        ):
            self.db.execute(f"SET {setting} = '{value}'")
        # Events go to a database file in the scratch folder: compressed there, they cost a tenth of the memory.
        self.db.execute(f"ATTACH {literal(str(scratch / 'events.duckdb'))} AS scratch")
        self.db.execute("USE scratch")
        self.db.execute("SET checkpoint_threshold = '1TB'")
        for macro in MACROS:
            self.db.execute(macro)
        columns = ", ".join(f"{name} {kind}" for name, kind in self._columns.items())
        self.db.execute(f"CREATE TABLE small ({columns})")
        self.db.execute(f"CREATE TABLE given ({GIVEN_COLUMNS})")
        self.has_given = False
        self._parts: dict[int, str] = {}  # batch → SELECT of a large one's own table
        self._define_event()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    @contextmanager
    def on_few_threads(self, rows: int) -> Iterator[None]:
        """Sorts so many rows on one thread where they are many: each thread wants memory of its own."""
        threads = self.value("SELECT current_setting('threads')")
        self.db.execute(f"SET threads = {1 if rows > _SORTED_SIDE_BY_SIDE else threads}")
        yield
        self.db.execute(f"SET threads = {threads}")

    def leave_memory(self, mebibytes: int) -> None:
        """From now on takes no more memory than this, and gives back what it has beyond; what does not go stays."""
        with suppress(duckdb.Error):
            self.db.execute(f"SET memory_limit = '{min(mebibytes, _memory_limit() // _MEBIBYTE)}MiB'")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        found: list[tuple[Any, ...]] = self.db.execute(sql).fetchall()
        return found

    def stream(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Rows of a query, so many at a time that memory stays bounded."""
        found = self.db.execute(sql)
        while rows := found.fetchmany(_ROWS_AT_ONCE):
            yield from rows

    def columns(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """Columns of a query, so many rows at a time that memory stays bounded."""
        found = self.db.execute(sql)
        while rows := found.fetchmany(_ROWS_AT_ONCE):
            yield list(zip(*rows, strict=True))

    def value(self, sql: str) -> Any:
        """The one value a query gives."""
        return self.rows(sql)[0][0]

    def add(self, batch: int, query: EventQuery, *, is_large: bool) -> None:
        """Adds events. A large batch gets a table of its own that holds only the columns that vary."""
        if not is_large:
            self.db.execute(f"INSERT INTO small BY NAME {query.select(self._columns)}")
            return
        constants = query.constants
        varying = [name for name in self._columns if name not in constants]
        self.db.execute(f"CREATE OR REPLACE TABLE large_{batch} AS {query.select(varying)}")
        columns = ", ".join(
            f"CAST({constants[name]} AS {kind}) AS {name}" if name in constants else name
            for name, kind in self._columns.items()
        )
        self._parts[batch] = f"SELECT {columns} FROM large_{batch}"
        self._define_event()

    def give(self, records: str) -> tuple[int, int]:
        """Adds rows of a contact table; returns how many there were and how many of them are no contacts."""
        before = self.value("SELECT count(*) FROM given")
        self.db.execute(f"INSERT INTO given BY NAME {given_rows(records)}")
        added = self.value("SELECT count(*) FROM given") - before
        self.has_given = self.has_given or added > 0
        return added, self.value(f"SELECT count(*) FROM {records}") - added

    def count_only(self, batch: int, records: str, state: int) -> None:
        """Adds records of which only the number matters."""
        self.db.execute(f"INSERT INTO small BY NAME SELECT {batch} AS batch, {state} AS state FROM {records}")

    def forget(self, batch: int) -> None:
        """Removes what a batch added."""
        self.db.execute(f"DELETE FROM small WHERE batch = {batch}")
        if self._parts.pop(batch, None) is not None:
            self._define_event()
        self.db.execute(f"DROP TABLE IF EXISTS large_{batch}")

    def _define_event(self) -> None:
        columns = ", ".join(self._columns)
        parts = [f"SELECT {columns} FROM small", *self._parts.values()]
        self.db.execute(f"CREATE OR REPLACE VIEW event AS {' UNION ALL BY NAME '.join(parts)}")

    def states(self, batch: int) -> dict[int, int]:
        """How many records of a batch became what."""
        counted = dict(self.rows(f"SELECT state, count(*) FROM event WHERE batch = {batch} GROUP BY state"))
        return {state: counted.get(state, 0) for state in STATES}

    def settle_addresses(self) -> None:
        """Fills the table `settled`: addresses that are not in their shortest form, and what they are in it."""
        odd = self.rows(
            f"SELECT DISTINCT src_ip FROM event WHERE state = {EVENT} AND src_ip <> '' "
            f"AND NOT regexp_full_match(src_ip, '{_SHORTEST_IP}')"
        )
        changed = [(text, canonical_ip(text)) for (text,) in odd]
        self.table("settled", ["written VARCHAR", "address VARCHAR"], [one for one in changed if one[0] != one[1]])

    def answer_codes(self, outcomes: OutcomeTable) -> None:
        """Fills the table `answer`: what each code that occurred says, by the one outcome table."""
        seen = self.rows(f"SELECT DISTINCT provider, code, reason FROM event WHERE state = {EVENT}")
        self.table(
            "answer",
            ["provider VARCHAR", "code VARCHAR", "reason VARCHAR", "outcome VARCHAR", "is_known BOOLEAN"],
            [(*one, outcomes.outcome(*one), outcomes.is_known(*one)) for one in sorted(seen)],
        )

    def gather(self, name: str, parts: int, select: Callable[[str], str]) -> None:
        """Creates a table of what a SELECT gives, in so many parts that each fits into memory, by a hash of names.

        The SELECT is handed the condition of a part, SQL with `{}` for that hash. What comes in parts goes to the database file.
        """
        for place in ("temp", "scratch"):
            self.db.execute(f"DROP TABLE IF EXISTS {place}.{name}")
        if parts == 1:
            self.db.execute(f"CREATE TEMP TABLE {name} AS {select('true')}")
            return
        self.db.execute(f"CREATE TABLE {name} AS {select(f'{{}} % {parts} = 0')}")
        for turn in range(1, parts):
            self.db.execute(f"INSERT INTO {name} {select(f'{{}} % {parts} = {turn}')}")

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Creates a small table from Python rows."""
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({', '.join(columns)})")
        values = [tuple(row) for row in rows]
        if values:
            marks = ", ".join("?" * len(columns))
            self.db.executemany(f"INSERT INTO {name} VALUES ({marks})", values)


def _memory_limit() -> int:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return _MEMORY_AT_MOST
    return int(max(_MEMORY_AT_LEAST, min(_MEMORY_AT_MOST, total * _MEMORY_SHARE)))
