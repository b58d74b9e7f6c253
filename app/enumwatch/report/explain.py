"""One finding explained in the terminal: what happened, why it has this verdict, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from enumwatch.report.labels import MEASURES, OUTCOMES, SAMPLES
from enumwatch.report.layout import cell_width, clipped, padded, wrapped
from enumwatch.report.phrases import (
    actor_details,
    headline,
    is_worth_a_row,
    listed,
    measure,
    moment,
    plain,
    texts,
    tool_text,
    with_examples,
)
from enumwatch.report.ranking import Verdict
from enumwatch.report.visible import visible, visible_tree

_NAMES_SHOWN = 20
_TRIED_SHOWN = 6
_LABEL_CELLS = 40


def explain(verdict: Verdict, width: int = 80) -> str:
    """Returns one finding with its reasons, names, measures and gaps; no line is wider than `width` cells."""
    shown = visible_tree(verdict)
    evidence = shown.get("evidence") or {}
    title = str(shown.get("verdict"))
    score = clipped(f"  score {plain(shown.get('score'))}, {plain(shown.get('confidence'))} confidence", width // 2)
    lines = [padded(title, width - cell_width(score)) + score]
    lines += wrapped(f"{shown.get('finding_id')}  {shown.get('detection')}, version {shown.get('version')}", width)
    lines += ["", *wrapped(visible(headline(shown)), width), ""]
    lines += _facts(shown, width)
    lines += _bullets("Why", texts(shown.get("reasons")), width)
    lines += _names("Compromised accounts", shown.get("compromised_accounts"), width)
    lines += _names("New accounts", shown.get("accounts_created"), width)
    lines += _names("Names found", shown.get("names_found"), width)
    lines += _tried(evidence.get("names_sample") or {}, width)
    lines += _measures(evidence, width)
    lines += _bullets("Not known", texts(evidence.get("gaps")), width)
    return "\n".join(lines)


def _facts(shown: Verdict, width: int) -> list[str]:
    facts = actor_details(shown)
    facts.append(("First", f"{moment(shown.get('window_start'))} UTC"))
    facts.append(("Last", f"{moment(shown.get('window_end'))} UTC"))
    facts.append(("Decided", f"{moment(shown.get('detected_at'))} UTC"))
    if shown.get("tenant"):
        facts.append(("Tenant", plain(shown["tenant"])))
    if shown.get("mitre"):
        facts.append(("ATT&CK", ", ".join(texts(shown["mitre"]))))
    suppressed = shown.get("suppressed_by") or {}
    if suppressed:
        entry = f"{suppressed.get('entry')}: {suppressed.get('reason')}, owner {suppressed.get('owner')}"
        facts.append(("Suppressed", f"{entry}, until {suppressed.get('expires')}"))
    lines: list[str] = []
    for label, text in facts:
        lines += wrapped(text, width, padded(label, 16), " " * 16)
    return lines


def _bullets(title: str, sentences: Sequence[str], width: int) -> list[str]:
    lines = ["", title] if sentences else []
    for sentence in sentences:
        lines += wrapped(sentence, width, "  - ", "    ")
    return lines


def _names(title: str, names: Any, width: int) -> list[str]:
    if not names:
        return []
    return ["", f"{title} ({len(names):,})", *wrapped(listed(texts(names), _NAMES_SHOWN), width, "  ", "  ")]


def _tried(sample: Mapping[str, Any], width: int) -> list[str]:
    lines = ["", "Names tried (sample)"] if any(sample.values()) else []
    for outcome in sorted(sample, key=lambda key: (list(OUTCOMES).index(key) if key in OUTCOMES else 99, key)):
        if sample[outcome]:
            label = padded(f"  {OUTCOMES.get(outcome, outcome)}", 26)
            lines += wrapped(listed(texts(sample[outcome]), _TRIED_SHOWN), width, label, " " * 26)
    return lines


def _measures(evidence: Mapping[str, Any], width: int) -> list[str]:
    lines: list[str] = []
    for key, label in MEASURES.items():
        value = evidence.get(key)
        if not is_worth_a_row(key, value):
            continue
        text = with_examples(measure(key, value), texts(evidence.get(SAMPLES.get(key, ""))))
        lines += _measure_lines(label, text, width)
    for tool in evidence.get("tools") or ():
        lines += _measure_lines("Known tool", tool_text(tool), width)
    return ["", "Evidence", *lines] if lines else []


def _measure_lines(label: str, text: str, width: int) -> list[str]:
    return wrapped(text, width, padded(f"  {label}", _LABEL_CELLS) + "  ", " " * (_LABEL_CELLS + 2))
