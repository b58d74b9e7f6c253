"""The core runs, and says the same, under the oldest and the newest Python it supports."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.cases.shipped import cases, rulebook, tables
from tests.cases.staging import title

ROOT = Path(__file__).parents[2]
LOCK = ROOT / ".ci" / "core-tests.lock"
PYTHONS = ["3.9", "3.13"]
CORE = ROOT / "app" / "enumwatch" / "core"
MODULES = sorted(".".join(path.relative_to(CORE).with_suffix("").parts) for path in CORE.rglob("*.py"))

# Isolated (-I) and without site-packages (-S), so what is not in the standard library is not there.
BARE = ["-I", "-S", "-B", "-W", "error"]
IMPORT_ALL = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    importlib.import_module("enumwatch.core." + name)
print("%d.%d" % sys.version_info[:2])
"""
PLAY_CASES = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
runpy.run_path(sys.argv[2], run_name="__main__")
"""


def interpreter(version: str) -> str:
    """Path of a Python of this version, on PATH or among those of pyenv; skips the test where there is none."""
    homes = [os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv")]
    kept = [
        found for home in homes if home for found in Path(home, "versions").glob(f"{version}.*/bin/python{version}")
    ]
    for candidate in [*sorted(map(str, kept)), shutil.which(f"python{version}")]:
        if candidate is None:
            continue
        said = subprocess.run([candidate, "-c", "import ensurepip"], capture_output=True)
        if said.returncode == 0:
            return candidate
    pytest.skip(f"there is no Python {version} here: install it, on PATH or with pyenv, to test the core under it")


def output_of(command: list[str], given: str = "") -> str:
    """Standard output of a program that must end well."""
    ended = subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    assert ended.returncode == 0, (ended.stdout + ended.stderr)[-4000:]
    return ended.stdout


@pytest.mark.parametrize("version", PYTHONS)
def test_every_module_is_imported_with_nothing_installed(version: str) -> None:
    said = output_of([interpreter(version), *BARE, "-c", IMPORT_ALL, str(ROOT / "app"), *MODULES])
    assert said.strip() == version


@pytest.mark.parametrize("version", PYTHONS)
def test_every_case_leads_to_the_same_verdict_with_nothing_installed(version: str) -> None:
    given = json.dumps({"rulebook": rulebook(), "tables": tables(), "cases": cases()})
    script = str(ROOT / "tests" / "cases" / "staging.py")
    told = json.loads(output_of([interpreter(version), *BARE, "-c", PLAY_CASES, str(ROOT / "app"), script], given))
    assert told == {title(case): [] for case in cases()}


def with_pytest(version: str) -> Path:
    """Python of a virtual environment with what the lock file names, made once and kept until that changes."""
    base = interpreter(version)
    home = ROOT / ".venv" / f"other-{version}"
    python, mark = home / "bin" / "python", home / "locked"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if python.exists() and mark.is_file() and mark.read_text() == wanted:
        return python
    output_of([base, "-m", "venv", "--clear", str(home)])
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    ended = subprocess.run([*install, "-r", str(LOCK)], capture_output=True, text=True)
    if ended.returncode and "connection" in ended.stderr.lower():
        pytest.skip("packages for the other Pythons cannot be fetched: run once where the package index is in reach")
    assert ended.returncode == 0, ended.stderr[-4000:]
    mark.write_text(wanted)
    return python


@pytest.mark.parametrize("version", PYTHONS)
def test_tests_of_the_core_pass(version: str) -> None:
    python = with_pytest(version)
    options = ["-c", str(ROOT / ".ci" / "core-tests.ini"), "--hypothesis-profile=brief", "tests/core"]
    said = output_of([str(python), "-B", "-m", "pytest", *options, f"--ignore={Path(__file__).relative_to(ROOT)}"])
    found = re.search(r"(\d+) passed", said)
    assert found is not None
    assert int(found.group(1)) > 500
    assert "skipped" not in said
