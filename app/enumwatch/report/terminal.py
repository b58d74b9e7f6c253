"""What the terminal shows: findings worst first, the summary of the run, one next step, one finding explained.

Plain text of the standard library, our own words in ASCII, so that the same records give the same bytes in every
console and every pipe; log content has been through `visible`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from enumwatch.report.explain import explain
from enumwatch.report.labels import SEVERITY
from enumwatch.report.layout import clipped, padded, wrapped
from enumwatch.report.phrases import actor_details, actor_text, is_about_names, listed, span, texts, whole
from enumwatch.report.ranking import Verdict, is_suppressed, worst_first
from enumwatch.report.run_text import summary_text
from enumwatch.report.visible import visible, visible_tree

__all__ = ["explain", "findings_table", "next_step", "summary_text"]

_HEAD = f"{'SCORE':>5}  {'VERDICT':<27}  {'TRIED':>5} {'ABSENT':>6} {'FOUND':>5}  WHEN (UTC)"
_INDENT = " " * 7
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COLOURS = {
    "compromise": "1;31",
    "high": "31",
    "moderate": "33",
    "low": "36",
    "spray": "35",
    "guessing": "35",
    "technique": "34",
}
_SHOWN_KEYS = ("verdict", "score", "finding_id", "window_start", "window_end", "compromised_accounts")


def findings_table(verdicts: Iterable[Verdict], width: int = 80, *, colour: bool = False) -> str:
    """Returns the findings as text, worst first, two to four lines each; no line is wider than `width` cells.

    `width` below 80 counts as 80, the width the columns need. Colour marks the verdict only, nothing depends on it.
    """
    ordered = worst_first(verdicts)
    if not ordered:
        return "No findings."
    lines = [_HEAD]
    for verdict in ordered:
        lines += _finding_lines(verdict, max(width, 80), colour)
    return "\n".join(lines)


def next_step(verdicts: Iterable[Verdict], detections: Mapping[str, Mapping[str, Any]]) -> str:
    """Returns one line that says what to do next, by the worst finding that no allowlist entry covers.

    `detections` are those of the compiled rulebook, which hold the sentence for each verdict.
    """
    active = [verdict for verdict in worst_first(verdicts) if not is_suppressed(verdict)]
    if not active:
        return "Next: nothing to act on; check above what could not be seen before you call it quiet."
    return clipped(f"Next, for {visible(active[0].get('finding_id'), 40)}: {_action(active[0], detections)}", 240)


def _action(verdict: Verdict, detections: Mapping[str, Mapping[str, Any]]) -> str:
    sentences = detections.get(str(verdict.get("detection")), {}).get("next", {})
    sentence = sentences.get(str(verdict.get("verdict")))
    if sentence is None:
        return f"enumwatch triage {visible(verdict.get('finding_id'), 40)} with the same paths answers its playbook."
    return _PLACEHOLDER.sub(lambda found: _named(found[1], verdict), str(sentence))


def _named(value: str, verdict: Verdict) -> str:
    """A value of the finding as a sentence names it, of a list the first and how many more."""
    if value == "actor":
        return visible(actor_text(verdict), 60)
    names = [visible(name, 60) for name in texts(verdict.get(value))]
    return listed(names, 1) if names else "none"


def _finding_lines(verdict: Verdict, width: int, colour: bool) -> list[str]:
    shown: dict[str, Any] = {key: visible_tree(verdict.get(key)) for key in _SHOWN_KEYS}
    evidence = verdict.get("evidence") or {}
    counts = (evidence.get("names_tried"), evidence.get("names_absent"), len(verdict.get("names_found") or ()))
    tried, absent, found = map(_short, counts if is_about_names(verdict) else (None, None, None))
    numbers = f"{tried:>5} {absent:>6} {found:>5}"
    when = clipped(span(shown["window_start"], shown["window_end"]), width - 56)
    name = _painted(padded(str(shown["verdict"]), 27), str(shown["verdict"]), colour)
    lines = [f"{_short(shown['score']):>5}  {name}  {numbers}  {when}"]
    identity = padded(str(shown["finding_id"]), 19) + "  "
    first, rest = _INDENT + identity, " " * (len(_INDENT) + 21)
    lines += _at_most(wrapped(_actor_line(verdict), width, first, rest), 2, width)
    lines += _notes(verdict, shown, width)
    return lines


def _notes(verdict: Verdict, shown: dict[str, Any], width: int) -> list[str]:
    notes = []
    if shown["compromised_accounts"]:
        notes.append("compromised: " + listed(texts(shown["compromised_accounts"])))
    if is_suppressed(verdict):
        entry = visible_tree(verdict["suppressed_by"])
        notes.append(f"suppressed by {entry.get('entry')}: {entry.get('reason')}, until {entry.get('expires')}")
    lines: list[str] = []
    for note in notes:
        lines += _at_most(wrapped(note, width, _INDENT, _INDENT), 2, width)
    return lines


def _at_most(lines: Sequence[str], most: int, width: int) -> list[str]:
    return list(lines) if len(lines) <= most else [*lines[: most - 1], clipped(lines[most - 1] + " ...", width)]


def _actor_line(verdict: Verdict) -> str:
    first = visible(actor_text(verdict), 60)
    left_out = ("Address", "Application id", "ASN")
    others = [visible(text, 60) for label, text in actor_details(verdict, 1) if label not in left_out]
    return ", ".join([first, *(text for text in others if text not in first)])


def _short(number: Any) -> str:
    if number is None:
        return "-"
    value = whole(number)
    for limit, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= 100_000 and value >= limit:
            return f"{value / limit:.0f}{letter}"
    return str(value)


def _painted(text: str, verdict: str, colour: bool) -> str:
    code = _COLOURS.get(SEVERITY.get(verdict, ""), "")
    return f"\x1b[{code}m{text}\x1b[0m" if colour and code else text
