"""Every hunt, executed in every language that can be, finds its attacker and spares the harmless twin."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import pytest
from tests.elastic.kibana.judging import judged
from tests.elastic.kibana.test_esql import row_of
from tests.splunk.content.staging import _event
from tests.splunk.engine import engine_or_skip

from enumwatch.core.times import SECOND, to_iso
from enumwatch.hunts.expression import TIME
from enumwatch.hunts.in_kql import NOW
from enumwatch.hunts.loading import shipped_hunts
from enumwatch.hunts.rendering import text_of
from enumwatch.hunts.running import answer

from .conftest import Ground
from .planting import END, PLANTS

HUNTS = sorted(shipped_hunts())
# What takes a second for each hunt is done for some of them where time is short; for all where there is time.
IS_LONG = bool(os.environ.get("ENUMWATCH_LONG"))
IN_SPL, IN_ESQL = (HUNTS, HUNTS) if IS_LONG else (HUNTS[3::20], HUNTS[::8])
Rows = list[tuple[Any, ...]]


def holds(rows: Rows, wanted: str) -> bool:
    """True where a row has this text in a cell, or in the list of a cell."""
    quoted = json.dumps(wanted)  # a list may come as JSON
    return any(
        wanted == cell or (isinstance(cell, list) and wanted in cell) or quoted in str(cell)
        for row in rows
        for cell in row
    )


def judge(ground: Ground, name: str, rows: Rows) -> None:
    """Fails where the attacker is missing or the twin is there."""
    assert holds(rows, ground.found[name]), (name, ground.found[name], rows[:5])
    assert not holds(rows, ground.spared[name]), (name, ground.spared[name])


def keys(ground: Ground, name: str, rows: Rows) -> set[tuple[str, ...]]:
    """What the rows are grouped by, but for times, which each language spells in its own way."""
    hunt = ground.hunts[name]
    return {
        tuple(str(cell) for cell, by in zip(row, hunt.query.by, strict=False) if hunt.types[by] != TIME) for row in rows
    }


def by_sql(ground: Ground, name: str) -> Rows:
    return [tuple(row) for row in answer(ground.hunts[name], ground.file).rows]


def test_something_is_planted_for_every_hunt() -> None:
    assert sorted(PLANTS) == HUNTS


@pytest.mark.parametrize("name", HUNTS)
def test_sql_finds_the_attacker(ground: Ground, name: str) -> None:
    judge(ground, name, by_sql(ground, name))


@pytest.mark.parametrize("name", HUNTS)
def test_kql_finds_the_same_in_the_tables_of_sentinel(ground: Ground, name: str) -> None:
    duckdb_kql = pytest.importorskip("duckdb_kql", reason="duckdb-kql needs Python 3.11 or newer")
    query = text_of(ground.hunts[name], "kql")
    assert NOW in query
    rows = duckdb_kql.kql(
        ground.sentinel, _plain(query.replace(NOW, f"let until = datetime({to_iso(END)});"))
    ).fetchall()
    judge(ground, name, rows)
    assert keys(ground, name, rows) == keys(ground, name, by_sql(ground, name))


def test_esql_is_good_for_every_version_and_finds_the_same(ground: Ground) -> None:
    queries = {name: text_of(ground.hunts[name], "esql") for name in IN_ESQL}
    contacts = {
        name: [
            {**row_of(one), "@timestamp": one.first // 1000}
            for one in ground.contacts
            if one.kind in ground.hunts[name].query.kinds
        ]
        for name in queries
    }
    plays = {name: {"query": query, "rows": contacts[name], "now": END // 1000} for name, query in queries.items()}
    said = judged(esql=queries, play=plays)
    assert said["faults"] == {name: [] for name in queries}
    for name in queries:
        rows = [tuple(row.values()) for row in said["played"][name]]
        judge(ground, name, rows)
        assert keys(ground, name, rows) == keys(ground, name, by_sql(ground, name))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", IN_SPL)
def test_spl_finds_the_same(ground: Ground, name: str) -> None:
    engine = engine_or_skip()
    begin, _, rest = text_of(ground.hunts[name], "spl").partition(" kind IN")
    assert begin.startswith("`enumwatch_contacts` earliest=-")
    events = [{key: cell for key, cell in _event(one, 0).items() if cell != ""} for one in ground.contacts]
    engine.load([event for event in events if event["kind"] in ground.hunts[name].query.kinds], numbers=True)
    query = f'index=summary source="enumwatch_contacts" kind IN{rest}'.replace("now()", str(END // SECOND))
    found = engine.run(query)
    rows = [tuple(row.get(column) for column in ground.hunts[name].query.told) for row in found]
    judge(ground, name, rows)


def _plain(query: str) -> str:
    """A query without `make_set_if`, which this stand-in for Kusto lacks: the values of other rows are empty texts."""
    argument = r"(?:[^(),]|\((?:[^()]|\([^()]*\))*\))*"
    return re.sub(rf"make_set_if\(({argument}), ({argument}), 100\)", r'make_set(iff(\2, \1, ""), 100)', query)
