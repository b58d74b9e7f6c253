"""`make demo` ends with the path of its report, and as quietly as any command. The scan itself is left out: it is slow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .running import environment

_DEMO = (
    "import sys; from enumwatch import demo; demo.enumwatch = lambda _: print('scanned') or 0; sys.exit(demo.main())"
)


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    """The demo of logs that are there already."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "truth.json").write_text("{}")
    return [sys.executable, "-c", _DEMO, "--out", str(tmp_path)]


def test_it_ends_with_the_path_of_the_report(command: list[str], tmp_path: Path) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment(), timeout=60, text=True)
    assert (done.returncode, done.stdout) == (0, f"scanned\n\nReport: {(tmp_path / 'report.html').resolve()}\n")


def test_a_reader_that_goes_away_is_no_fault(command: list[str]) -> None:
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 0
