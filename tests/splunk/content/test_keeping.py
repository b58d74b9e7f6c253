"""What is old leaves the collections, what is not stays."""

from __future__ import annotations

import time
from pathlib import Path

from tests.splunk.content.runtime import Runtime
from tests.splunk.content.staging import confs
from tests.splunk.engine import engine_or_skip

from enumwatch.splunk.content.keeping import KEPT

DAY = 86_400


def test_old_rows_leave_and_new_ones_stay(tmp_path: Path) -> None:
    known, now = confs(), time.time()
    for table, (since, column, key) in KEPT.items():
        days = int(since[1:].partition("d")[0])
        rows = [{key: "old", column: str(now - (days + 2) * DAY)}, {key: "new", column: str(now - (days - 2) * DAY)}]
        splunk = Runtime(engine_or_skip(), known["macros"], tmp_path, set(known["collections"]), kept={table: rows})
        search = known["savedsearches"][f"enumwatch - Keep - {table}"]["search"]
        splunk.run(search)
        assert [row[key] for row in splunk.kept[table]] == ["new"]


def test_an_empty_collection_is_left_alone(tmp_path: Path) -> None:
    known = confs()
    splunk = Runtime(engine_or_skip(), known["macros"], tmp_path, set(known["collections"]))
    for table in KEPT:
        assert splunk.run(known["savedsearches"][f"enumwatch - Keep - {table}"]["search"]) == []
    assert splunk.kept == {}
