"""`enumwatch elastic deploy`: setup, and what delivers verdicts: watches, Kibana rules or the runner."""

from __future__ import annotations

import argparse

from .connecting import Actions, add_action, add_changing, connected, say
from .setups import set_up


def add_deploy(actions: Actions) -> None:
    """Declares the action that sets up and starts the delivery of verdicts."""
    add_changing(add_action(actions, "deploy", run_deploy, "set up, and deliver by watches, rules or the runner"))


def run_deploy(options: argparse.Namespace) -> int:
    """Sets up and delivers; returns 0. Raises ClusterError or OperatorError."""
    with connected(options) as (client, connection):
        set_up(client, connection.place, options)
    say("verdicts come from the runner: keep enumwatch elastic run running")
    return 0
