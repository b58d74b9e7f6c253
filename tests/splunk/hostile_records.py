"""Log records whose texts try to be something else: quotes, pipes, macros, JSON, patterns, no value, odd addresses."""

from __future__ import annotations

import csv
import io
import json
import re
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from enumwatch.core.event import EMPTY_TEXTS
from enumwatch.simulate.names import words

TEXTS: tuple[str | None, ...] = (
    'a"b', "a'b", "a\\b", "\\", '\\"', '" OR true() | delete index=*', "`macro`", "$field$", "{x}", "x{}.y", "[search z]", "a|b",
    "a||b|",
    '{"type":"User","alternateId":"evil@example.com"}', '"name":"login_type","value":"evil"', "%40", "%", "%zz", "+",
    "^.*$", "(?i)x", "\\1", "\\d+", "a\\nb", "*", "?", "Größe@example.com", "管理者", "😀", "0", "007", "1.50", "1e5", "-0",
    "0x0",
    "NaN", "true", "NULL", "null", "-", "(null)", "<null>", "", None, "a,b", "a;b", "a=b", "#", "&amp;", "<b>", "AD\\user", "x y",
    "Not Available", "50053", "malicious locked", "unknown", "SystemPrincipal", "user.session.start",
)  # fmt: skip
ADDRESSES: tuple[str | None, ...] = (
    "192.0.2.09", "192.0.2.256:443", "::ffff:192.0.2.01",
    "192.0.2.1", "192.0.2.1:443", "[192.0.2.1]:443", "::ffff:192.0.2.1", "0:0:0:0:0:ffff:192.0.2.1", "::FFFF:192.0.2.1:443",
    "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "[2001:db8::1]:443", "[2001:db8::1]", "fe80::1%eth0", "::1", "::", "2001:db8:0:1::",
    "2001:db8:0:0:1:0:0:1", "2001:0db8:0000:0001:0001:0001:0001:0001", "1:0:0:2:0:0:0:3",
    "1::2::3", "12345::",
    "1:2:3:4:5:6:7:8:9",     "256.1.1.1", "1.2.3", "01.2.3.4", "localhost", "", None, "-", "192.0.2.1, 192.0.2.2",
    "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
)  # fmt: skip

_ADDRESS_KEYS = frozenset({"ipAddress", "callerIpAddress", "ClientIP", "ActorIpAddress", "ip", "IpAddress"})
# What says when, what and which: without it a record is no record of its log, or the same one twice.
_KEPT = frozenset(
    words(
        "time createdDateTime activityDateTime timeGenerated activityDisplayName operationName requestMethod category "
        "published eventType Operation CreationTime RecordType Workload applicationName name Name key type kind"
    )
)
_IDS = frozenset(words("id uuid Id correlationId requestId operationId uniqueQualifier"))

_KEPT_COLUMNS = frozenset(
    words(
        "DateTime Received MajorVersion ServerHostName Protocol GenericInfo date time s-port cs-uri-stem sc-status "
        "Status SubStatus"
    )
)

_NEVER_EMPTY = frozenset(words("RecipientAddress SenderAddress c-ip cs-method"))


def hostile(record: Any, rng: Random, number: int, key: str = "") -> Any:
    """The record with about half of its texts replaced, and with ids of its own: its number is added to them."""
    if isinstance(record, dict):
        return {name: value if name in _KEPT else hostile(value, rng, number, name) for name, value in record.items()}
    if isinstance(record, list):
        return [hostile(value, rng, number, key) for value in record]
    if key in _IDS and isinstance(record, str):
        return f"{record}-{number}"
    if not isinstance(record, str) or rng.random() < 0.5:
        return record
    return rng.choice(ADDRESSES if key in _ADDRESS_KEYS else TEXTS)


def hostile_lines(source: str, text: str, rng: Random, many: int) -> str:
    """A simulated file of JSON lines, CSV, W3C lines or event XML with `many` of its records in a hostile form."""
    if text.startswith("{"):
        lines = text.splitlines()
        records = [hostile(json.loads(rng.choice(lines)), rng, number) for number in range(many)]
        return "".join(json.dumps(record) + "\n" for record in records)
    if "<Events>" in text:
        return _xml(text, rng, many)
    if source == "iis":
        return _w3c(text, rng, many)
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for number in range(many):
        row = rng.choice(rows)
        writer.writerow({name: _cell(name, cell, rng, number) for name, cell in row.items()})
    return out.getvalue()


def _cell(name: str, cell: str, rng: Random, number: int) -> str:
    if name in ("MessageTraceId", "RequestId"):
        return f"{cell}-{number}"
    if not cell or name in _KEPT_COLUMNS or rng.random() < 0.5:
        return cell
    made = rng.choice(ADDRESSES if name in ("FromIP", "ClientIpAddress", "c-ip", "IpAddress") else TEXTS) or ""
    # Without these a row is none of its log.
    return cell if name in _NEVER_EMPTY and made in EMPTY_TEXTS else made


def _xml(text: str, rng: Random, many: int) -> str:
    head, rest = text.split("<Events>\n", 1)
    events = rest.removesuffix("\n</Events>\n").split("\n<Event ")
    events = [events[0], *(f"<Event {event}" for event in events[1:])]
    made = [_hostile_event(rng.choice(events), rng, number) for number in range(many)]
    return f"{head}<Events>\n" + "\n".join(made) + "\n</Events>\n"


def _hostile_event(event: str, rng: Random, number: int) -> str:
    def cell(data: re.Match[str]) -> str:
        return data[1] + escape(_cell(data[2], data[3], rng, number))

    event = re.sub(r"(?<=<EventRecordID>)\d+", str(number + 1), event)
    return re.sub(r'(<Data Name="(\w+)">)([^<]*)(?=</Data>)', cell, event)


def _w3c(text: str, rng: Random, many: int) -> str:
    head = [line for line in text.splitlines() if line.startswith("#")]
    lines = [line.split(" ") for line in text.splitlines() if not line.startswith("#")]
    names = head[-1].split()[1:]
    made = []
    for number in range(many):
        cells = zip(names, rng.choice(lines), strict=True)
        made.append(" ".join(_cell(name, cell, rng, number).replace(" ", "+") or "-" for name, cell in cells))
    return "\n".join([*head, *made]) + "\n"
