"""Reach: how SQL gets at the raw value of a path, for each way in which DuckDB holds a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from ...rulebook.path import Index, Key, Pick, Step
from .clean_text import cleaned, each_cleaned, has_cleaned, has_meaningful, meaningful
from .shape import Path, heading

Clean = Callable[[str], str]


def literal(text: str) -> str:
    """An SQL text literal."""
    # DuckDB cannot hold U+0000 in a literal; no rule needs one.
    return "'" + text.replace("\x00", "").replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class Reach(Protocol):
    """Gives the SQL of the text at a path, or None where records of this kind cannot have it.

    `clean` makes NULL of a text that means nothing, and trims it where texts may have white space around them. Looking
    for that costs more than everything else together, so typed reading does without. `has` is whether anything is left.
    """

    clean: Clean
    has: Clean

    def text(self, path: Path) -> str | None: ...


def json_path(steps: Sequence[Step]) -> str:
    """A JSON path for keys and indexes."""
    parts = ["$"]
    for step in steps:
        if isinstance(step, Key):
            parts.append('."' + step.name.replace('"', '\\"') + '"')
        elif isinstance(step, Index):
            parts.append(f"[{step.position}]")
    return "".join(parts)


def _cut_at_pick(path: Sequence[Step]) -> tuple[Sequence[Step], Pick | None, Sequence[Step]]:
    for position, step in enumerate(path):
        if isinstance(step, Pick):
            return path[:position], step, path[position + 1 :]
    return path, None, ()


def picked(array: str, pick: Pick, rest: Sequence[Step]) -> str:
    """SQL of the text at `rest` in the first object of a JSON array (SQL `array`) whose key has the value."""
    key = literal(json_path([Key(pick.key)]))
    found = (
        f"list_filter(from_json(CASE WHEN json_type({array}) = 'ARRAY' THEN {array} ELSE '[]' END, '[\"JSON\"]'), "
        f"lambda one: json_extract_string(one, {key}) = {literal(pick.value)})[1]"
    )
    return f"json_extract_string({found}, {literal(json_path(rest))})"


class JsonReach:
    """Records are JSON values in one column; every value is taken in one parse per record.

    `each` marks the paths that start with `each`: they are read from the column of the unnested element.
    """

    def __init__(self, column: str, each: str | None = None, names: Mapping[str, str] | None = None) -> None:
        self.clean: Clean = _as_it_is  # every text is cleaned as it is taken
        self.has: Clean = _is_there
        self._column = column
        self._each = each
        self._names = names or {}  # heading in comparable form → key as it stands in the records
        self.paths: list[str] = []  # JSON paths, in the order of the extracted list
        self.each_paths: list[str] = []
        self.has_dotted_keys = False

    def text(self, path: Path) -> str | None:
        first = path[0]
        if self._each is not None and isinstance(first, Key) and first.name == "each":
            return self._read(path[1:], self.each_paths, "taken_each", self._each)
        if self._names and isinstance(first, Key):
            path = (Key(self._names.get(heading(first.name), first.name)), *path[1:])
        found = self._read(path, self.paths, "taken", self._column)
        if self.has_dotted_keys and len(path) > 1 and all(isinstance(step, Key) for step in path):
            dotted = Key(".".join(step.name for step in path if isinstance(step, Key)))
            return f"coalesce({found}, {self._read((dotted,), self.paths, 'taken', self._column)})"
        return found

    def _read(self, path: Sequence[Step], paths: list[str], taken: str, column: str) -> str:
        before, pick, after = _cut_at_pick(path)
        if pick is not None:
            found = picked(f"json_extract({column}, {literal(json_path(before))})", pick, after)
            return f"{each_cleaned(f'[{found}]')}[1]"
        text = json_path(path)
        if text not in paths:
            paths.append(text)
        return f"{taken}[{paths.index(text) + 1}]"

    def select_list(self) -> str:
        """SQL of the columns `taken` and `taken_each` that the other expressions read."""
        columns = [f"{_taken(self._column, self.paths)} AS taken"]
        if self._each is not None and self.each_paths:
            columns.append(f"{_taken(self._each, self.each_paths)} AS taken_each")
        return ", ".join(columns)


def _as_it_is(sql: str) -> str:
    return sql


def _is_there(sql: str) -> str:
    return f"({sql}) IS NOT NULL"


def _taken(column: str, paths: Iterable[str]) -> str:
    return each_cleaned(f"json_extract_string({column}, [{', '.join(map(literal, paths))}])")


class StructReach:
    """Records are read straight into typed columns that hold only what the shape asks for: the fastest way."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.clean: Clean = meaningful
        self.has: Clean = has_meaningful
        self._tree: dict[str, object] = {}
        for path in paths:
            before, _, _ = _cut_at_pick(path)
            keys = [step.name for step in before if isinstance(step, Key)]
            is_plain = len(keys) == len(path)
            self._plant(keys, is_plain)

    def _plant(self, keys: Sequence[str], is_plain: bool) -> None:
        node = self._tree
        for key in keys[:-1]:
            child = node.setdefault(key, {})
            if not isinstance(child, dict):
                node[key] = "JSON"
                return
            node = child
        known = node.get(keys[-1])
        if known is None:
            node[keys[-1]] = "VARCHAR" if is_plain else "JSON"
        elif isinstance(known, dict) or not is_plain:
            node[keys[-1]] = "JSON"

    @property
    def is_possible(self) -> bool:
        """False where two keys differ in case only: DuckDB's columns do not tell them apart."""
        return _has_distinct_keys(self._tree)

    def columns(self) -> str:
        """The `columns` argument of read_json."""
        return "{" + ", ".join(f"{literal(key)}: {literal(_type(node))}" for key, node in self._tree.items()) + "}"

    def text(self, path: Path) -> str | None:
        node: object = self._tree
        sql = ""
        for position, step in enumerate(path):
            if not isinstance(node, dict) or not isinstance(step, Key):
                return self._inside_json(sql, path[position:])
            node = node[step.name]
            sql = f"{sql}.{identifier(step.name)}" if sql else identifier(step.name)
        return sql if node == "VARCHAR" else self._inside_json(sql, ())

    def _inside_json(self, column: str, rest: Sequence[Step]) -> str:
        before, pick, after = _cut_at_pick(rest)
        if pick is None:
            return f"json_extract_string({column}, {literal(json_path(rest))})"
        array = f"json_extract({column}, {literal(json_path(before))})" if before else column
        return picked(array, pick, after)


