"""In Splunk: the searches that tell what became of a run, and what their results say, exported or asked for live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ...exported import whole_of
from ...rulebook.compiled import compiled
from ...splunk.content.names import FINDINGS, RUNS
from ...splunk.doctor.asking import source_macro
from ...splunk.doctor.exported import ExportError, read_export
from ..event import SimulateError
from ..sending.manifest import Manifest
from ..sending.marks import SCENARIO, SOURCE, splunk_source
from ..sending.splunk import finding_search
from ..verify import Finding, finding_of
from .seen import Arrival, Key, Seen

Row = Mapping[str, str]

# The last row of each result says whose it is and how many rows there are, so that nothing found is a result too.
RESULT, ROWS = "enumwatch_result", "enumwatch_rows"
EVENTS, READ, ENDED, FOUND = "events", "read", "runs", "findings"
COUNT, LAST = "enumwatch_count", "enumwatch_ended"
_ENOUGH = 6  # fields of a log, of which each of its events has one
_SECOND = 1_000_000
_DAY_SECONDS, _HOUR_SECONDS = 86_400, 3_600


def searches(manifest: Manifest) -> dict[str, str]:
    """Each search, by what it is about."""
    run, first = manifest.run, manifest.first // _SECOND
    window = f"earliest={first - _DAY_SECONDS} latest=+1d"
    count = f"| stats count AS {COUNT} by {SCENARIO}, {SOURCE}"
    reads = [
        f'search `{source_macro(source)}` source="{splunk_source(run)}" {window}\n'
        f"| where isnotnull({_extracted(source)})\n{count}"
        for source in dict.fromkeys(one.source for one in manifest.parts)
    ]
    detected = manifest.began // _SECOND - _HOUR_SECONDS if manifest.began else first
    asked = {
        EVENTS: f"search {finding_search(run, manifest.index, manifest.first)}\n{count}",
        READ: f"| {reads[0]}" + "".join(f"\n| append [{one}]" for one in reads[1:]),
        ENDED: f"| inputlookup {RUNS}\n| stats max(ended) AS {LAST} by detection",
        FOUND: f"| inputlookup {FINDINGS} where detected>={detected}\n| table finding_id, finding",
    }
    return {
        name: f'{text}\n| appendpipe [stats count AS {ROWS} | eval {RESULT}="{name}"]' for name, text in asked.items()
    }


def _extracted(source: str) -> str:
    """Something that is there where the add-on of a log took any field out of an event that the rules read."""
    fields = compiled()["sources"][source]["splunk"]["fields"].values()
    paths = {path for some in fields for path in some if not path.startswith("_") and "[" not in path}
    return f"coalesce({','.join(repr(path) for path in sorted(paths)[:_ENOUGH])})"


def exported(paths: Iterable[Path]) -> Iterator[tuple[str, list[Row]]]:
    """Name and rows of some exported results; raises SimulateError for a file that is none, or not the whole of it."""
    for path in paths:
        try:
            yield result_of(read_export(path).rows, str(path))
        except ExportError as error:
            raise SimulateError(str(error)) from error


def result_of(rows: Sequence[Row], where: str) -> tuple[str, list[Row]]:
    """Name and rows of one result; raises SimulateError where it is none, or rows are missing."""
    last = next((row for row in rows if row.get(RESULT)), None)
    if last is None:
        raise SimulateError(f"{where} is no result of a search of `verify --searches`: run one and export all of it")
    found = [row for row in rows if not row.get(RESULT)]
    if len(found) != _number(last.get(ROWS, "")):
        raise SimulateError(f"{where} holds {len(found)} of {last.get(ROWS)} rows: export all of them")
    return last[RESULT], found


def seen_in_splunk(results: Iterable[tuple[str, list[Row]]], manifest: Manifest) -> Seen:
    """What the results say; of those that are not there nothing is known. Raises SimulateError."""
    rows: dict[str, list[Row]] = {}
    for name, some in results:
        rows.setdefault(name, []).extend(some)
    seen = Seen(has_findings=FOUND in rows)
    seen.findings = [_finding(row) for row in rows.get(FOUND, ())]
    if EVENTS in rows:
        events, read = _counts(rows[EVENTS]), _counts(rows.get(READ, ()))
        for part in manifest.parts:
            key = (part.scenario, part.source)
            seen.arrivals[key] = Arrival(events.get(key, 0), read.get(key, 0) if READ in rows else None)
    if ENDED in rows:
        # A run counts from its end: it takes seconds, and contacts are made once an hour.
        seen.ran_at = {row.get("detection", ""): _number(row.get(LAST, "")) * _SECOND for row in rows[ENDED]}
    return seen


def _counts(rows: Iterable[Row]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for row in rows:
        key = (row.get(SCENARIO, ""), row.get(SOURCE, ""))
        found[key] = found.get(key, 0) + _number(row.get(COUNT, ""))
    return found


def _finding(row: Row) -> Finding:
    finding = finding_of(whole_of(row.get("finding", "")))
    if finding is None:
        raise SimulateError("a row of findings holds no whole verdict: export the column `finding` too")
    return finding


def _number(text: str) -> int:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        raise SimulateError(f"{text[:40]!r} is no number: export the result of the search as it is") from None
