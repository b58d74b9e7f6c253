"""Actors: which groups, campaigns and software of the shipped table a finding is consistent with. Never who it is."""

from __future__ import annotations

from typing import AbstractSet, FrozenSet, Iterable, List, Mapping, NamedTuple, Tuple

from .lookup_rows import ProblemList, numbered, text_of

TOOL = "tool"  # the software itself was recognised by its traits
DISTRIBUTED_SPRAY = "distributed_spray"  # passwords tried on existing names from many addresses
# An empty cell: what this actor did leaves nothing in the logs of those it looked up, so no finding can fit.
FITS: Tuple[str, ...] = ("", TOOL, DISTRIBUTED_SPRAY)
KINDS: Tuple[str, ...] = ("group", "campaign", "software")


class ActorRow(NamedTuple):
    """One row of enumwatch_actors.csv, as far as findings are compared with it."""

    technique_id: str
    attack_id: str
    kind: str
    name: str
    names: FrozenSet[str]  # its name and aliases in lower case
    fits: str


class Actors:
    """Actors by technique (ATT&CK id)."""

    def __init__(self, rows: Iterable[ActorRow] = ()) -> None:
        self._rows: Tuple[ActorRow, ...] = tuple(rows)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]], path: str = "enumwatch_actors.csv") -> Actors:
        """Return the actors of these rows; raises LookupProblems with every row that is wrong."""
        problems = ProblemList(path)
        read = [_read(problems, line, row) for line, row in numbered(rows)]
        problems.raise_if_any()
        return cls(read)

    def of_technique(self, technique: str) -> int:
        """How many actors the table has for a technique."""
        return len({row.attack_id for row in self._rows if row.technique_id == technique})

    def consistent(self, technique: str, tools: Iterable[str], is_distributed_spray: bool) -> List[str]:
        """Names of the actors of a technique whose visible methods fit, sorted.

        `tools` are those recognised, by the names of the table of known tools.
        """
        seen = frozenset(tool.lower() for tool in tools)
        rows = (row for row in self._rows if row.technique_id == technique)
        return sorted({row.name for row in rows if _fits(row, seen, is_distributed_spray)})


def _fits(row: ActorRow, tools: AbstractSet[str], is_distributed_spray: bool) -> bool:
    if row.fits == TOOL:
        return bool(row.names & tools)
    return row.fits == DISTRIBUTED_SPRAY and is_distributed_spray


def _read(problems: ProblemList, line: int, row: Mapping[str, str]) -> ActorRow:
    cells = {
        column: text_of(row, column) for column in ("technique_id", "attack_id", "kind", "name", "aliases", "fits")
    }
    for column in ("technique_id", "attack_id", "name"):
        if not cells[column]:
            problems.add(line, f"{column} is empty", f"a {column}", "")
    problems.add_choice(line, "kind", cells["kind"], KINDS)
    problems.add_choice(line, "fits", cells["fits"], FITS)
    aliases = (alias.strip().lower() for alias in cells["aliases"].split(";"))
    return ActorRow(
        technique_id=cells["technique_id"],
        attack_id=cells["attack_id"],
        kind=cells["kind"],
        name=cells["name"],
        names=frozenset({cells["name"].lower(), *(alias for alias in aliases if alias)}),
        fits=cells["fits"],
    )
