"""Runtime: runs whole searches of the app, each command by whom it belongs to.

The SPL engine runs what it can; where it refuses a command a twin does it. The app's own commands run for real, as
scripts over the chunked protocol. Indexes and KV-store collections are lists of rows held here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.splunk.content.relative_time import moment
from tests.splunk.content.spl_names import bracketed, name_of, split_at
from tests.splunk.content.twins import SLOW, TWINS, NoTwinError, Row, subsearch_text
from tests.splunk.engine import Engine, RefusedError
from tests.splunk.expanding import expand

Command = Callable[[list[Row], str], list[Row]]
_ROWS, _PLACE = "none", "place__"  # an index that the engine always knows
_OWN = {"append", "appendpipe", "collect", "inputlookup", "outputlookup"}
_SHAPING = {"stats", "eventstats", "streamstats", "top", "rare"}  # what comes out is not what went in
_OPTION = re.compile(r"([a-z_]+)=(\"[^\"]*\"|\S+)\s*")


@dataclass
class Runtime:
    """What a search head knows. `macros` are the stanzas of macros.conf, `commands` run the app's own scripts."""

    engine: Engine
    macros: Mapping[str, Mapping[str, str]]
    tables: Path
    collections: set[str]
    commands: Mapping[str, Command] = field(default_factory=dict)
    events: list[Row] = field(default_factory=list)
    kept: dict[str, list[Row]] = field(default_factory=dict)
    now: float = 0.0
    judged: set[str] = field(default_factory=set)  # commands that ran; without rows they need not again
    twinned: set[str] = field(default_factory=set)  # commands that the engine refused

    def run_saved(self, keys: Mapping[str, str], now: float) -> list[Row]:
        """Results of a saved search that the scheduler starts at `now` (epoch seconds)."""
        self.now = now
        bounds = (("_time", "dispatch.", "_time"), ("_indextime", "dispatch.index_", ""))
        seen = self.events
        for name, prefix, suffix in bounds:
            begin, end = (keys.get(f"{prefix}{one}{suffix}") for one in ("earliest", "latest"))
            if begin and end:
                low, high = moment(begin, now), moment(end, now)
                seen = [event for event in seen if low <= float(event[name]) < high]
        return self.run(keys["search"], seen)

    def run(self, search: str, events: list[Row] | None = None) -> list[Row]:
        """Results of a search with macros."""
        seen = self.events if events is None else events
        return self._pipeline(expand(search, self.macros), None, seen)

    def _pipeline(self, search: str, rows: list[Row] | None, events: list[Row]) -> list[Row]:
        waiting: list[str] = []
        for number, part in enumerate(split_at(search.strip(), "|")):
            text = part.strip()
            if not text:
                continue
            if number == 0 and rows is None:
                rows = self._found(self._inlined(text, events), events)
            elif name_of(text) in SLOW and rows is not None:
                rows = TWINS[name_of(text)](self._engine(waiting, rows), text.partition(" ")[2])
                waiting = []
            elif name_of(text) in _OWN or name_of(text) in self.commands:
                rows = self._own(text, self._engine(waiting, rows), events)
                waiting = []
            else:
                waiting.append(self._inlined(text, events))
        return self._engine(waiting, rows)

    def _inlined(self, text: str, events: list[Row]) -> str:
        """Subsearches replaced by what they find."""
        for inner in list(bracketed(text)):
            plain = re.sub(r"\|\s*format\s*$", "", inner)
            text = text.replace(f"[{inner}]", subsearch_text(self._pipeline(plain, None, events)))
        return text

    def _found(self, base: str, events: list[Row]) -> list[Row]:
        """Events of the base search, each whole; the engine picks, the rows are those that were put in."""
        self.engine.load([{**_plain(event), _PLACE: str(place)} for place, event in enumerate(events)], numbers=False)
        found = self.engine.run(f"{base} | table {_PLACE}")
        return [dict(events[place]) for place in sorted(int(row[_PLACE]) for row in found)]

    def _own(self, text: str, rows: list[Row] | None, events: list[Row]) -> list[Row]:
        name, _, rest = text.partition(" ")
        if name in self.commands:
            return self.commands[name](rows or [], rest)
        options = dict(_OPTION.findall(rest))
        if name in ("append", "appendpipe"):
            (inner,) = bracketed(text)
            given = [dict(row) for row in rows or []] if name == "appendpipe" else None
            return [*(rows or []), *self._pipeline(inner, given, events)]
        target = _OPTION.sub("", re.sub(r"\bwhere\b.*", "", rest)).strip()
        if name == "inputlookup":
            return self._read(target, rest, rows if options.get("append") in ("t", "true") else [])
        if name == "outputlookup":
            self._write(target, options, rows or [])
        else:
            self._collect(options, rows or [])
        return rows or []

    def _read(self, table: str, rest: str, rows: list[Row] | None) -> list[Row]:
        """inputlookup [append=] NAME [where ...]"""
        if table in self.collections:
            found = [dict(row) for row in self.kept.get(table, [])]
        else:
            with (self.tables / f"{table}.csv").open(encoding="utf-8", newline="") as file:
                found = [dict(row) for row in csv.DictReader(file)]
        _, where, condition = rest.partition(" where ")
        if where:
            found = self._engine([f"search {condition}"], found)
        return [*(rows or []), *found]

    def _write(self, table: str, options: Mapping[str, str], rows: list[Row]) -> None:
        """outputlookup [append=] [key_field=] [override_if_empty=] NAME, a KV-store collection."""
        if table not in self.collections:
            raise NoTwinError(f"outputlookup {table}")
        clean = [{name: cell for name, cell in row.items() if cell not in ("", [], None)} for row in rows]
        if options.get("append") in ("t", "true"):
            key = options["key_field"]
            known = {str(row[key]): row for row in self.kept.get(table, [])}
            self.kept[table] = list({**known, **{str(row[key]): row for row in clean}}.values())
        elif clean or options.get("override_if_empty") not in ("f", "false"):
            self.kept[table] = clean

    def _collect(self, options: Mapping[str, str], rows: list[Row]) -> None:
        """collect index= source=: an event a row at its _time, indexed now."""
        source = {"index": options["index"], "source": options["source"].strip('"'), "sourcetype": "stash"}
        for row in rows:
            clean = {name: cell for name, cell in row.items() if cell not in ("", [], None)}
            self.events.append({"_time": self.now, **clean, **source, "_indextime": self.now})

    def _engine(self, commands: list[str], rows: list[Row] | None) -> list[Row]:
        if not commands:
            return rows or []
        if rows is None:
            return self._tried("| " + " | ".join(commands))
        text = " | ".join(commands)
        if not rows and text in self.judged and not any(name_of(one) == "stats" for one in commands):
            return []
        self.judged.add(text)
        try:
            return self._over(commands, rows)
        except RefusedError:
            for one in commands:
                rows = self._one(one, rows)
            return rows

    def _one(self, command: str, rows: list[Row]) -> list[Row]:
        try:
            return self._over([command], rows)
        except RefusedError as error:
            name, _, rest = command.partition(" ")
            if name not in TWINS:
                raise NoTwinError(f"{command}: {error}") from error
            self.twinned.add(name)
            return TWINS[name](rows, rest)

    def _over(self, commands: list[str], rows: list[Row]) -> list[Row]:
        """Results of these commands over these rows. Where rows stay what they are, cells that no command wrote are taken
        from the rows that went in, because the engine spells numbers and times its own way."""
        loaded = [{"_time": 0, **_plain(row), "index": _ROWS, _PLACE: str(place)} for place, row in enumerate(rows)]
        self.engine.load(loaded, numbers=True)
        begin = f"index={_ROWS} | sort 0 {_PLACE} | "
        if any(name_of(one) in _SHAPING for one in commands):
            return [_returned(row) for row in self._tried(begin + " | ".join(commands))]
        columns = list(dict.fromkeys(name for row in rows for name in row))
        kept, written = _columns_after(commands, columns)
        listed = ", ".join(kept)
        carried = [_with_place(one) for one in commands]
        found = self._tried(f"{begin}{' | '.join(carried)} | table {_PLACE}, {listed}")
        return [_merged(rows[int(row[_PLACE])], row, kept, written) for row in found]

    def _tried(self, search: str) -> list[Row]:
        rows: list[Row] = self.engine.run(search)
        return rows


