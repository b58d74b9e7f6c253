"""`enumwatch scan` and `enumwatch contacts`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..core.times import SECOND
from ..core.verdict import is_at_least
from ..lookups import Lookups
from .findings_written import WRITERS, page_of, write_page
from .inert import inert_json
from .inputs import lookups_of, moment_of, rulebook_of
from .redact import Redactor
from .speech import OperatorError, ProgressLine, check_outputs, output, say, writing

Row = Mapping[str, Any]
_WIDTH = 80
EXIT_FINE, EXIT_FOUND, EXIT_WRONG = 0, 1, 2
_LONGEST_CELL = 2**31 - 1
NOTHING_READ = (
    "Nothing could be read: check the paths, or name the log with --source (`enumwatch rules list` shows them)"
)


def run_scan(options: argparse.Namespace) -> int:
    """Reads, decides, writes; returns the exit code."""
    from ..engines.local.scan import scan

    request = request_of(options)
    check_outputs(
        options.paths,
        {
            "--output": options.output,
            "--report": options.report,
            "--summary": options.summary,
            "--state": options.state,
        },
    )
    with state_errors(options.state), ProgressLine() as progress:
        result = scan(request, progress, sys.stdin.buffer)
    redact = redactor_of(result, request) if options.redact else None
    told = result.decision.updates if options.all_updates else result.decision.findings
    shown = [{**one.to_dict(), "triage": result.triages.get(one.finding_id)} for one in told]
    if options.suppressed:
        shown += [verdict.to_dict() for verdict in result.decision.suppressed_findings]
    summary = result.summary
    if redact is not None:
        shown, summary = redact.verdicts(shown), redact.summary(summary)
    page = page_of(result.visibility, request.rulebook, redact)
    try:
        _tell(options, shown, summary, request.rulebook["detections"], page, has_read=result.files_read > 0)
    except BrokenPipeError:
        _write_files(options, shown, summary, page)  # whoever reads only the first lines still asked for the report
        raise
    _write_files(options, shown, summary, page)
    if request.state is not None:
        # Last, so that after a crash the next run tells again what nobody got to see.
        with state_errors(options.state):
            request.state.write(result.decision.memory, result.read_until)
    return exit_code_of(options, result.files_read, result.files_unreadable, result.decision.findings)


def codes_of(lookups: Lookups) -> Iterator[str]:
    """Result codes that the outcome table has."""
    return (one["code"] for one in lookups.rows("outcomes"))


def redactor_of(result: Any, request: Any) -> Redactor:
    """What leaves names out of the findings and the summary of a scan."""
    rows, _ = result.material
    redact = Redactor(codes_of(request.lookups))
    redact.learn_accounts(rows)
    redact.learn_quoted(
        (name for row in rows for name in (row.target, row.actor)),
        (one["code"] for one in result.summary["unknown_codes"]),
    )
    return redact


def _write_files(options: argparse.Namespace, shown: Sequence[Row], summary: Row, page: Row) -> None:
    if options.report:
        with output(options.report) as write:
            write_page(write, shown, summary, page)
    if options.summary:
        with output(options.summary) as write:
            write(inert_json(summary, indent=2) + "\n")


def request_of(options: argparse.Namespace) -> Any:
    """The Request that the options of a command that reads logs ask for; raises OperatorError before any is read."""
    from ..engines.local.scan import Request

    if not options.paths and sys.stdin.isatty():
        raise OperatorError("there is nothing to read: name files or folders, or pipe a log in")
    rulebook = rulebook_of(options.rules)
    for name in options.detection or ():
        if name not in rulebook["detections"]:
            known = ", ".join(sorted(rulebook["detections"]))
            raise OperatorError(f"there is no detection {name!r}: choose from {known}")
    if options.source is not None and options.source not in rulebook["sources"]:
        known = ", ".join(sorted(rulebook["sources"]))
        raise OperatorError(f"there is no source {options.source!r}: choose from {known}")
    if options.threads is not None and options.threads < 1:
        raise OperatorError("--threads needs a number from 1 up: leave it out to use every core")
    since, until = moment_of(options.since, "--since"), moment_of(options.until, "--until")
    if since is not None and until is not None and since >= until:
        raise OperatorError(f"--since {options.since} is not before --until {options.until}: give an earlier --since")
    return Request(
        paths=options.paths or ["-"],
        rulebook=rulebook,
        lookups=lookups_of(options.lookups),
        source=options.source,
        detections=options.detection,
        since=since,
        until=until,
        threads=options.threads,
        with_updates=getattr(options, "all_updates", False),
        with_triage=bool(getattr(options, "triage", False) or _makes_page(options)),
        sight_at=round(time.time() * SECOND) if _makes_page(options) else None,
        state=_state_of(options),
    )


def _makes_page(options: argparse.Namespace) -> bool:
    """True where a report is written that has room for playbooks and for what the logs show."""
    return bool(getattr(options, "report", None) or getattr(options, "format", "") == "html")


def _state_of(options: argparse.Namespace) -> Any:
    path = getattr(options, "state", None)
    if path is None:
        return None
    from ..engines.local.state import State

    with state_errors(path):
        return State(Path(path))


@contextmanager
def state_errors(path: str | None) -> Iterator[None]:
    """Turns what is wrong with a state file, or with the memory in it, into the operator's one line."""
    from ..core.memory.codec import UnreadableMemoryError
    from ..engines.local.state import StateError

    try:
        yield
    except UnreadableMemoryError as problem:
        raise OperatorError(f"{path}: {problem}: name another file, or delete it to start anew") from None
    except StateError as problem:
        raise OperatorError(str(problem)) from None


