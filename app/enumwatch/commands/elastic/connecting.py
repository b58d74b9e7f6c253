"""Connecting: what every action does before it can ask a cluster for something."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ...report.visible import visible
from ..speech import OperatorError, say

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from ...elastic.connection import Connection

Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # what add_subparsers returns
Action: TypeAlias = Callable[[argparse.Namespace], int]

_LONGEST_LINE = 2_000
_YES = ("y", "yes")


def add_action(actions: Actions, name: str, action: Action, summary: str, text: str = "") -> argparse.ArgumentParser:
    """Declares one action that speaks with a cluster; what is wrong with the cluster becomes one line."""
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=summary, description=text or f"{summary[0].upper()}{summary[1:]}."
    )
    parser.add_argument(
        "--config", metavar="FILE", help="where the cluster is named (default: ~/.config/enumwatch.toml)"
    )
    parser.set_defaults(command=_told(action))
    return parser


def add_changing(parser: argparse.ArgumentParser) -> None:
    """Adds the options of an action that changes something in the cluster."""
    parser.add_argument(
        "--dry-run", action="store_true", help="print every request and send none that changes anything"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before something is changed")


@contextmanager
def connected(options: argparse.Namespace) -> Iterator[tuple[Elasticsearch, Connection]]:
    """A client of the cluster that is configured, and the connection; with --dry-run one that changes nothing."""
    from ...elastic.connection import client_of, connection_from
    from ...elastic.faults import told_as_faults

    connection = connection_from(file=Path(options.config) if options.config else None)
    transport = None
    if getattr(options, "dry_run", False):
        from ...elastic.rehearsal import rehearsing

        transport = rehearsing(lambda text: tell(connection.without_secrets(text)))
    with told_as_faults(), client_of(connection, transport) as client:
        yield client, connection


def tell(text: str) -> None:
    """Writes to standard output; nothing that a cluster said can act on a terminal."""
    sys.stdout.writelines(f"{visible(line, _LONGEST_LINE)}\n" for line in text.split("\n"))


def confirmed(options: argparse.Namespace, question: str) -> None:
    """Asks before something is changed; raises OperatorError where the answer is no or nobody can be asked."""
    if options.yes or options.dry_run:
        return
    if not sys.stdin.isatty():
        raise OperatorError("nobody is there to confirm: run again with --yes, or with --dry-run to see what it does")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in _YES:
        raise OperatorError("nothing was changed: run again and answer y to change it")


def _told(action: Action) -> Action:
    def run(options: argparse.Namespace) -> int:
        from ...elastic.faults import ClusterError

        try:
            return action(options)
        except ClusterError as error:
            raise OperatorError(str(error)) from None

    return run


__all__ = ["Action", "Actions", "add_action", "add_changing", "confirmed", "connected", "say", "tell"]
