"""Each search that ships, and the record of its run, still belong together; this needs no engine."""

from __future__ import annotations

from tests.splunk.content.records import hash_of, recorded
from tests.splunk.content.staging import confs
from tests.splunk.content.views import searches, views
from tests.splunk.expanding import expand

from enumwatch.rulebook.load import load
from enumwatch.splunk.content.names import rule_title


def shipped() -> dict[str, str]:
    """Every search of a detection or a dashboard, its macros put in, by the name of its record."""
    known = confs()
    found = {one.name: one.query for name, root in views().items() for one in searches(name, root)}
    for one in load().detections.values():
        found[f"detection: {one.id}"] = known["savedsearches"][rule_title(one.title)]["search"]
    return {name: expand(search, known["macros"]) for name, search in found.items()}


def test_every_search_has_run_as_it_ships() -> None:
    searches_now, records = shipped(), recorded()
    changed = [name for name, text in searches_now.items() if records.get(name, {}).get("search") != hash_of(text)]
    assert changed == [], "run them with ENUMWATCH_RECORD=1 and an SPL engine"
    assert sorted(set(records) - set(searches_now)) == [], "records of searches that are gone"


def test_every_record_has_rows() -> None:
    assert [name for name, record in recorded().items() if not record["rows"]] == []
