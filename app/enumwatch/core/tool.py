"""Known tools: which of them the user agents and client ids of one actor look like."""

from __future__ import annotations

import re
from typing import Callable, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Set, Tuple

from .lookup_rows import ProblemList, numbered, text_of

MATCH_TYPES: Tuple[str, ...] = (
    "user_agent_exact",
    "user_agent_prefix",
    "user_agent_contains",
    "user_agent_suffix",
    "user_agent_regex",
    "user_agent_set",
    "app_id",
    "app_id_set",
    # The rest cannot be told from agents and client ids: they are in the table for people, searches and reports.
    "app_id_random",
    "resource_id",
    "asn",
    "ip_rotation",
    "sequence",
    "error_sequence",
    "ratio",
    "header",
    "endpoint",
    "uri_regex",
    "uri_set",
    "smtp_regex",
    "user_prefix",
    "actor_type",
)
RISKS: Tuple[str, ...] = ("very_low", "low", "medium", "high", "none")
CONFIDENCES: Tuple[str, ...] = ("high", "medium", "low")
KINDS: Tuple[str, ...] = ("tool", "benign")

# Longer agents are hostile or broken; the cut bounds what a pattern can cost.
_LONGEST_AGENT = 1024
_CACHED_AGENTS = 50_000


class ToolRow(NamedTuple):
    """One row of enumwatch_known_tools.csv; `minimum` is how many distinct members of a set must be seen."""

    tool: str
    kind: str
    match_type: str
    pattern: str
    minimum: int
    log_sources: str
    tenant_visible: str
    trait: str
    pair_with: str
    risk: str
    risk_note: str
    reference: str
    confidence: str


class ToolMatch(NamedTuple):
    """A tool an actor looks like: `match` is user_agent or app_ids; `risk` is that of a false positive."""

    tool: str
    match: str
    confidence: str
    risk: str
    pair_with: str


def is_recognised(matches: Iterable[ToolMatch]) -> bool:
    """True where these matches of one actor say that a tool is at work, and not only that something looks like one.

    Agents are copied and shared, so one alone says it only where nothing else has it (risk very_low); client ids alone
    where few others use so many of the set (risk low); any other tool where its agent and its client ids agree.
    """
    seen: Dict[str, Set[str]] = {}
    for one in matches:
        if one.risk == "very_low" or (one.match == "app_ids" and one.risk == "low"):
            return True
        # Ports of a tool go by its name with a remark: what one of them shows, another may complete.
        seen.setdefault(one.tool.partition(" (")[0], set()).add(one.match)
    return any(len(ways) > 1 for ways in seen.values())


class _Agents(NamedTuple):
    """How one row reads an agent: the number of distinct set members it shows, as their indexes."""

    row: ToolRow
    members: Tuple[Callable[[str], bool], ...]


class KnownTools:
    """Prepared rows; agents and ids are compared in any case."""

    def __init__(self, rows: Iterable[ToolRow] = ()) -> None:
        self.rows: Tuple[ToolRow, ...] = tuple(rows)
        self._agents = [_Agents(row, _members(row)) for row in self.rows if row.match_type.startswith("user_agent_")]
        self._ids: List[Tuple[ToolRow, FrozenSet[str]]] = [
            (row, frozenset(row.pattern.lower().split("|")))
            for row in self.rows
            if row.match_type in ("app_id", "app_id_set")
        ]
        self._seen: Dict[str, Tuple[Tuple[int, int], ...]] = {}

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]], path: str = "enumwatch_known_tools.csv") -> KnownTools:
        """Return the tools of these rows; raises LookupProblems with every row that is wrong."""
        problems = ProblemList(path)
        read = [_read(problems, line, row) for line, row in numbered(rows)]
        problems.raise_if_any()
        return cls(read)

    def matches(self, user_agents: Iterable[str], app_ids: Iterable[str] = ()) -> List[ToolMatch]:
        """Return the tools these agents and client ids of one actor look like, in the order of the table."""
        return self._matches("tool", user_agents, app_ids)

    def benign(self, user_agents: Iterable[str], app_ids: Iterable[str] = ()) -> List[ToolMatch]:
        """Return the known harmless senders these agents and client ids look like, in the order of the table."""
        return self._matches("benign", user_agents, app_ids)

    def _matches(self, kind: str, user_agents: Iterable[str], app_ids: Iterable[str]) -> List[ToolMatch]:
        members: Dict[int, set[int]] = {}
        for agent in user_agents:
            for position, member in self._members_in(agent):
                members.setdefault(position, set()).add(member)
        found = [
            (rule.row, "user_agent")
            for position, rule in enumerate(self._agents)
            if len(members.get(position, ())) >= rule.row.minimum
        ]
        ids = {app_id.strip().lower() for app_id in app_ids if app_id}
        found += [(row, "app_ids") for row, wanted in self._ids if len(wanted & ids) >= row.minimum]
        return _best(row_and_match for row_and_match in found if row_and_match[0].kind == kind)

    def _members_in(self, agent: str) -> Tuple[Tuple[int, int], ...]:
        agent = agent[:_LONGEST_AGENT].lower()
        seen = self._seen.get(agent)
        if seen is None:
            seen = tuple(
                (position, member)
                for position, rule in enumerate(self._agents)
                for member, fits in enumerate(rule.members)
                if fits(agent)
            )
            if len(self._seen) >= _CACHED_AGENTS:
                self._seen.clear()
            self._seen[agent] = seen
        return seen


