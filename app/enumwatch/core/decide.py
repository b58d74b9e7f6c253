"""Decide: contacts in, findings out. Every engine and every surface calls this one function."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Set, Tuple, TypeVar

from .allowlist import Entry
from .bounds import Cut, widest
from .contact import Contact, without_echoes
from .context import Context
from .event import TRYING_KINDS
from .memory.codec import UnreadableMemoryError
from .memory.row import MemoryRow
from .memory.shelves import Shelves
from .running import PUBLISHED, run
from .success import SuccessRow, success_rows
from .verdict import Verdict, worst_first
from .watching import Followed, Spread, Update, in_turn

__all__ = ["PUBLISHED", "Decision", "Suppression", "decide", "needs_every_try"]

_Row = TypeVar("_Row", Contact, SuccessRow)


@dataclass
class Suppression:
    """What one allowlist entry hid."""

    entry: Entry
    events: int = 0
    findings: int = 0


@dataclass
class Decision:
    """Findings worst first, every update of them in time order, what the allowlist hid, and what to remember."""

    findings: List[Verdict] = field(default_factory=list)
    updates: List[Verdict] = field(default_factory=list)
    suppressed_findings: List[Verdict] = field(default_factory=list)
    suppressions: List[Suppression] = field(default_factory=list)
    memory: List[MemoryRow] = field(default_factory=list)
    cuts: List[Cut] = field(default_factory=list)  # what was beyond the bounds, and only counted


def decide(
    contacts: Iterable[Contact],
    context: Context,
    detections: Optional[Sequence[str]] = None,
    with_updates: bool = True,
    arrivals: Iterable[SuccessRow] = (),
    spread: Spread = in_turn,
    memory: Optional[Iterable[MemoryRow]] = None,
    cuts: Sequence[Cut] = (),
) -> Decision:
    """The findings that these contacts support; without `with_updates` only the last word on each is worked out.

    Successes come among the contacts, or as `arrivals`, of which the first of a name with an agent at a place is enough.
    `spread` does the work on each tenant and returns the results in the order given; it may do it side by side.
    `memory` is what the run before remembered (nothing for a first run); without it nothing is remembered either.
    `cuts` is what the engine kept back because it lay beyond the bounds.
    `detections` are rule ids, by default all that are enabled. The order of contacts does not matter. Contacts that the
    allowlist covers are set aside before anything is counted; what they would have raised is reported apart.
    """
    asked = set(detections) if detections is not None else _enabled(context)
    rows, came = _rows(contacts, arrivals)
    decision, remembered = Decision(), Shelves(memory)
    updates: List[Update] = []
    hidden: Dict[Entry, Set[Contact]] = {}
    for rules in _with_equal_entries(asked, context):
        kept, aside = _apply_allowlist(rows, context, rules)
        welcome, unwelcome = _apply_allowlist(came, context, rules)
        follow = partial(run, kept, welcome, context, rules, with_updates, spread, cuts=cuts)
        told = _follow(follow, remembered.take(rules))
        decision.cuts += told.cuts
        updates += told.updates
        remembered.put(rules, told.memory)
        for entry, covered in aside.items():
            hidden.setdefault(entry, set()).update(covered)
            decision.suppressed_findings += _suppressed(entry, covered, unwelcome.get(entry, ()), context, rules)
    _tell(decision, _in_order(updates))
    decision.suppressions = [_suppression(entry, hidden[entry], decision) for entry in sorted(hidden, key=_by_line)]
    decision.memory = remembered.rows()
    decision.cuts = widest(decision.cuts)
    return decision


def _follow(follow: Callable[..., Followed], memory: Optional[List[MemoryRow]]) -> Followed:
    """What following gives; raises UnreadableMemoryError where it fails with what was remembered, and only with that.

    Memory is checked for its form when it is read; a wrong value in it shows only where it is used.
    """
    try:
        return follow(memory=memory)
    except UnreadableMemoryError:
        raise
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as problem:
        if not memory:
            raise
        follow(memory=[])
        raise UnreadableMemoryError(f"no memory of this version: {problem}") from problem


def needs_every_try(detections: Optional[Sequence[str]], context: Context) -> bool:
    """True where an engine may leave out no try, not even those by which nobody is found.

    The published rule reads every group of its codes, and of what an allowlist entry covers every event is counted.
    """
    return (detections is not None and PUBLISHED in detections) or len(context.allowlist) > 0


def _tell(decision: Decision, ordered: Sequence[Update]) -> None:
    decision.updates = list(_told_then(ordered))
    decision.findings = sorted(_last_of_each(ordered), key=worst_first)
    decision.suppressed_findings.sort(key=worst_first)


def _rows(contacts: Iterable[Contact], arrivals: Iterable[SuccessRow]) -> Tuple[List[Contact], List[SuccessRow]]:
    """What may speak against somebody, sorted and each attempt once, and who signed in."""
    given = sorted(contacts)
    successes = [one for one in given if one.outcome == "success" and one.kind in TRYING_KINDS]
    others = [one for one in given if not (one.outcome == "success" and one.kind in TRYING_KINDS)]
    return without_echoes(others), [*success_rows(successes), *arrivals]


def _enabled(context: Context) -> Set[str]:
    return {name for name, rule in context.rulebook["detections"].items() if rule["enabled"]}


def _with_equal_entries(asked: Set[str], context: Context) -> List[Set[str]]:
    """The rules in groups for which the same allowlist entries hold; one group unless an entry names its rules."""
    groups: Dict[Tuple[Entry, ...], Set[str]] = {}
    for rule in sorted(asked):
        entries = tuple(one for one in context.allowlist.entries if not one.detections or rule in one.detections)
        groups.setdefault(entries, set()).add(rule)
    return list(groups.values())


def _apply_allowlist(
    rows: Sequence[_Row], context: Context, rules: Set[str]
) -> Tuple[Sequence[_Row], Dict[Entry, List[_Row]]]:
    if not len(context.allowlist):
        return rows, {}
    kept: List[_Row] = []
    aside: Dict[Entry, List[_Row]] = {}
    any_rule = min(rules)
    for row in rows:
        entry = context.allowlist.match(row, any_rule)
        if entry is None:
            kept.append(row)
        else:
            aside.setdefault(entry, []).append(row)
    return kept, {entry: aside[entry] for entry in sorted(aside, key=_by_line)}


def _suppressed(
    entry: Entry, covered: Sequence[Contact], welcome: Sequence[SuccessRow], context: Context, rules: Set[str]
) -> List[Verdict]:
    """What would have been found in the rows that an entry covers; nothing of it is remembered."""
    apart = run(covered, welcome, context, rules, False, in_turn)
    return [replace(one, suppressed_by=entry.described()) for one in _last_of_each(_in_order(apart.updates))]


def _by_line(entry: Entry) -> Tuple[str, int]:
    return entry.where, entry.line


def _suppression(entry: Entry, hidden: Iterable[Contact], decision: Decision) -> Suppression:
    described = entry.described()
    findings = sum(1 for one in decision.suppressed_findings if one.suppressed_by == described)
    return Suppression(entry, events=sum(one.attempts for one in hidden), findings=findings)


def _in_order(updates: Iterable[Update]) -> List[Update]:
    """Updates in the order in which they would have been told; those of one finding and moment keep theirs."""
    return sorted(updates, key=lambda one: (one[0], one[1].finding_id))


def _told_then(updates: Iterable[Update]) -> Iterator[Verdict]:
    """What would have been told when it was decided; a last word that only adds to the actor is left to the findings."""
    seen: Set[str] = set()
    for time, verdict in updates:
        if time <= verdict.detected_at or verdict.finding_id not in seen:
            seen.add(verdict.finding_id)
            yield verdict


def _last_of_each(updates: Iterable[Update]) -> List[Verdict]:
    last: Dict[str, Verdict] = {}
    for _, verdict in updates:
        last[verdict.finding_id] = verdict
    return list(last.values())
