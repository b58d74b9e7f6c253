from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enumwatch.engines.local.intake import Batch, Limits, Skipped, clean_csv, clean_ndjson, intake, sample
from enumwatch.engines.local.intake.lines import lines

from .reading import duckdb_count
from .test_tables import PLAIN, PROXY_HEAD
from .test_w3c import FIELDS, LINE
from .test_windows_text import EVENT, FAILED, block


def _zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", content)
        archive.writestr("b", content)
    return out.getvalue()


SEEDS = [
    b'{"a":1,"b":{"c":[1,2.5,null]}}\n{"a":2}\n' * 3,
    b'{"records":[{"a":1},{"a":"x"}]}',
    b'[\n {"a": 1},\n {"a": 2}\n]',
    b'{"hits":{"hits":[{"_index":"i","_id":"1","_source":{"a":1}}]}}',
    PLAIN,
    PROXY_HEAD + b"a,b,c\n1,2,3\n",
    b"a;b;c\n1;2;3\n",
    (FIELDS + LINE).encode(),
    EVENT.encode() * 2,
    block(4625, FAILED).encode() * 2,
    b"ElfFile\0" + bytes(4088) + b"ElfChnk\0" + bytes(500),
    b"PAR1" + bytes(20) + b"\x08\0\0\0PAR1",
]
TOKENS = [b"\0", b"\n", b"\r", b'"', b"{", b"}", b"[", b"\xff\xfe", b"\xef\xbb\xbf", b"#Fields: a b\n", b"<Event>"]
TOKENS += [b"\\ud800", b"1e999", b"9" * 30, b"[" * 300, b"PK\x03\x04", b"\x1f\x8b", b"</Event>", b"LogName="]
LAYERS = [bytes, gzip.compress, zstandard.ZstdCompressor().compress, _zip]


@st.composite
def hostile(draw: st.DrawFn) -> bytes:
    """A log of some form, spoiled in a few places, in up to two archives that may be spoiled again."""
    content = bytearray(draw(st.sampled_from(SEEDS) | st.binary(max_size=300)))
    for layer in draw(st.lists(st.sampled_from(LAYERS), min_size=1, max_size=3)):
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(content)))
            until = min(len(content), at + draw(st.sampled_from([0, 0, 1, 5, 100])))
            content[at:until] = draw(st.sampled_from(TOKENS) | st.binary(max_size=8))
        content = bytearray(layer(bytes(content[: draw(st.sampled_from([None, None, -1, -20, 50]))])))
    return bytes(content)


def _through(folder: Path, content: bytes) -> list[Batch | Skipped]:
    limits = Limits(max_unpacked_bytes=1 << 26, max_line_bytes=1 << 16)
    (folder / "in").write_bytes(content)
    found = list(intake([str(folder / "in")], folder, limits=limits))
    for result in found:
        if isinstance(result, Batch):
            sample(result)
            read = result
            if result.records is None and result.form != "parquet":
                read = (clean_csv if result.form == "csv" else clean_ndjson)(result, folder, limits=limits)
            if read.form == "ndjson":
                assert duckdb_count(read) == read.records
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile())
def test_no_bytes_raise_and_duckdb_reads_every_spool(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = _through(Path(folder), content)
    assert found, "an input must lead to a batch or a reason"
    reasons = [result.reason for result in found if isinstance(result, Skipped)]
    assert not [reason for reason in reasons if not reason or "unexpected" in reason]


@given(st.binary(max_size=200), st.lists(st.integers(1, 7), max_size=30), st.integers(1, 20))
def test_lines_do_not_depend_on_where_chunks_end(content: bytes, sizes: list[int], limit: int) -> None:
    chunks, rest = [], content
    for size in sizes:
        chunks.append(rest[:size])
        rest = rest[size:]
    expected = content.split(b"\n")
    if expected[-1] == b"":
        expected.pop()
    found = list(lines([*chunks, rest], limit))
    assert found == [(n, line if len(line) <= limit else None) for n, line in enumerate(expected, 1)]
