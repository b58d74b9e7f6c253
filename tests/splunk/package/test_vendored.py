"""Packages that are taken along are the right ones, or it is said plainly what is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.splunk.fetched import fetched

from enumwatch.splunk.package.packaged import PackageError
from enumwatch.splunk.package.vendored import vendored_files

HOW = (
    ": run `pip install --target vendored --no-deps --ignore-requires-python splunk-sdk==3.0.1 "
    "publicsuffixlist==1.1.2.20261023 idna==3.20 confusable-homoglyphs==3.3.1` and name the folder with --vendored"
)


def message(folder: Path) -> str:
    with pytest.raises(PackageError) as caught:
        vendored_files(folder)
    return str(caught.value)


def test_all_that_is_missing_is_named(tmp_path: Path) -> None:
    assert message(tmp_path) == (
        "splunk-sdk 3.0.1 is missing; publicsuffixlist 1.1.2.20261023 is missing; idna 3.20 is missing; "
        f"confusable-homoglyphs 3.3.1 is missing{HOW}"
    )


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert message(tmp_path / "none") == f"{tmp_path / 'none'} is no folder: name the one with the installed packages"


def test_another_version_is_refused(tmp_path: Path) -> None:
    shutil.copytree(fetched("vendored"), tmp_path / "v")
    described = tmp_path / "v" / "idna-3.20.dist-info" / "METADATA"
    described.write_text(described.read_text().replace("Version: 3.20", "Version: 3.19"))
    assert message(tmp_path / "v") == f"idna is 3.19, not 3.20{HOW}"


def test_a_package_with_a_hole_is_refused(tmp_path: Path) -> None:
    shutil.copytree(fetched("vendored"), tmp_path / "v")
    (tmp_path / "v" / "idna" / "core.py").unlink()
    assert message(tmp_path / "v") == (
        "idna/core.py cannot be read (No such file or directory): install the package again"
    )
