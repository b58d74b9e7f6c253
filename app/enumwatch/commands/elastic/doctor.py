"""`enumwatch elastic doctor`: says what is wrong with an installation."""

from __future__ import annotations

import argparse

from ..speech import OperatorError
from .connecting import Actions, add_action


def add_doctor(actions: Actions) -> None:
    """Declares the action."""
    add_action(actions, "doctor", _examine, "say what is wrong with an installation")


def _examine(options: argparse.Namespace) -> int:
    raise OperatorError("the examination is not part of this version: use enumwatch elastic status")
