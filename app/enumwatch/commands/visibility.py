"""`enumwatch visibility`: which ways of attack the logs show, which never, and what to connect next."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..visibility.record import CLUSTER_DAYS, Told
from .arguments import Parser, add_reading, add_redact
from .inert import inert_json
from .inputs import lookups_of, moment_of, rulebook_of
from .redact import Redactor
from .scanning import EXIT_FINE, EXIT_WRONG, exit_code_of, request_of
from .speech import OperatorError, ProgressLine, check_outputs, output, say

_MICROSECONDS = 1_000_000
_OF_DAY = 86_400 * _MICROSECONDS


def add_visibility(commands: argparse._SubParsersAction[Parser]) -> None:
    """Declares the command."""
    parser = commands.add_parser(
        "visibility",
        help="show which ways of attack your logs show, and what to connect next",
        description="Show which ways of attack the logs show, partly show or never show, which logs are missing or "
        "silent, what they leave empty, how late they are and how far back they go, and the logs most worth "
        "connecting. Of files, of a cluster, or of results exported from Splunk.",
    )
    add_reading(parser)
    parser.add_argument(
        "--elastic", action="store_true", help=f"the logs of your cluster, {CLUSTER_DAYS} days of them (--since)"
    )
    parser.add_argument(
        "--config", metavar="FILE", help="where the cluster is named (default: ~/.config/enumwatch.toml)"
    )
    parser.add_argument(
        "--splunk-export",
        action="append",
        metavar="FILE",
        help='exported result (CSV, JSON) of "enumwatch - Doctor - Visibility", and of the other searches of the '
        "doctor that look at the times of a log (repeatable)",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="LOG",
        help="you have no such system, so nothing is missing there: a log or source, e.g. okta_system (repeatable)",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "navigator"),
        default="text",
        help="default: text; navigator is a layer of the ATT&CK Navigator",
    )
    add_redact(parser)
    parser.set_defaults(command=run_visibility, detection=None, fail_on=None)


def run_visibility(options: argparse.Namespace) -> int:
    """Asks one origin, writes the report; returns 0, 2 where nothing could be read. Raises OperatorError."""
    from ..exports.navigator import layer_of
    from ..report.visibility import visibility_text
    from ..visibility.report import lost_by_field, visibility, without

    origins = [bool(options.paths), options.elastic, bool(options.splunk_export)]
    if sum(origins) > 1:
        raise OperatorError("paths, --elastic and --splunk-export are origins of their own: choose one")
    check_outputs(options.paths, {"--output": options.output})
    rulebook, clock = rules_of_sight(options), now()
    _check_names(options.without, rulebook)
    code, redact = EXIT_FINE, Redactor()
    if options.elastic:
        told = _of_cluster(options, rulebook, clock)
    elif options.splunk_export:
        told = _of_exports(options, rulebook, clock)
    else:
        told, code = told_of_files(options, rulebook, clock, redact)
    if code == EXIT_WRONG and not told.rows:
        return code
    report = visibility(told, without(rulebook, options.without), lookups_of(options.lookups).outcomes)
    if options.redact:
        report = redact.visibility(report)
    with output(options.output) as write:
        if options.format == "json":
            write(inert_json(report, indent=2) + "\n")
        elif options.format == "navigator":
            write(inert_json(layer_of(report), indent=2) + "\n")
        else:
            write(visibility_text(report, lost_by_field(rulebook)))
    return code


def _check_names(names: Sequence[str], rulebook: Mapping[str, Any]) -> None:
    from ..visibility.record import source_of_log

    logs = source_of_log(rulebook)
    known = sorted({*logs, *logs.values()})
    for name in names:
        if name not in known:
            raise OperatorError(f"--without {name!r} is no log: choose from {', '.join(known)}")


def rules_of_sight(options: argparse.Namespace) -> Mapping[str, Any]:
    """The compiled rulebook; raises OperatorError where it does not say which log shows what."""
    rulebook = rulebook_of(options.rules)
    if not rulebook["visibility"]:
        raise OperatorError("these rules do not say which log shows what: leave out --rules")
    return rulebook


def now() -> int:
    """The time now, in microseconds since 1970 UTC."""
    return round(time.time() * _MICROSECONDS)


def told_of_files(
    options: argparse.Namespace, rulebook: Mapping[str, Any], clock: int, redact: Redactor
) -> tuple[Told, int]:
    """What the files of a command that reads logs tell of themselves, and the exit code; `redact` learns their names."""
    from ..engines.local.log_rows import told_by_files
    from ..engines.local.scan import counted
    from ..engines.local.stand_ins import names_in

    request = replace(request_of(options), arrival=rulebook["visibility"]["arrival"])
    with ProgressLine() as progress, counted(request, progress, sys.stdin.buffer) as (contacts, reports):
        told = told_by_files(contacts, rulebook, clock)
        if options.redact:
            redact.learn_quoted(names_in(contacts), (row.code for row in told.rows))
    for report in reports:
        if report.reason:
            say(f"{report.path}: {redact.text(report.reason) if options.redact else report.reason}")
    read = sum(report.is_read for report in reports)
    return told, exit_code_of(options, read, sum(not report.is_whole for report in reports), ())


def _of_exports(options: argparse.Namespace, rulebook: Mapping[str, Any], clock: int) -> Any:
    from ..splunk.doctor.exported import ExportError
    from ..visibility.exported import told_by_exports

    try:
        return told_by_exports([Path(name) for name in options.splunk_export], rulebook, clock)
    except ExportError as error:
        raise OperatorError(str(error)) from error


def _of_cluster(options: argparse.Namespace, rulebook: Mapping[str, Any], clock: int) -> Any:
    from ..elastic.faults import ClusterError
    from ..visibility.cluster import told_by_cluster
    from .elastic.connecting import connected

    since = moment_of(options.since, "--since")
    outcomes = lookups_of(options.lookups).outcomes
    try:
        with connected(options) as (client, _):
            return told_by_cluster(
                client, rulebook, outcomes, clock - CLUSTER_DAYS * _OF_DAY if since is None else since, clock
            )
    except ClusterError as error:
        raise OperatorError(str(error)) from None
