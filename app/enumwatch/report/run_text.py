"""The summary of a run for the terminal: what was read, what was left out and why, and what no log could show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from enumwatch.report.layout import wrapped
from enumwatch.report.phrases import count, plain, span, texts, whole
from enumwatch.report.ranking import Summary
from enumwatch.report.visible import visible_tree

_LINES_SHOWN = 20
_PROBLEMS_SHOWN = 3


def summary_text(summary: Summary, width: int = 80, *, is_decided: bool = True) -> str:
    """Returns the summary as lines of at most `width` cells; a part with nothing to say is left out.

    Without `is_decided` nothing was looked for, and "0 findings" would be an all-clear.

    Long parts are cut and say by how much; the whole summary is the JSON of the same run.
    """
    shown = visible_tree(summary)
    lines = _totals(shown, width, is_decided)
    lines += _sources(shown.get("files") or (), width)
    lines += _part("Given more than once, counted once", _duplicates(shown.get("files") or ()), width)
    lines += _part("Could not be read in full", _troubles(shown.get("files") or ()), width)
    lines += _part("Times that could not be read", map(_unreadable_time, shown.get("unreadable_times") or ()), width)
    lines += _part("Result codes not in the table (counted as unclear)", _codes(shown.get("unknown_codes")), width)
    lines += _part("Result codes counted as noise", _codes(shown.get("noise")), width)
    lines += _part("Suppressed by the allowlist", map(suppression_text, shown.get("suppressed") or ()), width)
    lines += _part("Allowlist entries that have expired", map(expiry_text, shown.get("expired_allowlist") or ()), width)
    lines += _part("Could not be seen", texts(shown.get("not_visible")), width)
    lines += _part("Cut to stay within memory", texts(shown.get("truncated")), width)
    return "\n".join(lines)


def suppression_text(entry: Mapping[str, Any]) -> str:
    """Returns one allowlist entry with what it suppressed, as a sentence."""
    effect = f"{count(whole(entry.get('events')), 'event')}, {count(whole(entry.get('findings')), 'finding')}"
    return f"{_entry(entry)}: {effect}; {entry.get('reason')}, owner {entry.get('owner')}, until {entry.get('expires')}"


def expiry_text(entry: Mapping[str, Any]) -> str:
    """Returns one expired allowlist entry as a sentence; it suppresses nothing any more."""
    return f"{_entry(entry)}: expired {entry.get('expires')}; {entry.get('reason')}, owner {entry.get('owner')}"


def problem_text(problem: Mapping[str, Any]) -> str:
    """Returns where a file was broken, what was found, and what was expected."""
    line = problem.get("line")
    where = f"line {line}: " if isinstance(line, int) else ""
    expected = f"; expected {problem['expected']}" if problem.get("expected") else ""
    return f"{where}{plain(problem.get('what'))}{expected}"


def _entry(entry: Mapping[str, Any]) -> str:
    return f"{entry.get('entry')} ({entry.get('type')} {entry.get('value')})"


def _totals(shown: Summary, width: int, is_decided: bool) -> list[str]:
    files = [file for file in shown.get("files") or () if not file.get("duplicate_of")]
    read = f"Read {count(len(files), 'file')}: {count(whole(shown.get('records')), 'record')}"
    parts = [read, count(whole(shown.get("events")), "event"), count(whole(shown.get("contacts")), "contact")]
    dropped = [
        f"{whole(shown.get(key)):,} {words}"
        for key, words in (
            ("duplicates", "duplicates"),
            ("read_before", "read by an earlier run"),
            ("not_relevant", "not relevant"),
            ("unreadable", "unreadable"),
        )
        if whole(shown.get(key))
    ]
    findings = f"; {count(whole(shown.get('findings')), 'finding')}" if is_decided else ""
    lines = wrapped(f"{', '.join(parts)}{findings}.", width, rest="  ")
    if dropped:
        lines += wrapped(f"Not counted: {', '.join(dropped)}.", width, "  ", "  ")
    if shown.get("first_event"):
        period = f"Period {span(shown['first_event'], shown.get('last_event'))} UTC"
        lines += wrapped(period, width, "  ", "  ")
    return lines


def _sources(files: Iterable[Mapping[str, Any]], width: int) -> list[str]:
    totals: dict[str, list[int]] = {}
    for file in files:
        # Events are counted per file, so a file that holds two logs is a line of its own.
        source = " + ".join(texts(file.get("source")))
        if source:
            total = totals.setdefault(source, [0, 0])
            total[0] += 1
            total[1] += whole(file.get("events"))
    ordered = sorted(totals.items())
    lines = [f"{source}: {count(number, 'file')}, {count(events, 'event')}" for source, (number, events) in ordered]
    return _part("Logs", lines, width)


def _duplicates(files: Iterable[Mapping[str, Any]]) -> list[str]:
    return [f"{file.get('path')}: {plain(file.get('reason'))}" for file in files if file.get("duplicate_of")]


def _troubles(files: Iterable[Mapping[str, Any]]) -> list[str]:
    lines = []
    for file in files:
        problems = file.get("problems") or []
        if file.get("duplicate_of"):
            continue
        if not (file.get("reason") or problems or file.get("unreadable") or file.get("skipped")):
            continue
        counts = [f"{whole(file.get(key)):,} {key}" for key in ("unreadable", "skipped") if whole(file.get(key))]
        told = [plain(file["reason"])] if file.get("reason") else []
        # A file of which nothing was read has its one problem as the reason.
        told += [text for text in map(problem_text, problems[:_PROBLEMS_SHOWN]) if text not in told]
        if len(problems) > _PROBLEMS_SHOWN:
            told.append(f"and {len(problems) - _PROBLEMS_SHOWN:,} more")
        lines.append(f"{file.get('path')}: {'; '.join([*counts, *told])}")
    return lines


def _unreadable_time(entry: Mapping[str, Any]) -> str:
    number = count(whole(entry.get("count")), "record")
    return f"{entry.get('path')}: {number}, for example {plain(entry.get('example'))!r}"


def _codes(codes: Any) -> list[str]:
    ordered = sorted(codes or (), key=lambda code: (-whole(code.get("attempts")), str(code.get("code"))))
    return [
        f"{code.get('source')} {code.get('code')}: {count(whole(code.get('attempts')), 'attempt')}" for code in ordered
    ]


def _part(title: str, sentences: Iterable[str], width: int) -> list[str]:
    told = list(sentences)
    lines = [title] if told else []
    for sentence in told[:_LINES_SHOWN]:
        lines += wrapped(sentence, width, "  ", "      ")
    if len(told) > _LINES_SHOWN:
        lines.append(f"  and {len(told) - _LINES_SHOWN:,} more")
    return lines
