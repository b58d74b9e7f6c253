"""Paths as the operator wrote them (files, folders, globs, `-`) become inputs, in an order that never varies."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Iterator, Sequence

from ....beside_logs import logs_among
from .copies import Copies
from .records import Input, Problem, SkipKind

STDIN = "-"
_MAGIC = re.compile(r"[*?\[]")
# Litter that file managers and version control leave beside logs.
_JUNK = {"thumbs.db", "desktop.ini", "$recycle.bin", "system volume information", "__macosx"}


def is_junk(name: str) -> bool:
    """True for hidden and system names (`.DS_Store`, `._x`, `Thumbs.db`), which folders and archives are full of."""
    return name.startswith(".") or name.lower() in _JUNK


def display(path: str) -> str:
    """The path as valid text: bytes of a file name that are not UTF-8 become `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def discover(paths: Sequence[str]) -> Iterator[Input]:
    """Every regular file the paths name, each once, copies under other names too; else an Input with its problem.

    Folders are read recursively in name order; hidden and system files inside them are passed over, and what enumwatch
    itself wrote beside logs. `-` is standard input. A glob may contain `**`. A pipe is read only when it is named itself.
    """
    walker = _Walker()
    for path in paths:
        if path == STDIN:
            yield Input(STDIN, "", is_stdin=True)
        elif os.path.lexists(path) or not _MAGIC.search(path):
            yield from walker.read(path, is_named=True)
        else:
            yield from _glob(walker, path)


def _problem(path: str, what: str, expected: str, kind: SkipKind = "unreadable") -> Input:
    return Input(display(path), path, problem=Problem(None, what, expected), kind=kind)


def _os_problem(path: str, error: OSError) -> Input:
    if isinstance(error, FileNotFoundError):
        return _problem(path, "there is no such file", "a path that exists")
    if isinstance(error, PermissionError):
        return _problem(path, "permission to read it is missing", "a path that this user may read")
    return _problem(path, f"it cannot be opened ({(error.strerror or 'system error').lower()})", "a readable path")


def _glob(walker: _Walker, pattern: str) -> Iterator[Input]:
    is_found = False
    for path in _expand(pattern):
        is_found = True
        yield from walker.read(path, is_named=False)
    if not is_found:
        yield _problem(pattern, "no file matches this pattern", "a pattern that matches at least one file")


def _expand(pattern: str) -> Iterator[str]:
    """Matches of a pattern in name order. Not glob.glob: that follows links in circles below `**`."""
    drive, tail = os.path.splitdrive(pattern)
    parts = [part for part in re.split(r"[\\/]" if os.sep == "\\" else "/", tail) if part]
    yield from _match(drive + os.sep if tail.startswith(("/", os.sep)) else drive, parts)


def _match(folder: str, parts: list[str]) -> Iterator[str]:
    if not parts:
        if os.path.lexists(folder):
            yield folder
        return
    part, rest = parts[0], parts[1:]
    if part == "**":
        for below in _folders(folder):
            yield from _match(below, rest or ["*"])
    elif not _MAGIC.search(part):
        yield from _match(os.path.join(folder, part), rest)
    else:
        for name in _names(folder):
            is_passed_over = is_junk(name) and not part.startswith(".")
            if not is_passed_over and fnmatch.fnmatchcase(name, part):
                yield from _match(os.path.join(folder, name), rest)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder or "."))
    except OSError:
        return []


def _folders(folder: str) -> Iterator[str]:
    """The folder and all folders below it, links not followed."""
    pending = [folder]
    while pending:
        current = pending.pop()
        yield current
        below = [os.path.join(current, name) for name in _names(current) if not is_junk(name)]
        pending.extend(path for path in reversed(below) if os.path.isdir(path) and not os.path.islink(path))


class _Walker:
    """Remembers what was read, so that no file counts twice and no circle of links is walked twice."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int], str] = {}
        self._copies = Copies()

    def read(self, path: str, *, is_named: bool) -> Iterator[Input]:
        """The inputs at and below `path`; `is_named` when the operator wrote this very path."""
        pending = [path]
        while pending:
            current = pending.pop()
            try:
                status = os.stat(current)
                is_folder = stat.S_ISDIR(status.st_mode)
                repeated = self._repeated(current, status, is_folder)
                if repeated is not None:
                    yield from repeated
                elif is_folder:
                    names = [name for name in logs_among(sorted(os.listdir(current))) if not is_junk(name)]
                    if not names and current == path:
                        yield _problem(current, "the folder holds no files", "a folder with log files", "empty")
                    pending.extend(os.path.join(current, name) for name in reversed(names))
                else:
                    yield self._once(
                        _file(current, status.st_mode, is_named=is_named and current == path), status.st_size
                    )
            except OSError as error:
                yield _os_problem(current, error)
            except ValueError:
                yield _problem(current, "the path holds a character no path may hold", "a valid path")

    def _repeated(self, path: str, status: os.stat_result, is_folder: bool) -> list[Input] | None:
        """None for something new; otherwise what to report: nothing when the same path was merely named twice."""
        identity = (status.st_dev, status.st_ino)
        known = self._seen.get(identity)
        if known is None:
            self._seen[identity] = path
            return None
        if os.path.normpath(known) == os.path.normpath(path):
            return []
        return [_repetition(path, f"it is the same {'folder' if is_folder else 'file'} as", known)]

    def _once(self, found: Input, size_bytes: int) -> Input:
        """The input itself, or what to report where its bytes lie under another name too."""
        is_regular = found.problem is None and not found.is_stdin
        original = self._copies.original(found.file, size_bytes) if is_regular else None
        return found if original is None else _repetition(found.file, "it is a copy, byte for byte, of", original)


def _repetition(path: str, what: str, original: str) -> Input:
    shown = display(original)
    problem = Problem(None, f"{what} {shown}, which was read already", "each file once")
    return Input(display(path), path, problem=problem, kind="repeated", original=shown)


def _file(path: str, mode: int, *, is_named: bool) -> Input:
    if stat.S_ISREG(mode):
        return Input(display(path), path)
    if is_named and stat.S_ISFIFO(mode):  # <(command) of a shell
        return Input(display(path), path, is_stdin=True)
    return _problem(path, "it is a device, socket or pipe", "a regular file")
