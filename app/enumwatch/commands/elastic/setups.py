"""`enumwatch elastic setup`, `deploy`, `status` and `remove`: what enumwatch has in a cluster."""

from __future__ import annotations

import argparse

from ..speech import OperatorError
from .connecting import Actions, add_action, add_changing


def add_setup(actions: Actions) -> None:
    """Declares the action that makes templates, indices and what fills them."""
    parser = add_action(actions, "setup", _setup, "make or upgrade what enumwatch needs in the cluster")
    add_changing(parser)
    parser.add_argument("--roles", action="store_true", help="print the roles and API keys with the least privilege")


def add_deploy(actions: Actions) -> None:
    """Declares the action that sets up and starts the delivery of verdicts."""
    add_changing(add_action(actions, "deploy", _deploy, "set up, and deliver by watches, rules or the runner"))


def add_status(actions: Actions) -> None:
    """Declares the action that shows what is there."""
    add_action(actions, "status", _status, "show what is there, missing or stale, and how fresh it is")


def add_remove(actions: Actions) -> None:
    """Declares the action that takes away what setup made."""
    parser = add_action(actions, "remove", _remove, "remove what setup made, and keep lookups and verdicts")
    add_changing(parser)
    parser.add_argument("--with-findings", action="store_true", help="also the indices of lookups and verdicts")


def _setup(options: argparse.Namespace) -> int:
    raise OperatorError("nothing is set up yet: wait for the next version")


def _deploy(options: argparse.Namespace) -> int:
    raise OperatorError("nothing is set up yet: wait for the next version")


def _status(options: argparse.Namespace) -> int:
    raise OperatorError("nothing is set up yet: wait for the next version")


def _remove(options: argparse.Namespace) -> int:
    raise OperatorError("nothing is set up yet: wait for the next version")