def _best(found: Iterable[Tuple[ToolRow, str]]) -> List[ToolMatch]:
    """Keep one match per tool and way of matching: the one of highest confidence."""
    best: Dict[Tuple[str, str], ToolMatch] = {}
    for row, match in found:
        new = ToolMatch(row.tool, match, row.confidence, row.risk, row.pair_with)
        old = best.get((row.tool, match))
        if old is None or CONFIDENCES.index(new.confidence) < CONFIDENCES.index(old.confidence):
            best[row.tool, match] = new
    return list(best.values())


def _members(row: ToolRow) -> Tuple[Callable[[str], bool], ...]:
    pattern = row.pattern.lower()
    if row.match_type == "user_agent_regex":
        search = re.compile(row.pattern, re.IGNORECASE).search
        return (lambda agent: search(agent) is not None,)
    test = _TESTS[row.match_type]
    # In an exact agent or a suffix "|" would be a character; only sets and prefixes list several.
    several = row.match_type in ("user_agent_set", "user_agent_prefix")
    return tuple(test(part) for part in (pattern.split("|") if several else [pattern]))


_TESTS: Mapping[str, Callable[[str], Callable[[str], bool]]] = {
    "user_agent_exact": lambda part: part.__eq__,
    "user_agent_prefix": lambda part: lambda agent: agent.startswith(part),
    "user_agent_contains": lambda part: lambda agent: part in agent,
    "user_agent_suffix": lambda part: lambda agent: agent.endswith(part),
    "user_agent_set": lambda part: lambda agent: part in agent,
}


def _read(problems: ProblemList, line: int, row: Mapping[str, str]) -> ToolRow:
    cells = {column: text_of(row, column) for column in ToolRow._fields}
    for column in ("tool", "pattern"):
        if not cells[column]:
            problems.add(line, f"{column} is empty", f"a {column}", "")
    problems.add_choice(line, "kind", cells["kind"], KINDS)
    problems.add_choice(line, "match_type", cells["match_type"], MATCH_TYPES)
    problems.add_choice(line, "risk", cells["risk"], RISKS)
    problems.add_choice(line, "confidence", cells["confidence"], CONFIDENCES)
    minimum = _read_minimum(problems, line, cells)
    if cells["match_type"].endswith("_regex"):
        try:
            re.compile(cells["pattern"])
        except re.error as error:
            problems.add(
                line, f"pattern is no regular expression: {error}", "a Python regular expression", cells["pattern"]
            )
    if "" in cells["pattern"].split("|") and cells["match_type"].endswith(("_set", "_prefix")) and cells["pattern"]:
        problems.add(line, "empty member in pattern", 'members joined by "|"', cells["pattern"])
    return ToolRow(
        tool=cells["tool"],
        kind=cells["kind"],
        match_type=cells["match_type"],
        pattern=cells["pattern"],
        minimum=minimum,
        log_sources=cells["log_sources"],
        tenant_visible=cells["tenant_visible"],
        trait=cells["trait"],
        pair_with=cells["pair_with"],
        risk=cells["risk"],
        risk_note=cells["risk_note"],
        reference=cells["reference"],
        confidence=cells["confidence"],
    )


def _read_minimum(problems: ProblemList, line: int, cells: Mapping[str, str]) -> int:
    text = cells["minimum"] or "1"
    members = len(set(cells["pattern"].split("|"))) if cells["match_type"].endswith("_set") else None
    if text.isdigit() and text.isascii() and 1 <= int(text) <= (members or 1_000):
        return int(text)
    problems.add(line, "bad minimum", f"a number from 1 to {members or 1_000}", text)
    return 1
