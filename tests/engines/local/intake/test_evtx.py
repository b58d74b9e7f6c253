"""EVTX cannot be written by hand: these tests read published logs and are skipped where those are absent."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from enumwatch.engines.local.scan import Request, scan
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled

from .reading import batch_of, records, skipped_of

SHARED = Path(os.environ.get("ENUMWATCH_SHARED") or Path(__file__).parents[5] / "shared")
FOLDER = SHARED / "samples" / "windows"
NAMES = ["kerberos_pwd_spray_4771", "ID4625-OpenSSH_brutforce_with_non_existing_users"]


def log(name: str) -> Path:
    """A published event log, or the test is skipped."""
    file = FOLDER / f"{name}.evtx"
    if not file.is_file():
        pytest.skip(f"no published event logs beside the repository ({file.name}); set ENUMWATCH_SHARED")
    return file


@pytest.mark.parametrize("name", NAMES)
def test_an_event_log_gives_the_records_that_were_published_as_json(tmp_path: Path, name: str) -> None:
    found = batch_of(tmp_path, log(name).read_bytes())
    published = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text().splitlines()]
    assert found.container == "evtx"
    taken = [(r["Event"]["System"]["EventRecordID"], r["Event"].get("EventData")) for r in records(found)]
    assert taken == [(r["Event"]["System"]["EventRecordID"], r["Event"].get("EventData")) for r in published]


@pytest.mark.parametrize(("kept", "least"), [(12_000, 8), (20_000, 12), (69_000, 12)])
def test_a_truncated_event_log_gives_the_records_that_are_there(tmp_path: Path, kept: int, least: int) -> None:
    found = batch_of(tmp_path, log(NAMES[0]).read_bytes()[:kept])
    assert found.records == least
    assert found.problems[0].what == "the event log is truncated, what is there was read"


def test_an_event_log_without_any_of_its_chunks_is_truncated(tmp_path: Path) -> None:
    assert "truncated" in skipped_of(tmp_path, log(NAMES[0]).read_bytes()[:4096]).reason


def test_a_damaged_record_is_named_by_number_and_the_others_are_read(tmp_path: Path) -> None:
    content = bytearray(log(NAMES[0]).read_bytes())
    third = [at for at in range(len(content)) if content.startswith(b"\x2a\x2a\0\0", at)][2]
    content[third + 24 : third + 60] = b"\xff" * 36
    found = batch_of(tmp_path, bytes(content))
    assert found.unreadable >= 1
    assert found.records is not None
    assert found.records >= 1
    assert any(problem.what.startswith("record 3 cannot be decoded") for problem in found.problems)


def test_a_header_without_a_log_behind_it_has_a_reason(tmp_path: Path) -> None:
    problems = skipped_of(tmp_path, b"ElfFile\0" + b"\1" * 50).problems
    assert any("the event log cannot be opened" in problem.what for problem in problems)


def test_records_of_a_log_with_nothing_sound_in_it_are_counted(tmp_path: Path) -> None:
    content = bytearray(log(NAMES[0]).read_bytes())
    content[4096:4104] = b"ElfWrong"
    (tmp_path / "a.evtx").write_bytes(content[: 4096 + 65536])
    summary = scan(Request([str(tmp_path / "a.evtx")], compiled(), load_lookups())).summary
    assert summary["unreadable"] > 0
    assert summary["records"] == summary["unreadable"]
