"""Log records as the add-on for each log indexes and extracts them in Splunk, made from the files of a simulation.

JSON as KV_MODE = json gives it (Splunk's props.conf): a.b for a key of an object, a{} for the elements of a list, "null"
for null; W3C and CSV by their columns with every mark that no field name can have as an underscore; XML by its Data names.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb

from enumwatch.core.times import from_iso
from enumwatch.rulebook.compiled import compiled

Event = dict[str, Any]

# The form of each log that its add-on reads: what a simulation is asked for.
FORMS = {
    "entra_signin": "diagnostic",
    "entra_audit": "diagnostic",
    "graph_activity": "diagnostic",
    "m365_audit": "json_lines",
    "okta_system": "json_lines",
    "workspace_login": "activities",
    "workspace_admin": "activities",
    "iis": "w3c",
    "exchange_httpproxy": "csv",
    "windows_security": "xml",
    "message_trace": "cmdlet",
}


def indexed(source: str, path: Path) -> list[Event]:
    """Every event that Splunk would hold of a simulated file of this source."""
    text = path.read_text(encoding="utf-8-sig")
    return list(_READERS.get(source, _DIAGNOSTIC)(source, text))


# Columns of SigninLogs in Log Analytics, and where the same value stands in a diagnostic record.
_LOG_ANALYTICS = {
    "Id": "properties.id",
    "TenantId": "tenantId",
    "UserPrincipalName": "properties.userPrincipalName",
    "IPAddress": "properties.ipAddress",
    "AutonomousSystemNumber": "properties.autonomousSystemNumber",
    "UserAgent": "properties.userAgent",
    "AppDisplayName": "properties.appDisplayName",
    "ClientAppUsed": "properties.clientAppUsed",
    "ResultType": "resultType",
}


def from_log_analytics(table: Path) -> Iterator[Event]:
    """Events of a Parquet table of interactive sign-ins, with the fields their diagnostic records would have."""
    columns = ", ".join(_LOG_ANALYTICS)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT epoch_us(TimeGenerated), {columns} FROM read_parquet(?)", [str(table)])
        while rows := found.fetchmany(10_000):
            for time, *cells in rows:
                told = zip(_LOG_ANALYTICS.values(), cells, strict=True)
                fields = {name: str(cell) for name, cell in told if cell is not None}
                yield event("entra_signin", time / 1_000_000, "", {"category": "SignInLogs", **fields})


def event(source: str, time: str | float, raw: str, fields: Mapping[str, Any]) -> Event:
    """One event of a source's first sourcetype."""
    seconds = from_iso(time) / 1_000_000 if isinstance(time, str) else time
    sourcetype = compiled()["sources"][source]["splunk"]["sourcetypes"][0]
    return {"_time": seconds, "_raw": raw, "index": "main", "sourcetype": sourcetype, **fields}


def flat(record: Any, name: str = "") -> dict[str, Any]:
    """The fields that Splunk extracts from a JSON value; a list of more than one value is multivalue."""
    found: dict[str, list[str]] = {}
    for key, value in _leaves(record, name):
        found.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def _leaves(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, f"{name}{{}}")
    elif isinstance(value, bool) or value is None:
        yield name, json.dumps(value)
    else:
        yield name, str(value)


def as_json(source: str, time: str, record: Any) -> Event:
    """The event of a JSON record that is indexed as it is."""
    return event(source, time, json.dumps(record, ensure_ascii=False), flat(record))


def _json_lines(time: str, zone: str = "") -> Callable[[str, str], Iterator[Event]]:
    """Reads a record a line, whose time stands in the field `time`; `zone` is what that leaves out."""

    def read(source: str, text: str) -> Iterator[Event]:
        for line in text.splitlines():
            record = json.loads(line)
            yield as_json(source, record[time] + zone, record)

    return read


def _workspace(source: str, text: str) -> Iterator[Event]:
    """The add-on makes one event of each of an activity's, under the key event."""
    for line in text.splitlines():
        activity = json.loads(line)
        for one in activity.pop("events"):
            yield as_json(source, activity["id"]["time"], {**activity, "event": one})


def _w3c(source: str, text: str) -> Iterator[Event]:
    names: list[str] = []
    for line in text.splitlines():
        if line.startswith("#Fields: "):
            names = [re.sub(r"\W", "_", name) for name in line.split()[1:]]
        if not line.startswith("#"):
            fields = dict(zip(names, line.split(" "), strict=True))
            yield event(source, f"{fields.pop('date')}T{fields.pop('time')}Z", line, fields)


def _csv(source: str, text: str) -> Iterator[Event]:
    for row in csv.DictReader(io.StringIO(text)):
        yield event(source, row["DateTime"], ",".join(row.values()), {name: cell for name, cell in row.items() if cell})


def _trace(source: str, text: str) -> Iterator[Event]:
    """The add-on asks the reporting service, which writes times as ISO 8601."""
    for row in csv.DictReader(io.StringIO(text)):
        day, clock, half = row["Received"].split(" ")
        month, date, year = day.split("/")
        hour, rest = clock.split(":", 1)
        time = f"{year}-{month:0>2}-{date:0>2}T{int(hour) % 12 + 12 * (half == 'PM'):02}:{rest}Z"
        yield as_json(source, time, {**row, "Received": time})


def _xml(source: str, text: str) -> Iterator[Event]:
    space = "{http://schemas.microsoft.com/win/2004/08/events/event}"
    for node in ElementTree.fromstring(text):
        system = node.find(f"{space}System")
        assert system is not None
        created = system.find(f"{space}TimeCreated")
        assert created is not None
        fields = {child.tag.removeprefix(space): child.text for child in system if child.text}
        data = {child.get("Name", ""): child.text for child in node.iter(f"{space}Data") if child.text}
        raw = ElementTree.tostring(node, encoding="unicode")
        yield event(source, created.attrib["SystemTime"], raw, {**fields, **data})


_DIAGNOSTIC = _json_lines("time")
_READERS: dict[str, Callable[[str, str], Iterator[Event]]] = {
    "m365_audit": _json_lines("CreationTime", "Z"),
    "okta_system": _json_lines("published"),
    "workspace_login": _workspace,
    "workspace_admin": _workspace,
    "iis": _w3c,
    "exchange_httpproxy": _csv,
    "message_trace": _trace,
    "windows_security": _xml,
}
