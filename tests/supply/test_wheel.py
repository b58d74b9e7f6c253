"""The wheel: the same bytes from the same sources, wherever and whenever it is made, and only what belongs in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the wheel is built with a development requirement")

TOP = Path(__file__).resolve().parents[2]
SOURCES = (
    "app",
    "lookups",
    "bin",
    "default",
    "docs",
    "metadata",
    "static",
    "LICENSE",
    "README.md",
    "app.manifest",
    "pyproject.toml",
)


def wheel(folder: Path, seconds: str, umask: int) -> Path:
    """Builds a wheel from a copy of the sources in a folder of its own, made at another time under other rights."""
    copy = folder / "copy"
    before = os.umask(umask)
    try:
        for name in SOURCES:
            if (TOP / name).is_dir():
                shutil.copytree(
                    TOP / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile
                )
            else:
                copy.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(TOP / name, copy / name)
        made = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "made")]
        environment = {**os.environ, "TZ": f"EST{seconds}", "PYTHONHASHSEED": seconds}
        subprocess.run(made, cwd=copy, env=environment, capture_output=True, text=True, check=True, timeout=120)
    finally:
        os.umask(before)
    (found,) = (folder / "made").glob("*.whl")
    return found


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = wheel(tmp_path / "one", "1", 0o022), wheel(tmp_path / "a longer place" / "other", "5", 0o077)
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()
    names = zipfile.ZipFile(one).namelist()
    assert "enumwatch/rulebook.json" in names or any(name.endswith("rulebook.json") for name in names)
    assert not [name for name in names if name.endswith((".pyc", ".so", ".pem", ".key")) or "test" in Path(name).parts]
