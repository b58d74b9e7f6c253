"""Files that are empty, broken, truncated, strange or gone: named, with what was expected, and the rest is read."""

from __future__ import annotations

import gzip
import json
import os
import random
import zipfile
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import zstandard

from enumwatch.engines.local import scan as engine
from enumwatch.engines.local.intake import Batch, intake
from enumwatch.engines.local.intake import paths as intake_paths
from enumwatch.engines.local.intake import records as intake_records

from .running import LINES, Run, advises, log_file, log_text, says

Folder = Path


def summary_of(run: Run, folder: Folder, *arguments: object) -> tuple[dict[str, Any], int, str]:
    """The summary of a scan as JSON, its exit code, and what it said."""
    told = folder / "summary.json"
    ran = run("scan", "--summary", told, "--format", "ndjson", *arguments)
    return json.loads(told.read_text(encoding="utf-8")), ran.code, ran.err


def file_of(summary: dict[str, Any], path: Path) -> dict[str, Any]:
    (found,) = [file for file in summary["files"] if file["path"].startswith(str(path))]
    return found


def write_unreadable(folder: Folder, kind: str) -> Path:
    """A file of which nothing can be used."""
    contents: dict[str, bytes] = {
        "empty": b"",
        "blank": b" \n\n\t\n",
        "zeros": b"\0" * 4096,
        "binary": random.Random(1).randbytes(5000),
        "text": b"just some words that are no log\n" * 30,
        "html": b"<html><body>Sign in</body></html>\n",
        "office": b"\xd0\xcf\x11\xe0" + b"x" * 600,
        "tar": b"x" * 257 + b"ustar" + b"\0" * 400,
        "half_json": b'[{"time": "2026-03-02T09:00:00Z", "a"',
        "cut_gzip": gzip.compress(log_text().encode())[:40],
        "cut_zstd": zstandard.ZstdCompressor().compress(log_text().encode())[:200],
        "parquet": b"PAR1" + b"x" * 100,
        "evtx": b"ElfFile\0" + b"\0" * 50,
    }
    path = folder / f"{kind}.dat"
    path.write_bytes(contents[kind])
    return path


