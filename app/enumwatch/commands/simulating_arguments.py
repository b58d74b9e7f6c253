"""Arguments of the commands on safe tests."""

from __future__ import annotations

import argparse

from .arguments import OWN_RULES, Parser

_RUN = "folder that `simulate --to` wrote, or the run.json in it"


def add_simulating_commands(commands: argparse._SubParsersAction[Parser]) -> None:
    """Declares the commands on safe tests."""
    _add_simulating(
        commands.add_parser(
            "simulate",
            help="write or send labelled test events in the real shape of a source",
            description="Write labelled test logs, or send them to Splunk or Elasticsearch as if they happened now, marked "
            "so that they can be removed. Only log lines, never traffic.",
        )
    )
    _add_verifying(
        commands.add_parser(
            "verify",
            help="say whether a sent test was found, and why not",
            description="Look for what a test that `simulate` sent should have led to: what arrived, what was found, what "
            "was missed and why. Exit code 1 when something is missing.",
        )
    )


def _add_simulating(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scenario", nargs="*", metavar="SCENARIO", help="leave out to list them; `demo` is the week of `make demo`"
    )
    parser.add_argument("--source", action="append", metavar="ID", help="the log to imitate (repeatable)")
    parser.add_argument("--form", metavar="FORM", help="which shape of that log, in a file (default: its first)")
    parser.add_argument(
        "--seed", type=int, metavar="N", help="same seed, same bytes (default: 1; with --to another for each run)"
    )
    parser.add_argument("--out", metavar="DIR", help="folder to write to (default with --to: the name of the run)")
    parser.add_argument(
        "--start", metavar="TIME", help="time of the first event in a file (default: the same day each time)"
    )
    parser.add_argument("--days", type=float, metavar="N", help="how long it lasts (default: the scenario's own)")
    parser.add_argument("--users", type=int, default=200, metavar="N", help="people in the organisation (default: 200)")
    parser.add_argument("--events", type=int, metavar="N", help="how many events (default: the scenario's own)")
    parser.add_argument("--list", action="store_true", help="the matrix of scenarios and logs, and what each leads to")
    parser.add_argument("--all", action="store_true", help="write every scenario in every log, small and labelled")
    parser.add_argument(
        "--verify",
        metavar="VERDICTS",
        help="compare these verdicts (JSON, also exported) with --labels; 1 if one is missed",
    )
    parser.add_argument("--labels", metavar="DIR", help="folder that --out wrote, for --verify")
    parser.add_argument(
        "--rules", metavar="DIR", help="rules of your own that the verdicts were made with, for --verify"
    )
    _add_sending(parser.add_argument_group("live systems"))
    parser.set_defaults(command=_simulate)


def _add_sending(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--to",
        metavar="TARGET",
        help="send events that end now: `elastic`, or the URL of a Splunk HTTP Event Collector, whose token is in "
        "ENUMWATCH_HEC_TOKEN",
    )
    group.add_argument(
        "--resume",
        metavar="RUN",
        help=f"send what a broken-off run has not sent: {_RUN}; where a Splunk HTTP Event Collector did not answer in time, "
        "the events of that request may then be doubled",
    )
    group.add_argument(
        "--remove", metavar="RUN", help=f"take the events of a run away again: {_RUN}; its name, with --to"
    )
    group.add_argument("--token-file", metavar="FILE", help="file with the token, which only you can read")
    group.add_argument("--index", metavar="NAME", help="index in Splunk (default: the token's own)")
    group.add_argument("--ca", metavar="FILE", help="CA of the event collector's certificate, as PEM")
    group.add_argument("--gzip", action="store_true", help="pack what is sent to the event collector")
    group.add_argument(
        "--config", metavar="FILE", help="where the cluster is named (default: ~/.config/enumwatch.toml)"
    )
    group.add_argument("--dry-run", action="store_true", help="say what would be sent or removed, and do nothing")
    group.add_argument("--yes", action="store_true", help="do not ask before something is sent or removed")


def _add_verifying(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help=f"{_RUN}; also one that `simulate --out` wrote, with --verdicts")
    parser.add_argument(
        "--verdicts", metavar="FILE", help="look in this file: what `scan` wrote, or an export of findings (JSON, CSV)"
    )
    parser.add_argument(
        "--export",
        action="append",
        metavar="FILE",
        help="result of a search of --searches, exported from Splunk as CSV or JSON (repeatable)",
    )
    parser.add_argument("--searches", action="store_true", help="print the searches to run in Splunk, and end")
    parser.add_argument("--wait", metavar="TIME", help="look again for so long until everything is found, such as 10m")
    parser.add_argument(
        "--lookups", metavar="DIR", help="folder with the tables that the runner uses, to name an exception that hid it"
    )
    parser.add_argument("--rules", metavar="DIR", help=OWN_RULES)
    parser.add_argument(
        "--config", metavar="FILE", help="where the cluster is named (default: ~/.config/enumwatch.toml)"
    )
    parser.add_argument("--ca", metavar="FILE", help="CA of the certificate of Splunk's management port, as PEM")
    parser.set_defaults(command=_verify)


def _simulate(options: argparse.Namespace) -> int:
    from .simulating import run_simulate

    return run_simulate(options)


def _verify(options: argparse.Namespace) -> int:
    from .verifying import run_verify

    return run_verify(options)
