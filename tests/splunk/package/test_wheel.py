"""The installed wheel makes the same package as the checkout, and says what it lacks."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from tests.splunk.fetched import ROOT, fetched
from tests.splunk.unpacked import spl

pytest.importorskip("hatchling", reason="the wheel is made with development requirements")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the wheel installed, its requirements borrowed from the Python of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    borrowed = next(path for path in sys.path if path.endswith("site-packages"))
    # Behind the wheel's own folder, and without what an editable install adds.
    (site / "borrowed.pth").write_text(borrowed + "\n")
    return folder / "venv" / "bin" / "python"


def ran(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(python), "-m", "enumwatch", "splunk", "package", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_the_wheel_makes_the_same_package(python: Path, tmp_path: Path) -> None:
    ended = ran(python, tmp_path, "--vendored", str(fetched("vendored")), "--output", "made.spl")
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "made.spl").read_bytes() == spl()


def test_what_is_missing_is_said_with_what_to_do(python: Path, tmp_path: Path) -> None:
    ended = ran(python, tmp_path)
    if ended.returncode == 0:
        pytest.skip("this Python has the very version of the SDK that is taken along")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("enumwatch: splunk-sdk is ")
    assert "run `pip install --target vendored " in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_not_there_is_named(python: Path, tmp_path: Path) -> None:
    ended = ran(python, tmp_path, "--output", "none/made.spl")
    assert (ended.returncode, ended.stderr) == (
        2,
        "enumwatch: --output: there is no folder 'none': make it or choose another\n",
    )
