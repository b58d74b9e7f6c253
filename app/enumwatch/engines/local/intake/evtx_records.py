"""Windows event log files (EVTX): every record as the JSON that the evtx package makes of it."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

import evtx
import orjson

from .pages import write_record
from .records import Problems
from .spool import Spool

# A file of nothing but damage must end; a sound record starts the count again.
_MAX_BROKEN_IN_A_ROW = 100_000
# MS-EVEN6 and libyal's "Windows XML Event Log (EVTX)" format description: a header block, then chunks of equal size.
_HEADER_BYTES, _CHUNK_BYTES = 4096, 64 << 10
_CHUNK_COUNT_AT = 42


class _WholeChunks:
    """A log file continued with zeros to a whole chunk: the package passes over a chunk that is cut off."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._size = os.fstat(source.fileno()).st_size
        self.missing_bytes = (_HEADER_BYTES - self._size) % _CHUNK_BYTES if self._size > _HEADER_BYTES else 0
        self._end = self._size + self.missing_bytes
        self._at = 0

    def is_truncated(self) -> bool:
        """True when a chunk is cut off, or fewer chunks are there than the header counts."""
        self._source.seek(_CHUNK_COUNT_AT)
        counted = int.from_bytes(self._source.read(2), "little")
        return self.missing_bytes > 0 or self._end < _HEADER_BYTES + counted * _CHUNK_BYTES

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As of a file."""
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._end}[whence])
        return self._at

    def tell(self) -> int:
        """As of a file."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        wanted = max(0, self._end - self._at if size < 0 else min(size, self._end - self._at))
        self._source.seek(self._at)
        found = self._source.read(max(0, min(wanted, self._size - self._at)))
        self._at += wanted
        return found.ljust(wanted, b"\0")


def convert_evtx(file: str, spool: Spool, problems: Problems) -> None:
    """Writes every readable record to the spool; a broken record is a problem with its number. Raises OSError."""
    with open(file, "rb") as raw:
        source = _WholeChunks(raw)
        if source.is_truncated():
            problems.notice(None, "the event log is truncated, what is there was read", "a complete .evtx file")
        records = _opened(source, problems)
        number, broken = 0, 0
        while records is not None and broken < _MAX_BROKEN_IN_A_ROW:
            number += 1
            try:
                found = orjson.loads(next(records)["data"])
            except StopIteration:
                return
            except Exception as error:  # RuntimeError for most faults, OSError without a number for others
                broken += 1
                problems.bad_record(
                    None, f"record {number} cannot be decoded ({_brief(error)})", "a sound event record"
                )
                continue
            except BaseException as error:
                if isinstance(error, (KeyboardInterrupt, SystemExit)):
                    raise
                # A fault inside the package's Rust code is no Exception; nothing can be read after it.
                problems.notice(None, f"reading stopped at record {number} ({_brief(error)})", "a sound event log")
                return
            broken = 0
            write_record(found, None, spool, problems)


def _opened(source: Any, problems: Problems) -> Any:
    try:
        return iter(evtx.PyEvtxParser(source, 1).records_json())
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        problems.notice(None, f"the event log cannot be opened ({_brief(error)})", "a sound .evtx file")
        return None


def _brief(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text[:120] or type(error).__name__
