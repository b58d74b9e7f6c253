"""The same files give the same bytes, in the form that Splunk and AppInspect accept."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.splunk.fetched import ROOT, fetched
from tests.splunk.unpacked import packaged, spl

from enumwatch.splunk.package.archive import archive
from enumwatch.splunk.package.packaged import PackagedFile

MADE_FROM = ("LICENSE", "app", "app.manifest", "bin", "default", "docs", "lookups", "metadata", "static")


def members() -> list[tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(spl())) as tar:
        return tar.getmembers()


def test_nothing_depends_on_the_order_of_the_files() -> None:
    assert archive(reversed(packaged())) == spl()
    assert archive([*packaged()[1:], PackagedFile("LICENSE", b"other")]) != spl()


def test_another_checkout_gives_the_same_bytes(tmp_path: Path) -> None:
    """A copy elsewhere, with other times, modes and stray files, packed by another process."""
    copy = tmp_path / "deep er" / "copy"
    for name in MADE_FROM:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, copy / name)
        elif place.exists():
            copy.mkdir(parents=True, exist_ok=True)
            shutil.copy(place, copy / name)
    (copy / "default" / ".hidden.conf").write_text("[x]\n")
    (copy / "default" / "savedsearches.conf.bak").write_text("[x]\n")
    (copy / "lookups" / "mine.csv").write_text("a\n")
    for path in copy.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o777)
    command = [sys.executable, "-m", "enumwatch", "splunk", "package", "--vendored", str(fetched("vendored"))]
    made = tmp_path / "made.spl"
    environment = {**os.environ, "PYTHONPATH": str(copy / "app"), "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"}
    subprocess.run([*command, "--output", str(made)], cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert made.read_bytes() == spl()


def test_modes_owners_and_times_are_fixed() -> None:
    assert {(one.isdir(), one.mode) for one in members()} == {(True, 0o755), (False, 0o644)}
    assert {(one.uid, one.gid, one.uname, one.gname, one.mtime) for one in members()} == {(0, 0, "", "", 1_767_225_600)}
    assert all(one.isdir() or one.isfile() for one in members())


def test_one_folder_holds_everything_and_comes_first() -> None:
    names = [one.name for one in members()]
    assert names[0] == "enumwatch"
    assert {name.partition("/")[0] for name in names} == {"enumwatch"}
    assert len(set(names)) == len(names)
    folders = [one.name for one in members() if one.isdir()]
    assert all(name.rpartition("/")[0] in {"", *folders} for name in names)


def test_the_package_is_small() -> None:
    assert len(spl()) < 3_000_000
