"""Everything that can be simulated, in one folder, small, labelled and apart from each other."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from enumwatch.core.times import from_iso
from enumwatch.simulate import SHAPES, SimulationResult, scenarios, write_everything
from enumwatch.simulate.everything import APART

from .reading import labels, tree, truth


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("everything")


@pytest.fixture(scope="module")
def result(out: Path) -> SimulationResult:
    return write_everything(out, seed=7)


def test_every_scenario_is_in_every_log_that_can_hold_it(result: SimulationResult, out: Path) -> None:
    written = {(entry["scenario"], entry["source"]) for entry in truth(out)}
    assert written == {(one.id, source) for one in scenarios() for source in one.sources}
    assert len(result.files) == len(written)
    assert {path.name for path in out.iterdir()} == {*SHAPES, "labels.ndjson", "truth.json", "lookups"}


def test_it_is_small_and_every_record_is_labelled(result: SimulationResult, out: Path) -> None:
    assert result.records < 60_000
    assert len(labels(out)) == result.records
    assert all(entry["events"] for entry in truth(out))


def test_scenarios_do_not_overlap_and_have_tenants_of_their_own(result: SimulationResult, out: Path) -> None:
    spans: dict[str, tuple[int, int]] = {}
    tenants: dict[str, str] = {}
    for entry in truth(out):
        start, end = spans.get(entry["scenario"], (1 << 62, 0))
        spans[entry["scenario"]] = min(start, from_iso(entry["start"])), max(end, from_iso(entry["end"]))
        assert tenants.setdefault(entry["scenario"], entry["tenant"]) == entry["tenant"]
    assert len(set(tenants.values())) == len(tenants)
    ordered = sorted(spans.values())
    assert all(one[1] < other[0] for one, other in itertools.pairwise(ordered))
    assert all(end - start < APART.total_seconds() * 1_000_000 for start, end in ordered)


def test_the_same_seed_gives_the_same_bytes(result: SimulationResult, out: Path, tmp_path: Path) -> None:
    write_everything(tmp_path, seed=7)
    assert tree(tmp_path) == tree(out)
