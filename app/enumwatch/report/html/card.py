"""One finding as its card shows it: every list cut to size, every text already visible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from enumwatch.report.html.chart import Drawing, drawings
from enumwatch.report.html.timeline import drawn_timeline
from enumwatch.report.labels import MEASURES, OUTCOMES, SAMPLES, SEVERITY
from enumwatch.report.phrases import (
    actor_details,
    actor_text,
    headline,
    is_about_names,
    is_worth_a_row,
    listed,
    measure,
    moment,
    plain,
    span,
    texts,
    tool_text,
    whole,
    with_examples,
)
from enumwatch.report.ranking import Verdict


@dataclass(frozen=True)
class Limits:
    """How much of a finding a card shows."""

    names: int
    sentences: int
    is_full: bool


FULL = Limits(names=60, sentences=20, is_full=True)
SHORT = Limits(names=5, sentences=3, is_full=False)


@dataclass(frozen=True)
class Names:
    """A list of names, cut: `total` names of which `more` are not shown; `kind` is an outcome or empty."""

    title: str
    shown: Sequence[str]
    total: int
    kind: str = ""

    @property
    def more(self) -> int:
        return self.total - len(self.shown)


@dataclass(frozen=True)
class Chart:
    """The timeline in words and shapes, with the total of each outcome for its legend."""

    caption: str
    drawings: Sequence[Drawing]
    legend: Sequence[tuple[str, str, int]]


@dataclass(frozen=True)
class Card:
    """What the template needs to write one finding."""

    anchor: str
    severity: str
    verdict: str
    score: str
    score_width: int
    confidence: str
    finding_id: str
    headline: str
    actor: str
    tried: str
    found: int | None
    facts: Sequence[tuple[str, str]]
    chart: Chart | None
    compromised: Names
    created: Names
    names_found: Names
    tried_names: Sequence[Names]
    measures: Sequence[tuple[str, str]]
    reasons: Sequence[str]
    gaps: Sequence[str]
    suppressed_by: Mapping[str, Any] | None
    triage: Mapping[str, Any] | None
    is_full: bool
    when: str


def card(verdict: Verdict, anchor: str, limits: Limits) -> Card:
    """Returns the card of a verdict whose texts have been through `visible_tree`."""
    evidence = verdict.get("evidence") or {}
    name = plain(verdict.get("verdict"))
    return Card(
        anchor=anchor,
        severity=SEVERITY.get(name, "open"),
        verdict=name,
        score=plain(verdict.get("score")) or "-",
        score_width=min(100, max(0, whole(verdict.get("score")))),
        confidence=plain(verdict.get("confidence")),
        finding_id=plain(verdict.get("finding_id")),
        headline=headline(verdict),
        actor=actor_text(verdict),
        tried=(plain(evidence.get("names_tried")) or "-") if is_about_names(verdict) else "-",
        found=len(verdict.get("names_found") or ()) if is_about_names(verdict) else None,
        facts=_facts(verdict),
        chart=_chart(evidence) if limits.is_full else None,
        compromised=_names("Compromised accounts", verdict.get("compromised_accounts"), limits),
        created=_names("New accounts", verdict.get("accounts_created"), limits),
        names_found=_names("Names found", verdict.get("names_found"), limits),
        tried_names=_tried(evidence.get("names_sample") or {}, limits),
        measures=_measures(evidence) if limits.is_full else (),
        reasons=texts(verdict.get("reasons"))[: limits.sentences],
        gaps=texts(evidence.get("gaps"))[: limits.sentences],
        suppressed_by=verdict.get("suppressed_by") or None,
        triage=(verdict.get("triage") or None) if limits.is_full else None,
        is_full=limits.is_full,
        when=span(verdict.get("window_start"), verdict.get("window_end")),
    )


def _facts(verdict: Verdict) -> list[tuple[str, str]]:
    facts = actor_details(verdict)
    facts.append(("From", f"{moment(verdict.get('window_start'))} UTC"))
    facts.append(("To", f"{moment(verdict.get('window_end'))} UTC"))
    facts.append(("Decided", f"{moment(verdict.get('detected_at'))} UTC"))
    facts.append(("Detection", f"{plain(verdict.get('detection'))}, version {plain(verdict.get('version'))}"))
    optional = (("Tenant", plain(verdict.get("tenant"))), ("ATT&CK", ", ".join(texts(verdict.get("mitre")))))
    return facts + [fact for fact in optional if fact[1]]


def _chart(evidence: Mapping[str, Any]) -> Chart | None:
    timeline = drawn_timeline(evidence)
    if timeline is None:
        return None
    legend = [(outcome, OUTCOMES[outcome], total) for outcome, total in timeline.totals.items()]
    return Chart(timeline.caption(), drawings(timeline), legend)


def _names(title: str, names: Any, limits: Limits, kind: str = "") -> Names:
    every = names or ()
    return Names(title, texts(every[: limits.names]), len(every), kind)


def _tried(sample: Mapping[str, Any], limits: Limits) -> list[Names]:
    known = [outcome for outcome in OUTCOMES if sample.get(outcome)]
    others = sorted(outcome for outcome in sample if outcome not in OUTCOMES and sample[outcome])
    return [
        _names(OUTCOMES.get(key, key), sample[key], limits, key if key in OUTCOMES else "") for key in known + others
    ]


def _measures(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = []
    for key, label in MEASURES.items():
        value = evidence.get(key)
        if not is_worth_a_row(key, value):
            continue
        examples = texts(evidence.get(SAMPLES.get(key, "")))
        text = listed(texts(value), 12) if key.endswith("_names") else measure(key, value)
        rows.append((label, with_examples(text, examples)))
    return rows + [("Known tool", tool_text(tool)) for tool in evidence.get("tools") or ()]
