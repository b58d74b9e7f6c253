"""The package is enough: unpacked in an empty folder, with nothing else to import, every command runs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.core.test_other_pythons import PYTHONS, interpreter
from tests.splunk.fetched import ROOT
from tests.splunk.harness import Ended, Row, converse, split
from tests.splunk.unpacked import unpack

COMMANDS = sorted(path.stem for path in (ROOT / "bin").glob("*.py"))

# What a command is asked where it does not go on from any rows.
ARGUMENTS: dict[str, list[str]] = {}

FINDS_WHERE = """
import sys
sys.path[:0] = [sys.argv[1] + "/lib", sys.argv[1] + "/app"]
import confusable_homoglyphs, enumwatch, idna, publicsuffixlist, splunklib
print("\\n".join(module.__file__ for module in (confusable_homoglyphs, enumwatch, idna, publicsuffixlist, splunklib)))
"""


def rows() -> list[Row]:
    """Thirty names that nobody has, tried from one address."""
    return [
        {
            "_time": str(1_700_000_000 + number * 7),
            "log_source": "entra_signin",
            "src_ip": "203.0.113.9",
            "target": f"n{number}@contoso.example",
            "code": "50034",
            "provider": "entra",
        }
        for number in range(30)
    ]


def said_by(version: str, app: Path, command: str) -> Ended:
    return converse(interpreter(version), app, command, split(rows(), [1, 0, 19]), ARGUMENTS.get(command, []))


@pytest.mark.parametrize("version", PYTHONS)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(version: str, command: str, tmp_path: Path) -> None:
    ended = said_by(version, unpack(tmp_path / "only this"), command)
    assert ended.exit_code == 0, ended.stderr
    assert ended.stderr == ""
    assert [message for message in ended.messages if message[0] in ("ERROR", "FATAL")] == []
    assert ended.rows != []
    assert "required_fields" in ended.info or ended.info.get("generating")


@pytest.mark.parametrize("version", PYTHONS)
def test_nothing_is_taken_from_elsewhere(version: str, tmp_path: Path) -> None:
    app = unpack(tmp_path)
    command = [interpreter(version), "-I", "-S", "-B", "-W", "error", "-c", FINDS_WHERE, str(app)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert len(found) == 5
    assert [place for place in found if not Path(place).is_relative_to(app)] == []


def test_both_pythons_say_the_same(tmp_path: Path) -> None:
    app = unpack(tmp_path)
    for command in COMMANDS:
        first, second = (said_by(version, app, command).rows for version in PYTHONS)
        assert first == second, command


def test_a_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    """Splunk Cloud keeps apps where commands may not write."""
    app = unpack(tmp_path)
    for path in [app, *app.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert said_by("3.9", app, "enumverdict").rows != []
    finally:
        for path in [app, *app.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
