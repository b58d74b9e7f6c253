from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest
import zstandard

from enumwatch.engines.local.intake import Batch, Limits, Skipped

from .reading import batch_of, cleaned, duckdb_count, records, skipped_of, take

LINES = b"".join(b'{"a":{"b":"%d"},"noise":"%s"}\n' % (i, os.urandom(24).hex().encode()) for i in range(12000))


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(("pack", "compression"), [(gzip.compress, "gzip"), (zstd, "zstd")])
def test_a_sound_archive_of_ndjson_is_read_in_place_whatever_its_name(tmp_path: Path, pack, compression) -> None:
    found = batch_of(tmp_path, pack(LINES), "wrong.name")
    assert (found.compression, found.is_spool, found.records) == (compression, False, None)
    assert duckdb_count(found) == 12000


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
@pytest.mark.parametrize("kept", [0.5, 0.999])
def test_a_truncated_archive_gives_what_is_there_and_says_so(tmp_path: Path, pack, kept: float) -> None:
    packed = pack(LINES)
    found = batch_of(tmp_path, packed[: int(len(packed) * kept)])
    assert found.is_spool
    assert found.records is not None
    assert 0 < found.records <= 12000
    assert any("truncated" in problem.what for problem in found.problems)
    assert duckdb_count(found) == found.records


def test_a_large_truncated_gzip_is_read_as_far_as_it_goes_when_cleaned(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("enumwatch.engines.local.intake.route._TRIED_GZIP_BYTES", 0)
    packed = gzip.compress(LINES * 5)
    found = batch_of(tmp_path, packed[: len(packed) // 2])
    assert found.compression == "gzip"
    again = cleaned(tmp_path, found)
    assert again.records
    assert any("truncated" in problem.what for problem in again.problems)


def test_concatenated_gzip_members_are_all_read(tmp_path: Path) -> None:
    found = cleaned(tmp_path, batch_of(tmp_path, gzip.compress(LINES) + gzip.compress(LINES) + b"\0" * 512))
    assert (found.records, found.problems) == (24000, [])


def test_damage_inside_a_gzip_keeps_what_precedes_it(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(LINES))
    packed[len(packed) // 2 : len(packed) // 2 + 200] = b"\xff" * 200
    found = batch_of(tmp_path, bytes(packed))
    assert found.records is not None
    assert 0 < found.records < 12000
    assert any("damaged" in problem.what for problem in found.problems)


def test_each_member_of_a_zip_is_an_input_of_its_own(tmp_path: Path) -> None:
    packed = zipped(("logs/a.json", b'[{"a":1}]'), ("__MACOSX/._a", b"x"), ("b.ndjson", b'{"a":2}\n'), ("../c", b""))
    found = take(tmp_path, packed, "all.zip")
    assert [result.path.removeprefix(f"{tmp_path}/") for result in found] == [
        "all.zip!logs/a.json",
        "all.zip!b.ndjson",
    ]
    assert [records(result) for result in found if isinstance(result, Batch)] == [[{"a": 1}], [{"a": 2}]]


def test_an_empty_member_is_named_as_empty(tmp_path: Path) -> None:
    good, empty = take(tmp_path, zipped(("a.ndjson", b'{"a":1}\n'), ("e.log", b"")))
    assert isinstance(good, Batch)
    assert isinstance(empty, Skipped)
    assert empty.kind == "empty"


@pytest.mark.parametrize("kept", [0.4, 0.8, 0.99])
def test_a_truncated_zip_gives_the_members_that_are_there(tmp_path: Path, kept: float) -> None:
    packed = zipped(("a.ndjson", LINES), ("b.ndjson", LINES))
    fault, *found = take(tmp_path, packed[: int(len(packed) * kept)], "cut.zip")
    assert isinstance(fault, Skipped)
    assert "truncated" in fault.reason
    batches = [cleaned(tmp_path, result) for result in found if isinstance(result, Batch)]
    assert sum(batch.records or 0 for batch in batches) > 8000 * kept


def test_archives_in_archives_open_three_deep_and_no_deeper(tmp_path: Path) -> None:
    twice = gzip.compress(zstd(b'{"a":1}\n'))
    assert records(cleaned(tmp_path, batch_of(tmp_path, zipped(("x", twice))))) == [{"a": 1}]
    assert "nested more than 3 deep" in skipped_of(tmp_path, zipped(("x", gzip.compress(twice)))).reason


def test_an_encrypted_member_says_what_to_do(tmp_path: Path) -> None:
    packed = bytearray(zipped(("a.ndjson", LINES)))
    packed[6] |= 1
    packed[packed.rfind(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in skipped_of(tmp_path, bytes(packed)).reason


def test_a_bomb_stops_at_the_limit_and_says_so(tmp_path: Path) -> None:
    bomb = gzip.compress(b"#Fields: time cs-method\n" + b"09:00:00 GET\n" * 2_000_000)
    found = batch_of(tmp_path, bomb, limits=Limits(max_unpacked_bytes=1 << 20))
    assert found.records is not None
    assert found.records < 90_000
    assert any("unpacks to more than 1048576 bytes" in problem.what for problem in found.problems)


def test_the_limit_is_shared_by_all_members_of_a_zip(tmp_path: Path) -> None:
    packed = zipped(*((f"{i}.ndjson", LINES) for i in range(4)))
    limit = int(len(LINES) * 1.5)
    found = take(tmp_path, packed, limits=Limits(max_unpacked_bytes=limit))
    unpacked = sum(Path(result.file).stat().st_size for result in found if isinstance(result, Batch))
    assert unpacked <= limit
    assert any("unpacks to more than" in result.reason for result in found if isinstance(result, Skipped))


def test_an_office_document_and_foreign_archives_say_what_to_do(tmp_path: Path) -> None:
    assert "export the sheet" in skipped_of(tmp_path, zipped(("[Content_Types].xml", b"<x/>"))).reason
    assert "bzip2" in skipped_of(tmp_path, b"BZh91AY&SY").reason
    assert "tar" in skipped_of(tmp_path, gzip.compress(b"a.log" + b"\0" * 252 + b"ustar\0" + b"0" * 250)).reason


def test_raw_copies_do_not_stay_in_scratch_when_nothing_needs_them(tmp_path: Path) -> None:
    packed = zipped(("a.json", b'[{"a":1}]'), ("b.bin", b"\0\1\2" * 50))
    take(tmp_path, packed)
    assert [file.suffix for file in (tmp_path / "scratch").iterdir()] == [".ndjson"]


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_an_archive_grows_to_so_many_times_its_size_and_no_further(tmp_path: Path, pack) -> None:
    limits = Limits(always_unpacked_bytes=1 << 20, max_growth=2)
    found = batch_of(tmp_path, pack(b'[{"a":1},' + b" " * (8 << 20)), limits=limits)
    assert any("unpacks to more than 1048576 bytes" in problem.what for problem in found.problems)
    whole = batch_of(
        tmp_path,
        pack(b"[\n" + b",\n".join(LINES.splitlines()) + b"]"),
        limits=Limits(always_unpacked_bytes=1, max_growth=9),
    )
    assert (whole.records, whole.problems) == (12000, [])
