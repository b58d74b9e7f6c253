"""The visibility report in a terminal: technique by technique what is seen, the logs, and what to connect next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from enumwatch.report.layout import padded, wrapped
from enumwatch.report.visible import visible
from enumwatch.rulebook.vocabulary import TECHNIQUES

_WIDTH = 80
STATES = ("seen", "partly", "not read", "never")
HEADS = {
    "seen": "SEEN",
    "partly": "PARTLY SEEN",
    "not read": "NOT SEEN NOW: a log could show it and is not read",
    "never": "NEVER SEEN, whatever is connected",
}
_MOST_CODES = 10
_CODE_LIMIT = 40
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))

Report = Mapping[str, Any]


def visibility_text(report: Report, fields: Mapping[str, str]) -> str:
    """Returns the report as text, 80 columns wide; `fields` say what is lost where a field is empty."""
    parts = [
        _techniques(report),
        _ways(report),
        _logs(report),
        _troubles(report, fields),
        _history(report),
        _next(report),
    ]
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines) + "\n"


def _techniques(report: Report) -> Iterator[str]:
    yield f"WHAT THESE LOGS SHOW, up to {report['known_until']}"
    for one in report["techniques"]:
        name = f"{one['technique']} {TECHNIQUES.get(one['technique'], '')}".strip()
        yield from _bullet(f"{name}: {one['score']} of 100. {one['comment']}")


def _ways(report: Report) -> Iterator[str]:
    titles = {log["log"]: log["title"] for log in report["logs"]}
    is_first = True
    for state in STATES:
        ways = [way for way in report["ways"] if way["state"] == state]
        if not ways:
            continue
        if not is_first:
            yield ""
        is_first = False
        yield f"{HEADS[state]} ({len(ways)})"
        for way in ways:
            yield from _bullet(f"{way['title']} [{', '.join(way['techniques'])}]{shown_by(way, titles)}")


def shown_by(way: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Returns what shows a way; of several logs the best says why it is not all, the others are named."""
    state = way["state"]
    if state == "never":
        return f": {way['because']}"
    logs = [one for one in way["logs"] if one["state"] == state]
    if state == "not read":
        return ": " + (" or ".join(titles[one["log"]] for one in logs) or way["because"])
    best, *others = logs
    told = titles[best["log"]] + (f" ({best['because']})" if best["because"] else "")
    return f": {', '.join([told, *(titles[one['log']] for one in others)])}"


def _logs(report: Report) -> Iterator[str]:
    yield f"{'LOG':<36}{'STATE':<10}{'EVENTS':>10}  {'COVERS':<11}LATE (p95)"
    for log in report["logs"]:
        late = span_text(log["late"]["p95"]) if log["late"] else "-"
        covers = span_text(log["covers_seconds"]) if log["events"] else "-"
        events = f"{log['events']:,}" if log["events"] else "-"
        yield f"{padded(log['title'], 35)} {log['state']:<10}{events:>10}  {covers:<11}{late}"


def _troubles(report: Report, fields: Mapping[str, str]) -> Iterator[str]:
    by_log = {log["title"]: list(lacks(log, fields)) for log in report["logs"] if log["events"]}
    others = [f"log_source {visible(name, _CODE_LIMIT)!r}: no rule knows it" for name in report["unknown_logs"]]
    others += [visible(note) for note in report["notes"]]
    if others or any(by_log.values()):
        yield "WHAT THEY LACK"
    for title, lines in by_log.items():
        if lines:
            yield title
        for line in lines:
            yield from wrapped(line, _WIDTH, "  - ", "    ")
    for line in others:
        yield from _bullet(line)


def lacks(log: Mapping[str, Any], fields: Mapping[str, str]) -> Iterator[str]:
    """Yields what a log that was read lacks, a sentence each; `fields` say what is lost where a field is empty."""
    if log["state"] == "silent":
        silent, pause = span_text(log["silent_seconds"]), log["longest_pause_seconds"]
        before = f"its longest pause before was {span_text(pause)}" if pause else "it had no pause before"
        yield f"silent since {log['last']}, for {silent}; {before}"
    if log["is_silence_unknown"]:
        silent = span_text(log["silent_seconds"])
        yield f"nothing since {log['last']}, for {silent}; it covers too little time to say whether that is usual"
    if log["hidden_share"]:
        yield f"the name that was tried is hidden in {share_text(log['hidden_share'])} of the events"
    by_loss: dict[str, list[str]] = {}
    for name, share in log["empty"].items():
        if share > 0:
            by_loss.setdefault(fields[name], []).append(f"{name} is empty in {share_text(share)}")
    for loss, told in by_loss.items():
        yield f"{' and '.join(told)}. {loss}"
    if log["never_given"]:
        yield f"never holds {', '.join(log['never_given'])}"
    if log["unknown_codes"]:
        yield f"codes that say nothing yet: {_codes(log['unknown_codes'])}; add them to enumwatch_outcomes.csv"
    if log["is_late"]:
        p50, p95, most = (span_text(log["late"][name]) for name in ("p50", "p95", "most"))
        yield f"events come late (p50 {p50}, p95 {p95}, at most {most}), and findings as late"
    if log["ahead_seconds"]:
        ahead = span_text(log["ahead_seconds"])
        yield f"events are dated up to {ahead} ahead; set the clock or time zone of what writes it"


def _codes(codes: Sequence[str]) -> str:
    shown = ", ".join(visible(code, _CODE_LIMIT) for code in codes[:_MOST_CODES])
    return shown + (f" and {len(codes) - _MOST_CODES} more" if len(codes) > _MOST_CODES else "")


def _history(report: Report) -> Iterator[str]:
    needs = [need for need in report["history"] if need["logs"]]
    if not needs:
        return
    yield "HISTORY"
    for need in needs:
        what = f"{need['detection']} ({need['limit']}) needs {span_text(need['needs_seconds'])}"
        if not need["short"]:
            yield from _bullet(f"{what}: every log covers it")
            continue
        longest = max(need["short"].values())
        few = f"shorter are {len(need['short'])} of {need['logs']} logs, the longest of them {span_text(longest)}"
        yield from _bullet(f"{what}; {few}. {need['because']}")


def _next(report: Report) -> Iterator[str]:
    if not report["next"]:
        yield "CONNECT NEXT: nothing; every log that adds something is read."
        return
    titles = {log["log"]: log["title"] for log in report["logs"]}
    yield "CONNECT NEXT, by what each adds: the weight of a way times how much more is seen"
    for number, step in enumerate(report["next"], start=1):
        yield from wrapped(step_text(step, titles), _WIDTH, f"{number}. ", "   ")
        if step["connect"]:
            yield from wrapped(f"How: {step['connect']}", _WIDTH, "   ", "   ")


def step_text(step: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Returns which log to connect, what it adds, and to which ways of attack."""
    verb = "bring back" if step["state"] == "silent" else "connect"
    return f"{verb} {titles[step['log']]} (adds {step['gain']:g}): {', '.join(step['ways'])}."


def _bullet(text: str) -> Iterable[str]:
    return wrapped(text, _WIDTH, "- ", "  ")


def span_text(seconds: float) -> str:
    """Returns a stretch of time in the largest unit of which there are two, such as `36 hours`; at least in seconds."""
    for name, unit in _UNITS:
        if abs(seconds) >= 2 * unit or unit == 1:
            count = round(seconds / unit)
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{seconds}"


def share_text(share: float) -> str:
    """Returns a share between 0 and 1 in whole percent; 0 and 100 only where they are exact."""
    whole = round(100 * share)
    return f"{whole if share in (0, 1) else min(max(whole, 1), 99)} %"
