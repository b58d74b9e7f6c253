"""Reads the lookup tables: the shipped ones, each replaced by the file of the same name in the user's own folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from .core.actors import Actors
from .core.allowlist import Allowlist
from .core.context import Context
from .core.intelligence import Intelligence
from .core.lookup_rows import LookupProblem, LookupProblems, LookupRow, ProblemList
from .core.organisation import Organisation
from .core.outcome import OutcomeTable
from .core.tool import KnownTools

PREFIX = "enumwatch_"
_LONGEST_CELL = 131_072  # characters; a longer cell is an unclosed quote
_Built = TypeVar("_Built")

# Made from another table for engines that look up in their own way; nobody edits them and nothing here reads them.
GENERATED = frozenset({"outcome_keys"})

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "outcomes": (
        *("provider", "code", "reason", "name", "outcome", "account_exists", "password_state", "category"),
        *("log_source", "field", "note", "reference", "confidence", "dated"),
    ),
    "known_tools": (
        *("tool", "kind", "match_type", "pattern", "minimum", "log_sources", "tenant_visible", "trait", "pair_with"),
        *("risk", "risk_note", "reference", "confidence"),
    ),
    "actors": (
        *("technique_id", "attack_id", "kind", "name", "aliases", "what_they_did", "visible_to_defender", "fits"),
        *("source", "in_v18_1", "in_v19", "dated"),
    ),
    "free_mail": ("domain", "kind"),
    "disposable_domains": ("domain", "list", "dated"),
    "allowlist": ("type", "value", "tenant", "detections", "reason", "owner", "starts", "expires"),
    "domains": ("domain", "tenant", "kind"),
    "networks": ("cidr", "tenant", "kind"),
    "sensitive_accounts": ("account", "tenant", "kind"),
    "approved_creators": ("actor", "tenant", "kind"),
    "threat_intel": ("type", "value", "source", "confidence", "seen"),
    "exposed_addresses": ("address", "source", "seen"),
}


class Table(NamedTuple):
    """One table as read: `path` as the operator should read it, and its rows."""

    path: str
    rows: list[LookupRow]


@dataclass(frozen=True)
class Lookups:
    """Every lookup table, checked and ready for use."""

    outcomes: OutcomeTable
    known_tools: KnownTools
    actors: Actors
    allowlist: Allowlist
    organisation: Organisation
    intelligence: Intelligence
    tables: Mapping[str, Table]

    def rows(self, name: str) -> list[LookupRow]:
        """Return the rows of one table, by its name without prefix and ending; raises KeyError for another name."""
        return self.tables[name].rows

    def context(
        self,
        rulebook: Mapping[str, Any],
        free_mail: Iterable[Mapping[str, str]],
        disposable: Iterable[Mapping[str, str]],
    ) -> Context:
        """Return what the core may know beside the logs; the two long tables may be read as late as they are needed."""
        from .domains.known import KnownDomains, by_the_packages

        owner = self.organisation
        domains = KnownDomains(free_mail, disposable, owner.own, owner.partners | owner.retired, by_the_packages)
        return Context(
            rulebook=rulebook,
            allowlist=self.allowlist,
            organisation=owner,
            known_tools=self.known_tools,
            actors=self.actors,
            intelligence=self.intelligence,
            mail_domain=domains.mail_domain,
            lookalike=domains.lookalike,
        )


def shipped_lookups() -> Path:
    """Return the folder of the shipped tables: package data of a wheel, or `lookups/` beside `app/` of a checkout."""
    inside = Path(__file__).parent / "lookups"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "lookups"


def load_lookups(directory: Path | None = None, without: Collection[str] = ()) -> Lookups:
    """Return all tables, those in `directory` instead of the shipped ones of the same name.

    `without` names tables that nobody may ask for; free_mail and disposable_domains can be left out so, as they are long.
    Raises LookupProblems with everything that is wrong in any file, so that one run shows all there is to repair.
    """
    problems: list[LookupProblem] = []
    own = _own_files(directory, problems) if directory is not None else {}
    tables = {}
    for name in COLUMNS:
        if name in without:
            continue
        file = own.get(name, shipped_lookups() / f"{PREFIX}{name}.csv")
        path = file.as_posix() if name in own else f"lookups/{file.name}"
        tables[name] = Table(path, _read(file, path, COLUMNS[name], problems))
    if problems:
        # A table that could not be read whole would only raise false problems further on.
        raise LookupProblems(problems)
    return _build(tables)


def load_table(name: str) -> Table:
    """Return one shipped table; raises LookupProblems with everything that is wrong in its file."""
    problems: list[LookupProblem] = []
    file = shipped_lookups() / f"{PREFIX}{name}.csv"
    table = Table(f"lookups/{file.name}", _read(file, f"lookups/{file.name}", COLUMNS[name], problems))
    if problems:
        raise LookupProblems(problems)
    return table


def expired_entries(lookups: Lookups, now: datetime) -> list[str]:
    """Return a line for each entry of the allowlist that holds no longer."""
    microseconds = int(now.astimezone(timezone.utc).timestamp() * 1_000_000)
    return [
        f"{Path(entry.where.rpartition(':')[0]).name}:{entry.line}: expired on {entry.expires_text}, "
        f"covers nothing after it: {entry.type} {entry.value}"
        for entry in lookups.allowlist.expired(microseconds)
    ]


def _build(tables: dict[str, Table]) -> Lookups:
    problems: list[LookupProblem] = []

    def checked(build: Callable[[], _Built]) -> _Built | None:
        try:
            return build()
        except LookupProblems as error:
            problems.extend(error.problems)
            return None

    outcomes = checked(lambda: OutcomeTable.from_rows(tables["outcomes"].rows, tables["outcomes"].path))
    known_tools = checked(lambda: KnownTools.from_rows(tables["known_tools"].rows, tables["known_tools"].path))
    actors = checked(lambda: Actors.from_rows(tables["actors"].rows, tables["actors"].path))
    allowlist = checked(lambda: Allowlist.from_rows(tables["allowlist"].rows, tables["allowlist"].path))
    organisation = checked(lambda: _organisation(tables))
    intelligence = checked(lambda: _intelligence(tables))
    if outcomes is None or known_tools is None or actors is None or allowlist is None:
        raise LookupProblems(problems)
    if organisation is None or intelligence is None:
        raise LookupProblems(problems)
    return Lookups(outcomes, known_tools, actors, allowlist, organisation, intelligence, tables)


def _organisation(tables: dict[str, Table]) -> Organisation:
    return Organisation.from_rows(
        domains=tables["domains"].rows,
        networks=tables["networks"].rows,
        sensitive_accounts=tables["sensitive_accounts"].rows,
        approved_creators=tables["approved_creators"].rows,
        paths={name: table.path for name, table in tables.items()},
    )


def _intelligence(tables: dict[str, Table]) -> Intelligence:
    return Intelligence.from_rows(
        threat_intel=tables["threat_intel"].rows,
        exposed_addresses=tables["exposed_addresses"].rows,
        paths={name: table.path for name, table in tables.items()},
    )


def _own_files(directory: Path, problems: list[LookupProblem]) -> dict[str, Path]:
    if not directory.is_dir():
        problems.append(LookupProblem(directory.as_posix(), "no such folder", "a folder of lookup tables", "nothing"))
        return {}
    own = {}
    for file in sorted(directory.glob(f"{PREFIX}*.csv")):
        name = file.name[len(PREFIX) : -len(".csv")]
        if name in COLUMNS:
            own[name] = file
        elif name not in GENERATED:
            known = [f"{PREFIX}{other}.csv" for other in COLUMNS]
            expected = "".join(get_close_matches(file.name, known, 1)) or f"one of {', '.join(known)}"
            problems.append(LookupProblem(file.as_posix(), "unknown lookup table", expected, file.name))
    return own


def _read(file: Path, path: str, columns: tuple[str, ...], collected: list[LookupProblem]) -> list[LookupRow]:
    problems = ProblemList(path)
    text = _text(file, problems)
    rows = list(_rows(text, columns, problems)) if not problems.found else []
    collected.extend(problems.found)
    return rows


def _text(file: Path, problems: ProblemList) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        problems.add(1, "cannot be read", "a readable file", error.strerror)
        return ""
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        problems.add(line, "holds a NUL character", "text in UTF-8", "\0")
        return ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        broken = content[error.start : error.start + 1]
        problems.add(line, "is not UTF-8", "text in UTF-8", f"byte 0x{broken.hex()}")
        return ""


def _rows(text: str, columns: tuple[str, ...], problems: ProblemList) -> Iterator[LookupRow]:
    # The limit is the process's own, and reading logs may have raised it.
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(_without_comments(text), strict=True)
    header: list[str] | None = None
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not cells:
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                if not _is_expected(header, columns, line, problems):
                    return
            elif len(cells) != len(header):
                problems.add(line, "wrong number of cells", f"{len(header)} cells", f"{len(cells)} cells")
            else:
                yield LookupRow(dict(zip(header, cells)), line)
    except csv.Error as error:
        problems.add(reader.line_num, "is not CSV", "cells joined by commas, quotes closed", str(error))
    if header is None:
        problems.add(1, "has no header", ",".join(columns), "")


def _is_expected(header: list[str], columns: tuple[str, ...], line: int, problems: ProblemList) -> bool:
    before = len(problems.found)
    if len(header) == 1 and header[0].replace(";", ",").replace("\t", ",") == ",".join(columns):
        # What a spreadsheet writes where the comma is the decimal sign; one line instead of one for every column.
        problems.add(line, "cells are not separated by commas", ",".join(columns), header[0])
        return False
    for column in columns:
        if column not in header:
            problems.add(line, f"column {column} is missing", ",".join(columns), ",".join(header))
    for column in dict.fromkeys(header):
        if column not in columns:
            problems.add(line, "unknown column", ",".join(columns), column)
        elif header.count(column) > 1:
            problems.add(line, "column given twice", "each column once", column)
    return len(problems.found) == before


def _without_comments(text: str) -> Iterator[str]:
    """Yield the lines with comments emptied, not dropped: the rows after them keep their line numbers."""
    inside_quotes = False
    # Not splitlines(): that also breaks at separators a cell may hold.
    for line in io.StringIO(text, newline=""):
        if line.startswith("#") and not inside_quotes:
            yield "\n"
            continue
        if line.count('"') % 2:
            inside_quotes = not inside_quotes
        yield line
