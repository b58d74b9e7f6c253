"""Envelope: records that a shipper, a search export or a test file wrapped in one more object, taken out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import orjson
from defusedxml import DefusedXmlException

from .given import is_contact_table
from .intake.event_xml import event_of
from .intake.lines import lines
from .intake.records import Batch, Limits, Problems
from .intake.splunk_text import record_of
from .intake.spool import Spool, TooDeepError
from .intake.streams import open_chunks
from .shape import Shape

Record = Mapping[str, Any]
Route = tuple[str, ...]  # the keys that lead from an envelope to the record inside

_DEEPEST = 3
# A record that says when something happened is one itself, whatever object it holds.
_SAYS_WHEN = re.compile(r"time(stamp|generated)?$|date$|^published$|^timegenerated", re.IGNORECASE)
_EVENT_XML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:\w+:)?Event[\s>]")
_WINDOWS_TEXT = re.compile(r"^LogName=.*^EventCode=", re.MULTILINE | re.DOTALL)


def has_envelopes(rows: Sequence[Record], shapes: Sequence[Shape]) -> bool:
    """True where some of these records are known to no shape, but one inside them is."""
    return any(route_of(row, shapes) for row in rows if not _is_known(row, shapes))


def opened(batch: Batch, rows: Sequence[Record], shapes: Sequence[Shape], scratch: Path) -> Batch | None:
    """An NDJSON batch (`rows` is a sample of it) with the record inside in place of every envelope.

    Returns the batch itself where the sample holds no envelope, and None where a line of it is no JSON object or an
    archive is damaged: it has to be cleaned first, which names what is wrong.
    """
    if rows and is_contact_table(rows[0].keys()):
        return batch
    unknown = [row for row in rows if not _is_known(row, shapes)]
    routes = list(dict.fromkeys(route for row in unknown if (route := route_of(row, shapes))))
    if not routes:
        return batch
    opener = _Opener(routes, shapes, [shape for shape in shapes if any(map(shape.recognises, rows))])
    problems = Problems()
    with Spool(scratch) as spool:
        try:
            for record in _records(batch, problems):
                if record is None:
                    return None
                spool.write(dict(opener.inside(record)))
        except (OSError, TooDeepError):
            return None
    if problems.kept():
        return None
    return Batch(
        batch.path, "ndjson", spool.file, True, batch.container,
        records=spool.records, problems=batch.problems, unreadable=batch.unreadable,
    )  # fmt: skip


class _Opener:
    """Opens one record after another; what fits the sample is done without asking every shape."""

    def __init__(self, routes: Sequence[Route], shapes: Sequence[Shape], bare: Sequence[Shape]) -> None:
        self._routes = routes
        self._shapes = shapes
        self._bare = bare  # shapes of records that need no opening
        self._inner: list[Shape] = []  # shapes that were found inside, the latest first

    def inside(self, record: Record) -> Record:
        """The record inside an envelope, or the record itself where it is none."""
        if _is_known(record, self._bare):
            return record
        for route in self._routes:
            found = _follow(record, route)
            if found is not None and _is_known(found, self._inner):
                return found
        if _is_known(record, self._shapes):
            return record
        new = route_of(record, self._shapes)
        if new is None:
            return record
        found = _follow(record, new)
        assert found is not None
        self._inner += [shape for shape in self._shapes if shape not in self._inner and shape.recognises(found)]
        return found


def route_of(record: Record, shapes: Sequence[Shape]) -> Route | None:
    """The keys from a record to the one inside that a shape recognises; None where there is none.

    A record inside is either the only text that holds one (`message`, `_raw`), or the only object of a record that does
    not itself say when it happened (`log`, `event`, `result`). At most three envelopes are opened.
    """
    return _search(record, shapes, ())


def _search(record: Record, shapes: Sequence[Shape], route: Route) -> Route | None:
    texts = [(key, found) for key, value in record.items() if (found := record_in(value)) is not None]
    if len(texts) == 1 and len(route) < _DEEPEST:
        key, inner = texts[0]
        # The raw text says more than fields somebody extracted from it.
        if _is_known(inner, shapes):
            return (*route, key)
    if route and _is_known(record, shapes):
        return route
    objects = [(key, value) for key, value in record.items() if isinstance(value, dict)]
    if len(objects) != 1 or len(route) >= _DEEPEST or any(_SAYS_WHEN.search(key) for key in record):
        return None
    key, inner = objects[0]
    return _search(inner, shapes, (*route, key))


def record_in(value: object) -> dict[str, Any] | None:
    """The record that a text holds as JSON, as event XML or as Splunk's text of a Windows event; None for any other."""
    if not isinstance(value, str):
        return None
    if value.lstrip()[:1] == "{":
        try:
            found = orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
        return found if isinstance(found, dict) else None
    if _EVENT_XML.match(value):
        try:
            return event_of(value.strip().encode("utf-8", "replace"))
        except (ParseError, DefusedXmlException, ValueError, RecursionError, TooDeepError):
            return None
    if _WINDOWS_TEXT.search(value):
        block = record_of(value.splitlines())
        return dict(block) if block is not None else None
    return None


def _follow(record: Record, route: Route) -> Record | None:
    found: object = record
    for key in route:
        if not isinstance(found, Mapping):
            return None
        value = found.get(key)
        found = value if isinstance(value, dict) else record_in(value)
    return found if isinstance(found, Mapping) else None


def _is_known(record: Record, shapes: Sequence[Shape]) -> bool:
    return any(shape.recognises(record) for shape in shapes)


def _records(batch: Batch, problems: Problems) -> Iterator[Record | None]:
    limit = Limits().max_line_bytes
    for _, line in lines(open_chunks(batch.file, batch.compression, problems), limit):
        if line is not None and not line.strip():
            continue
        try:
            found = orjson.loads(line or b"")
        except orjson.JSONDecodeError:
            found = None
        yield found if isinstance(found, dict) else None
