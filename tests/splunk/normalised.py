"""Events and contacts of the local engine as rows under the column names that they have in Splunk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests.splunk.harness import Row

from enumwatch.core.contact import TIME_FIELDS, Contact
from enumwatch.core.decide import Decision, decide
from enumwatch.core.times import SECOND
from enumwatch.engines.local.contacts import Contacts
from enumwatch.engines.local.scan import Request, context_of, counted, needed
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

SPLUNK_NAMES = {"source": "log_source", "host": "src_host"}
_TEXTS = ("kind", "source", "tenant", "src_ip", "asn", "country", "user_agent", "app", "app_id", "client_app", "actor")
_MORE = ("host", "target", "code", "reason")


class Normalised(NamedTuple):
    """A log as rows of events, newest first, and of contacts, with what a scan decides on it."""

    events: list[Row]
    contacts: list[Row]
    decision: Decision


def seconds(time: int) -> str:
    """Epoch seconds of microseconds, as Splunk has them."""
    second, fraction = divmod(time, SECOND)
    return f"{second}.{fraction:06d}" if fraction else str(second)


def contact_row(contact: Contact) -> Row:
    """A contact as a summary search keeps it."""
    row = {}
    for name, value in contact._asdict().items():
        text = seconds(value) if name in TIME_FIELDS else str(value).lower() if isinstance(value, bool) else str(value)
        row[SPLUNK_NAMES.get(name, name)] = text
    return {"_time": row["first"], **row}


def normalised(paths: Iterable[Path], lookups: Path | None = None) -> Normalised:
    """The logs in these files, read by the local engine."""
    request = Request([str(path) for path in paths], compiled(), load_lookups(lookups), with_updates=True)
    context = context_of(request)
    with counted(request, lambda _: None) as (contacts, _):
        events = list(_events(contacts))
        everything = [contact_row(one) for one in contacts.everything()]
        rows, arrivals, _ = needed(contacts, context, request)
    return Normalised(events, everything, decide(rows, context, arrivals=arrivals))


def _events(contacts: Contacts) -> Iterable[Row]:
    names = [*_TEXTS, *_MORE]
    found = contacts.store.rows(
        f"SELECT epoch_us(time), event_id::VARCHAR, target_visible, {', '.join(names)} FROM event WHERE state = 0 "
        "ORDER BY time DESC, event_id"
    )
    for time, event_id, is_visible, *texts in found:
        row = {"_time": seconds(time), "event_id": event_id or "", "target_visible": str(is_visible).lower()}
        yield {**row, **{SPLUNK_NAMES.get(name, name): text for name, text in zip(names, texts, strict=True)}}
