"""One file of the package, and what may go wrong before there is a package."""

from __future__ import annotations

from typing import NamedTuple


class PackageError(Exception):
    """The package cannot be made; the message is one line that ends in what to do."""


class PackagedFile(NamedTuple):
    """A file of the package: its path below the app's folder, and its bytes."""

    path: str
    content: bytes