KINDS = (
    *("empty", "blank", "zeros", "binary", "text", "html", "office", "tar", "half_json", "cut_gzip", "cut_zstd"),
    *("parquet", "evtx"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_with_nothing_in_it_is_named_and_ends_with_2(kind: str, run: Run, tmp_path: Path) -> None:
    path = write_unreadable(tmp_path, kind)
    ran = run("scan", path)
    assert (ran.code, ran.out) == (2, "")
    assert says(ran.err, path)
    assert advises(ran.err.partition("Could not be read in full")[2].partition("\nNothing could be read")[0])
    assert ran.err.rstrip().splitlines()[-1].startswith("Nothing could be read: check the paths")


@pytest.mark.parametrize("kind", KINDS)
def test_beside_a_good_file_it_is_named_and_changes_nothing(kind: str, run: Run, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    good, bad = log_file(logs), write_unreadable(logs, kind)
    summary, code, err = summary_of(run, tmp_path, logs)
    assert code == 0
    assert says(err, bad)
    assert file_of(summary, good)["events"] == LINES
    assert file_of(summary, bad)["reason"]
    assert summary["findings"] == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("empty", "blank")])
def test_strict_ends_with_2_for_a_bad_file_among_good_ones(kind: str, run: Run, tmp_path: Path) -> None:
    good, bad = log_file(tmp_path), write_unreadable(tmp_path, kind)
    ran = run("scan", good, bad, "--strict")
    assert ran.code == 2
    assert "--strict" in ran.err.splitlines()[-1]


def test_strict_is_content_with_good_files(run: Run, tmp_path: Path) -> None:
    assert run("scan", log_file(tmp_path), "--strict").code == 0


@pytest.mark.parametrize("command", ["scan", "contacts"])
def test_records_of_no_supported_log_are_no_all_clear(command: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "other.ndjson"
    path.write_text('{"level":"info","message":"hello"}\n' * 10)
    ran = run(command, path)
    assert (ran.code, ran.out) == (2, "")
    assert "10 skipped" in ran.err
    assert says(ran.err, "no supported log recognised")
    assert run(command, path, log_file(tmp_path)).code == 0
    assert run(command, path, log_file(tmp_path), "--strict").code == 2


def test_a_broken_line_is_named_by_its_number_and_costs_only_itself(run: Run, tmp_path: Path) -> None:
    lines = log_text().splitlines(keepends=True)
    path = tmp_path / "broken.ndjson"
    path.write_text("".join([*lines[:30], '{"time": broken\n', *lines[30:]]), encoding="utf-8")
    summary, code, err = summary_of(run, tmp_path, path)
    file = file_of(summary, path)
    assert (code, file["events"], file["unreadable"], file["records"]) == (0, LINES, 1, LINES + 1)
    assert says(err, "line 31: the line is not valid JSON; expected one JSON object per line")
    assert run("scan", path, "--strict").code == 2


def archives() -> Iterator[tuple[str, bytes]]:
    text = log_text().encode()
    yield "cut.ndjson.gz", gzip.compress(text)[:-800]
    parts = [zstandard.ZstdCompressor().compress(text[:20_000]), zstandard.ZstdCompressor().compress(text[20_000:])]
    yield "cut.ndjson.zst", (parts[0] + parts[1])[:-100]


@pytest.mark.parametrize(
    ("name", "content"), list(archives()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_truncated_archive_is_read_as_far_as_it_goes(name: str, content: bytes, run: Run, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    summary, code, err = summary_of(run, tmp_path, path)
    assert code == 0
    assert 0 < file_of(summary, path)["events"] < LINES
    assert says(err, "archive is truncated, what is there was read; expected a complete archive")
    assert run("scan", path, "--strict").code == 2


def test_a_truncated_zip_is_read_as_far_as_it_goes(run: Run, tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.ndjson", log_text())
        archive.writestr("b.ndjson", log_text())
    path = tmp_path / "cut.zip"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    summary, code, err = summary_of(run, tmp_path, path)
    assert code == 0
    assert sum(file["events"] for file in summary["files"]) == LINES
    assert says(err, "the zip archive is truncated or damaged, what is there was read; fetch it again")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_log_in_another_encoding_is_read(encoding: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(log_text(), encoding=encoding)
    summary, code, _ = summary_of(run, tmp_path, path)
    assert (code, summary["events"], summary["unreadable"]) == (0, LINES, 0)


def test_a_giant_line_is_passed_over_and_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = {field.name: field.default for field in fields(intake_records.Limits)}
    shorter = {**usual, "max_line_bytes": 100_000}
    monkeypatch.setattr(intake_records.Limits.__init__, "__defaults__", tuple(shorter.values()))
    lines = log_text().splitlines(keepends=True)
    path = tmp_path / "giant.ndjson"
    giant = json.dumps({"time": "2026-03-02T09:00:00Z", "note": "x" * 200_000}) + "\n"
    # The broken line sends the file down the careful way, where the limit holds.
    path.write_text("".join([*lines[:30], giant, "{broken\n", *lines[30:]]), encoding="utf-8")
    summary, code, err = summary_of(run, tmp_path, path)
    assert (code, summary["events"], summary["unreadable"]) == (0, LINES, 2)
    assert says(err, "line 31: the line is longer than 100000 bytes")


def test_a_line_of_200_megabytes_costs_neither_memory_nor_the_lines_around_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sparse.ndjson"
    with path.open("wb") as out:
        out.write(log_text().encode())
        out.truncate(200 << 20)  # a hole of zero bytes, which costs no disk
        out.seek(0, os.SEEK_END)
        out.write(b"\n" + log_text().encode())
    summary, code, err = summary_of(run, tmp_path, path)
    assert code == 0
    assert summary["events"] == LINES
    assert summary["duplicates"] == LINES
    assert says(err, "is longer than 16777216 bytes")


def test_a_file_that_vanishes_between_finding_and_reading_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    gone, good = log_file(logs, "a.ndjson"), log_file(logs, "b.ndjson")
    real = intake_paths._file

    def vanishing(path: str, mode: int, *, is_named: bool) -> Any:
        found = real(path, mode, is_named=is_named)
        if path == str(gone):
            gone.unlink()
        return found

    monkeypatch.setattr(intake_paths, "_file", vanishing)
    summary, code, err = summary_of(run, tmp_path, logs)
    assert (code, file_of(summary, good)["events"]) == (0, LINES)
    assert says(err, f"{gone}: the file vanished while it was read; run again")


def test_a_file_that_vanishes_between_two_looks_at_it_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, good = log_file(tmp_path, "a.ndjson"), log_file(tmp_path, "b.ndjson")

    def vanishing(*arguments: Any, **options: Any) -> Iterator[Any]:
        for found in intake(*arguments, **options):
            if isinstance(found, Batch) and found.path == str(gone):
                gone.unlink()
            yield found

    monkeypatch.setattr(engine, "intake", vanishing)
    summary, code, err = summary_of(run, tmp_path, gone, good)
    assert (code, file_of(summary, good)["events"]) == (0, LINES)
    assert says(err, gone)
    assert says(err, "no such file")


def test_what_this_user_may_not_read_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = tmp_path / "logs"
    (logs / "closed").mkdir(parents=True)
    good, closed = log_file(logs), log_file(logs, "secret.ndjson")
    real_list, real_open = os.listdir, open

    def listdir(path: Any = ".") -> list[str]:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real_list(path)

    def opening(file: Any, *arguments: Any, **options: Any) -> Any:
        if str(file) == str(closed):
            raise PermissionError(13, "Permission denied", str(file))
        return real_open(file, *arguments, **options)

    monkeypatch.setattr(os, "listdir", listdir)
    monkeypatch.setattr("builtins.open", opening)
    summary, code, err = summary_of(run, tmp_path, logs)
    assert (code, file_of(summary, good)["events"]) == (0, LINES)
    assert says(err, f"{logs / 'closed'}: permission to read it is missing; expected a path that this user may read")
    assert says(err, f"{closed}: permission to read it is missing; run as a user who may")


def test_a_circle_of_links_is_walked_once(run: Run, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    log_file(logs)
    (logs / "again").symlink_to(logs, target_is_directory=True)
    (logs / "nowhere").symlink_to(logs / "missing")
    summary, code, err = summary_of(run, tmp_path, logs)
    assert (code, summary["events"], summary["duplicates"]) == (0, LINES, 0)
    assert says(err, "again: it is the same folder as")
    assert says(err, "nowhere: there is no such file; expected a path that exists")


@pytest.mark.parametrize("path", ["missing.ndjson", "no*match.json", "missing/"])
def test_a_path_that_names_nothing_ends_with_2(path: str, run: Run, tmp_path: Path) -> None:
    ran = run("scan", tmp_path / path)
    assert ran.code == 2
    flat = " ".join(ran.err.split())
    assert flat.count("; expected a p") == 1, "a thing is said once"


def test_an_empty_folder_ends_with_2(run: Run, tmp_path: Path) -> None:
    ran = run("scan", tmp_path)
    assert ran.code == 2
    assert says(ran.err, "expected a folder with log files")
