"""Sentinel: which table of Microsoft Sentinel holds a log, and what its columns are in the words of contacts.

Kinds of events and outcomes of codes are not in the file of tables: they come from the rules of the log and the lookup.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ..core.event import TRYING_KINDS
from ..core.outcome import OUTCOMES
from ..lookups import load_table
from ..rulebook.compiled import compiled

_FILE = Path(__file__).with_name("sentinel.yml")
_OWN = frozenset({"kind", "source", "outcome", "attempts", "first", "last"})
_UNKNOWN = "ambiguous"  # what a code means that no row of the lookup has


@dataclass(frozen=True)
class Table:
    """A log in Sentinel: `rows` is where it lies, `key` the column that its rules tell kinds by, "" where it has one kind."""

    source: str
    provider: str
    rows: str
    where: str
    key: str
    columns: Mapping[str, str]
    kinds: Mapping[str, tuple[str, ...]]

    @property
    def gives(self) -> frozenset[str]:
        """Names of contact columns that have a value here."""
        return frozenset(self.columns) | _OWN

    def conditions(self, kinds: Collection[str]) -> Iterator[str]:
        """Conditions for rows of these kinds."""
        if self.where:
            yield self.where
        if self.key:
            yield f"{self.key} in ({_quoted(key for kind in kinds for key in self.kinds.get(kind, ()))})"

    def column(self, name: str, kinds: Collection[str]) -> str:
        """A column in the table's own words, "" where it has none."""
        if name == "kind":
            return self._kind(kinds)
        fixed = {"source": f'"{self.source}"', "attempts": "1", "first": "TimeGenerated", "last": "TimeGenerated"}
        return fixed.get(name) or self.columns.get(name, "")

    def _kind(self, kinds: Collection[str]) -> str:
        known = [kind for kind in kinds if kind in self.kinds]
        if not self.key or len(known) == 1:
            return f'"{known[0]}"'
        cases = ", ".join(f'{self.key} in ({_quoted(self.kinds[kind])}), "{kind}"' for kind in known)
        return f'case({cases}, "")'


@lru_cache(maxsize=1)
def tables() -> dict[str, Table]:
    """Every table by the id of the log in it."""
    return {name: _table(name, one) for name, one in yaml.safe_load(_FILE.read_text(encoding="utf-8")).items()}


def outcome_of(table: Table, wanted: Collection[str]) -> str:
    """The outcome of a row in KQL, of those wanted (all where none is named); a code of another is ambiguous."""
    code = table.columns.get("code", '""')
    cases: list[str] = []
    if not TRYING_KINDS & table.kinds.keys():
        return f'"{_UNKNOWN}"'
    for outcome in OUTCOMES:
        codes = [
            row["code"] for row in _outcome_rows(table.provider) if row["outcome"] == outcome and not row["reason"]
        ]
        if codes and outcome != _UNKNOWN and (not wanted or outcome in wanted):
            cases.append(f'{code} in ({_quoted(codes)}), "{outcome}"')
    return f'case({", ".join(cases)}, "{_UNKNOWN}")' if cases else f'"{_UNKNOWN}"'


@lru_cache
def _outcome_rows(provider: str) -> tuple[Mapping[str, str], ...]:
    return tuple(dict(row) for row in load_table("outcomes").rows if row["provider"] == provider)


def _table(source: str, content: Mapping[str, Any]) -> Table:
    rule = compiled()["sources"][source]
    by_key = str(content.get("rules_tell_by", ""))
    kinds: dict[str, tuple[str, ...]] = dict.fromkeys(content.get("kinds", rule["kinds"]), ())
    for one in rule["event"] if by_key else ():
        keys, kind = one["when"].get(by_key), one["set"].get("kind")
        if isinstance(keys, list) and kind in kinds:
            kinds[kind] = (*kinds[kind], *keys)
    key = content["columns"][by_key] if by_key else ""
    columns = {name: text for name, text in content["columns"].items() if name != by_key or not by_key}
    return Table(source, rule["provider"], content["rows"], content.get("where", ""), key, columns, kinds)


def _quoted(texts: Any) -> str:
    return ", ".join(f'"{one}"' for one in dict.fromkeys(texts))
