"""Logs: of each log that the rules know whether it is read, silent or missing, and what it leaves empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..core.outcome import OutcomeTable
from .record import MICROSECONDS, Lateness, LogFacts, LogRow, Told, facts_of, given_fields, source_of_log

READ, SILENT, MISSING = "read", "silent", "not read"


class LogState(NamedTuple):
    """One log: its state is READ, SILENT or MISSING; without facts it was never seen.

    `empty` are shares by field, of fields that the log can have at all; `never_given` are the fields that it cannot.
    """

    log: str
    title: str
    source: str
    state: str
    facts: LogFacts | None
    silent_seconds: float
    empty: Mapping[str, float]
    never_given: tuple[str, ...]
    unknown_codes: tuple[str, ...]
    lateness: Lateness | None

    @property
    def covered_seconds(self) -> float:
        """Time from the first to the last event."""
        return (self.facts.last - self.facts.first) / MICROSECONDS if self.facts else 0.0

    @property
    def ahead_seconds(self) -> float:
        """How far the last event is dated after the time up to which the origin is known."""
        return max(0.0, -self.silent_seconds) if self.facts else 0.0


def log_states(told: Told, rulebook: Mapping[str, Any], outcomes: OutcomeTable) -> list[LogState]:
    """Return the state of every log of the rulebook, in the order of its table of logs."""
    sources = source_of_log(rulebook)
    by_log: dict[str, list[LogRow]] = {}
    for row in told.rows:
        if row.attempts > 0:
            by_log.setdefault(row.log, []).append(row)
    titles = rulebook["visibility"]["logs"]
    return [
        _state(log, by_log.get(log, []), told, rulebook["sources"][sources[log]], rulebook["visibility"], outcomes)
        for log in titles
        if log in sources
    ]


def unknown_logs(told: Told, rulebook: Mapping[str, Any]) -> list[str]:
    """Return the logs that were told of and that no rule knows; their names are content of a log."""
    return sorted({row.log for row in told.rows} - source_of_log(rulebook).keys())


def _state(
    log: str,
    rows: list[LogRow],
    told: Told,
    source: Mapping[str, Any],
    rules: Mapping[str, Any],
    outcomes: OutcomeTable,
) -> LogState:
    given, title, name = given_fields(source), rules["logs"][log], source["id"]
    asked = [field for field, about in rules["fields"].items() if set(about["kinds"]) & set(source["kinds"])]
    never = tuple(field for field in asked if field not in given)
    if not rows:
        return LogState(log, title, name, MISSING, None, 0.0, {}, never, (), None)
    facts = facts_of(rows, rules["fields"], told.oldest.get(name) if len(source["emits"]) == 1 else None)
    # What is dated ahead of the clock says nothing about when the log was last heard of.
    silent = (told.now - facts.last) / MICROSECONDS
    return LogState(
        log,
        title,
        name,
        SILENT if _is_silent(facts, silent, rules["limits"]) else READ,
        facts,
        silent,
        {field: share for field, share in facts.empty.items() if field in given},
        never,
        tuple(code for code in facts.codes if not outcomes.is_known(source["provider"], code)),
        told.lateness.get(name),
    )


def _is_silent(facts: LogFacts, silent_seconds: float, limits: Mapping[str, Any]) -> bool:
    """True where a log is silent for much longer than it ever was before, or than it takes to have a rhythm."""
    has_rhythm = (facts.last - facts.first) / MICROSECONDS >= limits["rhythm_after"]
    usual = facts.pause if has_rhythm else limits["rhythm_after"]
    longest: float = max(limits["silent_after"], limits["silent_times"] * usual)
    return silent_seconds > longest