def _tell(
    options: argparse.Namespace, shown: Sequence[Row], summary: Row, detections: Row, page: Row, *, has_read: bool
) -> None:
    from ..report.layout import wrapped
    from ..report.terminal import findings_table, next_step, summary_text

    say(summary_text(summary))
    has_read = has_read and not _is_out_of_time(options, summary)
    with output(options.output) as write:
        if options.format == "table" and not has_read:
            pass  # "No findings" would be an all-clear about nothing
        elif options.format == "table":
            is_colour = options.output is None and sys.stdout.isatty()
            write(findings_table(shown, colour=is_colour).rstrip("\n") + "\n")
            if options.explain:
                for row in shown:
                    write("\n" + _explained(row) + "\n")
            write("\n".join(wrapped(next_step(shown, detections), _WIDTH, "", "  ")) + "\n")
            worst = next((row["finding_id"] for row in shown if not row["suppressed_by"]), None)
            if worst is not None and not options.explain:
                write(f"Its playbook: enumwatch triage {worst} with the same paths\n")
        else:
            WRITERS[options.format](write, shown, summary, page)
            if options.explain:
                for row in shown:
                    say("\n" + _explained(row))


def _is_out_of_time(options: argparse.Namespace, summary: Row) -> bool:
    """Says so where events were read, and none of those that count lies in the time asked for."""
    is_cut = bool(options.since or options.until)
    is_empty = is_cut and summary["events"] > 0 and not summary["contacts"]
    if is_empty:
        say("Nothing that counts lies in the time of --since and --until: choose another time, or leave them out")
    return is_empty


def _explained(row: Row) -> str:
    from ..report.playbook import playbook
    from ..report.terminal import explain

    told = explain(row).rstrip("\n")
    return f"{told}\n\n{playbook(row['triage'])}" if row["triage"] else told


def exit_code_of(options: argparse.Namespace, read: int, unreadable: int, findings: Sequence[Any]) -> int:
    """The exit code for inputs read, inputs not read in full, and findings; says what to mend where it is 2."""
    if not read:
        say(NOTHING_READ)
        return EXIT_WRONG
    if options.strict and unreadable:
        are = "input was" if unreadable == 1 else "inputs were"
        say(f"{unreadable} {are} not read in full and --strict was asked for: mend what is listed above")
        return EXIT_WRONG
    if options.fail_on and any(is_at_least(one.verdict, options.fail_on) for one in findings):
        return EXIT_FOUND
    return EXIT_FINE


def _on_screen(contacts: Any, form: str, redact: Redactor | None) -> int:
    """Shows the table on a terminal, which would obey what a log holds; in files and pipes it stays as it is."""
    import csv
    import tempfile

    from ..engines.local.export import export
    from ..report.visible import visible

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"contacts.{form}"
        written = export(contacts, form, str(file), redact)
        with file.open(encoding="utf-8", newline="") as lines:
            if form == "ndjson":
                sys.stdout.writelines(inert_json(json.loads(line)) + "\n" for line in lines)
            else:
                csv.field_size_limit(_LONGEST_CELL)
                table = csv.writer(sys.stdout, lineterminator="\n")
                table.writerows([visible(cell, _LONGEST_CELL) for cell in row] for row in csv.reader(lines))
    return written


def run_contacts(options: argparse.Namespace) -> int:
    """Writes the contact table that every engine shares."""
    from ..engines.local.export import export
    from ..engines.local.scan import counted
    from ..report.phrases import count
    from ..report.terminal import summary_text

    request = request_of(options)
    redact = Redactor(codes_of(request.lookups)) if options.redact else None
    check_outputs(options.paths, {"--output": options.output})
    if options.format == "parquet" and options.output in (None, "-") and sys.stdout.isatty():
        raise OperatorError("Parquet is nothing for a terminal: name a file with --output, or pipe it on")
    with ProgressLine() as progress, counted(request, progress, sys.stdin.buffer) as (contacts, reports):
        with writing(options.output):
            if options.output in (None, "-") and sys.stdout.isatty():
                written = _on_screen(contacts, options.format, redact)
            else:
                written = export(contacts, options.format, options.output, redact)
        from ..core.decide import Decision
        from ..engines.local.scan import context_of
        from ..engines.local.stand_ins import names_in
        from ..engines.local.summary import summarise

        summary = summarise(contacts, reports, Decision(), context_of(request), request.rulebook)
        if redact is not None:
            summary = redact.summary_of(summary, names_in(contacts))
    say(summary_text(summary, is_decided=False))
    say(f"{count(written, 'contact')} written")
    read = sum(1 for report in reports if report.is_read)
    return exit_code_of(options, read, sum(1 for report in reports if not report.is_whole), ())
