"""`enumwatch elastic`: puts enumwatch into an Elasticsearch or OpenSearch cluster, runs it there, looks after it."""

from __future__ import annotations

import argparse

from . import deploying, doctor, lookups, runs, setups, triaging


def add_actions(parser: argparse.ArgumentParser) -> None:
    """Declares the actions of the command and their options."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    for add in (
        setups.add_setup,
        deploying.add_deploy,
        setups.add_status,
        runs.add_run,
        runs.add_backfill,
        triaging.add_triage,
        lookups.add_lookups,
        doctor.add_doctor,
        setups.add_remove,
    ):
        add(actions)
