"""Sentinel: which table of Microsoft Sentinel holds a log, and what its columns are in the words of contacts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..core.event import TRYING_KINDS
from ..rulebook.compiled import compiled

_OWN = frozenset({"kind", "source", "outcome", "attempts", "first", "last"})
_UNKNOWN = "ambiguous"  # what a code means that no row of the lookup has


@dataclass(frozen=True)
class Table:
    """A log in Sentinel, as `compiled_sentinel` gives it."""

    source: str
    rows: str
    where: str
    key: str
    columns: Mapping[str, str]
    kinds: Mapping[str, Sequence[str]]
    outcomes: Mapping[str, Sequence[str]]

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
    sources = compiled()["sources"].items()
    return {name: Table(source=name, **one["sentinel"]) for name, one in sources if "sentinel" in one}


def outcome_of(table: Table, wanted: Collection[str]) -> str:
    """The outcome of a row in KQL, of those wanted (all where none is named); a code of another is ambiguous."""
    if not TRYING_KINDS & table.kinds.keys():
        return f'"{_UNKNOWN}"'
    code = table.columns.get("code", '""')
    cases = [
        f'{code} in ({_quoted(codes)}), "{outcome}"'
        for outcome, codes in table.outcomes.items()
        if outcome != _UNKNOWN and (not wanted or outcome in wanted)
    ]
    return f'case({", ".join(cases)}, "{_UNKNOWN}")' if cases else f'"{_UNKNOWN}"'


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f'"{one}"' for one in dict.fromkeys(texts))
