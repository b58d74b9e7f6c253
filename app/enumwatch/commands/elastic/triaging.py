"""`enumwatch elastic triage`: a finding of the runner with the answers of its playbook, from what the cluster holds."""

from __future__ import annotations

import argparse

from ..arguments import add_redact
from .connecting import Actions, add_action, connected


def add_triage(actions: Actions) -> None:
    """Declares the action."""
    parser = add_action(
        actions,
        "triage",
        _triage,
        "answer the playbook of one finding: escalate or not, and what to do",
        "Read a finding that the runner wrote, answer the questions of its playbook from the contacts index (or, where that "
        "holds none of its time, from the logs), say whether to escalate, and list what to do. Changes nothing.",
    )
    parser.add_argument("finding", metavar="FINDING", help="id of a finding, its beginning, or `worst`")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument("--query", choices=("spl", "esql", "kql", "sql"), help="also ready queries in this language")
    parser.add_argument("--output", metavar="FILE", help="write there instead of to standard output")
    add_redact(parser)
    parser.add_argument("--lookups", metavar="DIR", help="folder whose enumwatch_*.csv replace the shipped ones")
    parser.add_argument("--rules", metavar="DIR", help="folder with rules of your own and overlays that tune limits")


def _triage(options: argparse.Namespace) -> int:
    from ...core.triage import triage
    from ...elastic.around import finding_in, known_in
    from ...elastic.runner.reading import Logs
    from ...engines.elastic.contacts import logs
    from ..inputs import lookups_of, rulebook_of
    from ..triaging import tell_finding

    rulebook, lookups = rulebook_of(options.rules), lookups_of(options.lookups)
    context = lookups.context(rulebook, lookups.rows("free_mail"), lookups.rows("disposable_domains"))
    held = logs(rulebook)
    with connected(options) as (client, _):
        finding = finding_in(client, options.finding)
        known = known_in(client, finding, context, Logs(client, held, lookups.outcomes), held)
    tell_finding({**finding, "triage": triage(finding, context, known)}, options)
    return 0
