"""`enumwatch elastic doctor`: says what is wrong with an installation."""

from __future__ import annotations

import argparse
from datetime import datetime, timezone

from .connecting import Actions, add_action, connected, say, tell


def add_doctor(actions: Actions) -> None:
    """Declares the action."""
    parser = add_action(
        actions,
        "doctor",
        run_doctor,
        "say what is wrong with an installation",
        "Say what is wrong with an installation and what to do about it: missing logs, empty fields, wrong mappings, late "
        "events, clocks, stale templates, a silent runner, old lookup tables. Changes nothing. Exit code 1 when something "
        "is broken.",
    )
    parser.add_argument(
        "--live", action="store_true", help="also ask for what only a full cluster has: ES|QL, transforms, watches"
    )


def run_doctor(options: argparse.Namespace) -> int:
    """Says what is wrong and what to do; returns 0, 1 where something is broken. Raises ClusterError."""
    from ...elastic.doctor.examination import examine
    from ...elastic.doctor.live import ask_live
    from ...rulebook.compiled import compiled

    with connected(options) as (client, connection):
        found = examine(client, compiled(), datetime.now(timezone.utc))
        answers = list(ask_live(client)) if options.live else []
    for told in (*found.troubles, *answers):
        tell(str(told))
    for line in found.unseen:
        say(line)
    say(
        f"looked at {len(found.seen)} things at {connection.place}: {len(found.troubles) or 'nothing'} to mend or to know"
    )
    return 1 if found.is_broken or any(one.verdict == "wrong" for one in answers) else 0
