"""JSON pages: which key wraps the records, and the records out of arrays, pages and concatenated objects."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import ijson
from ijson.backends import python as decimal_parser

from .feeding import PIECE_BYTES, Feeding, NestedError, PerhapsDeepError, RecordTooLongError, shallow
from .records import Limits, Problems
from .spool import Spool, TooDeepError

JSON_ERRORS = (ijson.JSONError, UnicodeDecodeError, ValueError, RecursionError)
# Keys that a page carries beside its records; anything else marks a record of its own.
_PAGE_WORDS = {
    "kind", "etag", "nextPageToken", "nextLink", "next", "count", "total", "took", "timed_out", "_shards",
    "_scroll_id", "pit_id", "aggregations", "status", "hasMore", "offset", "limit", "links", "_links",
}  # fmt: skip
# ijson path of the records -> True when all other keys of the page must be page words.
WRAPPERS = {
    "records.item": False,
    "value.item": True,
    "items.item": True,
    "events.item": True,
    "data.events.item": False,
    "hits.hits.item": False,
}
_FEW_KEYS = 4


def _is_page_word(key: str) -> bool:
    return key in _PAGE_WORDS or key.startswith("@")


def _objects(found: Any) -> list[dict[str, Any]] | None:
    return found if isinstance(found, list) and all(isinstance(part, dict) for part in found) else None


def unwrap(record: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The records inside a page, an event hook or a search hit; None when `record` is itself a record."""
    if isinstance(record.get("_source"), dict) and "_index" in record:
        return [_hit(record)]
    for path, is_strict in WRAPPERS.items():
        steps = path.split(".")[:-1]
        found: Any = record
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        records = _objects(found)
        if records is None or (path == "records.item" and len(record) > _FEW_KEYS):
            continue
        if not is_strict or all(key == steps[0] or _is_page_word(key) for key in record):
            return [_hit(part) for part in records]
    return None


def _hit(record: dict[str, Any]) -> dict[str, Any]:
    source = record.get("_source")
    if not isinstance(source, dict) or "_index" not in record:
        return record
    return {**source, "_id": record["_id"]} if "_id" in record else source


def parser_of(*, use_float: bool) -> Any:
    """The parser for numbers as floats, or for numbers of any size.

    The fast one dies, and the process with it, of whole numbers that are longer than Python reads, unless it makes floats.
    """
    return ijson if use_float else decimal_parser


def record_path(head: bytes) -> str:
    """The ijson path of the records in JSON text that begins with `head`: `item` for an array, "" for bare objects."""
    is_page = True
    pending = ""
    try:
        for prefix, event, value in ijson.parse(io.BytesIO(shallow(head)), multiple_values=True, use_float=True):
            if prefix == "" and event == "start_array":
                return "item"
            if pending:
                if event in ("start_map", "end_array"):
                    return pending
                pending = ""
            if event == "start_array" and f"{prefix}.item" in WRAPPERS:
                pending = f"{prefix}.item" if is_page or not WRAPPERS[f"{prefix}.item"] else ""
            elif prefix == "" and event == "map_key":
                is_page = is_page and (_is_page_word(value) or f"{value}.item" in WRAPPERS)
            elif prefix == "" and event == "end_map":
                return ""
    except JSON_ERRORS:  # the head ends in the middle, as it must
        pass
    return ""


def convert_json(
    reopen: Callable[[], Iterator[bytes]], path: str, spool: Spool, problems: Problems, limits: Limits
) -> None:
    """Writes every record of JSON text (UTF-8) to the spool.

    `path` is what `record_path` returned; `reopen` gives the chunks from the beginning. Text that breaks off yields
    what is complete and a notice.
    """
    done, use_float, is_exact = 0, True, False
    while True:
        feeding = Feeding(reopen(), limits.max_record_bytes, is_exact=is_exact)
        try:
            items = parser_of(use_float=use_float).items
            found = items(feeding, path, multiple_values=True, use_float=use_float, buf_size=PIECE_BYTES)
            for number, record in enumerate(found, 1):
                feeding.next_record()
                if number > done:
                    done = number
                    write_record(record, None, spool, problems)
            return
        except RecordTooLongError:
            what = f"a record is longer than {limits.max_record_bytes} bytes, reading stopped"
            problems.notice(None, what, "shorter records")
            return
        except NestedError:
            problems.notice(None, "a record is nested too deep, reading stopped", "a flatter record")
            return
        except PerhapsDeepError:
            is_exact = True
        except JSON_ERRORS as error:
            if not (use_float and "overflow" in str(error)):
                problems.notice(None, *_fault(str(error), done))
                return
            use_float = False  # a number beyond 64 bits: the slower reading with decimals takes it


def _fault(message: str, read: int) -> tuple[str, str]:
    if "premature EOF" in message or "ncomplete" in message:
        return f"the JSON text ends in the middle of a record (after {read} complete ones)", "a complete file"
    return f"the JSON text is broken after {read} records, what follows was not read", "valid JSON"


def write_record(record: Any, line: int | None, spool: Spool, problems: Problems) -> None:
    """Writes one parsed JSON value: an object, the records of a page, or the objects of an array."""
    if isinstance(record, dict):
        records = unwrap(record)
        parts: list[Any] = [record] if records is None else records
    elif isinstance(record, list) and record and all(isinstance(part, dict) for part in record):
        parts = record
    else:
        problems.bad_record(line, "it is JSON but no object", "one JSON object per record")
        return
    for part in parts:
        try:
            spool.write(part)
        except TooDeepError:
            problems.bad_record(line, "the record is nested more than 100 levels deep", "a flatter record")
