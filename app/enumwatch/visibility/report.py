"""Report: the whole answer as plain values, the same from every origin."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ..core.outcome import OutcomeTable
from ..core.times import to_iso
from .logs import READ, LogState, log_states, unknown_logs
from .record import MICROSECONDS, Told, source_of_log
from .ways import NEVER, PARTLY, SEEN, UNREAD, WayState, next_steps, way_states, worth_of

FULL_SCORE = 100
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
        "score": round(FULL_SCORE * got / sum(way.weight for way in ways)),
        "comment": f"Of {len(ways)} ways of attack: {comment}.",
        **{state.replace(" ", "_"): count for state, count in counts.items()},
    }


def navigator_scores(report: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Return score (0 to FULL_SCORE) and comment of each technique of a report, for a layer of the ATT&CK Navigator.

    The comment names the ways of attack by their state, a line for each state.
    """
    made = {}
    for one in report["techniques"]:
        ways = [way for way in report["ways"] if one["technique"] in way["techniques"]]
        lines = []
        for state in (SEEN, PARTLY, UNREAD, NEVER):
            named = [way["title"] for way in ways if way["state"] == state]
            lines += [f"{state}: {'; '.join(named)}"] if named else []
        made[one["technique"]] = (one["score"], "\n".join(lines))
    return made


def lost_by_field(rulebook: Mapping[str, Any]) -> dict[str, str]:
    """Return what is lost with each field where it is empty, in a sentence."""
    return {name: about["lost"] for name, about in rulebook["visibility"]["fields"].items()}


def without(rulebook: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return the rulebook as it is for somebody who has no such logs (ids of logs or of sources).

    Ways that only these logs show are no ways into such an organisation, and are left out with them.
    """
    gone = {log for log, source in source_of_log(rulebook).items() if {log, source} & set(names)}
    rules = rulebook["visibility"]
    ways = [{**way, "logs": [one for one in way["logs"] if one["log"] not in gone]} for way in rules["ways"]]
    logs = {log: title for log, title in rules["logs"].items() if log not in gone}
    kept = [way for way in ways if way["logs"] or way["never"]]
    return {**rulebook, "visibility": {**rules, "logs": logs, "ways": kept}}


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
        "is_silence_unknown": _is_silence_unknown(one, limits),
        "longest_pause_seconds": facts.pause if facts else 0,
        "hidden_share": round(facts.hidden_share, _DIGITS) if facts else 0.0,
        "empty": dict(one.empty),
        "never_given": list(one.never_given),
        "unknown_codes": list(one.unknown_codes),
        "late": None if late is None else {name: round(seconds) for name, seconds in late._asdict().items()},
        "is_late": late is not None and late.p95 > limits["late_after"],
        "ahead_seconds": _ahead(one, told, limits),
    }


def _is_silence_unknown(one: LogState, limits: Mapping[str, Any]) -> bool:
    """True where a log is silent and covers too little time to say whether that is its way."""
    is_short: bool = one.covered_seconds < limits["rhythm_after"]
    return one.state == READ and is_short and one.silent_seconds > limits["silent_after"]


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


__all__ = ["FULL_SCORE", "lost_by_field", "navigator_scores", "technique_scores", "visibility", "without"]
