"""`enumwatch tune`: from a log to an overlay that a scan takes, and what is said of wrong usage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enumwatch.simulate import simulate

from .running import Run, log_file, says


def small_spray(folder: Path) -> Path:
    """A spray at eleven accounts: a finding that a stricter threshold takes away."""
    return simulate("existing_names_only", "entra_signin", seed=3, out=folder, users=200, events=12).files[0]


def test_a_log_gives_a_table_and_an_overlay_that_a_scan_takes(run: Run, tmp_path: Path) -> None:
    log, tuned = small_spray(tmp_path), tmp_path / "tuned"
    tuned.mkdir()
    target = tuned / "proposal.yml"
    ran = run("tune", log, "--budget", "0", "--output", target)
    assert ran.code == 0
    assert says(ran.out, "other settings tried in")
    assert says(ran.out, "password_spray")
    assert max(map(len, ran.out.split("Next:")[0].splitlines())) <= 80
    text = target.read_text(encoding="utf-8")
    assert "# no longer told with these limits:\n#   ew-" in text
    before = run("scan", log, "--format", "ndjson").out.splitlines()
    after = run("scan", log, "--rules", tuned, "--format", "ndjson").out.splitlines()
    assert (len(before), len(after)) == (1, 0)
    assert json.loads(before[0])["finding_id"] in text
    shown = run("rules", "show", "email_enumeration", "--rules", tuned).out
    assert ", tuned (shipped: " in shown


def test_a_finding_under_an_overlay_says_so(run: Run, tmp_path: Path) -> None:
    tuned = tmp_path / "tuned"
    tuned.mkdir()
    version = json.loads(run("scan", log_file(tmp_path), "--format", "ndjson").out)["version"]
    (tuned / "a.yml").write_text(
        f"overlay: mine\ndetections:\n  email_enumeration:\n    version: {version}\n    limits: {{address_level: 9}}\n"
    )
    ran = run("scan", log_file(tmp_path), "--rules", tuned, "--format", "ndjson")
    finding = json.loads(ran.out)
    assert finding["version"] == version
    assert finding["reasons"][-1].startswith("Made under tuned limits: email_enumeration.address_level = 9 points")
    assert says(ran.err, "a.yml changes 1 limit of email_enumeration")


def test_within_the_budget_no_file_is_written_that_would_stop_a_scan(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "proposal.yml"
    ran = run("tune", log_file(tmp_path), "--output", target, "--budget", "100")
    assert ran.code == 0
    assert not target.exists()
    assert says(ran.out, "the limits stay as they are")
    assert says(ran.err, "is not written: there is no limit to change")


def test_only_the_detection_asked_for_is_tuned(run: Run, tmp_path: Path) -> None:
    ran = run("tune", log_file(tmp_path), "--detection", "password_guessing")
    assert "burst_attempts" in ran.out
    assert "address_level" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--budget", "-1"], "--budget is below 0: give how many"),
        (["--budget", "nan"], "--budget is below 0: give how many"),
        (["--output", "tuned.yaml"], "is no overlay: name a file that ends in .yml"),
        (["--output", "missing/a.yml"], "is in no folder that exists: make"),
        (["--detection", "nope"], "there is no detection 'nope': choose from"),
        (["--rules", "/nowhere"], "repair the rules in /nowhere and run again"),
    ],
)
def test_wrong_usage_says_what_to_do(arguments: list[str], message: str, run: Run, tmp_path: Path) -> None:
    ran = run("tune", log_file(tmp_path), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says(ran.err, message)


def test_what_cannot_be_read_is_said(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.ndjson"
    empty.write_text('{"a": 1}\n')
    ran = run("tune", empty)
    assert (ran.code, ran.out) == (2, "")
    assert says(ran.err, "Nothing could be read: check the paths")
