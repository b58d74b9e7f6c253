"""The searches that fill the summary: every event is in one of them, once, however late it was indexed."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from tests.splunk.contact_rows import SOURCES, by_duckdb, by_splunk
from tests.splunk.engine import engine_or_skip
from tests.splunk.indexed import indexed
from tests.splunk.plays import played

from enumwatch.core.contact import Contact
from enumwatch.engines.splunk.build import stanzas
from enumwatch.engines.splunk.macros import contacts_search

SEARCHES = {stanza.name: stanza.keys for stanza in stanzas() if stanza.file == "savedsearches"}
HOURLY = {name: keys for name, keys in SEARCHES.items() if " - Contacts - " in name}
BACKFILL = {name: keys for name, keys in SEARCHES.items() if " - Backfill - " in name}


def merged(rows: Iterable[Contact]) -> list[Contact]:
    """Contacts in which those with equal keys are one, as whoever reads the summary counts them."""
    found: dict[tuple[object, ...], Contact] = {}
    for row in rows:
        known = found.get(row[:17])
        if known is not None:
            row = row._replace(
                attempts=row.attempts + known.attempts,
                first=min(row.first, known.first),
                last=max(row.last, known.last),
            )
        found[row[:17]] = row
    return sorted(found.values())


def test_hourly_searches_take_each_hour_of_index_time_once() -> None:
    assert len(HOURLY) == len(SOURCES)
    for keys in HOURLY.values():
        assert (keys["dispatch.index_earliest"], keys["dispatch.index_latest"]) == ("-1h@h", "@h")
        assert (keys["dispatch.earliest_time"], keys["dispatch.latest_time"]) == ("-7d@h", "+1d@h")
        assert (keys["realtime_schedule"], keys["enableSched"], keys["disabled"]) == ("0", "1", "true")
    minutes = [keys["cron_schedule"] for keys in HOURLY.values()]
    assert len(set(minutes)) == len(minutes)
    assert all(minute.endswith(" * * * *") and 0 < int(minute.split()[0]) < 20 for minute in minutes)


def test_backfill_ends_where_the_hourly_search_begins() -> None:
    assert len(BACKFILL) == len(SOURCES)
    for keys in BACKFILL.values():
        assert keys["dispatch.index_latest"] == "@h"
        assert "dispatch.index_earliest" not in keys
        assert not {"enableSched", "cron_schedule"} & keys.keys()


def test_both_keep_the_same_contacts_in_the_same_place() -> None:
    for name in SOURCES:
        searches = {keys["search"] for keys in SEARCHES.values() if keys["search"].startswith(contacts_search(name))}
        assert len(searches) == 1
        # Splunk takes no option source= beside output_format=hec; the field of the rows is what counts there.
        assert searches.pop().endswith(
            '| eval source="enumwatch_contacts"\n| collect `enumwatch_index` output_format=hec'
        )


@pytest.mark.timeout(600)
def test_runs_over_index_time_give_together_what_one_run_over_all_gives() -> None:
    engine, source = engine_or_skip(), "entra_signin"
    rng = Random(7)
    with played("enumeration_then_success", source) as file:
        events, contacts = indexed(source, file), by_duckdb([file])
    delays = [event["_time"] + rng.choice((5, 400, 4000, 90_000)) for event in events]
    middle = sorted(delays)[len(delays) // 2] // 3600 * 3600
    runs = [
        by_splunk(engine, source, [event for event, at in zip(events, delays, strict=True) if (at < middle) is early])
        for early in (True, False)
    ]
    assert all(runs)
    assert merged(row for rows in runs for row in rows) == contacts
