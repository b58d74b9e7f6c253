"""The doctor on a real node: faults of what setup made, of the runner and of lookup tables, planted one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from tests.elastic.running import Operator, set_up

from enumwatch.elastic.cluster import look_at
from enumwatch.elastic.doctor.made import check_made
from enumwatch.elastic.doctor.runs import check_runs
from enumwatch.elastic.names import CONTACTS, RUNS, lookup_index
from enumwatch.elastic.setup.stamp import KEY
from enumwatch.rulebook.compiled import compiled

from .planting import examined, told

NOW = datetime.now(timezone.utc)
TEMPLATE = "index template enumwatch-verdicts"


@pytest.fixture(scope="module")
def prepared(bare_cluster: Elasticsearch) -> Iterator[Elasticsearch]:
    """The node as setup leaves it."""
    with set_up(bare_cluster):
        yield bare_cluster


@pytest.fixture
def node(prepared: Elasticsearch) -> Iterator[Elasticsearch]:
    """The same, without what a test wrote."""
    yield prepared
    prepared.options(ignore_status=404).delete(index=RUNS, id="lease", refresh=True)
    prepared.options(ignore_status=404).delete(index=RUNS, id="run", refresh=True)
    for index in prepared.indices.get(index="enumwatch-lookup-*"):
        prepared.indices.delete(index=index)


def test_a_sound_installation_is_not_complained_of(node: Elasticsearch) -> None:
    a_run(node, NOW)
    found = examined(node)
    for where in ("template", "index", "setup", "runner", "lease"):
        assert told(found, where) == {}, where
    assert {"setup", "own indices", "runner", "lookup tables"} <= set(found.seen)
    assert found.unseen == []


def test_what_is_missing_stale_newer_or_foreign(node: Elasticsearch) -> None:
    kept = node.indices.get_index_template(name="enumwatch-verdicts")["index_templates"][0]["index_template"]
    kept = {name: value for name, value in kept.items() if "_date" not in name}
    meta = kept["_meta"][KEY]
    try:
        node.indices.delete_index_template(name="enumwatch-verdicts")
        assert told(examined(node), TEMPLATE) == {"is not there": "broken"}
        for version, digest, said in (
            (meta["version"], "0" * 12, {f"was made by version {meta['version']} and is another now": "doubtful"}),
            ("999.0", meta["digest"], {"was made by a newer enumwatch than this": "broken"}),
        ):
            other = {**kept, "_meta": {KEY: {"version": version, "digest": digest}}}
            node.indices.put_index_template(name="enumwatch-verdicts", body=other)
            assert told(examined(node), TEMPLATE) == said
        node.indices.put_index_template(name="enumwatch-verdicts", body={**kept, "_meta": {}})
        assert told(examined(node), TEMPLATE) == {"was not made by enumwatch": "broken"}
    finally:
        node.indices.put_index_template(name="enumwatch-verdicts", body=kept)


def test_an_index_of_ours_with_wrong_types(node: Elasticsearch) -> None:
    template = node.indices.get_index_template(name=CONTACTS)["index_templates"][0]["index_template"]
    template = {name: value for name, value in template.items() if "_date" not in name}
    node.indices.delete(index=CONTACTS)
    node.indices.delete_index_template(name=CONTACTS)
    try:
        # What a cluster makes of a first document without our template.
        node.index(
            index=CONTACTS, document={"enumwatch": {"contact": {"src_ip": "192.0.2.1", "attempts": 1}}}, refresh=True
        )
        found = told(examined(node), f"index {CONTACTS}")
        assert found["enumwatch.contact.src_ip is text and should be keyword"] == "broken"
    finally:
        node.indices.delete(index=CONTACTS)
        node.indices.put_index_template(name=CONTACTS, body=template)
        node.indices.create(index=CONTACTS)


def test_an_expired_licence(node: Elasticsearch) -> None:
    found = check_made(node, replace(look_at(node), licence="platinum", is_licence_active=False), compiled())
    assert [(one.level, one.what) for one in found] == [("broken", "the licence platinum has expired")]


def a_run(node: Elasticsearch, ended: datetime, **own: Any) -> None:
    """The document that a runner leaves when it has run."""
    run = {"kind": "run", "health": "good", **own}
    node.index(
        index=RUNS, id="run", document={"@timestamp": ended.isoformat(), "enumwatch": {"run": run}}, refresh=True
    )


def a_lease(node: Elasticsearch, holder: str) -> None:
    node.index(
        index=RUNS, id="lease", document={"enumwatch": {"run": {"kind": "lease", "holder": holder}}}, refresh=True
    )


def test_no_run_ever(node: Elasticsearch) -> None:
    assert told(examined(node), "runner") == {"has never run here": "doubtful"}


def test_a_runner_that_is_silent(node: Elasticsearch) -> None:
    a_run(node, NOW - timedelta(hours=5))
    assert told(examined(node), "runner") == {"said nothing for 5 hours": "broken"}


def test_a_run_in_trouble_and_events_that_came_too_late(node: Elasticsearch) -> None:
    a_run(node, NOW, health="degraded", trouble=["the cluster is read-only", "b"], too_late=7)
    found = told(examined(node), "runner")
    assert found["its last run was in trouble: the cluster is read-only; b"] == "doubtful"
    assert found["7 events came too late to be decided on"] == "doubtful"


def test_a_lease_of_a_dead_runner_and_of_one_that_lives(node: Elasticsearch) -> None:
    a_run(node, NOW - timedelta(hours=5))
    a_lease(node, "abcdef0123456789")
    assert told(examined(node), "lease") == {"is held by a runner that is dead (abcdef01)": "broken"}

    def beats(_: float) -> None:
        a_lease(node, "abcdef0123456789")

    assert [one.where for one in check_runs(node, NOW, 1.0, beats)] == ["runner"]
    a_lease(node, "")
    assert told(examined(node), "lease") == {}


def test_tables_that_were_never_pushed_or_long_ago(
    node: Elasticsearch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert told(examined(node), lookup_index("domains")) == {"the table was never pushed": "note"}
    soon = (NOW + timedelta(days=3)).date().isoformat()
    (tmp_path / "enumwatch_allowlist.csv").write_text(
        "type,value,tenant,detections,reason,owner,starts,expires\n"
        f"ip,192.0.2.1,,,test,anna,,2020-01-01\nip,192.0.2.2,,,test,bruno,,{soon}\nip,192.0.2.3,,,test,cora,,2099-01-01\n"
    )
    operator = Operator(node, monkeypatch, capsys)
    assert operator.says("lookups", "push", str(tmp_path), "--yes").code == 0
    found = told(examined(node), "allowlist")
    assert found == {
        "entry ip 192.0.2.1, owner anna expired on 2020-01-01 and covers nothing any more": "doubtful",
        f"entry ip 192.0.2.2, owner bruno expires on {soon}": "note",
    }
    later = examined(node, NOW + timedelta(days=200))
    (said,) = told(later, lookup_index("networks"))
    # The tests may have begun on the day before.
    assert said in {f"was pushed on {(NOW + timedelta(days=days)).date().isoformat()}" for days in (0, 1)}


def test_command_says_it_all_and_ends_with_1_where_something_is_broken(
    node: Elasticsearch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_run(node, NOW, trouble=["\x1b[31m{{x}}"])
    said = Operator(node, monkeypatch, capsys).says("doctor", "--live")
    assert said.code == 1
    assert "\x1b" not in said.out
    lines = said.out.splitlines()
    assert lines[0].startswith("broken: logs: the cluster has none")
    assert all(line.split(":")[0] in ("broken", "doubtful", "note", "unserved") for line in lines)
    assert any(line.startswith("unserved: ES|QL of enumwatch-address-contacts") for line in lines)
    assert "to mend or to know" in said.err
