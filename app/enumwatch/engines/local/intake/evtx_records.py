"""Windows event log files (EVTX): every record as the JSON that the evtx package makes of it."""

from __future__ import annotations

from typing import Any

import evtx
import orjson

from .pages import write_record
from .records import Problems
from .spool import Spool

# A file of nothing but damage must end; a sound record starts the count again.
_MAX_BROKEN_IN_A_ROW = 100_000


def convert_evtx(file: str, spool: Spool, problems: Problems) -> None:
    """Writes every readable record to the spool; a broken record is a problem with its number. Raises OSError."""
    with open(file, "rb") as source:
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
