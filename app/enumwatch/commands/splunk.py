"""`enumwatch splunk`: makes the app, looks after its lookups, says what is wrong with an installation."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..report.visible import visible
from .speech import OperatorError, say

if TYPE_CHECKING:
    from ..splunk.lookups.changes import Change

_LONGEST_LINE = 2_000


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
    lookups = actions.add_parser(
        "lookups",
        help="check your lookup tables and put them where the app reads them",
        description="Check a folder of your own lookup tables, show what they change, and write them where the app "
        "reads them. Without --app and --output nothing is written.",
    )
    lookups.add_argument("folder", metavar="DIR", help="folder with your enumwatch_*.csv; it stays the original")
    lookups.add_argument("--app", metavar="DIR", help="the installed app: $SPLUNK_HOME/etc/apps/enumwatch")
    lookups.add_argument(
        "--output", metavar="PATH", help="a zip (ends in .zip) or a folder instead, e.g. for the deployer of a cluster"
    )
    lookups.add_argument("--dry-run", action="store_true", help="only check and show what would change")
    lookups.set_defaults(command=run_lookups)
    doctor = actions.add_parser(
        "doctor",
        help="say what is wrong with an installation, from files exported of it",
        description="Say what is wrong with an installation: missing sources, empty fields, wrong macros, disabled "
        "searches, late data, wrong clocks. Exit code 1 when something is broken.",
    )
    doctor.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="listings of `splunk btool` (macros, savedsearches) and exported results (CSV, JSON) of the searches "
        '"enumwatch - Doctor - ..."',
    )
    doctor.set_defaults(command=run_doctor)


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


def run_lookups(options: argparse.Namespace) -> int:
    """Checks tables, shows what they change, writes them; returns 0, 2 for a broken table. Raises OperatorError."""
    from ..core.lookup_rows import LookupProblems
    from ..splunk.lookups.changes import told
    from ..splunk.lookups.placing import PlacingError, lookups_of_app, own_tables

    try:
        used = lookups_of_app(Path(options.app)) if options.app else None
        own = own_tables(Path(options.folder), used, datetime.now(timezone.utc))
        for change in own.changes:
            sys.stdout.writelines(f"{visible(line, _LONGEST_LINE)}\n" for line in told(change))
        for line in own.expired:
            say(line)
        if not options.dry_run:
            _place(own.changes, used, options.output)
    except PlacingError as error:
        raise OperatorError(str(error)) from error
    except LookupProblems as error:
        for problem in error.problems:
            say(str(problem))
        raise OperatorError("nothing was written: repair the lookup tables and run again") from error
    return 0


def run_doctor(options: argparse.Namespace) -> int:
    """Says what is wrong and what to do; returns 0, 1 where something is broken. Raises OperatorError."""
    from ..splunk.doctor.examination import examine
    from ..splunk.doctor.exported import ExportError

    try:
        found = examine([Path(name) for name in options.files])
    except ExportError as error:
        raise OperatorError(str(error)) from error
    sys.stdout.writelines(f"{visible(str(one), _LONGEST_LINE)}\n" for one in found.troubles)
    for line in found.unseen:
        say(line)
    say(f"looked at {', '.join(found.seen)}: {len(found.troubles) or 'nothing'} to mend or to know")
    return 1 if any(one.level == "broken" for one in found.troubles) else 0


def _place(changes: list[Change], used: Path | None, output: str | None) -> None:
    from ..splunk.lookups.changes import counted
    from ..splunk.lookups.placing import PlacingError, write_folder, zipped

    if used is not None:
        write_folder(changes, used)
        say(f"{counted(len(changes), 'table')} written to {used}: searches read them from now on")
    if output is None:
        if used is None:
            say("nothing was written: name the installed app with --app, or a zip or folder with --output")
        return
    target = Path(output)
    if target.suffix == ".zip":
        try:
            target.write_bytes(zipped(changes))
        except OSError as error:
            raise PlacingError(f"{target} cannot be written ({error.strerror}): choose another place for it") from error
    elif target.is_dir():
        write_folder(changes, target)
    else:
        raise PlacingError(f"--output {output!r} is no folder and does not end in .zip: make it or choose another")
    say(f"{counted(len(changes), 'table')} written to {target}")
