"""Summary: what was read, what was not and why, and what could not be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ... import __version__
from ...core.bounds import Bounds, told
from ...core.context import Context
from ...core.decide import Decision
from ...core.incident import ENUMERATION
from ...core.times import to_iso
from .contacts import Contacts
from .file_report import FileReport
from .intake import Problem


def summarise(
    contacts: Contacts,
    reports: Sequence[FileReport],
    decision: Decision,
    context: Context,
    rulebook: Mapping[str, Any],
) -> dict[str, Any]:
    """The summary of a run as plain values; counts are of records unless their name says otherwise."""
    for number, count in contacts.duplicates().items():
        report = next(one for one in reports if one.batch == number)
        report.duplicates += count
        report.events -= count
    span = contacts.span()
    read = sorted({source for report in reports for source in report.source})
    return {
        "version": __version__,
        "files": [_file(report) for report in reports],
        **{name: sum(getattr(report, name) for report in reports) for name in _TOTALS},
        "read_before": contacts.read_before(),
        "contacts": contacts.count(),
        "findings": len(decision.findings),
        "kinds": contacts.kinds(),
        "suppressed": [
            {**one.entry.described(), "events": one.events, "findings": one.findings} for one in decision.suppressions
        ],
        "expired_allowlist": [one.described() for one in context.allowlist.expired(span[1])] if span else [],
        "unknown_codes": contacts.unknown_codes(),
        "noise": contacts.noise(),
        "not_visible": list(_not_visible(read, rulebook)),
        "truncated": list(_truncated(decision, context)),
        "unreadable_times": [
            {"path": report.path, "count": report.unreadable_times, "example": report.time_example}
            for report in reports
            if report.unreadable_times
        ],
        "first_event": to_iso(span[0]) if span else None,
        "last_event": to_iso(span[1]) if span else None,
    }


_MOST_CUTS = 50
_TOTALS = ("records", "duplicates", "not_relevant", "unreadable", "skipped", "events")


def _file(report: FileReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "source": sorted(report.source),
        "shape": sorted(report.shape),
        **{name: getattr(report, name) for name in _TOTALS},
        "reason": report.reason,
        "duplicate_of": report.duplicate_of,
        "problems": [_problem(problem) for problem in report.problems],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "what": problem.what, "expected": problem.expected}


def _truncated(decision: Decision, context: Context) -> Iterator[str]:
    """What was beyond the bounds, most attempts first."""
    bounds = Bounds.of(context.limits(ENUMERATION))
    most = sorted(decision.cuts, key=lambda one: (-one.attempts, one))
    yield from (told(one, bounds) for one in most[:_MOST_CUTS])
    if most[_MOST_CUTS:]:
        yield f"{len(most) - _MOST_CUTS} more places, names or tenants of which less was cut"


def _not_visible(read: Iterable[str], rulebook: Mapping[str, Any]) -> Iterable[str]:
    """What the logs that were read cannot show; where nothing was read there is nothing to say."""
    for source in read:
        if source not in rulebook["sources"]:
            continue
        rule = rulebook["sources"][source]
        yield f"{rule['title']}: {rule['visibility']['note']}"
