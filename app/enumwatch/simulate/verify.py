"""Verify: verdicts of a run compared with the labels beside the simulated logs: found, missed, falsely accused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..beside_logs import LABELS, TRUTH
from ..core.times import from_iso
from ..exported import NotExportedError, exported_rows
from .event import HOUR, SimulateError

Row = Mapping[str, Any]
_NO_VERDICT = "No Finding"


@dataclass(frozen=True)
class Finding:
    """What is compared of one verdict; times in microseconds since 1970 UTC."""

    finding_id: str
    verdict: str
    addresses: frozenset[str]
    account: str
    sources: frozenset[str]
    start: int
    end: int
    is_suppressed: bool


@dataclass(frozen=True)
class Expected:
    """One attack that a log shows, by the answer key."""

    source: str
    scenario: str
    addresses: frozenset[str]
    accounts: frozenset[str]
    start: int
    end: int

    def is_told_by(self, finding: Finding, emitted: Iterable[str]) -> bool:
        """True where a finding accuses its actor, at its time, from its log."""
        is_its = bool(self.addresses & finding.addresses) or finding.account.lower() in self.accounts
        is_then = finding.start <= self.end + HOUR and self.start <= finding.end + HOUR
        return is_its and is_then and (not finding.sources or bool(finding.sources & set(emitted)))


@dataclass
class Comparison:
    """What a run found, missed and falsely accused; the last with the scenario that it took for an attack."""

    found: list[tuple[Expected, Finding]] = field(default_factory=list)
    missed: list[Expected] = field(default_factory=list)
    false: list[tuple[Finding, str]] = field(default_factory=list)
    suppressed: int = 0
    quiet: list[tuple[str, str]] = field(default_factory=list)  # (scenario, source) that accused nobody, as it should


def compare(verdicts: Path, folder: Path, emits: Mapping[str, Iterable[str]]) -> Comparison:
    """The comparison of a file of verdicts with the labels of a folder that `simulate` wrote.

    `emits` holds the source ids that the events of each log carry. Raises SimulateError for files that cannot be read.
    """
    return compare_findings(read_findings(verdicts), folder, emits)


def compare_findings(
    findings: Sequence[Finding], folder: Path, emits: Mapping[str, Iterable[str]], is_shared: bool = False
) -> Comparison:
    """The comparison of findings with the labels of a folder that `simulate` wrote; raises SimulateError.

    Where the findings are those of a system that `is_shared` with real events, one that accuses nobody of the simulation
    is none of its business.
    """
    truths, labels = read_truths(folder), _labels(folder)
    made = Comparison(suppressed=sum(one.is_suppressed for one in findings))
    told = [one for one in findings if not one.is_suppressed]
    accused: set[str] = set()
    for entry in truths:
        if entry["expected_findings"]:
            expected = expected_of(entry)
            hits = [one for one in told if expected.is_told_by(one, emits.get(expected.source, (expected.source,)))]
            accused |= {one.finding_id for one in hits}
            made.found += [(expected, hits[0])] if hits else []
            made.missed += [] if hits else [expected]
    attacks = [expected_of(entry) for entry in truths if entry["kind"] == "attack"]
    names = {entry["scenario"] for entry in truths if entry["kind"] != "attack"}
    for one in told:
        # An attack that no rule is expected to see there is no false alarm when it is seen after all.
        if one.finding_id not in accused and not any(each.is_told_by(one, one.sources) for each in attacks):
            whose = _whose(one, labels)
            if whose or not is_shared:
                made.false.append((one, whose or _when(one, truths, emits)))
    wrong = {name.removesuffix(" (known)") for _, name in made.false}
    made.quiet = sorted((entry["scenario"], entry["source"]) for entry in truths if entry["scenario"] in names - wrong)
    return made


def report(made: Comparison) -> Iterator[str]:
    """The comparison in lines of 80 columns: what was missed and falsely accused first."""
    for one in made.missed:
        yield f"MISSED  {one.scenario} in {one.source}: {', '.join(sorted(one.addresses | one.accounts)[:2])}"[:80]
    for finding, scenario in made.false:
        who = ", ".join(sorted(finding.addresses)[:2]) or finding.account or "nobody"
        yield f"FALSE   {finding.verdict}: {who}"[:80]
        yield f"        {finding.finding_id} takes {scenario} for an attack"[:80]
    for expected, finding in made.found:
        yield f"found   {expected.scenario} in {expected.source}: {finding.verdict}"[:80]
    yield (
        f"{len(made.found)} attacks found, {len(made.missed)} missed; {len(made.false)} falsely accused, "
        f"{len(made.quiet)} quiet as they should be; {made.suppressed} suppressed"
    )


def expected_of(entry: Row) -> Expected:
    """What an entry of the answer key, of an attack, expects."""
    return Expected(
        entry["source"],
        entry["scenario"],
        frozenset(entry["actor"]["ip"]),
        frozenset(name.lower() for name in entry["actor"]["account"]),
        from_iso(entry["start"]) if entry["start"] else 0,
        from_iso(entry["end"]) if entry["end"] else 0,
    )


def _whose(finding: Finding, labels: Mapping[str, Sequence[tuple[int, str]]]) -> str:
    """The scenario that the accused acted in at that time, by the labels of single events."""
    names = {*finding.addresses, finding.account.lower()} - {""}
    for name in sorted(names):
        for time, scenario in labels.get(name, ()):
            if finding.start - HOUR <= time <= finding.end + HOUR:
                return scenario
    return ""


def _when(finding: Finding, truths: Iterable[Row], emits: Mapping[str, Iterable[str]]) -> str:
    """The harmless scenario of that log at that time, where the log names its actor otherwise than the labels do."""
    for entry in truths:
        is_its_log = finding.sources & set(emits.get(entry["source"], (entry["source"],)))
        if entry["kind"] == "attack" or not entry["start"] or not is_its_log:
            continue
        if from_iso(entry["start"]) <= finding.end and finding.start <= from_iso(entry["end"]):
            return f"{entry['scenario']}{' (known)' if entry['unseen'] else ''}"
    return "something that was not simulated"


def read_truths(folder: Path) -> list[dict[str, Any]]:
    """The answer key of a folder; raises SimulateError."""
    try:
        entries = list(json.loads((folder / TRUTH).read_text("utf-8"))["scenarios"])
        for entry in entries:
            _check_entry(entry)
        return entries
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise SimulateError(f"{folder}/{TRUTH} cannot be read: name a folder that `simulate --out` wrote") from error


def _check_entry(entry: Row) -> None:
    """Raises ValueError, KeyError, TypeError or AttributeError for what is no entry of an answer key."""
    texts = [entry[name] for name in ("source", "scenario", "tenant", "kind", "file", "unseen", "expect")]
    texts.append(entry["detection"] or "")
    if entry["kind"] == "attack" or entry["expected_findings"]:
        texts += [*entry["actor"]["ip"], *entry["actor"]["account"]]
    numbers = (entry["expected_findings"], entry["events"], entry["is_declared"])
    if not all(isinstance(one, str) for one in texts) or not all(isinstance(one, int) for one in numbers):
        raise ValueError("a value of another type")
    for time in (entry["start"], entry["end"]):
        if time:
            from_iso(time)


def _labels(folder: Path) -> dict[str, list[tuple[int, str]]]:
    """(time, scenario) of every labelled event that is no attack, by who acted."""
    found: dict[str, list[tuple[int, str]]] = {}
    try:
        for line in (folder / LABELS).read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["label"] != "attack":
                found.setdefault(row["actor"].lower(), []).append((from_iso(row["time"]), row["scenario"]))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise SimulateError(f"{folder}/{LABELS} cannot be read: name a folder that `simulate --out` wrote") from error
    return found


def read_findings(path: Path) -> list[Finding]:
    """The last update of every finding of a file: NDJSON, a JSON list, what `scan --format json` writes, or CSV of the
    findings of Splunk; raises SimulateError."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SimulateError(f"{path} cannot be read: name what `scan --format ndjson` or your export wrote") from error
    last: dict[str, Finding] = {}
    for line, row in _rows(path, text):
        finding = finding_of(row)
        if finding is None:
            raise SimulateError(f"{path}:{line} is no verdict: export every field of the findings as JSON")
        if finding.verdict != _NO_VERDICT:
            last[finding.finding_id] = finding
    return list(last.values())


