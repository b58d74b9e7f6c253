"""Log records whose texts try to be something else: quotes, pipes, macros, JSON, patterns, no value, odd addresses."""

from __future__ import annotations

from random import Random
from typing import Any

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
