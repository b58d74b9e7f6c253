"""Reads the admin's folder, finds what is in use, and writes where Splunk reads: an installed app, a folder or a zip."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ...core.lookup_rows import LookupProblem, LookupProblems
from ...engines.splunk.macros import sources_in_splunk
from ...engines.splunk.outcomes import COLUMNS as KEY_COLUMNS
from ...engines.splunk.outcomes import LOOKUP, outcome_keys
from ...lookups import COLUMNS, GENERATED, PREFIX, Lookups, expired_entries, load_lookups, shipped_lookups
from ...rulebook.compiled import compiled
from .changes import Change, change_of, rows_of

KEYS = LOOKUP[len(PREFIX) :]
_TIME = (2026, 1, 1, 0, 0, 0)  # of every file in a zip: the same tables give the same zip


class PlacingError(Exception):
    """The tables cannot be read or written; the message is one line that ends in what to do."""


class Own(NamedTuple):
    """The admin's tables: what each changes, and the entries of the allowlist that hold no longer."""

    changes: list[Change]
    expired: list[str]


def own_tables(folder: Path, used: Path | None, now: datetime) -> Own:
    """Return what the tables of a folder change in those of `used` (None: the shipped ones).

    Raises PlacingError where there is nothing to read, LookupProblems with everything that is wrong in a table.
    """
    own = [file for file in sorted(folder.glob(f"{PREFIX}*.csv")) if file.stem[len(PREFIX) :] not in GENERATED]
    if not folder.is_dir() or not own:
        known = ", ".join(f"{PREFIX}{name}.csv" for name in COLUMNS)
        what = "holds no lookup table" if folder.is_dir() else "is no folder"
        raise PlacingError(f"{folder} {what}: name a folder with some of {known}")
    lookups = load_lookups(folder)
    _check_for_splunk(own, lookups)
    names = [file.stem[len(PREFIX) :] for file in own]
    changes = [_change(name, COLUMNS[name], lookups.rows(name), used or shipped_lookups()) for name in names]
    if "outcomes" in names:
        changes.append(_change(KEYS, KEY_COLUMNS, _keys(lookups), used or shipped_lookups()))
    return Own(changes, expired_entries(lookups, now) if "allowlist" in names else [])


def lookups_of_app(app: Path) -> Path:
    """Return the folder of tables of an installed app. Raises PlacingError where it is not our app."""
    if not (app / "default" / "app.conf").is_file() or not (app / "lookups").is_dir():
        raise PlacingError(f"{app} is not the installed app: name the folder $SPLUNK_HOME/etc/apps/enumwatch")
    return app / "lookups"


def write_folder(changes: list[Change], folder: Path) -> None:
    """Write every table; a search that reads meanwhile sees the old table or the new one, never half of one."""
    for change in changes:
        part = folder / f"{change.file}.part"
        try:
            part.write_text(change.text, encoding="utf-8", newline="\n")
            os.replace(part, folder / change.file)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise PlacingError(
                f"{folder / change.file} cannot be written ({error.strerror}): run this as the user that runs Splunk"
            ) from error


def zipped(changes: list[Change]) -> bytes:
    """Return a zip with every table below enumwatch/lookups/, to be unpacked where apps are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for change in sorted(changes):
            entry = zipfile.ZipInfo(f"enumwatch/lookups/{change.file}", _TIME)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, change.text.encode())
    return packed.getvalue()


def _change(name: str, columns: tuple[str, ...], rows: Sequence[Mapping[str, str]], used: Path) -> Change:
    file = used / f"{PREFIX}{name}.csv"
    try:
        text = file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""
    except OSError as error:
        raise PlacingError(
            f"{file} cannot be read ({error.strerror}): run this as the user that runs Splunk"
        ) from error
    return change_of(file.name, columns, rows, rows_of(text, columns))


def _keys(lookups: Lookups) -> list[dict[str, str]]:
    """Rows of the table that searches look answers up in, which follows from the table of outcomes."""
    providers = sorted({source["provider"] for source in sources_in_splunk(compiled()).values()})
    return list(csv.DictReader(io.StringIO(outcome_keys(lookups.outcomes, providers), newline="")))


def _check_for_splunk(files: list[Path], lookups: Lookups) -> None:
    """Refuse what our own reader accepts and Splunk's cannot hold."""
    problems = [
        LookupProblem(f"{file.as_posix()}:{row.line}", "a cell holds a line break", "one line a row", column)
        for file in files
        for row in lookups.rows(file.stem[len(PREFIX) :])
        for column, value in row.items()
        if "\n" in value or "\r" in value
    ]
    if problems:
        raise LookupProblems(problems)
