"""The texts of hunts: words from lookups, columns of Sentinel, the page."""

from __future__ import annotations

import re

from enumwatch.hunts.loading import shipped_hunts
from enumwatch.hunts.page import page
from enumwatch.hunts.rendering import texts_of
from enumwatch.hunts.sentinel import outcome_of, tables
from enumwatch.lookups import load_lookups, load_table
from enumwatch.rulebook.compiled import compiled


def test_decoys_come_from_the_table_and_an_empty_one_leaves_a_place() -> None:
    hunt = shipped_hunts()["decoys"]
    assert all("put-sensitive_accounts-here" in text for text in texts_of(hunt).values())
    rows = [
        {"account": "Old.Box@contoso.example", "kind": "decoy"},
        {"account": "boss@contoso.example", "kind": "admin"},
    ]
    for text in texts_of(hunt.with_rows("sensitive_accounts", rows)).values():
        assert "old.box@contoso.example" in text
        assert "boss" not in text
        assert "put-" not in text


def test_columns_of_sentinel_are_those_that_the_source_reads() -> None:
    for name in ("entra_signin", "entra_audit", "graph_activity"):
        (shape,) = [one for one in compiled()["sources"][name]["shapes"] if one["id"] == "log_analytics"]
        known = {path.partition(".")[0].partition("[")[0] for paths in shape["fields"].values() for path in paths}
        for text in tables()[name].columns.values():
            assert set(re.findall(r"\b[A-Z]\w+", re.sub(r'"[^"]*"', "", text))) <= known, (name, text)


def test_codes_mean_what_the_lookup_says() -> None:
    known = load_lookups().outcomes
    for table in tables().values():
        for codes, outcome in re.findall(r'in \(([^)]*)\), "(\w+)"', outcome_of(table, ())):
            for code in re.findall(r'"([^"]*)"', codes):
                assert known.outcome(compiled()["sources"][table.source]["provider"], code) == outcome
    text = outcome_of(tables()["entra_signin"], {"not_found"})
    absent = [row for row in load_table("outcomes").rows if (row["provider"], row["outcome"]) == ("entra", "not_found")]
    assert all(f'"{row["code"]}"' in text for row in absent)


def test_every_kind_of_a_table_is_told_by_its_rules() -> None:
    for table in tables().values():
        assert table.kinds
        assert not table.key or all(table.kinds.values()), table


def test_the_page_has_every_hunt_and_no_brace_left() -> None:
    text = page()
    for hunt in shipped_hunts().values():
        assert f'<a id="{hunt.id}"></a>' in text
        for query in texts_of(hunt).values():
            assert query in text
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert not re.search(r"\{\w+\}", prose)