def _plain(row: Mapping[str, Any]) -> Row:
    """A row as the engine takes it: no empty cells, an event's own _raw or none."""
    return {name: cell for name, cell in row.items() if cell not in ("", [], None)}


def _with_place(command: str) -> str:
    """A command that names the columns it keeps, with one more to keep."""
    is_kept = name_of(command) in ("table", "fields") and not command.split()[1].startswith("-")
    return f"{command}, {_PLACE}" if is_kept else command


def _columns_after(commands: list[str], columns: list[str]) -> tuple[list[str], set[str]]:
    """Columns that are there after these commands, and those of them that a command wrote."""
    kept, written = list(columns), set[str]()
    for command in commands:
        name, _, rest = command.partition(" ")
        made: list[str] = []
        if name in ("table", "fields"):
            named = [one for one in re.split(r"[,\s]+", rest) if one]
            is_dropped = named[0] == "-"
            kept = [one for one in kept if one not in named] if is_dropped else named
        elif name == "eval":
            made = [part.partition("=")[0].strip() for part in split_at(rest, ",")]
        elif name == "rex":
            made = re.findall(r"\(\?<(\w+)>", rest)
        elif name == "spath":
            made = re.findall(r"output=(\S+)", rest)
        elif name == "rename":
            pairs = re.findall(r"(\S+) AS ([^\s,]+)", rest)
            kept = [one for one in kept if one not in dict(pairs)]
            made = [new for _, new in pairs]
        elif name in ("mvexpand", "fillnull"):
            made = re.sub(r"value=\S+", "", rest).split()
        written |= set(made)
        kept += [one for one in made if one not in kept]
    return kept, written


def _merged(before: Row, after: Row, kept: list[str], written: set[str]) -> Row:
    row = {name: before[name] for name in kept if name in before and name not in written}
    row.update(_returned({name: after[name] for name in kept if name in written and after.get(name) is not None}))
    return {name: row[name] for name in kept if name in row}


def _returned(row: Row) -> Row:
    """A row without what was added for the engine; time 0 is that of rows that had none."""
    cells = {name: cell for name, cell in row.items() if name not in (_PLACE, "index") and cell not in ("", None)}
    if str(cells.get("_time")) == "0":
        del cells["_time"]
    return {name: [str(one) for one in cell] if isinstance(cell, list) else str(cell) for name, cell in cells.items()}
