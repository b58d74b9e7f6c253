"""Packages of others that the app takes along in `lib/`: which, in which version, and which of their files."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

from .packaged import PackagedFile, PackageError


class Vendored(NamedTuple):
    """One package of the registry: its name and version there, and patterns of the files that run inside Splunk."""

    name: str
    version: str
    patterns: tuple[str, ...]


VENDORED = (
    # All of the SDK but its `ai` part, which needs a dozen other packages, and the inputs that the app has none of.
    Vendored("splunk-sdk", "3.0.1", ("splunklib/*.py", "splunklib/searchcommands/*.py")),
    Vendored(
        "publicsuffixlist",
        "1.1.2.20261023",
        ("publicsuffixlist/__init__.py", "publicsuffixlist/compat.py", "publicsuffixlist/public_suffix_list.dat"),
    ),
    Vendored("idna", "3.20", ("idna/*.py",)),
    Vendored(
        "confusable-homoglyphs",
        "3.3.1",
        (
            *("confusable_homoglyphs/__init__.py", "confusable_homoglyphs/_version.py"),
            *("confusable_homoglyphs/utils.py", "confusable_homoglyphs/confusables.json"),
        ),
    ),
)

# Command lines of the packages: nobody can call them inside Splunk.
_NOT_TAKEN = ("idna/cli.py", "idna/__main__.py")

_LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt")


def vendored_files(folder: Path | None = None) -> list[PackagedFile]:
    """Return every file of `lib/`, with the licence of each package, from `folder` or from what is installed.

    Raises PackageError with all that is missing or of another version, and how to get it.
    """
    found = _found(folder)
    problems = [problem for wanted in VENDORED if (problem := _problem(wanted, found))]
    if problems:
        pins = " ".join(f"{one.name}=={one.version}" for one in VENDORED)
        raise PackageError(
            f"{'; '.join(problems)}: run `pip install --target vendored --no-deps --ignore-requires-python {pins}` "
            "and name the folder with --vendored"
        )
    return [file for wanted in VENDORED for file in _files_of(wanted, found[wanted.name])]


def _found(folder: Path | None) -> dict[str, Distribution]:
    if folder is not None and not folder.is_dir():
        raise PackageError(f"{folder} is no folder: name the one with the installed packages")
    places = sys.path if folder is None else [str(folder)]
    found: dict[str, Distribution] = {}
    for distribution in distributions(path=places):
        # The first one on the path is the one that would be imported.
        found.setdefault(distribution.metadata["Name"].lower().replace("_", "-"), distribution)
    return found


def _problem(wanted: Vendored, found: dict[str, Distribution]) -> str:
    if wanted.name not in found:
        return f"{wanted.name} {wanted.version} is missing"
    version = found[wanted.name].version
    return "" if version == wanted.version else f"{wanted.name} is {version}, not {wanted.version}"


def _files_of(wanted: Vendored, distribution: Distribution) -> Iterator[PackagedFile]:
    # Not `files`, which in some versions leaves out what is missing: a hole must be seen.
    listed = sorted(row[0] for row in csv.reader((distribution.read_text("RECORD") or "").splitlines()) if row)
    for path in _matching(wanted.patterns, listed):
        yield PackagedFile(f"lib/{path}", _content(distribution, path))
    licences = [path for path in listed if ".dist-info/" in path and path.rpartition("/")[2] in _LICENCES]
    if not licences:
        raise PackageError(f"{wanted.name} {wanted.version} came without its licence: install it again")
    yield PackagedFile(f"lib/licences/{wanted.name}.txt", _content(distribution, licences[0]))


def _matching(patterns: Iterable[str], listed: Iterable[str]) -> Iterator[str]:
    """Yield the paths that fit a pattern; a star does not cross a folder."""
    for path in listed:
        is_wanted = any(pattern.count("/") == path.count("/") and fnmatchcase(path, pattern) for pattern in patterns)
        if is_wanted and path not in _NOT_TAKEN:
            yield path


def _content(distribution: Distribution, path: str) -> bytes:
    place = Path(str(distribution.locate_file(path)))
    try:
        return place.read_bytes()
    except OSError as error:
        raise PackageError(f"{path} cannot be read ({error.strerror}): install the package again") from error
