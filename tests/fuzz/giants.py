"""Giants: inputs that are small to make and enormous to read; each with the time it may take."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import zstandard

_GIB = 1 << 30


def _line(target: Path, size: int, before: bytes = b"", after: bytes = b"\n") -> None:
    """A file with one line of so many zeros, which takes no room on the disk."""
    with target.open("wb") as out:
        out.write(before)
        out.seek(size, os.SEEK_CUR)
        out.write(after)


def _text_line(target: Path, size: int, before: bytes, after: bytes) -> None:
    with target.open("wb") as out:
        out.write(before)
        for _ in range(size >> 20):
            out.write(b"A" * (1 << 20))
        out.write(after)


def zeros_line(folder: Path, log: bytes) -> None:
    """A line of 1 GiB of zeros in the middle of a log."""
    half = log.index(b"\n", len(log) // 2) + 1
    _line(folder / "in" / "zeros.ndjson", _GIB, log[:half], b"\n" + log[half:])


def json_line(folder: Path, log: bytes) -> None:
    """A record of 1 GiB, whose user agent it is."""
    _text_line(folder / "in" / "agent.ndjson", _GIB, log + b'{"properties":{"userAgent":"', b'"}}\n' + log)


def array_element(folder: Path, log: bytes) -> None:
    """One element of 256 MiB in a JSON array."""
    _text_line(folder / "in" / "array.json", _GIB >> 2, b'[{"a":1},{"userAgent":"', b'"},{"a":2}]')


def csv_cell(folder: Path, log: bytes) -> None:
    """A quote that is never closed in front of 256 MiB of short lines."""
    with (folder / "in" / "cell.csv").open("wb") as out:
        out.write(b'CreationDate,UserIds,Operations,AuditData\n"')
        for _ in range(256):
            out.write(b"a,b,c,d\n" * (1 << 17))


def deep(folder: Path, log: bytes) -> None:
    """Lists in lists, a hundred million deep, as one line and over many."""
    (folder / "in" / "deep.ndjson").write_bytes(log + b"[" * 100_000_000 + b"\n" + log)
    (folder / "in" / "deep.json").write_bytes(b"[" * 50_000_000)
    (folder / "in" / "objects.json").write_bytes(b'{"a":\n' * 10_000_000)


def gzip_bomb(folder: Path, log: bytes) -> None:
    """4 GiB of zeros in a gzip archive of 4 MiB, behind a log."""
    part = gzip.compress(bytes(_GIB >> 4), 9)
    (folder / "in" / "bomb.ndjson.gz").write_bytes(gzip.compress(log) + part * 64)


def zstd_bomb(folder: Path, log: bytes) -> None:
    """64 GiB in a zstd archive of a few MiB."""
    part = zstandard.ZstdCompressor(level=19).compress(bytes(_GIB >> 4))
    (folder / "in" / "bomb.zst").write_bytes(zstandard.ZstdCompressor().compress(log) + part * 1024)


def zip_bomb(folder: Path, log: bytes) -> None:
    """An archive of archives of archives, of which each member unpacks to a hundred times itself."""
    content = bytes(_GIB >> 2)
    for name in ("c", "b", "a"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for number in range(3):
                archive.writestr(f"{name}{number}", content)
        content = out.getvalue()
    (folder / "in" / "bomb.zip").write_bytes(content)


class Giant(NamedTuple):
    """What is made, and how long reading it may take in seconds."""

    make: Callable[[Path, bytes], None]
    seconds: float


GIANTS = {
    "a line of 1 GiB of zeros": Giant(zeros_line, 60),
    "a record of 1 GiB": Giant(json_line, 60),
    "an array element of 256 MiB": Giant(array_element, 60),
    "a cell of 256 MiB": Giant(csv_cell, 120),
    "100 million brackets": Giant(deep, 60),
    "a gzip bomb of 4 GiB": Giant(gzip_bomb, 60),
    "a zstd bomb of 64 GiB": Giant(zstd_bomb, 60),
    "a nested zip bomb": Giant(zip_bomb, 120),
}


def feed(pipe: Path) -> subprocess.Popen[bytes]:
    """Writes 1 GiB without an end of line into a pipe, as long as somebody reads."""
    script = "import sys\nout = open(sys.argv[1], 'wb')\nfor _ in range(1024): out.write(b'A' * (1 << 20))"
    return subprocess.Popen([sys.executable, "-c", script, str(pipe)], stderr=subprocess.DEVNULL)


def clear(folder: Path) -> None:
    """An empty folder for the next."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "in").mkdir(parents=True)
