"""Takes the layers off an input: gzip, zstd and zip, by content, nested at most a few times."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .paths import is_junk
from .records import Budget, Compression, Limits, Problems, Skipped
from .spool import new_file
from .streams import CHUNK_BYTES, GZIP_MAGIC, ZSTD_MAGIC, bounded, first_bytes, open_chunks
from .zip_salvage import salvage

_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
_MEMBER_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass
class Leaf:
    """What is inside all layers: `file` on disk, in at most one compression. `is_temporary`: it lies in scratch."""

    path: str
    file: str
    budget: Budget
    compression: Compression = "none"
    is_temporary: bool = False

    def chunks(self, problems: Problems) -> Iterator[bytes]:
        """The content, bounded by the budget of the input."""
        found = open_chunks(self.file, self.compression, problems)
        return bounded(found, self.budget, problems) if self.compression != "none" else found

    def head(self, size: int) -> bytes:
        """The first `size` bytes of the content; faults are left for the full reading to report."""
        return first_bytes(open_chunks(self.file, self.compression, Problems()), size)

    def on_disk(self, scratch: Path, problems: Problems) -> str:
        """Path of a file that holds the content uncompressed."""
        return self.file if self.compression == "none" else copy_out(self.chunks(problems), scratch)


def copy_out(chunks: Iterator[bytes], scratch: Path) -> str:
    """Writes the chunks to a new scratch file and returns its path."""
    descriptor, file = new_file(scratch, ".raw")
    with os.fdopen(descriptor, "wb") as out:
        for chunk in chunks:
            out.write(chunk)
    return file


class Peeler:
    """Takes one input apart; the budget in bytes is shared by everything inside it."""

    def __init__(self, scratch: Path, limits: Limits, packed_bytes: int) -> None:
        self._scratch = scratch
        self._limits = limits
        self._budget = Budget(limits.unpacked_bytes(packed_bytes))

    def peel(self, path: str, file: str, *, is_temporary: bool = False, layers: int = 0) -> Iterator[Leaf | Skipped]:
        """Every leaf below a file; what cannot be opened comes as Skipped. Raises OSError for the file itself."""
        magic = first_bytes(open_chunks(file, "none", Problems()), 4)
        compression: Compression = "none"
        if magic.startswith(GZIP_MAGIC):
            compression = "gzip"
        elif magic == ZSTD_MAGIC:
            compression = "zstd"
        if layers >= self._limits.max_layers and (compression != "none" or magic in _ZIP_MAGICS):
            yield Skipped(path, f"archives are nested more than {self._limits.max_layers} deep; unpack it first")
        elif magic in _ZIP_MAGICS:
            yield from self._zip(path, file, layers)
        else:
            leaf = Leaf(path, file, self._budget, compression, is_temporary)
            yield from self._nested(leaf, layers) if compression != "none" else (leaf,)

    def _nested(self, leaf: Leaf, layers: int) -> Iterator[Leaf | Skipped]:
        inner = leaf.head(4)
        if not inner.startswith(GZIP_MAGIC) and inner != ZSTD_MAGIC and inner not in _ZIP_MAGICS:
            yield leaf
            return
        problems = Problems()
        yield from self._below(leaf.path, copy_out(leaf.chunks(problems), self._scratch), layers)
        yield from _notices(leaf.path, problems)

    def _below(self, path: str, file: str, layers: int) -> Iterator[Leaf | Skipped]:
        """The leaves of an unpacked file, which goes when none of them is the file itself."""
        is_kept = False
        for leaf in self.peel(path, file, is_temporary=True, layers=layers + 1):
            is_kept = is_kept or (isinstance(leaf, Leaf) and leaf.file == file)
            yield leaf
        if not is_kept:
            with suppress(OSError):
                os.unlink(file)

    def _zip(self, path: str, file: str, layers: int) -> Iterator[Leaf | Skipped]:
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError):
            yield from self._salvaged(path, file, layers)
            return
        with archive:
            members = [member for member in archive.infolist() if _is_wanted(member.filename)]
            if any(member.filename == "[Content_Types].xml" for member in members):
                yield Skipped(path, "it is an Office document; export the sheet as CSV", "binary")
                return
            if not members:
                yield Skipped(path, "the archive holds no files; make it again", "empty")
            if len(members) > self._limits.max_members:
                yield Skipped(
                    path, f"it holds more than {self._limits.max_members} files, only these were read; split it"
                )
            for member in members[: self._limits.max_members]:
                yield from self._member(path, archive, member, layers)

    def _member(
        self, path: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, layers: int
    ) -> Iterator[Leaf | Skipped]:
        shown = f"{path}!{member.filename}"
        if member.flag_bits & 1:
            yield Skipped(shown, "it is encrypted; unpack the archive with its password first")
            return
        problems = Problems()
        unpacked = copy_out(bounded(_member_chunks(archive, member, problems), self._budget, problems), self._scratch)
        if os.path.getsize(unpacked) or not problems.kept():
            yield from self._below(shown, unpacked, layers)
        yield from _notices(shown, problems)

    def _salvaged(self, path: str, file: str, layers: int) -> Iterator[Leaf | Skipped]:
        yield Skipped(path, "the zip archive is truncated or damaged, what is there was read; fetch it again")
        for name, chunks in salvage(file):
            if not _is_wanted(name):
                for _ in chunks:
                    pass
                continue
            problems = Problems()
            unpacked = copy_out(bounded(chunks, self._budget, problems), self._scratch)
            yield from self._below(f"{path}!{name}", unpacked, layers)
            yield from _notices(f"{path}!{name}", problems)


def _member_chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo, problems: Problems) -> Iterator[bytes]:
    try:
        with archive.open(member) as source:
            while chunk := source.read(CHUNK_BYTES):
                yield chunk
    except NotImplementedError:
        problems.notice(None, "it is packed by a method that cannot be read", "a member packed by deflate")
    except _MEMBER_FAULTS:
        problems.notice(None, "it is damaged inside the zip archive, what precedes was read", "a sound archive")


def _notices(path: str, problems: Problems) -> Iterator[Skipped]:
    found = problems.kept()
    if found:
        yield Skipped(path, found[0].sentence(), "unreadable", found)


def _is_wanted(name: str) -> bool:
    return bool(name) and not name.endswith("/") and not any(is_junk(part) for part in name.split("/") if part)
