"""Ways: which ways of attack the logs show, and which logs to connect next. Pure: states of logs in, answers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .logs import MISSING, READ, SILENT, LogState
from .record import LogFacts

SEEN, PARTLY, UNREAD, NEVER = "seen", "partly", "not read", "never"
_ORDER = (SEEN, PARTLY, UNREAD)


class SightState(NamedTuple):
    """What one log shows of a way now, and why that is less than it could be; `shows` is what it shows at best."""

    log: str
    state: str
    because: str
    shows: str


class WayState(NamedTuple):
    """One way of attack: SEEN, PARTLY, UNREAD (some log could show it, none is read) or NEVER."""

    id: str
    title: str
    techniques: tuple[str, ...]
    weight: int
    state: str
    because: str
    logs: tuple[SightState, ...]


class NextStep(NamedTuple):
    """A log to connect: what it adds to the sum of weights, the ways it adds to, and how it is connected."""

    log: str
    state: str
    gain: float
    ways: tuple[str, ...]
    connect: str


def way_states(logs: Sequence[LogState], rules: Mapping[str, Any]) -> list[WayState]:
    """Return the state of every way, in the order of the file. `rules` is the rulebook's part `visibility`."""
    by_log = {one.log: one for one in logs}
    return [_way(way, by_log, rules["limits"]) for way in rules["ways"]]


def _way(way: Mapping[str, Any], logs: Mapping[str, LogState], limits: Mapping[str, Any]) -> WayState:
    seen = [_sight(sight, logs[sight["log"]], limits) for sight in way["logs"] if sight["log"] in logs]
    seen.sort(key=lambda one: (_ORDER.index(one.state), one.because.count(";")))
    head = (way["id"], way["title"], tuple(way["techniques"]), way["weight"])
    if way["never"]:
        return WayState(*head, NEVER, way["never"], ())
    if not seen:
        return WayState(*head, UNREAD, "no log of the rules in use shows it", ())
    return WayState(*head, seen[0].state, seen[0].because, tuple(seen))


def _sight(sight: Mapping[str, Any], log: LogState, limits: Mapping[str, Any]) -> SightState:
    at_best = sight["shows"]
    if log.state == MISSING or log.facts is None:
        return SightState(log.log, UNREAD, "", at_best)
    if log.state == SILENT:
        return SightState(log.log, UNREAD, "it was read and is silent now", at_best)
    less = [sight["because"]] if sight["because"] else []
    less += _lacking(sight, log, log.facts, limits)
    return SightState(log.log, PARTLY if less else SEEN, "; ".join(less), at_best)


def _lacking(sight: Mapping[str, Any], log: LogState, facts: LogFacts, limits: Mapping[str, Any]) -> list[str]:
    """Why the events that came show less than events of this log could."""
    kind, forms = sight["kind"], sight["forms"]
    if kind not in facts.kinds:
        return [f"no event of the kind {kind.replace('_', ' ')} came so far"]
    if forms and not any((kind, form) in facts.shown for form in forms):
        return [f"no failed event of the form {' or '.join(forms)} came so far"]
    told = []
    if "target" in sight["needs"] and facts.hidden_share >= limits["hidden_from"]:
        told.append(f"the name is hidden in {percent(facts.hidden_share)} of the events")
    empty = {name: log.empty.get(name, 0.0) for name in sight["needs"]}
    told += [f"{name} is empty in {percent(share)}" for name, share in empty.items() if share >= limits["empty_from"]]
    return told


def worth_of(state: str, rules: Mapping[str, Any]) -> float:
    """Return what a way in this state counts, between 0 and 1."""
    limits = rules["limits"]
    return float({SEEN: limits["worth_seen"], PARTLY: limits["worth_partly"]}.get(state, 0))


def next_steps(
    logs: Sequence[LogState], ways: Sequence[WayState], connect: Callable[[str], str], rules: Any
) -> list[NextStep]:
    """Return the logs most worth connecting, best first: each adds the most to the sum of weights after those before it.

    What a log adds is, over all ways, the weight times how much more the way counts with it. Logs that add equally
    much stand in the order of their table; one that adds nothing is not named. `connect` tells how to connect a log.
    """
    worth = {way.id: worth_of(way.state, rules) for way in ways}
    open_logs = {one.log: one.state for one in logs if one.state != READ}
    steps: list[NextStep] = []
    while open_logs and len(steps) < rules["limits"]["next_steps"]:
        added = {log: _added(log, ways, worth, rules) for log in open_logs}
        best = max(added, key=lambda log: sum(gain for _, gain in added[log]))
        if not added[best]:
            break
        gain = sum(gain for _, gain in added[best])
        told = tuple(way.title for way, _ in added[best])
        steps.append(NextStep(best, open_logs.pop(best), gain, told, connect(best)))
        for way, more in added[best]:
            worth[way.id] += more / way.weight
    return steps


def _added(
    log: str, ways: Sequence[WayState], worth: Mapping[str, float], rules: Mapping[str, Any]
) -> list[tuple[WayState, float]]:
    """The ways to which a log adds something, the most first, each with its weight times what is added."""
    found = []
    for way in ways:
        best = max((worth_of(one.shows, rules) for one in way.logs if one.log == log), default=0.0)
        if best > worth[way.id]:
            found.append((way, (best - worth[way.id]) * way.weight))
    return sorted(found, key=lambda one: -one[1])


def percent(share: float) -> str:
    """Return a share of 1 in whole percent, never 0 for something nor 100 for not all."""
    whole = round(100 * share)
    return f"{whole if whole in (0, 100) and share in (0, 1) else min(max(whole, 1), 99)} %"
