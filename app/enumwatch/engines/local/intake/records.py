"""What intake hands on: batches ready for DuckDB, skipped inputs with their reason, and what was wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FormName = Literal["ndjson", "csv", "parquet"]
Compression = Literal["none", "gzip", "zstd"]
SkipKind = Literal["empty", "binary", "unknown", "unreadable", "repeated"]

KEPT_PROBLEMS = 20


@dataclass(frozen=True)
class Limits:
    """Bounds on one input. Bytes throughout; a bound that is hit is reported, never silent.

    `max_record_bytes` bounds one JSON array element or XML event, `max_line_bytes` one line, cell or NDJSON record. An
    archive may unpack to `always_unpacked_bytes`, a larger one to `max_growth` times its size; logs grow to less than
    half of that.
    """

    max_unpacked_bytes: int = 64 << 30
    always_unpacked_bytes: int = 1 << 30
    max_growth: int = 250
    max_line_bytes: int = 16 << 20
    max_record_bytes: int = 64 << 20
    max_layers: int = 3
    max_members: int = 100_000
    sniff_bytes: int = 256 << 10

    def unpacked_bytes(self, packed_bytes: int) -> int:
        """What an archive of this size may unpack to."""
        return min(self.max_unpacked_bytes, max(self.always_unpacked_bytes, self.max_growth * packed_bytes))


@dataclass(frozen=True)
class Problem:
    """One thing an operator should know: where (1-based line, None where lines mean nothing), what, expected what."""

    line: int | None
    what: str
    expected: str

    def sentence(self) -> str:
        """The problem as one line of text, without the name of the file."""
        place = f"line {self.line}: " if self.line is not None else ""
        return f"{place}{self.what}; expected {self.expected}"


@dataclass(frozen=True)
class Input:
    """One file to read, or the reason why a path names none. `path` is for display, `file` is the real path."""

    path: str
    file: str
    is_stdin: bool = False
    problem: Problem | None = None
    kind: SkipKind = "unreadable"
    original: str | None = None


@dataclass
class Skipped:
    """An input from which no record was taken, and why (a sentence for the operator).

    `original` is the path under which a repeated input was read.
    """

    path: str
    reason: str
    kind: SkipKind = "unreadable"
    problems: list[Problem] = field(default_factory=list)
    unreadable: int = 0
    original: str | None = None


@dataclass
class Batch:
    """Records ready for DuckDB: `file` holds them as NDJSON (one object per line, UTF-8), CSV or Parquet.

    `path` is the display path (`archive.zip!member` for members), `container` what the input was recognised as.
    `records` is None when nobody has read it yet: DuckDB counts them and may refuse it, then `clean_ndjson` or
    `clean_csv` reads it. `is_spool`: the file lies in scratch. `unreadable` counts the records
    that were dropped on the way, `problems` names at most 20 of them and every notice about the file as a whole.
    CSV in place: the heading is the first line, `skip_lines` (1) lines precede the rows, `columns` are the headings
    exactly as written, repeated ones included.
    """

    path: str
    form: FormName
    file: str
    is_spool: bool
    container: str
    compression: Compression = "none"
    delimiter: str = ","
    skip_lines: int = 0
    columns: list[str] = field(default_factory=list)
    records: int | None = None
    problems: list[Problem] = field(default_factory=list)
    unreadable: int = 0


class Problems:
    """Collects problems: counts all, keeps the first 20 bad records and the first 20 notices."""

    def __init__(self) -> None:
        self._bad: list[Problem] = []
        self._notices: list[Problem] = []
        self.unreadable = 0

    def bad_record(self, line: int | None, what: str, expected: str) -> None:
        """One record is lost."""
        self.unreadable += 1
        if len(self._bad) < KEPT_PROBLEMS:
            self._bad.append(Problem(line, what, expected))

    def notice(self, line: int | None, what: str, expected: str) -> None:
        """Something about the file as a whole; no countable record is lost by it."""
        found = Problem(line, what, expected)
        if len(self._notices) < KEPT_PROBLEMS and found not in self._notices:
            self._notices.append(found)

    def kept(self) -> list[Problem]:
        """Notices first, then bad records in the order they were met."""
        return [*self._notices, *self._bad]


class Budget:
    """Bytes that one input may still unpack to; shared by all layers and members of the input."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.left_bytes = limit_bytes
