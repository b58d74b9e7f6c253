"""A small fixed sample of `make fuzz`, and that it would see what it looks for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .attempts import Attempts, Ended
from .cases import SURFACES, Case
from .fuzzing import Fuzz, Tally
from .invariants import broken
from .searching import Searching

SEED = 20
CASES = 8


@pytest.fixture(scope="module")
def fuzz(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzz]:
    folder = tmp_path_factory.mktemp("fuzz")
    with Attempts() as attempts:
        yield Fuzz(folder / "work", attempts, folder / "kept")


def test_a_fixed_sample_holds(fuzz: Fuzz) -> None:
    tally = Tally()
    for number in range(CASES):
        fuzz.attempt(SEED, number, tally)
    assert tally.failures == []


@pytest.mark.parametrize("surface", sorted(SURFACES))
def test_every_surface_holds(surface: str, fuzz: Fuzz) -> None:
    assert fuzz.attempt(SEED, 0, Tally(), surface) == []


def test_search_commands_hold(tmp_path: Path) -> None:
    searching, tally = Searching(tmp_path), Tally()
    for number in range(4):
        searching.attempt(SEED, number, tally)
    assert tally.failures == []


SCAN = Case(("ndjson",), [], is_scan=True)
FILE = {
    "path": "a", "source": [], "records": 2, "events": 0, "duplicates": 0, "not_relevant": 0, "unreadable": 0, "skipped": 2,
    "reason": "told", "problems": [], "duplicate_of": None,
}  # fmt: skip
FINE = Ended(0, 0.1, 100.0, "", "")


def judged(folder: Path, ended: Ended = FINE, sound: dict[str, object] | None = None, **file: object) -> list[str]:
    (folder / "summary.json").write_text(json.dumps({"files": [{**FILE, **file}], "unreadable_times": []}))
    return list(broken(SCAN, ended, folder, sound or {}))


def test_what_breaks_a_promise_is_seen(tmp_path: Path) -> None:
    assert judged(tmp_path) == []
    assert "not accounted for" in judged(tmp_path, skipped=1)[0]
    assert "without a word" in judged(tmp_path, reason=None)[0]
    assert "nothing said" in judged(tmp_path, records=0, skipped=0, reason=None)[0]
    assert "is another" in judged(tmp_path, sound={"ew-1": {"finding_id": "ew-1"}})[0]
    for bad in (
        FINE._replace(code=None),
        FINE._replace(code=-11),
        FINE._replace(code=2),
        FINE._replace(mebibytes=6000.0),
        FINE._replace(stderr="\x1b[2J"),
        FINE._replace(stderr="enumwatch: unexpected KeyError: 'a'"),
    ):
        assert judged(tmp_path, bad), bad
