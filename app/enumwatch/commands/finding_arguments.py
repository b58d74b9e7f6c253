"""Arguments of the commands on one finding."""

from __future__ import annotations

import argparse

from .arguments import Parser, add_reading, add_redact
from .export_arguments import add_export


def add_finding_commands(commands: argparse._SubParsersAction[Parser]) -> None:
    """Declares the commands on one finding."""
    _add_triage(
        commands.add_parser(
            "triage",
            help="answer the playbook of one finding: escalate or not, and what to do",
            description="Read logs, find again the finding named, answer the questions of its playbook from them, say "
            "whether to escalate, and list what to do with the finding's own values.",
        )
    )
    _add_allow(
        commands.add_parser(
            "allow",
            help="write the allowlist entry for a finding that is harmless",
            description="Read logs, find again the finding named, and write the narrowest allowlist entry that would "
            "have suppressed it, with what else it would have hidden. A break-in is never allowed.",
        )
    )
    add_export(
        commands.add_parser(
            "export",
            help="hand findings over to other tools: OCSF, STIX, block lists and more",
            description="Write findings as other tools take them. An address that is the organisation's own or "
            "allowlisted is never among them.",
        )
    )


def _add_triage(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "finding", metavar="FINDING", help="id of a finding as `scan` shows it, its beginning, or `worst`"
    )
    add_reading(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_redact(parser)
    parser.add_argument("--query", choices=("spl", "esql", "kql", "sql"), help="also ready queries in this language")
    parser.set_defaults(command=_triage, detection=None, triage=True)


def _add_allow(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "finding", metavar="FINDING", help="id of a finding as `scan` shows it, its beginning, or `worst`"
    )
    add_reading(parser)
    parser.add_argument("--reason", required=True, help="why it is harmless")
    parser.add_argument("--owner", required=True, help="who vouches for it")
    parser.add_argument("--expires", required=True, metavar="DATE", help="until when the exception holds")
    add_redact(parser, "show the line with a hash instead of a name; not with --write, which needs the name")
    parser.add_argument("--write", action="store_true", help="add the line to the table in the folder of --lookups")
    parser.set_defaults(command=_allow, detection=None)


def _triage(options: argparse.Namespace) -> int:
    from .triaging import run_triage

    return run_triage(options)


def _allow(options: argparse.Namespace) -> int:
    from .allowing import run_allow

    return run_allow(options)
