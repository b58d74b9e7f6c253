"""`enumwatch elastic deploy`: setup, and what delivers verdicts: watches, Kibana rules or the runner."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ..speech import OperatorError, check_outputs, output
from .connecting import Actions, add_action, add_changing, connected, say, tell
from .setups import add_pipelines, set_up

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from ...elastic.cluster import Cluster
    from ...elastic.connection import Connection

_WATCHES, _RULES, _RUNNER = "watches", "rules", "runner"
_WAYS = (_WATCHES, _RULES, _RUNNER)


def add_deploy(actions: Actions) -> None:
    """Declares the action that sets up and starts the delivery of verdicts."""
    parser = add_action(
        actions,
        "deploy",
        run_deploy,
        "set up, and deliver by watches, rules or the runner",
        "Do what setup does, and bring in what delivers verdicts: rules where Kibana is named, else the runner; watches "
        "where they are asked for and the licence allows them.",
    )
    add_changing(parser)
    add_pipelines(parser)
    parser.add_argument(
        "--by", choices=_WAYS, help="what delivers (default: rules where Kibana is named, else the runner)"
    )
    parser.add_argument(
        "--rules-file",
        metavar="FILE",
        help="write the rules for Kibana here instead of importing them; - is standard output",
    )
    _add_watches(parser)


def _add_watches(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--watch",
        choices=("contacts", "verdicts"),
        default="contacts",
        help="what watches read: contacts, which they judge themselves, or verdicts of the runner (default: %(default)s)",
    )
    parser.add_argument("--email", action="append", default=[], metavar="ADDRESS", help="watches write to this address")
    parser.add_argument("--slack", action="append", default=[], metavar="CHANNEL", help="watches write to this channel")
    parser.add_argument("--webhook", default="", metavar="URL", help="watches send notices as JSON to this URL")
    parser.add_argument("--pagerduty", action="store_true", help="watches raise events in PagerDuty")


def run_deploy(options: argparse.Namespace) -> int:
    """Sets up and delivers; returns 0, or 1 where Kibana did not take every rule. Raises ClusterError, OperatorError."""
    check_outputs((), {"--rules-file": options.rules_file})
    with connected(options) as (client, connection):
        cluster = set_up(client, connection.place, options)
        way = options.by or _chosen(cluster, connection, options)
        if way == _RULES:
            return _deliver_rules(connection, options)
        if way == _WATCHES:
            return _deliver_watches(client, cluster, options)
    say("verdicts come from the runner: keep enumwatch elastic run --every 5m running")
    return 0


def _chosen(cluster: Cluster, connection: Connection, options: argparse.Namespace) -> str:
    return _RULES if connection.kibana_url or options.rules_file else _RUNNER


def _deliver_watches(client: Elasticsearch, cluster: Cluster, options: argparse.Namespace) -> int:
    from ...elastic.watches.actions import ActionError, Actions
    from ...elastic.watches.deploying import deploy
    from ...rulebook.compiled import compiled

    if not cluster.serves("watcher"):
        raise OperatorError(f"there are no watches here: {cluster.lacking['watcher']}; use --by rules or --by runner")
    email, slack = tuple(options.email), tuple(options.slack)
    told = Actions(email=email, slack=slack, webhook=options.webhook, pagerduty=options.pagerduty)
    try:
        running = deploy(client, compiled(), told, options.watch, out=say)
    except ActionError as error:
        raise OperatorError(str(error)) from None
    say(f"{len(running)} watches run")
    return 0


def _deliver_rules(connection: Connection, options: argparse.Namespace) -> int:
    from ...elastic.kibana.build import RULES_FILE
    from ...elastic.kibana.importing import IMPORT, import_rules

    rules = RULES_FILE.read_text(encoding="utf-8")
    count = rules.count("\n")
    if options.rules_file:
        with output(options.rules_file) as write:
            write(rules)
        say(f"{count} rules written to {options.rules_file}: import them under Security, Rules, Import")
        return 0
    if not connection.kibana_url:
        raise OperatorError("it is not known where Kibana is: write kibana_url under [elastic], or name --rules-file")
    if options.dry_run:
        tell(f"POST {IMPORT}  (not sent)\n{rules.rstrip()}")
        return 0
    imported = import_rules(connection, rules)
    for line in imported.refused:
        say(f"Kibana did not take {line}")
    say(f"{imported.taken} of {count} rules are in Kibana; new ones are off until somebody enables them")
    return 1 if imported.refused else 0
