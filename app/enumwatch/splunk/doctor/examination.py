"""The whole examination: every exported file is read once, everything that can be checked with them is checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..package.contents import own_files
from .asking import source_macro, sources
from .coverage import check_both, check_fields, check_times, is_fields, is_times, missing_parts
from .exported import ExportError, Rows, Stanzas, read_export
from .macros import check_macros, unset
from .runs import check_runs, is_run
from .runs import unseen as runs_unseen
from .searches import check_searches, is_on
from .trouble import LEVELS, Trouble

_PREFIX = "enumwatch"
_HOW = "see `Doctor` in docs/splunk.md for the files to export"


class Examination(NamedTuple):
    """What is wrong, worst first, what was looked at, and what was not because no file holds it."""

    troubles: list[Trouble]
    seen: list[str]
    unseen: list[str]


class _Exports(NamedTuple):
    macros: Stanzas
    searches: Stanzas
    times: Rows
    fields: Rows
    runs: Rows


def examine(files: Sequence[Path]) -> Examination:
    """Return everything that the files say of an installation. Raises ExportError."""
    exports = _read(files)
    rules = sources()
    titles = {source_macro(source): str(rule["title"]) for source, rule in rules.items()}
    troubles: list[Trouble] = []
    seen, unseen = [], list(missing_parts(bool(exports.times), bool(exports.fields)))
    unseen += runs_unseen(exports.runs)
    if exports.macros:
        troubles += check_macros(exports.macros, shipped("macros"), titles)
        seen.append(f"{len(exports.macros)} macros")
    else:
        unseen.append("macros were not looked at: run `splunk btool macros list --app=enumwatch > macros.txt`")
    if exports.searches:
        troubles += check_searches(exports.searches, shipped("savedsearches"))
        seen.append(f"{len(exports.searches)} searches")
    else:
        unseen.append(
            "searches were not looked at: run `splunk btool savedsearches list --app=enumwatch > searches.txt`"
        )
    troubles += _check_used(exports, titles)
    troubles += check_times(exports.times, rules)
    troubles += check_fields(exports.fields, rules)
    troubles += check_runs(exports.runs)
    if exports.times and exports.fields:
        troubles += check_both(exports.times, exports.fields, rules)
    seen += [f"times of {len(exports.times)} logs"] * bool(exports.times)
    seen += [f"fields of {len(exports.fields)} logs"] * bool(exports.fields)
    seen += [f"runs of {len(exports.runs)} rules"] * bool(exports.runs)
    return Examination(sorted(troubles, key=lambda one: LEVELS.index(one.level)), seen, unseen)


def shipped(conf: str) -> Stanzas:
    """Return the stanzas of a conf file as the app ships it."""
    return read_export(own_files() / "default" / f"{conf}.conf").stanzas


def _read(files: Sequence[Path]) -> _Exports:
    exports = _Exports({}, {}, [], [], [])
    for file in files:
        found = read_export(file)
        stanzas = {name: keys for name, keys in found.stanzas.items() if name.startswith(_PREFIX)}
        macros = {name: keys for name, keys in stanzas.items() if "definition" in keys}
        searches = {name: keys for name, keys in stanzas.items() if name.startswith(f"{_PREFIX} - ")}
        times = [row for row in found.rows if is_times(row)]
        fields = [row for row in found.rows if is_fields(row)]
        runs = [row for row in found.rows if is_run(row)]
        if not (macros or searches or times or fields or runs):
            raise ExportError(f"{file} holds nothing of enumwatch: {_HOW}")
        exports.macros.update(macros)
        exports.searches.update(searches)
        exports.times.extend(times)
        exports.fields.extend(fields)
        exports.runs.extend(runs)
    return exports


def _check_used(exports: _Exports, titles: dict[str, str]) -> Iterator[Trouble]:
    """A search of contacts that is on although its macro was not set reads whatever it is given."""
    for macro in sorted(unset(exports.macros, titles)):
        name = f"enumwatch - Contacts - {titles[macro]}"
        if is_on(exports.searches.get(name, {})):
            yield Trouble(
                "doubtful", f"search {name!r}", f"is enabled, and macro {macro} searches every index", "set it"
            )
