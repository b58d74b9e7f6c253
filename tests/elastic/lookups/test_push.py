"""Pushing lookup tables to a real node: what is told before, what is there after, twice, broken off, and hostile cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from tests.elastic.running import Operator, set_up

from enumwatch.elastic.lookups.push import pushed_on, versions
from enumwatch.elastic.names import lookup_index

DOMAINS, NETWORKS, ALLOWLIST = (lookup_index(name) for name in ("domains", "networks", "allowlist"))
HOSTILE = "=cmd|' /C calc'!A0 \"{{x}}\" <b>"


@pytest.fixture(scope="module")
def prepared(bare_cluster: Elasticsearch) -> Iterator[Elasticsearch]:
    """The node as setup leaves it."""
    with set_up(bare_cluster):
        yield bare_cluster


@pytest.fixture
def node(prepared: Elasticsearch) -> Elasticsearch:
    """The same without any table."""
    for index in prepared.indices.get(index="enumwatch-lookup-*"):
        prepared.indices.delete(index=index)
    return prepared


@pytest.fixture
def operator(node: Elasticsearch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(node, monkeypatch, capsys)


def folder_with(folder: Path, **tables: str) -> str:
    """A folder of tables, each with a header and rows."""
    for name, text in tables.items():
        (folder / f"enumwatch_{name}.csv").write_text(text, encoding="utf-8")
    return str(folder)


def rows(client: Elasticsearch, index: str) -> list[Any]:
    return [hit["_source"] for hit in client.search(index=index, size=1000)["hits"]["hits"]]


def test_tables_are_there_under_one_name_and_a_date(node: Elasticsearch, operator: Operator, tmp_path: Path) -> None:
    own = folder_with(tmp_path, domains="domain,tenant,kind\ncontoso.example,,own\nfabrikam.example,,partner\n")
    said = operator.says("lookups", "push", own, "--yes")
    assert said.code == 0, said.err
    assert "enumwatch_domains.csv: 2 rows, 2 added, 0 removed\n  + contoso.example,,own" in said.out
    assert rows(node, DOMAINS) == [
        {"domain": "contoso.example", "tenant": "", "kind": "own"},
        {"domain": "fabrikam.example", "tenant": "", "kind": "partner"},
    ]
    (version,) = versions(node, DOMAINS)
    assert version.startswith(f"{DOMAINS}-{pushed_on(version).replace('-', '.')}-")
    # Tables that the folder does not have come as they are shipped, the first time only.
    assert len(rows(node, lookup_index("outcomes"))) > 100
    about = node.indices.get(index=version)[version]
    assert about["settings"]["index"]["mode"] == "lookup"
    assert about["mappings"]["_meta"]["rows"] == 2
    assert about["mappings"]["_meta"]["enumwatch"]["version"]


def test_a_second_push_changes_nothing_and_a_change_leaves_a_way_back(
    node: Elasticsearch, operator: Operator, tmp_path: Path
) -> None:
    own = folder_with(tmp_path, domains="domain,tenant,kind\ncontoso.example,,own\n")
    operator.says("lookups", "push", own, "--yes")
    before = versions(node, DOMAINS)
    # Order and comments are no change.
    folder_with(tmp_path, domains="domain,tenant,kind\n# ours\ncontoso.example,,own\n")
    said = operator.says("lookups", "push", own, "--yes")
    assert (said.code, "nothing to write" in said.err) == (0, True)
    assert versions(node, DOMAINS) == before
    for number in range(2):
        folder_with(tmp_path, domains=f"domain,tenant,kind\nnew{number}.example,,own\n")
        said = operator.says("lookups", "push", own, "--yes")
        assert "1 added, 1 removed" in said.out
        assert [row["domain"] for row in rows(node, DOMAINS)] == [f"new{number}.example"]
        there = versions(node, DOMAINS)
        assert sorted(there.values()) == [False, True]


def test_networks_are_ranges_and_hostile_cells_are_text(
    node: Elasticsearch, operator: Operator, tmp_path: Path
) -> None:
    quoted = HOSTILE.replace('"', '""')
    own = folder_with(
        tmp_path,
        networks="cidr,tenant,kind\n203.0.113.9,,corporate\n2001:db8::/32,,vpn\n",
        allowlist="type,value,tenant,detections,reason,owner,starts,expires\n"
        f'user_agent,"{quoted}\u202e",,,"a ""test""\nof ours",anna,,2099-01-01\n',
    )
    said = operator.says("lookups", "push", own, "--yes")
    assert said.code == 0, said.err
    assert "\u202e" not in said.out
    for address, kinds in (("203.0.113.9", ["corporate"]), ("203.0.113.8", []), ("2001:db8::1", ["vpn"])):
        found = node.search(index=NETWORKS, query={"term": {"cidr": address}})["hits"]["hits"]
        assert [hit["_source"]["kind"] for hit in found] == kinds
    (entry,) = rows(node, ALLOWLIST)
    assert (entry["value"], entry["reason"]) == (f"{HOSTILE}\u202e", 'a "test"\nof ours')
    assert "nothing to write" in operator.says("lookups", "push", own, "--yes").err


def test_a_dry_run_shows_everything_and_writes_nothing(node: Elasticsearch, operator: Operator, tmp_path: Path) -> None:
    own = folder_with(tmp_path, domains="domain,tenant,kind\ncontoso.example,,own\n")
    said = operator.says("lookups", "push", own, "--dry-run")
    assert said.code == 0, said.err
    assert "+ contoso.example,,own" in said.out
    assert f"PUT /{DOMAINS}-" in said.out
    assert "/_aliases" in said.out
    assert versions(node, DOMAINS) == {}
    assert not node.indices.exists(index=DOMAINS)


def test_a_push_that_was_broken_off_is_made_good(
    node: Elasticsearch, operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = folder_with(tmp_path, domains="domain,tenant,kind\ncontoso.example,,own\n")
    operator.says("lookups", "push", own, "--yes")
    folder_with(tmp_path, domains="domain,tenant,kind\nother.example,,own\n")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("elasticsearch._sync.client.indices.IndicesClient.update_aliases", killed)
        assert operator.says("lookups", "push", own, "--yes").code == 130
    assert [row["domain"] for row in rows(node, DOMAINS)] == ["contoso.example"]
    assert operator.says("lookups", "push", own, "--yes").code == 0
    assert [row["domain"] for row in rows(node, DOMAINS)] == ["other.example"]
    assert len(versions(node, DOMAINS)) == 2


def test_an_index_that_took_the_name_gives_way(node: Elasticsearch, operator: Operator, tmp_path: Path) -> None:
    node.index(index=DOMAINS, document={"domain": "stray.example"}, refresh=True)
    own = folder_with(tmp_path, domains="domain,tenant,kind\ncontoso.example,,own\n")
    said = operator.says("lookups", "push", own, "--yes")
    assert said.code == 0, said.err
    assert "- stray.example,," in said.out
    assert [row["domain"] for row in rows(node, DOMAINS)] == ["contoso.example"]
    assert node.indices.exists_alias(name=DOMAINS)


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({}, "holds no lookup table: name a folder with some of enumwatch_allowlist.csv"),
        ({"domains": "domain,kind\na.example,own\n"}, "column tenant is missing"),
        ({"allowlist": "type,value,tenant,detections,reason,owner,starts,expires\nip,192.0.2.1,,,,,,\n"}, "reason"),
    ],
)
def test_what_is_wrong_with_a_folder_is_told_before_anything_is_written(
    node: Elasticsearch, operator: Operator, tmp_path: Path, tables: dict[str, str], told: str
) -> None:
    said = operator.says("lookups", "push", folder_with(tmp_path, **tables), "--yes")
    assert said.code == 2
    assert told in said.err
    assert versions(node, DOMAINS) == {}


def test_without_setup_it_says_what_to_run(node: Elasticsearch, operator: Operator, tmp_path: Path) -> None:
    own = folder_with(tmp_path, domains="domain,tenant,kind\ncontoso.example,,own\n")
    template = node.indices.get_index_template(name=DOMAINS)["index_templates"][0]["index_template"]
    node.indices.delete_index_template(name=DOMAINS)
    try:
        said = operator.says("lookups", "push", own, "--yes")
    finally:
        kept = {name: value for name, value in template.items() if "_date" not in name}
        node.indices.put_index_template(name=DOMAINS, body=kept)
    assert said.code == 2
    assert said.err.rstrip().endswith("run enumwatch elastic setup, then push again")


def test_what_is_of_no_use_there_and_what_expired_is_told(operator: Operator, tmp_path: Path) -> None:
    own = folder_with(
        tmp_path,
        threat_intel="type,value,source,confidence,seen\n",
        allowlist="type,value,tenant,detections,reason,owner,starts,expires\nip,192.0.2.1,,,test,anna,,2020-01-01\n",
    )
    said = operator.says("lookups", "push", own, "--yes")
    assert "enumwatch_threat_intel.csv stays here" in said.err
    assert "enumwatch_allowlist.csv:2: expired on 2020-01-01" in said.err
