"""Judging: for each scenario of a run what arrived, what came of it, and for a miss the first place where it was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.times import to_iso
from ...core.verdict import NOT_ENOUGH
from ..event import SimulateError
from ..sending.manifest import SPLUNK, Manifest
from ..verify import Comparison, Expected, Finding, compare_findings, expected_of, read_truths
from .at_hand import AtHand
from .seen import Arrival, Key, Seen

FOUND, MISSED, FALSE, QUIET, UNSEEN, UNASKED = "found", "MISSED", "FALSE", "quiet", "unseen", "not looked at"
Decide = Callable[[Expected, Iterable[str]], AtHand]


@dataclass(frozen=True)
class Judged:
    """What came of one scenario in one log; `why` and `advice` say why it was missed and what to do."""

    scenario: str
    source: str
    events: int
    arrival: Arrival | None
    outcome: str
    what: str
    why: str = ""
    advice: str = ""

    @property
    def is_good(self) -> bool:
        """True where everything arrived and led to what it should."""
        arrived = self.arrival is None or self.arrival.events >= self.events
        return arrived and self.outcome in (FOUND, QUIET, UNSEEN)


def judge(
    folder: Path, manifest: Manifest | None, seen: Seen, emits: Mapping[str, Sequence[str]], decide: Decide
) -> list[Judged]:
    """One judgement for each scenario and log of the run; raises SimulateError."""
    made = compare_findings(seen.findings, folder, emits, is_shared=manifest is not None)
    judging = _Judging(manifest, seen, made, emits, decide)
    return [judging.judged(entry) for entry in read_truths(folder)]


@dataclass(frozen=True)
class _Judging:
    manifest: Manifest | None
    seen: Seen
    made: Comparison
    emits: Mapping[str, Sequence[str]]
    decide: Decide

    def judged(self, entry: Mapping[str, Any]) -> Judged:
        key: Key = (entry["scenario"], entry["source"])
        outcome, what, why, advice = self._came_of(entry, key)
        return Judged(*key, self._sent(entry, key), self.seen.arrivals.get(key), outcome, what, why, advice)

    def _sent(self, entry: Mapping[str, Any], key: Key) -> int:
        parts = self.manifest.parts if self.manifest else ()
        return next((one.events for one in parts if (one.scenario, one.source) == key), int(entry["events"]))

    def _came_of(self, entry: Mapping[str, Any], key: Key) -> tuple[str, str, str, str]:
        if not self.seen.has_findings:
            return UNASKED, "findings were not looked at", "", ""
        if entry["kind"] != "attack":
            return self._of_harmless(entry)
        for expected, finding in self.made.found:
            if (expected.scenario, expected.source) == key:
                return FOUND, f"{finding.verdict} ({finding.finding_id})", "", ""
        if not entry["expected_findings"]:
            return UNSEEN, "no rule can tell it in this log", str(entry["unseen"]), ""
        why, advice = self._why(entry, key)
        return MISSED, str(entry["expect"]), why, advice

    def _of_harmless(self, entry: Mapping[str, Any]) -> tuple[str, str, str, str]:
        for finding, scenario in self.made.false:
            known = bool(entry["unseen"])
            if scenario.removesuffix(" (known)") == entry["scenario"] and self._is_of(finding, entry["source"]):
                what = f"{finding.verdict} ({finding.finding_id}) on somebody harmless"
                if known:
                    return UNSEEN, what, str(entry["unseen"]), ""
                needs = "give the runner the exceptions in lookups/ of the run, or write them with enumwatch allow"
                return (
                    FALSE,
                    what,
                    str(entry["expect"]),
                    needs if entry["is_declared"] else "tune it, see docs/tuning.md",
                )
        return QUIET, "nobody is accused, as it should be", "", ""

    def _is_of(self, finding: Finding, source: str) -> bool:
        return not finding.sources or bool(finding.sources & set(self.emits.get(source, (source,))))

    def _why(self, entry: Mapping[str, Any], key: Key) -> tuple[str, str]:
        """The first place on its way where the attack was lost, and what to do about it."""
        arrival, events = self.seen.arrivals.get(key), self._sent(entry, key)
        expected = expected_of(entry)
        if arrival is not None and arrival.events == 0:
            return "none of its events arrived", self._advice_of_arrival()
        if arrival is not None and arrival.read is not None and arrival.read < arrival.events:
            unread = arrival.events - arrival.read
            return f"{unread} of its events are not recognised as {key[1]}", self._advice_of_reading(key[1])
        waits = self._of_runs(str(entry["detection"]))
        if waits:
            return waits
        told = self.decide(expected, self.emits.get(key[1], (key[1],)))
        if arrival is not None and arrival.events < events and not told.verdict:
            lost = (
                f"{events - arrival.events} of {events} events did not arrive; the rest is too little: {told.evidence}"
            )
            return lost, self._advice_of_arrival()
        return self._of_rules(expected, told, str(entry["detection"]))

    def _of_rules(self, expected: Expected, told: AtHand, detection: str) -> tuple[str, str]:
        if told.hidden_by:
            entry = told.hidden_by
            why = f"suppressed by {entry['entry']}: {entry['type']} {entry['value']} ({entry['reason']}, {entry['owner']})"
            return why, "narrow that entry, or leave it if the test is meant to be hidden"
        if told.verdict in ("", NOT_ENOUGH):
            word = f"{told.verdict}, " if told.verdict else ""
            return f"below the ladder: {word}{told.evidence}", f"see the limits: enumwatch rules show {detection}"
        if self.seen.decided_since and expected.start < self.seen.decided_since:
            since = to_iso(self.seen.decided_since)
            why = f"late: it began {to_iso(expected.start)}, and nothing before {since} is decided on any more"
            return why, f"decide on that day anew: enumwatch elastic backfill --since {to_iso(expected.start)[:10]}"
        trouble = f"; it says: {self.seen.troubles[0]}" if self.seen.troubles else ""
        return f"the rules alone say {told.verdict} of these events, the installation does not{trouble}", self._doctor()

    def _of_runs(self, detection: str) -> tuple[str, str] | None:
        began = self.seen.began(detection)
        if began is None or self.manifest is None or began >= self._is_due():
            return None
        when = f"last began {to_iso(began)}" if began else "never ran"
        if self.manifest.target == SPLUNK:
            why = f"the rule of {detection} {when}, before contacts of these events could be there"
            return why, "wait for its next run after the full hour, or see whether its searches are enabled"
        return f"the runner has not run since ({when})", "run enumwatch elastic run --once, then verify again"

    def _is_due(self) -> int:
        """The time from which on a run could have seen everything: in Splunk contacts are made after each full hour."""
        assert self.manifest is not None
        sent = self.manifest.ended or self.manifest.began
        return -(-sent // _HOUR) * _HOUR if self.manifest.target == SPLUNK else sent

    def _advice_of_arrival(self) -> str:
        if self.manifest is not None and not self.manifest.ended:
            return "send the rest: enumwatch simulate --resume"
        if self.manifest is not None and self.manifest.target == SPLUNK:
            return "see index and queues in Splunk (index=_internal HttpInputDataHandler), or wait and verify again"
        return "see whether a pipeline or somebody removed them, then send a new run"

    def _advice_of_reading(self, source: str) -> str:
        if self.manifest is not None and self.manifest.target == SPLUNK:
            return f"let the macro enumwatch_{source} find their index and sourcetype, and see that the add-on is there"
        return f"see the types of the fields: enumwatch elastic doctor, log {source}"

    def _doctor(self) -> str:
        is_splunk = self.manifest is not None and self.manifest.target == SPLUNK
        return "ask " + ("enumwatch splunk doctor" if is_splunk else "enumwatch elastic doctor")


_HOUR = 3_600_000_000


def lines(judged: Sequence[Judged]) -> Iterator[str]:
    """The judgements as text, what is wrong first."""
    import textwrap

    for one in sorted(judged, key=lambda each: (each.is_good, each.scenario, each.source)):
        yield f"{one.outcome:8} {one.scenario} in {one.source}"
        arrival = one.arrival
        there = "not looked at" if arrival is None else f"{arrival.events} of {one.events} events arrived"
        if arrival is not None and arrival.read is not None and arrival.read < arrival.events:
            there += f", {arrival.read} of them recognised"
        for name, text in (("events", there), ("verdict", one.what), ("why", one.why), ("do", one.advice)):
            if text:
                yield from textwrap.wrap(f"{text}", 80, initial_indent=f"         {name:8}", subsequent_indent=" " * 17)


def summary(judged: Sequence[Judged]) -> str:
    """One line about everything."""
    if not judged:
        raise SimulateError("the run holds no scenario: send another")
    counts = {name: sum(1 for one in judged if one.outcome == name) for name in (FOUND, MISSED, FALSE, QUIET)}
    lost = sum(1 for one in judged if one.arrival is not None and one.arrival.events < one.events)
    words = f"{counts[FOUND]} found, {counts[MISSED]} missed, {counts[FALSE]} falsely accused, {counts[QUIET]} quiet"
    return words + (f"; {lost} of {len(judged)} did not arrive in full" if lost else "")
