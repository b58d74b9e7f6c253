"""Splunk events: a log's records as its add-on would index them, in the JSON of the HTTP Event Collector.

The text of an event is what the add-on indexes, so that Splunk extracts the same fields. Columns that are extracted when
a file is indexed (W3C, CSV) are given as indexed fields, because nothing extracts them from a collected event.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from ...rulebook.compiled import compiled
from ..event import SimulateError, iso
from ..shapes.mail import CMDLET_COLUMNS
from ..shapes.web import IIS_FIELDS, PROXY_COLUMNS
from .manifest import Manifest
from .marks import LABEL, RUN, SCENARIO, SOURCE, TAG, splunk_source
from .playing import Labelled, Play

# The form of each log that its add-on reads.
FORMS = {
    "entra_signin": "diagnostic", "entra_audit": "diagnostic", "graph_activity": "diagnostic",
    "m365_audit": "json_lines", "okta_system": "json_lines", "workspace_login": "activities",
    "workspace_admin": "activities", "iis": "w3c", "exchange_httpproxy": "csv", "windows_security": "xml",
    "message_trace": "cmdlet",
}  # fmt: skip
Text = tuple[str, dict[str, str]]  # what is indexed, and fields that are indexed beside it
_encode = json.JSONEncoder(ensure_ascii=False).encode


def sourcetype_of(source: str) -> str:
    """The sourcetype under which the app looks for a log; raises SimulateError where it looks for none."""
    rule = compiled()["sources"][source].get("splunk")
    if not rule:
        raise SimulateError(f"{source} has no add-on in Splunk that the app reads: choose another --source")
    return str(rule["sourcetypes"][0])


def hec_events(manifest: Manifest, play: Play) -> Iterator[tuple[dict[str, Any], ...]]:
    """For each record, the events that Splunk holds of it."""
    source = play.shape.id
    marks = {RUN: manifest.run, SCENARIO: play.told.scenario.id, SOURCE: source}
    frame: dict[str, Any] = {"host": TAG, "source": splunk_source(manifest.run), "sourcetype": sourcetype_of(source)}
    if manifest.index:
        frame["index"] = manifest.index
    read = _READERS.get(source, _as_json)
    for one in play.labelled():
        yield tuple(
            {"time": one.time / 1_000_000, **frame, "event": text, "fields": {**columns, **marks, LABEL: one.label}}
            for text, columns in read(one)
        )


def _as_json(one: Labelled) -> Iterator[Text]:
    yield _encode(one.record), {}


def _activity(one: Labelled) -> Iterator[Text]:
    """The add-on makes one event of each of an activity's, under the key event."""
    activity = dict(one.record)
    for event in activity.pop("events"):
        yield _encode({**activity, "event": event}), {}


def _w3c(one: Labelled) -> Iterator[Text]:
    names = [re.sub(r"\W", "_", name) for name in IIS_FIELDS.split()]
    columns = dict(zip(names, one.record.split(" ")))
    del columns["date"], columns["time"]  # which are the time of the event
    yield one.record, columns


def _row(one: Labelled) -> Iterator[Text]:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(one.record)
    yield line.getvalue(), {name: str(cell) for name, cell in zip(PROXY_COLUMNS, one.record) if cell not in ("", None)}


def _trace(one: Labelled) -> Iterator[Text]:
    """The reporting service, which the add-on asks, writes times as ISO 8601."""
    yield _encode({**dict(zip(CMDLET_COLUMNS, one.record)), "Received": iso(one.time, 0)}), {}


_READERS: dict[str, Callable[[Labelled], Iterator[Text]]] = {
    "workspace_login": _activity, "workspace_admin": _activity, "iis": _w3c, "exchange_httpproxy": _row,
    "message_trace": _trace, "windows_security": lambda one: iter([(str(one.record), {})]),
}  # fmt: skip
