"""Columns: under which names the fields of an event or a contact arrive from Splunk, and what counts as a value.

The names are the core's own, except that Splunk keeps `source` and `host` for itself; those of the common information
model's Authentication data set are understood too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.contact import DROPPED_FOR_SUCCESS
from ...core.event import EMPTY_TEXTS

_EMPTY = frozenset(EMPTY_TEXTS)
_AROUND = " \t\r\n"

# Field of the core → the columns that may carry it, the first that has a value counts.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "source": ("log_source", "source"),
    "tenant": ("tenant",),
    "src_ip": ("src_ip", "src"),
    "asn": ("asn",),
    "country": ("country",),
    "user_agent": ("user_agent",),
    "app": ("app",),
    "app_id": ("app_id",),
    "client_app": ("client_app",),
    "actor": ("actor",),
    "host": ("src_host",),
    "target": ("target", "user"),
    "target_visible": ("target_visible",),
    "code": ("code", "signature_id"),
    "reason": ("reason",),
    "outcome": ("outcome",),
}
# What tells kind, log and outcome of a row; the rest of its columns tells who and what it is about.
MEANING_COLUMNS = (
    *("kind", "log_source", "source", "sourcetype", "category", "code", "signature_id", "reason", "outcome", "action"),
)
SOURCE_COLUMNS = ("log_source", "source", "sourcetype", "category")
KEY_COLUMNS = (
    *MEANING_COLUMNS,
    *("tenant", "src_ip", "src", "asn", "country", "user_agent", "app", "app_id", "client_app", "actor", "src_host"),
    *("host", "target", "user", "target_visible"),
)
# Of a success it does not matter by which application or code somebody came in.
SUCCESS_COLUMNS = tuple(
    name
    for name in KEY_COLUMNS
    if name not in {*DROPPED_FOR_SUCCESS, "signature_id", "reason", "outcome", "action", "country"}
)
TIME, FIRST, LAST, ATTEMPTS, EVENT_ID, ROW_TYPE = "_time", "first", "last", "attempts", "event_id", "row_type"
MEMORY_COLUMNS = ("memory_key", "tenant", "memory_kind", "memory_value", "updated", "expires")
# Everything that may be asked of Splunk.
READ_COLUMNS = tuple(dict.fromkeys((TIME, ROW_TYPE, EVENT_ID, ATTEMPTS, FIRST, LAST, *KEY_COLUMNS, *MEMORY_COLUMNS)))


def text_of(value: object) -> str:
    """The text of a cell without white space around it; "" for what means nothing, the first of several values."""
    if isinstance(value, list):
        value = value[0] if value else ""
    text = value.strip(_AROUND) if isinstance(value, str) else ""
    return "" if text in _EMPTY else text


def field(row: Mapping[str, Any], name: str) -> str:
    """A field of the core in a row of Splunk."""
    for column in COLUMNS[name]:
        text = text_of(row.get(column))
        if text:
            return text
    return ""
