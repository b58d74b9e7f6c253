from __future__ import annotations

import errno
import tracemalloc
from pathlib import Path

import duckdb
import pytest

from enumwatch.engines.local.intake import Batch, Limits, Skipped, clean_ndjson, intake, sample
from enumwatch.engines.local.intake.spool import Spool

from .reading import batch_of, cleaned, duckdb_count, records, scratch, skipped_of, take

GOOD = b'{"a":{"b":"x"}}\n'


def far(bad: bytes) -> bytes:
    """A healthy file with one bad line behind what is sniffed; its number is 20001."""
    return GOOD * 20_000 + bad + GOOD * 10


BAD_LINES = {
    "broken": (b'{"a":\n', "the line is not valid JSON"),
    "text": (b"hello\n", "the line is not valid JSON"),
    "scalar": (b"5\n", "it is JSON but no object"),
    "not_utf8": (b'{"a":"\xe9"}\n', "the line holds bytes that are not UTF-8"),
    "long": (b'{"a":"' + b"x" * 5000 + b'"}\n', "the line is longer than 4096 bytes"),
}


@pytest.mark.parametrize(("bad", "what"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_in_the_middle_costs_only_itself(tmp_path: Path, bad: bytes, what: str) -> None:
    limits = Limits(max_line_bytes=4096)
    found = cleaned(tmp_path, batch_of(tmp_path, far(bad), limits=limits), limits)
    assert (found.records, found.unreadable) == (20_010, 1)
    assert [(problem.line, problem.what) for problem in found.problems] == [(20_001, what)]
    assert duckdb_count(found) == 20_010


@pytest.mark.parametrize("bad", [b'{"a":\n', b"hello\n", b'{"a":"\xe9"}\n'])
def test_duckdb_refuses_what_cleaning_is_for(tmp_path: Path, bad: bytes) -> None:
    found = batch_of(tmp_path, far(bad))
    assert found.records is None
    with pytest.raises(duckdb.Error):
        duckdb_count(found)


def test_all_bad_lines_are_counted_and_the_first_twenty_named(tmp_path: Path) -> None:
    found = cleaned(tmp_path, batch_of(tmp_path, GOOD * 20_000 + b"bad\n" * 500))
    assert (found.unreadable, len(found.problems)) == (500, 20)


def test_what_is_harmless_is_mended(tmp_path: Path) -> None:
    mended = b'\xef\xbb\xbf{"a":1}\n\n\0\0\0\n{"a":2}{"a":3}\n{"a":NaN}\n'
    found = cleaned(tmp_path, batch_of(tmp_path, far(mended)))
    assert records(found)[20_000:20_004] == [{"a": 1}, {"a": 2}, {"a": 3}, {"a": None}]
    assert found.unreadable == 0


def test_a_repeated_key_keeps_its_last_value(tmp_path: Path) -> None:
    found = cleaned(tmp_path, batch_of(tmp_path, b'{"a":1,"a":2}\n'))
    assert records(found) == [{"a": 2}]


def test_a_giant_line_is_passed_over_in_bounded_memory(tmp_path: Path) -> None:
    file = tmp_path / "giant.ndjson"
    with open(file, "wb") as out:
        out.write(GOOD * 20_000 + b'{"a":"')
        out.seek(64 << 20, 1)
        out.write(b'"}\n' + GOOD)
    (found,) = intake([str(file)], scratch(tmp_path))
    assert isinstance(found, Batch)
    limits = Limits(max_line_bytes=1 << 20)
    tracemalloc.start()
    try:
        clean = clean_ndjson(found, scratch(tmp_path), limits=limits)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (clean.records, clean.unreadable, clean.problems[0].line) == (20_001, 1, 20_001)
    assert peak < 16 << 20


def test_a_batch_whose_file_vanished_is_cleaned_to_nothing_with_the_reason(tmp_path: Path) -> None:
    found = batch_of(tmp_path, GOOD)
    Path(found.file).unlink()
    clean = cleaned(tmp_path, found)
    assert clean.records == 0
    assert "cannot be read" in clean.problems[0].what
    assert sample(found) == []


UNUSABLE = {
    "empty": (b"", "empty"),
    "blank": (b" \r\n\t\n", "empty"),
    "zeros": (b"\0" * 4096, "binary"),
    "binary": (bytes(range(256)) * 40, "binary"),
    "pdf": (b"%PDF-1.7\n...", "binary"),
    "prose": (b"Dear colleague,\nthe log is attached.\n", "unknown"),
    "syslog": (b"Mar  2 09:00:00 host sshd[1]: Failed password for root from 203.0.113.9\n" * 9, "unknown"),
    "html": (b"<!DOCTYPE html><html><body>x</body></html>", "unknown"),
    "bom_only": (b"\xef\xbb\xbf", "empty"),
}


@pytest.mark.parametrize(("content", "kind"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_holds_no_log_is_skipped_with_a_reason(tmp_path: Path, content: bytes, kind: str) -> None:
    found = skipped_of(tmp_path, content)
    assert found.kind == kind
    assert len(found.reason) > 10


ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", ['{"a":"é"}\n{"a":"日"}\n', '[{"a":"é"},{"a":"日"}]', "a,b\r\né,1\r\n日,2\r\n"])
def test_text_in_any_encoding_becomes_utf8(tmp_path: Path, encoding: str, text: str) -> None:
    found = batch_of(tmp_path, text.encode(encoding))
    assert [record["a"] for record in records(found)] == ["é", "日"]
    assert found.problems == []


def test_windows_1252_text_is_read_and_its_bytes_counted(tmp_path: Path) -> None:
    found = batch_of(tmp_path, "a,b\r\nJosé,“x”\r\n".encode("cp1252"))
    assert records(found) == [{"a": "José", "b": "“x”"}]
    assert found.problems[0].what == "3 bytes are not valid text and were read as Windows-1252"


def test_lines_that_end_in_carriage_returns_alone_are_lines(tmp_path: Path) -> None:
    assert records(batch_of(tmp_path, b'{"a":1}\r{"a":2}\r')) == [{"a": 1}, {"a": 2}]
    assert records(batch_of(tmp_path, b"a,b\r1,2\r3,4\r")) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_a_full_scratch_folder_is_named_and_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Spool, record: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Spool, "write", full)
    found = skipped_of(tmp_path, b'[{"a":1}]')
    assert found.reason == "the scratch folder is full; free space or set TMPDIR to a larger disk"


def test_a_fault_nobody_thought_of_becomes_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Spool, record: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Spool, "write", fail)
    (tmp_path / "z.ndjson").write_bytes(GOOD)
    first, second = take(tmp_path, b'[{"a":1}]') + list(intake([str(tmp_path / "z.ndjson")], scratch(tmp_path)))
    assert isinstance(first, Skipped)
    assert "unexpected fault while reading (ZeroDivisionError)" in first.reason
    assert isinstance(second, Batch)