def _rows(path: Path, text: str) -> Iterator[tuple[int, Row]]:
    try:
        yield from exported_rows(text)
    except NotExportedError as error:
        raise SimulateError(f"{path}:{error.line} is no JSON: export the findings as JSON, one a line") from error


def finding_of(row: Row) -> Finding | None:
    """What is compared of a verdict as plain values, None where it is none."""
    try:
        return Finding(
            str(row["finding_id"]),
            str(row["verdict"]),
            frozenset(_texts(_value(row, "actor", "ip"))),
            "".join(_texts(_value(row, "actor", "account"))[:1]),
            frozenset(_texts(_value(row, "evidence", "sources"))),
            from_iso(str(row["window_start"])),
            from_iso(str(row["window_end"])),
            bool(row.get("suppressed_by")),
        )
    except (KeyError, ValueError):
        return None


def _value(row: Row, outer: str, inner: str) -> Any:
    """A value inside a record, also where an export has flattened it to `actor.ip` or `actor.ip{}`."""
    part = row.get(outer)
    if isinstance(part, Mapping):
        return part.get(inner)
    return row.get(f"{outer}.{inner}", row.get(f"{outer}.{inner}{{}}"))


def _texts(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    # A cell of CSV has a line for each value.
    return [str(one) for one in value] if isinstance(value, list) else str(value).splitlines()
