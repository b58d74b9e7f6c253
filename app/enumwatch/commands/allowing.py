"""`enumwatch allow`: the allowlist entry for a finding that was judged harmless."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .inputs import moment_of
from .redact import Redactor
from .scanning import EXIT_FINE, EXIT_WRONG, NOTHING_READ, codes_of, request_of
from .speech import OperatorError, ProgressLine, say, writing

if TYPE_CHECKING:
    from ..core.verdict import Verdict
    from ..tuning.allowing import Allowance

_FILE = "enumwatch_allowlist.csv"
_MOST_NAMED = 5


def run_allow(options: argparse.Namespace) -> int:
    """Reads, decides, tries entries, writes the narrowest; returns 0, 2 where nothing could be read. Raises OperatorError."""
    from ..core.lookup_rows import LookupProblems
    from ..report.terminal import summary_text
    from ..tuning.allowing import NotAllowedError, line_of

    if options.write and options.redact:
        raise OperatorError("--write needs the name that the line is about: leave out --redact")
    if options.write and not options.lookups:
        raise OperatorError("--write needs the folder of your own tables: name it with --lookups")
    moment_of(options.expires, "--expires")
    try:
        with ProgressLine() as progress:
            made, summary = _found(options, progress)
    except NotAllowedError as problem:
        raise OperatorError(str(problem)) from None
    except LookupProblems as error:
        raise OperatorError(f"{error.problems[0]}: give another --reason, --owner or --expires") from None
    say(summary_text(summary))
    if made is None:
        say(NOTHING_READ)
        return EXIT_WRONG
    sys.stdout.write(line_of(made.row))
    if options.redact:
        say("Names in it are hashes, so it allows nothing: run again without --redact for the line to use")
    for line in _hidden(made):
        say(line)
    if options.redact:
        return EXIT_FINE
    if options.write:
        with writing(options.lookups):
            _write(Path(options.lookups) / _FILE, made)
    else:
        say(f"Nothing was written: add the line to {_FILE} in your folder of tables, or run again with --write")
    return EXIT_FINE


def _found(options: argparse.Namespace, progress: ProgressLine) -> tuple[Allowance | None, dict[str, Any]]:
    from ..core.decide import Decision, decide
    from ..engines.local.relevance import Relevance
    from ..engines.local.scan import context_of, counted
    from ..engines.local.stand_ins import names_in
    from ..engines.local.summary import summarise
    from ..tuning.allowing import narrowest
    from ..tuning.trying import Log

    request = request_of(options)
    context = context_of(request)
    redact = Redactor(codes_of(request.lookups)) if options.redact else None
    with counted(request, progress, sys.stdin.buffer) as (contacts, reports):
        span = contacts.span()
        summary = summarise(contacts, reports, Decision(), context, request.rulebook)
        if redact is not None:
            summary = redact.summary_of(summary, names_in(contacts))
        if span is None:
            return None, summary
        progress("deciding with other exceptions")
        # Every try, because everything that an entry hides is counted.
        relevance = Relevance(contacts, keeps_own_affairs=True)
        log = Log(list(relevance.contacts()), list(relevance.arrivals()), *span)
        findings = decide(log.contacts, context, None, False, log.arrivals).findings
        chosen = _chosen(options.finding, findings)
        _check_end(options.expires, chosen)
        given = {"reason": options.reason, "owner": options.owner, "expires": options.expires}
        made = narrowest(log, context, chosen, given)
        if redact is not None:
            redact.learn_quoted(names_in(contacts), [made.row["value"]])
            made = replace(made, row=redact.row(made.row))
        return made, summary


def _check_end(expires: str, chosen: Verdict) -> None:
    """Raises OperatorError for an end before the finding's, under which no entry could cover it."""
    from ..core.times import to_iso

    if (moment_of(expires, "--expires") or 0) <= chosen.window_start:
        begun = to_iso(chosen.window_start)
        raise OperatorError(f"--expires {expires} is before {chosen.finding_id} began ({begun}): give a later one")


def _chosen(asked: str, findings: list[Verdict]) -> Verdict:
    from .triaging import finding_of

    told = finding_of(asked, [one.to_dict() for one in findings])
    return next(one for one in findings if one.finding_id == told["finding_id"])


def _hidden(made: Allowance) -> list[str]:
    """What the entry hides beside the finding."""
    from ..report.phrases import count

    lines = [f"In these logs the entry covers {count(made.attempts, 'attempt')}"]
    if not made.others:
        return [f"{lines[0]} and hides no other finding"]
    lines[0] += f" and hides {count(len(made.others), 'other finding')}:"
    lines += [f"  {one.finding_id}  {one.verdict}" for one in made.others[:_MOST_NAMED]]
    return lines


def _write(path: Path, made: Allowance) -> None:
    """Adds the entry to the table, as a whole or not at all."""
    from ..tuning.allowing import COLUMNS_OF_ENTRY, line_of

    before = path.read_text(encoding="utf-8") if path.exists() else ",".join(COLUMNS_OF_ENTRY) + "\n"
    columns = before.splitlines()[0].lstrip("\ufeff").strip().split(",")
    if tuple(columns) != COLUMNS_OF_ENTRY:
        raise OperatorError(f"{path} has other columns than {','.join(COLUMNS_OF_ENTRY)}: add the line yourself")
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(before + ("" if before.endswith("\n") else "\n") + line_of(made.row), encoding="utf-8")
    fresh.replace(path)
    say(f"{path}: one line more; every run with --lookups {path.parent} uses it")
