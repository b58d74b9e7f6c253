"""Documents with what no integration should send, and some do: lists, numbers, nothing, and texts made to break readers."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from enumwatch.elastic.mappings import LONGEST_TEXT
from enumwatch.engines.local.shape import Path, Shape
from enumwatch.rulebook.path import Index, Key

from .ingesting import Document

REMOVED = object()
TYPES: tuple[Any, ...] = (
    *(
        REMOVED,
        None,
        [],
        ["203.0.113.7", "198.51.100.8"],
        ["one@example.com"],
        [None, 7, True, 'say "no"\n\t\\'],
        {"a": 1},
    ),
    *(0, 7, 50034, -1, 1234567890123456789, 1.5, 50034.0, True, False, "true", "False"),
)
EMPTY = ("", "-", " ", "null", "<null>", " padded@example.com\t", "\x0bodd\x0b", "\u00a0nbsp\u00a0", "null \x01 byte")
CODES = (
    "{{ctx.payload}}",
    "{{{_ingest.on_failure_message}}}",
    "a\"b'c\\d",
    "${x}",
    "<script>",
    "'; DROP TABLE",
    "%s%n%c3%28",
)
LETTERS = (
    *(
        "%F0%9F%98%80",
        "\u202eoverturned",
        "\u0130STANBUL\u017f\u212a",
        "\U00010400\U0001f600",
        "e\u0301",
        "STRASSE\u00df",
    ),
    *("line\nbreak", "a@b@c@\n"),
)
ADDRESSES = (
    "[2001:DB8:0:0::1]:443",
    "::FFFF:203.0.113.9",
    "fe80::1%eth0",
    "203.0.113.9:8080",
    "2001:db8:0:0:1:0:0:1",
    "203.0.113.09",
    "203.0.113.256",
)
LONG = (
    *("long " * 13_000, "\U0001f600" * 16_000, "x" * LONGEST_TEXT, "x" * (LONGEST_TEXT + 1)),
    *("?email=" * 9_000, "/v1" * 20_000),
)
VALUES = (*TYPES, *EMPTY, *CODES, *LETTERS, *ADDRESSES, *LONG)
# No index takes what is no time. The others tell events of a log apart.
_TIMES = ("time", "stamp")
_IDENTITIES = ("event_id", "record", "qualifier")


def hostile(shape: Shape, documents: Sequence[Document]) -> Iterator[Document]:
    """Documents of a shape, each with one value of one of its raw fields, for every field and every value."""
    number = 0
    for name, paths in shape.fields.items():
        if name in _TIMES:
            continue
        for path in paths:
            if any(not isinstance(step, Key | Index) for step in path):
                continue
            # A third of them for each field, another third for the next.
            for value in VALUES[number % 3 :: 3]:
                number += 1
                document = deepcopy(documents[number % len(documents)])
                # Of events with one id only one counts, which has its own tests.
                for one in (one for identity in _IDENTITIES for one in shape.fields.get(identity, ())):
                    _put(document, one, f"{number}")
                if name in _IDENTITIES:
                    value = f"{value}-{number}"
                _put(document, path, value)
                yield document


def _put(document: Document, path: Path, value: Any) -> None:
    keys = [step.name for step in path if isinstance(step, Key)]
    place: Any = document
    for key in keys[:-1]:
        if not isinstance(place.get(key), dict):
            place[key] = {}
        place = place[key]
    if value is REMOVED:
        place.pop(keys[-1], None)
    else:
        place[keys[-1]] = [value] if isinstance(path[-1], Index) else value


def kept(text: str) -> str:
    """What a contact in the cluster keeps of a text, worked out here once more."""
    units = struct.unpack(f"<{len(text.encode('utf-16-le')) // 2}H", text.encode("utf-16-le"))
    if len(units) <= LONGEST_TEXT:
        return text
    one, two = 7, 11
    for unit in units:
        one = (one * 1099511628211 + unit) % 2**64
        two = (two * 6364136223846793005 + unit) % 2**64
    end = LONGEST_TEXT - 34
    end -= 0xD800 <= units[end - 1] < 0xDC00
    return text.encode("utf-16-le")[: 2 * end].decode("utf-16-le") + f"~~{one:016x}{two:016x}"
