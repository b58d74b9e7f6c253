from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from enumwatch.simulate import SimulateError, SimulationResult, write_demo
from enumwatch.simulate.demo import CAST

from .reading import labels, records, tree, truth

EVENTS = 12_000


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def result(out: Path) -> SimulationResult:
    return write_demo(out, seed=7, events=EVENTS)


def test_the_demo_is_as_large_as_asked_and_wholly_labelled(result: SimulationResult, out: Path) -> None:
    told = labels(out)
    assert EVENTS * 0.9 < result.records < EVENTS * 1.1
    assert len(told) == result.records
    assert len({(row["source"], row["event_id"]) for row in told}) == len(told)


def test_every_file_of_the_demo_reads_back(result: SimulationResult) -> None:
    read = {path: len(records(path, part.source, part.form)) for path, part in zip(result.files, CAST, strict=True)}
    assert sum(read.values()) == result.records
    assert len({part.source for part in CAST}) == 7


def test_the_demo_has_two_attacks_and_their_lookalikes(result: SimulationResult, out: Path) -> None:
    told = {(entry["source"], entry["scenario"]): entry for entry in truth(out)}
    assert {key for key, entry in told.items() if entry["kind"] == "attack"} == {
        ("entra_signin", "enumeration_then_success"), ("iis", "autodiscover_enumeration")
    }  # fmt: skip
    lookalikes = {scenario for (_, scenario), entry in told.items() if entry["kind"] == "benign"}
    assert {"federation_fault", "leavers_phones", "expiry_wave", "penetration_test"} <= lookalikes
    assert result.counts["background"] > 0.7 * result.records


def test_the_entra_attack_finds_names_and_opens_one_account(result: SimulationResult, out: Path) -> None:
    attack = next(entry for entry in truth(out) if entry["scenario"] == "enumeration_then_success")
    assert attack["names_absent"] > 50
    assert len(attack["names_found"]) > 10
    assert len(attack["accounts_compromised"]) == 1
    assert set(attack["accounts_compromised"]) < set(attack["names_found"])


def test_the_lookups_declare_the_pen_test_an_executive_and_a_decoy(result: SimulationResult, out: Path) -> None:
    rows = {path.name: list(csv.DictReader(path.read_text("utf-8").splitlines())) for path in result.lookups}
    assert [row["value"] for row in rows["enumwatch_allowlist.csv"]] == ["198.51.100.77"]
    assert [row["domain"] for row in rows["enumwatch_domains.csv"]] == ["contoso.example"]
    kinds = {row["kind"]: row["account"] for row in rows["enumwatch_sensitive_accounts.csv"]}
    attack = next(entry for entry in truth(out) if entry["scenario"] == "enumeration_then_success")
    assert {kinds["executive"], kinds["decoy"]} <= set(attack["names_found"])


def test_attackers_and_the_declared_testers_use_different_addresses(result: SimulationResult, out: Path) -> None:
    by_kind = Counter((row["label"], row["actor"]) for row in labels(out))
    attackers = {actor for label, actor in by_kind if label == "attack"}
    assert not attackers & {actor for label, actor in by_kind if label != "attack"}


def test_the_demo_is_the_same_bytes_each_time(result: SimulationResult, out: Path, tmp_path: Path) -> None:
    write_demo(tmp_path, seed=7, events=EVENTS)
    assert tree(tmp_path) == tree(out)


def test_too_small_a_demo_is_refused_with_the_number_to_give(tmp_path: Path) -> None:
    with pytest.raises(SimulateError, match="give 10000 or more"):
        write_demo(tmp_path, seed=1, events=500)
