"""The command line: reads arguments, calls one command, turns errors into one line and an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import __version__
from .commands.arguments import OWN_RULES, Parser, add_reading, add_redact
from .commands.finding_arguments import add_finding_commands
from .commands.simulating_arguments import add_simulating_commands
from .commands.speech import OperatorError, say
from .commands.visibility import add_visibility
from .core.verdict import VERDICTS
from .engines.interrupt import is_interrupt


def run() -> None:
    """Entry point of the installed command."""
    # A stream that the caller closed is None.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - as long as the process
    code = main(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)  # which knows what to do about a stream that went away
    # Everything is written and closed; taking a million objects apart one by one would only take time.
    os._exit(code)


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns 0, 1 with --fail-on when a finding is that bad, 2 when something must be mended."""
    options = command_line().parse_args(arguments)
    return guarded(lambda: int(options.command(options)))


def guarded(work: Callable[[], int]) -> int:
    """Does the work and returns its exit code; whatever goes wrong becomes one line and an exit code."""
    try:
        return work()
    except OperatorError as error:
        say(f"enumwatch: {error}")
        return 2
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        # The reader of our output went away; that is its right, and closing the pipes again must not complain.
        for stream in (sys.stdout, sys.stderr):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return 0
    except OSError as error:
        place = error.filename or "the result"
        say(f"enumwatch: {place} cannot be written ({error.strerror or error}): free space or choose another place")
        return 2
    except Exception as error:  # the last line of defence: an operator never sees a traceback
        if is_interrupt(error):
            return _interrupted()
        if os.environ.get("ENUMWATCH_TRACEBACK"):
            raise
        say(
            f"enumwatch: unexpected {type(error).__name__}: {error}. "
            "Run again with ENUMWATCH_TRACEBACK=1 and report what it prints"
        )
        return 2


def _interrupted() -> int:
    say("enumwatch: interrupted; run it again for a result")
    return 130


