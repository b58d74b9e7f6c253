"""The package as it is made from this checkout, unpacked as Splunk does."""

from __future__ import annotations

import io
import tarfile
from functools import lru_cache
from pathlib import Path

from tests.splunk.fetched import fetched

from enumwatch.splunk.package.archive import archive
from enumwatch.splunk.package.contents import contents
from enumwatch.splunk.package.packaged import PackagedFile


@lru_cache
def packaged() -> tuple[PackagedFile, ...]:
    """Every file of the package."""
    return tuple(contents(fetched("vendored")))


@lru_cache
def spl() -> bytes:
    """The package itself."""
    return archive(packaged())


def unpack(folder: Path) -> Path:
    """Unpacks the package below a folder; the folder of the app comes back."""
    with tarfile.open(fileobj=io.BytesIO(spl())) as tar:
        for member in tar.getmembers():
            place = folder / member.name
            if member.isdir():
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.write_bytes(tar.extractfile(member).read())  # type: ignore[union-attr]
    return folder / "enumwatch"
