"""Scan: paths in, findings and a summary of what was read out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from ...core.bounds import Bounds, Cut
from ...core.contact import Contact
from ...core.context import Context
from ...core.decide import PUBLISHED, Decision, decide, needs_every_try
from ...core.incident import ENUMERATION
from ...core.success import SuccessRow
from ...core.verdict import Verdict
from ...lookups import Lookups
from ...visibility.report import visibility
from ..garbage import no_garbage_search
from .around import triages
from .contacts import Contacts
from .file_report import FileReport
from .intake import Skipped, intake
from .load import Loader
from .log_rows import told_by_files
from .relevance import Relevance
from .scratch import scratch_folder
from .shape import prepare
from .side_by_side import side_by_side
from .state import ReadUntil, State
from .store import Store
from .summary import summarise

# What the database may hold while the core works, and then beside all that the core was given.
_RESTING_MEBIBYTES, _TELLING_MEBIBYTES = 32, 200

Progress = Callable[[str], None]
Pick = Callable[[Sequence[Verdict]], Sequence[Verdict]]


def all_findings(findings: Sequence[Verdict]) -> Sequence[Verdict]:
    """Picks every one."""
    return findings


@dataclass(frozen=True)
class Request:
    """What to read and how to judge it. Times are microseconds since 1970 UTC; `until` is exclusive."""

    paths: Sequence[str]
    rulebook: Mapping[str, Any]
    lookups: Lookups
    source: str | None = None
    detections: Sequence[str] | None = None
    since: int | None = None
    until: int | None = None
    threads: int | None = None
    with_updates: bool = False
    with_triage: bool = False
    sight_at: int | None = None  # the time now, where it is to be told what the logs show
    triaged: Pick = all_findings  # which of them
    state: State | None = None  # what earlier runs remembered
    arrival: Sequence[str] = ()  # where records may say when they arrived, if that is to be kept


@dataclass
class Result:
    """What a scan found, and what became of everything it was given."""

    decision: Decision
    summary: dict[str, Any]
    files_read: int  # with a record of a supported log
    files_unreadable: int  # that could not be read, or not in full
    read_until: ReadUntil  # the last event of each log, for the next run with the same state
    triages: dict[str, dict[str, Any]] = field(default_factory=dict)  # by finding id, where asked for
    visibility: dict[str, Any] | None = None  # what the logs show, where that was asked for and the rules say it
    material: object = field(default=None, repr=False)  # what was decided on; whoever lets go of it waits for its end


@contextmanager
def counted(
    request: Request, progress: Progress, stdin: BinaryIO | None = None
) -> Iterator[tuple[Contacts, list[FileReport]]]:
    """Reads every path into a database and groups it into contacts; the database lives as long as the context."""
    with scratch_folder() as folder, Store(folder, request.threads, keeps_arrival=bool(request.arrival)) as store:
        shapes = prepare(request.rulebook, request.arrival)
        loader = Loader(store, shapes, request.lookups.outcomes, request.source)
        reports: list[FileReport] = []
        for found in intake(request.paths, folder, stdin=stdin):
            if isinstance(found, Skipped):
                reports.append(_not_read(found))
            else:
                progress(found.path)
                reports.append(loader.load(found))
        progress("grouping events into contacts")
        store.settle_addresses()
        store.answer_codes(request.lookups.outcomes)
        before = request.state.read_until if request.state is not None else None
        contacts = Contacts(store, request.since, request.until, before)
        contacts.build()
        yield contacts, reports


def scan(request: Request, progress: Progress = lambda _: None, stdin: BinaryIO | None = None) -> Result:
    """Findings of everything the paths hold. Raises nothing for bad input: what could not be read is in the summary."""
    context = context_of(request)
    with no_garbage_search(), counted(request, progress, stdin) as (contacts, reports):
        progress("picking what can matter")
        rows, arrivals, cuts = needed(contacts, context, request)
        progress("deciding")
        memory = request.state.memory if request.state is not None else None
        contacts.store.leave_memory(_RESTING_MEBIBYTES)
        decision = decide(rows, context, request.detections, request.with_updates, arrivals, side_by_side, memory, cuts)
        contacts.store.leave_memory(_TELLING_MEBIBYTES)
        read_until = contacts.read_until() if request.state is not None else {}
        told = triages(contacts, request.triaged(decision.findings), context) if request.with_triage else {}
        seen = _seen(contacts, request)
        summary = summarise(contacts, reports, decision, context, request.rulebook)
    read = sum(1 for report in reports if report.is_read)
    unreadable = sum(1 for report in reports if not report.is_whole)
    return Result(decision, summary, read, unreadable, read_until, told, seen, (rows, arrivals))


def _seen(contacts: Contacts, request: Request) -> dict[str, Any] | None:
    if request.sight_at is None or not request.rulebook["visibility"]:
        return None
    told = told_by_files(contacts, request.rulebook, request.sight_at)
    return visibility(told, request.rulebook, request.lookups.outcomes)


def needed(contacts: Contacts, context: Context, request: Request) -> tuple[list[Contact], list[SuccessRow], list[Cut]]:
    """Contacts that can change what this request is told, who signed in, and what was kept back of a flood."""
    if request.detections is not None and set(request.detections) == {PUBLISHED}:
        return list(contacts.with_codes(request.rulebook["detections"][PUBLISHED]["codes"])), [], []
    asks_published = request.detections is not None and PUBLISHED in request.detections
    relevance = Relevance(
        contacts,
        keeps_own_affairs=needs_every_try(request.detections, context),
        bounds=None if asks_published else Bounds.of(context.limits(ENUMERATION)),
    )
    return list(relevance.contacts()), list(relevance.arrivals()), relevance.cuts


def context_of(request: Request) -> Context:
    """The core's context for a request."""
    lookups = request.lookups
    return lookups.context(request.rulebook, lookups.rows("free_mail"), lookups.rows("disposable_domains"))


def _not_read(skipped: Skipped) -> FileReport:
    report = FileReport(skipped.path, reason=skipped.reason, problems=list(skipped.problems))
    report.duplicate_of = skipped.original
    report.records = report.unreadable = skipped.unreadable
    report.is_unreadable = skipped.kind not in ("empty", "repeated")
    return report
