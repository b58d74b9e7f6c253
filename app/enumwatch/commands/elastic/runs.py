"""`enumwatch elastic run` and `backfill`: read contacts, decide, write verdicts."""

from __future__ import annotations

import argparse

from ..speech import OperatorError
from .connecting import Actions, add_action


def add_run(actions: Actions) -> None:
    """Declares the action that decides on what is new."""
    add_action(actions, "run", _run, "decide on what is new in the logs and write verdicts")


def add_backfill(actions: Actions) -> None:
    """Declares the action that decides on what lies in the past."""
    add_action(actions, "backfill", _backfill, "decide on logs of the past")


def _run(options: argparse.Namespace) -> int:
    raise OperatorError("the runner is not part of this version: use enumwatch scan")


def _backfill(options: argparse.Namespace) -> int:
    raise OperatorError("the runner is not part of this version: use enumwatch scan")