def command_line() -> argparse.ArgumentParser:
    """Every command with its options."""
    parser = Parser(
        prog="enumwatch", description="Finds who is calling the roll of your mailboxes, in the logs you already have."
    )
    parser.add_argument("--version", action="version", version=f"enumwatch {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_scan(commands.add_parser("scan", help="read logs, decide, report", description="Read logs, decide, report."))
    add_finding_commands(commands)
    _add_contacts(
        commands.add_parser(
            "contacts",
            help="write the contact table that logs give",
            description="Write the contact table: who tried which name, with which answer, how often; `scan` reads it.",
        )
    )
    _add_tune(
        commands.add_parser(
            "tune",
            help="show what other thresholds would have told, and propose a setting",
            description="Read logs once, decide under many settings: what each threshold would have told a day, what "
            "allowlist entries removed and would remove, and a proposed setting as an overlay for --rules.",
        )
    )
    add_visibility(commands)
    _add_rules(commands.add_parser("rules", help="check, list or show the rules, or print the guide to one"))
    _add_hunt(commands.add_parser("hunt", help="questions to put to the logs by hand, here or as queries"))
    add_simulating_commands(commands)
    _add_splunk(commands.add_parser("splunk", help="make the Splunk app, look after it"))
    _add_elastic(commands.add_parser("elastic", help="find and deliver inside Elasticsearch or OpenSearch"))
    return parser


def _add_scan(parser: argparse.ArgumentParser) -> None:
    add_reading(parser)
    parser.add_argument("--detection", action="append", metavar="ID", help="only these detections (repeatable)")
    parser.add_argument(
        "--format", choices=("table", "ndjson", "json", "csv", "html"), default="table", help="default: table"
    )
    parser.add_argument("--explain", action="store_true", help="print evidence and reasons of every finding")
    parser.add_argument("--triage", action="store_true", help="answer the playbook of every finding (key `triage`)")
    parser.add_argument("--all-updates", action="store_true", help="every update of a finding, in time order")
    parser.add_argument(
        "--state", metavar="FILE", help="go on from what the last run with this file knew; updated at the end"
    )
    parser.add_argument("--suppressed", action="store_true", help="also what an allowlist entry suppresses")
    add_redact(parser)
    parser.add_argument("--report", metavar="FILE", help="also write the HTML report here")
    parser.add_argument("--summary", metavar="FILE", help="write what was read, skipped and why, as JSON")
    parser.add_argument(
        "--fail-on", type=_verdict, metavar="VERDICT", help="exit 1 when a finding is this bad or worse, e.g. moderate"
    )
    parser.set_defaults(command=_scan)


def _verdict(text: str) -> str:
    """A verdict by its name or the beginning of it, in any case."""
    wanted = text.casefold().replace("-", " ").replace("_", " ")
    for name in VERDICTS[:-1]:
        if name.casefold().replace("-", " ").startswith(wanted):
            return name
    raise argparse.ArgumentTypeError(f"{text!r} is no verdict: choose from {', '.join(VERDICTS[:-1])}")


def _add_contacts(parser: argparse.ArgumentParser) -> None:
    add_reading(parser)
    parser.add_argument(
        "--format",
        choices=("parquet", "csv", "ndjson"),
        default="ndjson",
        help="default: ndjson; csv keeps texts as they are logged, which spreadsheets may run as formulas",
    )
    add_redact(parser)
    parser.set_defaults(command=_contacts, detection=None, fail_on=None)


def _add_tune(parser: argparse.ArgumentParser) -> None:
    add_reading(parser, "write the proposed setting here, an overlay that ends in .yml, in a folder for --rules")
    parser.add_argument("--detection", action="append", metavar="ID", help="only these detections (repeatable)")
    parser.add_argument(
        "--budget",
        type=float,
        default=0.5,
        metavar="N",
        help="false alerts a day you can look at (default: %(default)s)",
    )
    add_redact(parser)
    parser.set_defaults(command=_tune, fail_on=None)


def _add_rules(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser("check", help="check the shipped rules, and those of a folder")
    check.add_argument("directory", nargs="?", metavar="DIR", help=OWN_RULES)
    check.set_defaults(command=_rules, action="check")
    listing = actions.add_parser("list", help="list detections, sources and playbooks")
    listing.add_argument("--rules", dest="directory", metavar="DIR", help=OWN_RULES)
    listing.set_defaults(command=_rules, action="list")
    show = actions.add_parser("show", help="thresholds, windows, false positives, known gaps and references of a rule")
    show.add_argument("id", metavar="ID", help="a detection, source or playbook of `enumwatch rules list`")
    show.add_argument("--rules", dest="directory", metavar="DIR", help=OWN_RULES)
    show.set_defaults(command=_rules, action="show")
    guide = actions.add_parser("guide", help="what to do with a finding of a detection, as a page of Markdown")
    guide.add_argument("id", metavar="ID", help="a detection of `enumwatch rules list`")
    guide.add_argument("--rules", dest="directory", metavar="DIR", help=OWN_RULES)
    guide.set_defaults(command=_rules, action="guide")


def _add_hunt(parser: argparse.ArgumentParser) -> None:
    from .commands.hunting import add_hunt

    add_hunt(parser)


def _add_splunk(parser: argparse.ArgumentParser) -> None:
    from .commands.splunk import add_actions

    add_actions(parser)


def _add_elastic(parser: argparse.ArgumentParser) -> None:
    from .commands.elastic import add_actions

    add_actions(parser)


def _scan(options: argparse.Namespace) -> int:
    from .commands.scanning import run_scan

    return run_scan(options)


def _contacts(options: argparse.Namespace) -> int:
    from .commands.scanning import run_contacts

    return run_contacts(options)


def _tune(options: argparse.Namespace) -> int:
    from .commands.tuning import run_tune

    return run_tune(options)


def _rules(options: argparse.Namespace) -> int:
    from .rulebook import commands

    directory, lines = Path(options.directory) if options.directory else None, list[str]()
    if options.action == "check":
        return commands.check(directory, print_line)
    if options.action == "list":
        code = commands.list_rules(lines.append, directory)
    elif options.action == "guide":
        from .guides.commands import show_guide

        code = show_guide(options.id, lines.append, directory)
    else:
        code = commands.show_rule(options.id, lines.append, directory)
    if code:
        say("\n".join(lines))
    else:
        for line in lines:
            print_line(line)
    return code


def print_line(text: str) -> None:
    """Writes a line to standard output."""
    sys.stdout.write(text + "\n")
