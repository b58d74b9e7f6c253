"""Report: the whole answer as plain values, the same from every origin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core.outcome import OutcomeTable
from ..core.times import to_iso
from .logs import READ, LogState, log_states, unknown_logs
from .record import MICROSECONDS, Told
from .ways import NEVER, PARTLY, SEEN, UNREAD, NextStep, WayState, next_steps, way_states, worth_of

_DIGITS = 4


def visibility(told: Told, rulebook: Mapping[str, Any], outcomes: OutcomeTable) -> dict[str, Any]:
    """Return what the logs of an origin show, which part they never show, and what to connect next, as plain values.

    `rulebook` is compiled. Times are texts (UTC), spans are seconds, shares are between 0 and 1.
    """
    rules = rulebook["visibility"]
    logs = log_states(told, rulebook, outcomes)
    ways = way_states(logs, rules)
    steps = next_steps(logs, ways, _connecting(logs, rulebook), rules)
    return {
        "origin": told.origin,
        "known_until": to_iso(told.now),
        "techniques": technique_scores(ways, rules),
        "ways": [_way(way) for way in ways],
        "logs": [_log(one, told, rules["limits"]) for one in logs],
        "history": _history(logs, rulebook),
        "next": [{**step._asdict(), "ways": list(step.ways)} for step in steps],
        "unknown_logs": unknown_logs(told, rulebook),
        "notes": list(told.notes),
    }


def technique_scores(ways: Sequence[WayState], rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return of each technique a `score` from 0 to 100 and a `comment`, with how many of its ways are in which state.

    The score is the sum of the weights of its ways, each times what its state counts (seen, partly), in percent of the
    sum of all weights. Ways that no log can show stay in that sum, so a technique with such ways never reaches 100.
    """
    names = list(dict.fromkeys(name for way in ways for name in way.techniques))
    return [_technique(name, [way for way in ways if name in way.techniques], rules) for name in sorted(names)]


def _technique(name: str, ways: Sequence[WayState], rules: Mapping[str, Any]) -> dict[str, Any]:
    counts = {state: sum(way.state == state for way in ways) for state in (SEEN, PARTLY, UNREAD, NEVER)}
    got = sum(way.weight * worth_of(way.state, rules) for way in ways)
    comment = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return {
        "technique": name,
        "score": round(100 * got / sum(way.weight for way in ways)),
        "comment": f"Of {len(ways)} ways of attack: {comment}.",
        **{state.replace(" ", "_"): count for state, count in counts.items()},
    }


def navigator_scores(report: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Return score (0 to 100) and comment of each technique of a report, as a layer of the ATT&CK Navigator needs them."""
    return {one["technique"]: (one["score"], one["comment"]) for one in report["techniques"]}


def _way(way: WayState) -> dict[str, Any]:
    return {
        **way._asdict(),
        "techniques": list(way.techniques),
        "logs": [one._asdict() for one in way.logs],
    }


def _log(one: LogState, told: Told, limits: Mapping[str, Any]) -> dict[str, Any]:
    facts = one.facts
    late = one.lateness
    return {
        "log": one.log,
        "title": one.title,
        "source": one.source,
        "state": one.state,
        "events": facts.attempts if facts else 0,
        "first": to_iso(facts.first) if facts else None,
        "last": to_iso(facts.last) if facts else None,
        "covers_seconds": round(one.covered_seconds),
        "silent_seconds": max(0, round(one.silent_seconds)),
        "longest_pause_seconds": facts.pause if facts else 0,
        "hidden_share": round(facts.hidden_share, _DIGITS) if facts else 0.0,
        "empty": dict(one.empty),
        "never_given": list(one.never_given),
        "unknown_codes": list(one.unknown_codes),
        "late": None if late is None else {name: round(seconds) for name, seconds in late._asdict().items()},
        "is_late": late is not None and late.p95 > limits["late_after"],
        "ahead_seconds": _ahead(one, told, limits),
    }


def _ahead(one: LogState, told: Told, limits: Mapping[str, Any]) -> int:
    """How far events are dated ahead of their arrival or of the clock; 0 where that is no more than clocks differ."""
    by_clock = (one.facts.last - told.clock) / MICROSECONDS if one.facts else 0.0
    by_arrival = -one.lateness.least if one.lateness else 0.0
    ahead = max(by_clock, by_arrival)
    return round(ahead) if ahead > limits["ahead_after"] else 0


def _history(logs: Sequence[LogState], rulebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What each rule needs to know what is usual, and how much of it the logs with its kinds of events cover."""
    found = []
    for need in rulebook["visibility"]["history"]:
        rule = rulebook["detections"].get(need["detection"])
        if rule is None or need["limit"] not in rule["limits"] or not rule["enabled"]:
            continue
        read = [one for one in logs if one.state == READ and one.facts and one.facts.kinds & set(need["kinds"])]
        needs = rule["limits"][need["limit"]]
        short = [one for one in read if one.covered_seconds < needs * rulebook["visibility"]["limits"]["covered_from"]]
        found.append(
            {
                "detection": need["detection"],
                "limit": need["limit"],
                "because": need["because"],
                "needs_seconds": needs,
                "logs": len(read),
                "short": {one.log: round(one.covered_seconds) for one in short},
            }
        )
    return found


def _connecting(logs: Sequence[LogState], rulebook: Mapping[str, Any]) -> Callable[[str], str]:
    """How a log is connected, in the words of its source."""
    source = {one.log: one.source for one in logs}
    return lambda log: str(rulebook["sources"][source[log]]["connect"])


__all__ = ["NextStep", "navigator_scores", "technique_scores", "visibility"]
