"""`enumwatch simulate`: the matrix, everything at once, and an installation tested from end to end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enumwatch.simulate import SHAPES

from .running import Run, says


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything simulated and scanned in one run, as a user would; the verdicts are in `verdicts.ndjson`."""
    from enumwatch.cli import main

    out = tmp_path_factory.mktemp("installation")
    assert main(["simulate", "--all", "--out", str(out)]) == 0
    folders = [str(out / source) for source in SHAPES]
    options = ["--lookups", str(out / "lookups"), "--format", "ndjson", "--output", str(out / "verdicts.ndjson")]
    assert main(["scan", *folders, *options]) == 0
    return out / "verdicts.ndjson"


def test_the_matrix_is_printed(run: Run) -> None:
    ran = run("simulate", "--list")
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 80
    assert says(ran.out, "identity_probing")


def test_everything_expected_is_found_and_only_what_is_known_is_falsely_accused(verdicts: Path, run: Run) -> None:
    ran = run("simulate", "--verify", verdicts, "--labels", verdicts.parent)
    assert ran.code == 0, ran.out
    lines = ran.out.splitlines()
    assert [line for line in lines if line.startswith("MISSED")] == []
    false = [line for line in lines if "for an attack" in line]
    assert all("(known)" in line for line in false), false
    assert " 0 missed; " in lines[-1]


def test_a_verdict_that_is_gone_ends_with_1(verdicts: Path, run: Run, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in verdicts.read_text("utf-8").splitlines()]
    kept = [row for row in rows if row["verdict"] != "Identity Probing"]
    assert len(kept) < len(rows)
    short = tmp_path / "short.ndjson"
    short.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
    ran = run("simulate", "--verify", short, "--labels", verdicts.parent)
    assert ran.code == 1
    assert says(ran.out, "MISSED  identity_probing in ")


def test_wrong_usage_of_verify_says_what_to_do(run: Run, tmp_path: Path) -> None:
    for arguments, message in (
        (["--verify", tmp_path / "none"], "--verify needs --labels DIR: name the folder"),
        (["--verify", tmp_path / "none", "--labels", tmp_path], "cannot be read: name"),
        (["--all"], "simulate needs --out DIR: name a folder to write to"),
    ):
        ran = run("simulate", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert says(ran.err, message), message
