"""`enumwatch splunk`: makes the app, looks after its lookups, says what is wrong with an installation."""

from __future__ import annotations

import argparse
from pathlib import Path

from .. import __version__
from .speech import OperatorError, say


def add_actions(parser: argparse.ArgumentParser) -> None:
    """Declares the actions of the command and their options."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    package = actions.add_parser(
        "package", help="make the app to install in Splunk", description="Make the app to install in Splunk."
    )
    package.add_argument(
        "--vendored", metavar="DIR", help="folder with the packages the app takes along (default: those installed)"
    )
    package.add_argument(
        "--output", metavar="PATH", default=".", help="file to write, or the folder for enumwatch-VERSION.spl"
    )
    package.set_defaults(command=run_package)


def run_package(options: argparse.Namespace) -> int:
    """Writes the .spl; returns 0. Raises OperatorError."""
    from ..splunk.package.archive import archive
    from ..splunk.package.contents import contents
    from ..splunk.package.packaged import PackageError

    target = Path(options.output)
    if target.is_dir():
        target = target / f"enumwatch-{__version__}.spl"
    if not target.parent.is_dir():
        raise OperatorError(f"--output: there is no folder {str(target.parent)!r}: make it or choose another")
    try:
        files = contents(Path(options.vendored) if options.vendored else None)
    except PackageError as error:
        raise OperatorError(str(error)) from error
    packed = archive(files)
    try:
        target.write_bytes(packed)
    except OSError as error:
        raise OperatorError(f"{target} cannot be written ({error.strerror}): choose another place for it") from error
    say(f"{target}: {len(files)} files, {len(packed) / 1e6:.1f} MB")
    return 0
