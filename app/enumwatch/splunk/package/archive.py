"""The archive: the same files always give the same bytes, whoever makes it, where and when."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterable

from .packaged import PackagedFile

APP_ID = "enumwatch"

_FILE_MODE, _FOLDER_MODE = 0o644, 0o755
_TIME = 1_767_225_600  # 2026-01-01T00:00:00Z, for every file of every version


def archive(files: Iterable[PackagedFile]) -> bytes:
    """Return the gzipped tar with one folder, named after the app, that holds everything."""
    packed = io.BytesIO()
    # Neither name nor time of making go into the header of the gzip file.
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=_TIME) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        wanted = {f"{APP_ID}/{file.path}": file.content for file in files}
        for folder in sorted({folder for path in wanted for folder in _folders_of(path)}):
            tar.addfile(_entry(folder, tarfile.DIRTYPE, _FOLDER_MODE))
        for path in sorted(wanted):
            entry = _entry(path, tarfile.REGTYPE, _FILE_MODE)
            entry.size = len(wanted[path])
            tar.addfile(entry, io.BytesIO(wanted[path]))
    return packed.getvalue()


def _folders_of(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _entry(path: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path)
    entry.type, entry.mode, entry.mtime = kind, mode, _TIME
    return entry
