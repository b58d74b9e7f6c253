"""The head of the report: one sentence, the counts, the key numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from enumwatch.report.labels import SEVERITY
from enumwatch.report.phrases import count, moment, texts, whole
from enumwatch.report.ranking import Summary, Verdict


@dataclass(frozen=True)
class Overview:
    """What a reader should know after ten seconds."""

    lead: str
    badges: Sequence[tuple[str, str, int]]
    numbers: Sequence[tuple[str, str]]
    period: tuple[str, str] | None
    sources: Sequence[str]


def overview(active: Sequence[Verdict], summary: Summary) -> Overview:
    """Returns the head of the report; `active` are the findings that no allowlist entry covers, worst first."""
    found = {name for verdict in active for name in texts(verdict.get("names_found"))}
    compromised = {name for verdict in active for name in texts(verdict.get("compromised_accounts"))}
    verdicts = Counter(str(verdict.get("verdict")) for verdict in active)
    suppressed = sum(whole(entry.get("findings")) for entry in summary.get("suppressed") or ())
    numbers = [
        ("Findings", len(active)),
        ("Accounts compromised", len(compromised)),
        ("Names found", len(found)),
        ("Suppressed findings", suppressed),
        ("Events read", whole(summary.get("events"))),
        ("Files read", sum(not file.get("duplicate_of") for file in summary.get("files") or ())),
    ]
    first = summary.get("first_event")
    sources = {source for file in summary.get("files") or () for source in texts(file.get("source"))}
    return Overview(
        lead=_lead(active, len(compromised), len(found), summary),
        badges=[(SEVERITY.get(name, "open"), name, number) for name, number in verdicts.items()],
        numbers=[(label, f"{number:,}") for label, number in numbers],
        period=(moment(first), moment(summary.get("last_event"))) if first else None,
        sources=sorted(sources),
    )


def _lead(active: Sequence[Verdict], compromised: int, found: int, summary: Summary) -> str:
    if not active and not whole(summary.get("events")):
        return "No events were read, so nothing can be said."
    if not active:
        return f"No findings in {count(whole(summary.get('events')), 'event')}."
    sentence = f"{count(len(active), 'finding')}; the worst is {active[0].get('verdict')}."
    if compromised:
        sentence += f" {count(compromised, 'account')} answered with a sign-in or the right password."
    if found:
        sentence += f" Someone outside now knows that {count(found, 'name exists', 'names exist')}."
    return sentence