def _has_distinct_keys(node: object) -> bool:
    if not isinstance(node, dict):
        return True
    return len({key.casefold() for key in node}) == len(node) and all(map(_has_distinct_keys, node.values()))


def _type(node: object) -> str:
    if isinstance(node, dict):
        return "STRUCT(" + ", ".join(f"{identifier(key)} {_type(child)}" for key, child in node.items()) + ")"
    return str(node)


class TableReach:
    """Records are rows of a table: CSV (all text) or Parquet (typed), found by heading."""

    def __init__(self, types: Mapping[str, str]) -> None:
        # Only a CSV has nothing but texts; in typed columns nobody pads.
        is_text = set(types.values()) == {"VARCHAR"}
        self.clean: Clean = cleaned if is_text else meaningful
        self.has: Clean = has_cleaned if is_text else has_meaningful
        self.types = types  # column name → DuckDB type
        self._names: dict[str, str] = {}
        for name in types:
            self._names.setdefault(heading(name), name)

    def column(self, path: Path) -> str | None:
        """The column a path of keys names as a whole, or the one its first key names."""
        keys = [step.name for step in path if isinstance(step, Key)]
        if len(keys) == len(path) and heading(".".join(keys)) in self._names:
            return self._names[heading(".".join(keys))]
        return self._names.get(heading(keys[0])) if len(path) == 1 else None

    def type_of(self, path: Path) -> str:
        column = self.column(path)
        return self.types[column] if column is not None else ""

    def typed(self, path: Path) -> str:
        """SQL of the column of a path as it is stored; for paths that have one."""
        return identifier(self.column(path) or "")

    def text(self, path: Path) -> str | None:
        column = self.column(path)
        if column is not None:
            sql = identifier(column)
            return sql if self.types[column] == "VARCHAR" else f"CAST({sql} AS VARCHAR)"
        first = path[0]
        holder = self._names.get(heading(first.name)) if isinstance(first, Key) else None
        if holder is None:
            return None
        sql = identifier(holder)
        if self.types[holder] == "VARCHAR":
            value = f"CASE WHEN json_valid({sql}) THEN {sql} END"
        else:
            value = f"to_json({sql})"
        before, pick, after = _cut_at_pick(path[1:])
        if pick is not None:
            return picked(f"json_extract({value}, {literal(json_path(before))})", pick, after)
        return f"json_extract_string({value}, {literal(json_path(path[1:]))})"
