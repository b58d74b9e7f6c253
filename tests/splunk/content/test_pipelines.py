"""From events to findings as the scheduler runs it: the searches of the contacts, then those of the detections with the
real commands, memory carried from run to run."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.splunk.content.records import hold
from tests.splunk.content.runtime import Runtime
from tests.splunk.content.staging import HOUR, begin_of_runs, confs, contacts, kept_by_searches, runtime
from tests.splunk.content.twins import Row, values_of
from tests.splunk.expanding import expand
from tests.splunk.indexed import FORMS

from enumwatch.core.contact import Contact
from enumwatch.core.decide import decide
from enumwatch.core.verdict import Verdict
from enumwatch.engines.local.scan import Request, context_of
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.rulebook.load import load
from enumwatch.simulate import simulate
from enumwatch.splunk.content.names import MEMORY_COLUMNS, rule_title

pytestmark = pytest.mark.timeout(600)  # the engine takes its time where other tests run beside it

RUNS = 2
PLAYS = {
    "email_enumeration": ("fast_enumeration", "entra_signin"),
    "success_after_enumeration": ("enumeration_then_success", "entra_signin"),
    "password_spray": ("password_spray", "entra_signin"),
    "password_guessing": ("password_guessing", "okta_system"),
    "identity_gathering": ("directory_harvest", "graph_activity"),
    "account_creation": ("account_burst", "entra_audit"),
    "published_threshold": ("fast_enumeration", "entra_signin"),
}


# The searches are made alike; what differs is what they read. All are run where there is time.
RUN = (
    list(PLAYS)
    if os.environ.get("ENUMWATCH_LONG")
    else ["email_enumeration", "identity_gathering", "published_threshold"]
)


def keys_of(detection: str) -> dict[str, str]:
    return confs()["savedsearches"][rule_title(load().detections[detection].title)]


class Played(NamedTuple):
    """What became of a detection's search in three runs, the last of which has nothing new to read."""

    detection: str
    rows: list[Contact]
    splunk: Runtime
    runs: list[list[Row]]


@pytest.fixture(scope="module", params=RUN)
def played(request: pytest.FixtureRequest, app: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    detection = str(request.param)
    scenario, source = PLAYS[detection]
    logs = tmp_path_factory.mktemp("logs")
    (file,) = simulate(scenario, source, seed=1, out=logs, users=40, form=FORMS[source]).files
    rows = contacts([file])
    splunk, keys = runtime(app, kept_by_searches(source, file, RUNS)), keys_of(detection)
    minute = int(keys["cron_schedule"].split()[0])
    times = [begin_of_runs(rows) + run * HOUR + minute * 60 for run in range(RUNS + 1)]
    return Played(detection, rows, splunk, [splunk.run_saved(keys, now) for now in times])


def expected(played: Played) -> list[Verdict]:
    """What the core finds in all contacts at once."""
    context = context_of(Request([], compiled(), load_lookups()))
    return decide(played.rows, context, [played.detection], with_updates=False).findings


def test_hourly_runs_find_what_one_run_over_everything_finds(played: Played) -> None:
    last = {row["finding_id"]: row for run in played.runs for row in run}
    found = expected(played)
    assert found
    assert set(last) == {one.finding_id for one in found}
    for one in found:
        row = last[one.finding_id]
        assert (row["verdict"], row["detection"]) == (one.verdict, played.detection)
        assert values_of(row.get("names_found")) == one.names_found
        assert values_of(row.get("compromised_accounts")) == one.compromised_accounts
        assert values_of(row.get("accounts_created")) == one.accounts_created
        assert values_of(row.get("src")) == (one.actor.ip or [])


def test_each_finding_raises_one_alert_a_verdict_and_nothing_is_told_anew(played: Played) -> None:
    for run in played.runs:
        ids = [row["finding_id"] for row in run]
        assert len(set(ids)) == len(ids)
    assert played.runs[-1] == []
    alerts = {(row["finding_id"], row["verdict"]) for run in played.runs for row in run}
    assert len(alerts) == len(expected(played)), "the throttle lets one alert a finding and verdict through"


def test_findings_and_memory_are_kept_and_the_history_is_collected(played: Played) -> None:
    splunk, memory = played.splunk, f"enumwatch_memory_{played.detection}"
    told = [row for run in played.runs for row in run]
    kept = splunk.kept["enumwatch_findings"]
    assert {row["finding_id"] for row in kept} == {row["finding_id"] for row in told}
    for row in kept:
        assert json.loads(row["finding"])["finding_id"] == row["finding_id"]
        assert float(row["detected"]) > 1_700_000_000
    history = [event for event in splunk.events if event["source"] == "enumwatch_findings"]
    assert Counter(event["finding_id"] for event in history) == Counter(row["finding_id"] for row in told)
    assert all("user_agent" not in event and "names_found" not in event for event in history)
    assert "enumwatch_runs" in splunk.kept
    assert (memory in splunk.kept) == (played.detection != "published_threshold")
    for row in splunk.kept.get(memory, []):
        assert row["row_type"] == "memory"
        assert set(row) <= set(MEMORY_COLUMNS)


def test_the_record_of_the_search_is_true(played: Played) -> None:
    search = expand(keys_of(played.detection)["search"], played.splunk.macros)
    hold(f"detection: {played.detection}", search, [row for run in played.runs for row in run])


def test_no_twin_stands_in_for_the_engine_here(played: Played) -> None:
    assert played.splunk.twinned == set()
