"""Says from the first bytes of an input what it holds; file names are never asked."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import Literal

from .json_forms import looks_like_json, sniff_json
from .table_forms import csv_layout
from .w3c_fields import fits_assumed, looks_like_w3c

Kind = Literal["ndjson", "json", "csv", "parquet", "iis", "evtx", "event_xml", "splunk_text", "empty", "binary", "text"]

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_EVENT_XML = re.compile(rb"<(?:[A-Za-z0-9_]+:)?Event[\s>]")
_SPLUNK_TEXT = re.compile(rb"^LogName=.*(?:\r?\n[A-Za-z]+=.*){0,3}?\r?\nEventCode=\d|^LogName=.*\r?\nSourceName=", re.M)
_RAW_COLUMN = re.compile(rb'"?_raw"?,|[^\r\n]*,"?_raw"?[,\r\n]')  # a table whose cells hold such text
_FIELDS_LINE = re.compile(rb"^#Fields:.*$", re.M)
_IIS_SOFTWARE = re.compile(rb"^#Software: Microsoft Internet Information Services", re.M)

# Formats that are recognised only to say what to do about them.
_FOREIGN = (
    (b"BZh", "it is a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ\0", "it is an xz archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7-Zip archive; unpack it first"),
    (b"Rar!\x1a\x07", "it is a RAR archive; unpack it first"),
    (b"\x04\x22\x4d\x18", "it is an lz4 archive; unpack it first"),
    (b"LfLe", "it is an old .evt log; save it as .evtx first"),
    (b"SQLite format 3\0", "it is an SQLite database; export the table as CSV"),
    (b"%PDF-", "it is a PDF document; export the log as CSV or JSON"),
    (b"\xd0\xcf\x11\xe0", "it is an old Office document; export the sheet as CSV"),
    (b"Obj\x01", "it is an Avro file; export the records as JSON"),
    (b"ORC", "it is an ORC file; export the records as Parquet or JSON"),
)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NO_FIELDS = (
    "it looks like a W3C log without its #Fields line, so its columns are not known; add the line the server wrote"
)


@dataclass(frozen=True)
class Form:
    """What an input holds. `is_direct`: DuckDB can read it in place. `reason`: why it cannot be used, else empty.

    `path`: where ijson finds the records. `is_assumed`: W3C lines without #Fields whose columns can be told.
    """

    kind: Kind
    encoding: str = "utf-8"
    is_direct: bool = False
    is_cr_only: bool = False
    path: str = ""
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    is_assumed: bool = False
    reason: str = ""


def detect_encoding(first: bytes) -> str:
    """The encoding of text: by byte order mark, else by where zero bytes lie, else UTF-8 where valid, else cp1252."""
    for mark, name in _BOMS:
        if first.startswith(mark):
            return name
    head = first[: min(len(first), 4096) & ~1]
    pairs = len(head) // 2
    if pairs:
        even, odd = head[0::2].count(0) / pairs, head[1::2].count(0) / pairs
        if odd > 0.4 and even < 0.1:
            return "utf-16-le"
        if even > 0.4 and odd < 0.1:
            return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(first)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def as_text(first: bytes, encoding: str) -> bytes:
    """The first bytes as UTF-8 without byte order mark, for looking at."""
    if encoding == "utf-8":
        return first
    name = "latin-1" if encoding == "cp1252" else encoding
    return codecs.getincrementaldecoder(name)("replace").decode(first).removeprefix("\ufeff").encode()


def sniff(first: bytes, *, is_whole: bool = False) -> Form:
    """The form of an input whose content begins with `first`; `is_whole` when that is all of it."""
    if not first.strip(b"\0 \t\r\n\x1a"):
        return Form("empty" if not first.strip() else "binary", reason=_blank_reason(first))
    if first.startswith(b"ElfFile\0"):
        return Form("evtx")
    if first.startswith(b"PAR1"):
        return Form("parquet", is_direct=True)
    for magic, reason in _FOREIGN:
        if first.startswith(magic):
            return Form("binary", reason=reason)
    if first[257:262] == b"ustar":
        return Form("binary", reason="it is a tar archive; unpack it first")
    encoding = detect_encoding(first)
    text = as_text(first, encoding)
    if not text.strip(b"\0 \t\r\n\x1a"):
        return Form("empty", encoding, reason="it holds no text; export it again")
    is_cr_only = b"\n" not in text and b"\r" in text.rstrip()
    form = _sniff_text(text.replace(b"\r", b"\n") if is_cr_only else text, is_whole)
    is_direct = form.is_direct and encoding == "utf-8" and not is_cr_only
    return replace(form, encoding=encoding, is_cr_only=is_cr_only, is_direct=is_direct)


def _blank_reason(first: bytes) -> str:
    return (
        "it holds zero bytes only; export it again"
        if b"\0" in first
        else "it is empty; see whether the export ended well"
    )


def _sniff_text(text: bytes, is_whole: bool) -> Form:
    stripped = text.lstrip(b"\0 \t\r\n")
    if stripped[:1] in (b"{", b"["):
        found = sniff_json(text, is_whole)
        return Form(found.kind, is_direct=found.is_direct, path=found.path, reason=found.reason)
    if len(_CONTROL.findall(text)) * 33 > len(text):
        return Form(
            "binary", reason="it is a binary file of a kind that is not known; export the log as JSON, CSV or EVTX"
        )
    if _EVENT_XML.search(text) and stripped.startswith(b"<"):
        return Form("event_xml")
    if _SPLUNK_TEXT.search(text) and not _RAW_COLUMN.match(stripped):
        return Form("splunk_text")
    return _sniff_lines(text, is_whole)


def _sniff_lines(text: bytes, is_whole: bool) -> Form:
    fields = _FIELDS_LINE.search(text)
    if fields is not None and b"," not in fields.group():
        return Form("iis")
    if _IIS_SOFTWARE.search(text):
        return Form("iis")
    layout = csv_layout(text, is_whole)
    if layout is not None:
        return Form("csv", is_direct=layout.is_plain, delimiter=layout.delimiter, columns=layout.columns)
    if looks_like_w3c(text):
        return Form("iis", is_assumed=True) if fits_assumed(text) else Form("text", reason=NO_FIELDS)
    if looks_like_json(text):
        return Form("ndjson")
    return Form("text", reason=_text_reason(text))


def _text_reason(text: bytes) -> str:
    if text.lstrip().startswith(b"<"):
        return "it is XML or HTML without Windows events; see the documentation for the logs that can be read"
    return "no known log form was recognised in this text; see the documentation for the logs that can be read"
