"""`enumwatch elastic lookups push`: brings the lookup tables into the cluster."""

from __future__ import annotations

import argparse

from ..speech import OperatorError
from .connecting import Actions, add_action


def add_lookups(actions: Actions) -> None:
    """Declares the action with its own actions."""
    parser: argparse.ArgumentParser = actions.add_parser("lookups", help="bring your lookup tables into the cluster")
    own = parser.add_subparsers(metavar="ACTION", required=True)
    add_action(own, "push", _push, "write your lookup tables to their indices")


def _push(options: argparse.Namespace) -> int:
    raise OperatorError("lookup tables are not written by this version: use enumwatch scan --lookups")
