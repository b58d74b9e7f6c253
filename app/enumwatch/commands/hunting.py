"""`enumwatch hunt`: lists hunts, prints one in a query language, or runs it over logs."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..report.phrases import count
from .arguments import add_reading, add_redact
from .inert import inert_json
from .inputs import lookups_of, rulebook_of
from .redact import Redactor
from .scanning import exit_code_of, request_of
from .speech import OperatorError, ProgressLine, check_outputs, output, say

if TYPE_CHECKING:
    from ..hunts.hunt import Hunt
    from ..hunts.running import Answer

_OF_NAMES = frozenset({"target", "actor"})  # columns of contacts that hold names of people


def add_hunt(parser: argparse.ArgumentParser) -> None:
    """Declares the command."""
    parser.description = (
        "Without an id: lists the hunts. With an id: says what it looks for and prints its query, or runs it over the "
        "paths that follow, logs or a table of contacts."
    )
    parser.add_argument("hunt", nargs="?", metavar="ID", help="a hunt; leave out to list them")
    add_reading(parser)
    parser.add_argument(
        "--language", choices=("spl", "esql", "kql", "sql"), help="print its query in this language only"
    )
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table", help="default: table")
    add_redact(parser)
    parser.set_defaults(command=run_hunt, detection=None, fail_on=None)


def run_hunt(options: argparse.Namespace) -> int:
    """Lists, prints or runs; returns 0, 2 where nothing could be read. Raises OperatorError."""
    from ..hunts.loading import shipped_hunts
    from ..report.hunting import hunts_text

    hunts = shipped_hunts()
    if options.hunt is None:
        listed = hunts_text((one.technique, one.id, one.title) for one in hunts.values())
        return _written(options, lambda write: write(listed + "\n"))
    hunt = hunts.get(options.hunt)
    if hunt is None:
        near = get_close_matches(options.hunt, hunts, 1)
        advice = f"did you mean {near[0]}?" if near else "`enumwatch hunt` lists them"
        raise OperatorError(f"there is no hunt {options.hunt!r}: {advice}")
    is_shown = bool(options.language) or not options.paths
    request = None if is_shown else request_of(options)
    hunt = _tuned(hunt, options.rules, request)
    if not (is_shown and options.redact):  # a query that looks for names holds them
        hunt = _filled_in(hunt, options.lookups)
    if is_shown:
        return _written(options, lambda write: write(_shown(hunt, options) + "\n"))
    return _run(hunt, request, options)


def _tuned(hunt: Hunt, folder: str | None, request: Any) -> Hunt:
    """The hunt with the limits that it takes from rules as overlays of the user set them."""
    from ..hunts.loading import FOLDER, load_hunts

    if folder is None:
        return hunt
    rules = request.rulebook if request is not None else rulebook_of(folder)
    return load_hunts(FOLDER, rules=rules)[hunt.id]


def _filled_in(hunt: Hunt, folder: str | None) -> Hunt:
    """The hunt with its words taken from the tables of the user."""
    for table in hunt.tables:
        hunt = hunt.with_rows(table, lookups_of(folder).rows(table))
    for name, words in hunt.words.items():
        if words.left_out:
            say(f"{count(words.left_out, 'account')} of enumwatch_{words.table}.csv left out of the query: too long, or of "
                "characters that search languages read; look for them by hand")  # fmt: skip
        if not words.texts:
            kinds = " or ".join(words.kinds)
            say(f"No {words.column} of kind {kinds} is listed: fill enumwatch_{words.table}.csv and name its folder with "
                f"--lookups, or replace {words.in_query[0]} ({name}) in the query")  # fmt: skip
    return hunt


def _shown(hunt: Hunt, options: argparse.Namespace) -> str:
    from ..hunts.page import needed
    from ..hunts.rendering import text_of
    from ..report.hunting import explained
    from ..rulebook.limit import spelled

    if options.language:
        return text_of(hunt, options.language)
    told = {
        **{key: getattr(hunt, key) for key in ("technique", "title")},
        **{key: hunt.filled(getattr(hunt, key)) for key in ("hypothesis", "means")},
        **{key: [hunt.filled(one) for one in getattr(hunt, key)] for key in ("benign", "next")},
        "needs": needed(hunt),
        "limits": [(name, spelled(one), hunt.filled(one.means)) for name, one in hunt.limits.items()],
    }
    ask = f"Run it: enumwatch hunt {hunt.id} PATH\nIts query: enumwatch hunt {hunt.id} --language spl|esql|kql|sql"
    return f"{explained(told)}\n\n{ask}"


def _run(hunt: Hunt, request: Any, options: argparse.Namespace) -> int:
    from ..engines.local.export import export
    from ..engines.local.scan import counted
    from ..hunts.running import answer

    check_outputs(options.paths, {"--output": options.output})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "contacts.parquet"
        with ProgressLine() as progress, counted(request, progress, sys.stdin.buffer) as (contacts, reports):
            export(contacts, "parquet", str(file))
        read = [one for one in reports if one.is_read]
        found = answer(hunt, file) if read else None
    if found is not None:
        _written(
            options, lambda write: _tell(write, hunt, _redacted(hunt, found) if options.redact else found, options)
        )
    return exit_code_of(options, len(read), sum(1 for one in reports if not one.is_whole), ())


def _tell(write: Callable[[str], object], hunt: Hunt, found: Answer, options: argparse.Namespace) -> None:
    from ..report.csv import rows_csv
    from ..report.hunting import rows_text

    rows = [[_plain(cell) for cell in row] for row in found.rows]
    if options.format == "json":
        listed = [dict(zip(found.columns, row, strict=True)) for row in rows]
        write(inert_json({"hunt": hunt.id, "rows": listed}, indent=2) + "\n")
    elif options.format == "csv":
        for line in rows_csv(found.columns, rows):
            write(line)
    else:
        write(f"{hunt.title}: {rows_text(found.columns, found.rows, len(hunt.query.by))}\n")
        if found.rows:
            write(f"\nWhat it means and what to do: enumwatch hunt {hunt.id}\n")


def _plain(cell: Any) -> Any:
    return cell.isoformat() + "Z" if isinstance(cell, datetime) else cell


def _redacted(hunt: Hunt, found: Answer) -> Answer:
    """The answer with hashes in every column that is made from names of people."""
    from ..hunts.expression import names_in
    from ..hunts.running import Answer

    query, book = hunt.query, Redactor()
    named = set(_OF_NAMES)
    for made in (query.each, query.count):
        named |= {name for name, node in made.items() if names_in(node) & named}
    places = {place for place, name in enumerate(found.columns) if name in named}

    def hashed(cell: Any, write: Callable[[str], str]) -> Any:
        if isinstance(cell, list):
            return [hashed(one, write) for one in cell]
        return write(cell) if isinstance(cell, str) and cell else cell

    def row_of(row: Sequence[Any]) -> list[Any]:
        # An agent or an application may quote them.
        names = [one for place in places for one in _texts_of(row[place])]
        told = partial(book.text, names=names)
        return [hashed(cell, book.name if place in places else told) for place, cell in enumerate(row)]

    return Answer(found.columns, [row_of(row) for row in found.rows])


def _texts_of(cell: Any) -> list[str]:
    return [one for one in (cell if isinstance(cell, list) else [cell]) if isinstance(one, str)]


def _written(options: argparse.Namespace, tell: Callable[[Callable[[str], object]], object]) -> int:
    with output(options.output) as write:
        tell(write)
    return 0
