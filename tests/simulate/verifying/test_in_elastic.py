"""A test on a live cluster from end to end: sent, read by the runner, found, removed; and each way in which it is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from tests.commands.running import Ran, Run
from tests.commands.running import run as run  # a fixture
from tests.elastic.runner.conftest import clear
from tests.elastic.running import address_of
from tests.engines.elastic.indexing import template
from tests.simulate.sending.runs import IN_ELASTIC, manifest_of, played

from enumwatch.core.times import DAY, from_iso, to_iso
from enumwatch.elastic.names import VERDICTS
from enumwatch.simulate.sending.elastic import of_run, remove, send
from enumwatch.simulate.sending.manifest import ELASTIC, read_manifest, write_manifest
from enumwatch.simulate.sending.marks import NAMESPACE

SENTENCE = ("simulate", "fast_enumeration", "--source", "entra_signin", "--users", "60", "--events", "80")
INDEX = "logs-azure.signinlogs-enumwatch_test"


@pytest.fixture
def cluster(bare_cluster: Elasticsearch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Elasticsearch]:
    """A node with the integrations' templates and without anything else, named in the environment."""
    for name in ("CLOUD_ID", "API_KEY", "USER", "PASSWORD", "CA"):
        monkeypatch.delenv(f"ENUMWATCH_ELASTIC_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("ENUMWATCH_ELASTIC_URL", address_of(bare_cluster))
    template(bare_cluster)
    clear(bare_cluster)
    yield bare_cluster
    clear(bare_cluster)


@pytest.fixture
def folder(cluster: Elasticsearch, run: Run, tmp_path: Path) -> Path:
    """A run that was sent."""
    out = tmp_path / "run"
    ran = run(*SENTENCE, "--to", "elastic", "--out", out, "--yes")
    assert (ran.code, ran.out) == (0, f"{out}\n"), ran.err
    return out


def decided(run: Run, *more: object) -> None:
    assert run("elastic", "run", "--once", *more).code == 0


def told(ran: Ran) -> str:
    """What was said, on one line: it is broken at 80 columns."""
    assert max(map(len, ran.out.splitlines())) <= 80
    return " ".join(ran.out.split())


def documents(cluster: Elasticsearch, query: dict[str, Any]) -> list[Any]:
    cluster.indices.refresh(index="logs-*")
    return list(cluster.search(index="logs-*", query=query, size=1_000)["hits"]["hits"])


def test_it_is_sent_found_and_gone(cluster: Elasticsearch, run: Run, folder: Path) -> None:
    _, manifest = read_manifest(folder)
    hits = documents(cluster, of_run(manifest.run))
    assert (len(hits), manifest.sent, manifest.ended > 0) == (80, 80, True)
    for hit in hits:
        source = hit["_source"]
        assert (hit["_index"], source["tags"], source["data_stream"]["namespace"]) == (
            INDEX,
            ["enumwatch-test"],
            NAMESPACE,
        )
        assert source["labels"]["enumwatch_scenario"] == "fast_enumeration"
        assert manifest.began - DAY / 8 < from_iso(source["@timestamp"]) < manifest.began
        assert from_iso(source["event"]["ingested"]) == manifest.began

    early = run("verify", folder)
    assert early.code == 1
    assert "80 of 80 events arrived" in told(early)
    assert "why the runner has not run since (never ran) do run enumwatch elastic run --once" in told(early)

    # Somebody else's events and findings stay what they are.
    cluster.index(index=INDEX.replace(NAMESPACE, "default"), id="real", document={"@timestamp": to_iso(manifest.end)})
    decided(run)
    found = run("verify", folder)
    assert found.code == 0, found.out
    assert told(found).startswith("found fast_enumeration in entra_signin events 80 of 80 events arrived verdict ")
    assert "High Confidence Enumeration (ew-" in told(found)

    gone = run("simulate", "--remove", folder, "--yes")
    assert gone.code == 0
    assert "80 events of" in gone.err
    assert "1 findings on them deleted" in gone.err
    assert documents(cluster, of_run(manifest.run)) == []
    assert not cluster.indices.exists(index=INDEX)
    assert cluster.count(index=VERDICTS)["count"] == 0
    assert [hit["_id"] for hit in documents(cluster, {"match_all": {}})] == ["real"]
    lost = run("verify", folder)
    assert lost.code == 1
    assert "why none of its events arrived" in told(lost)


def test_a_repeat_doubles_nothing(cluster: Elasticsearch, run: Run, folder: Path) -> None:
    _, manifest = read_manifest(folder)
    hits = documents(cluster, of_run(manifest.run))
    for hit in hits[::2]:
        cluster.delete(index=hit["_index"], id=hit["_id"])
    again = run("simulate", "--resume", folder, "--yes")
    assert again.err == f"all 80 events of {manifest.run} were sent: nothing is left to do\n"
    # As if it had broken off before its end was written down.
    path = folder / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"ended": 0}))
    again = run("simulate", "--resume", folder, "--yes")
    assert again.code == 0
    assert "80 events sent as " in again.err
    assert "; 40 of them were there already" in again.err
    after = documents(cluster, of_run(manifest.run))
    assert sorted(hit["_id"] for hit in after) == sorted(hit["_id"] for hit in hits)


def test_lost_events_are_counted_and_what_is_left_is_judged(cluster: Elasticsearch, run: Run, folder: Path) -> None:
    """Half of them are enough for a verdict, two are not; and some have lost what their log is recognised by."""
    hits = sorted(documents(cluster, {"match_all": {}}), key=lambda hit: str(hit["_id"]))
    _drop(cluster, hits[40:])
    decided(run)
    half = run("verify", folder)
    assert half.code == 1
    assert told(half).startswith("found fast_enumeration in entra_signin events 40 of 80 events arrived verdict ")
    assert "1 of 1 did not arrive in full" in half.err

    _drop(cluster, hits[2:40])
    cluster.indices.refresh(index=VERDICTS)
    _drop(cluster, cluster.search(index=VERDICTS)["hits"]["hits"])
    few = run("verify", folder)
    assert few.code == 1
    assert "why 78 of 80 events did not arrive; the rest is too little: 2 names tried" in told(few)

    cluster.update(index=INDEX, id=hits[0]["_id"], doc={"event": {"dataset": "x"}}, refresh=True)
    unread = told(run("verify", folder))
    assert "2 of 80 events arrived, 1 of them recognised" in unread
    assert "why 1 of its events are not recognised as entra_signin do see the types of the fields" in unread


def _drop(cluster: Elasticsearch, hits: Any) -> None:
    bulk(cluster, [{"_op_type": "delete", "_index": hit["_index"], "_id": hit["_id"]} for hit in hits], refresh=True)


def test_each_form_has_a_place_that_its_reader_covers(cluster: Elasticsearch) -> None:
    wanted = tuple(one for one in IN_ELASTIC if one[1] in ("exchange_httpproxy", "windows_security"))
    manifest, plays = played(manifest_of(ELASTIC, events=12), wanted)
    assert send(cluster, manifest, plays, lambda *_: None) == 0
    assert send(cluster, manifest, plays, lambda *_: None) == manifest.total
    seen = [cluster.count(index=part.place)["count"] for part in manifest.parts]
    assert seen == [part.events for part in manifest.parts]
    places = [one.place for one in manifest.parts]
    assert remove(cluster, "ewt20000101t000000aaaa", places) == 0
    assert remove(cluster, manifest.run, places) == manifest.total
    assert [one for one in cluster.indices.get(index="logs-*") if NAMESPACE in one] == []


def test_a_run_by_its_name_alone_and_a_manifest_that_lies(
    cluster: Elasticsearch, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, manifest = read_manifest(folder)
    monkeypatch.chdir(tmp_path)
    path = folder / "run.json"
    kept = path.read_text()
    path.write_text(kept.replace(INDEX, "logs-*"))
    refused = run("simulate", "--remove", folder, "--yes")
    assert refused.code == 2
    assert "'logs-*' is no data stream of tests" in refused.err
    assert "name it, or where the events are with --to" in run("simulate", "--remove", manifest.run).err
    asked = run("simulate", "--remove", manifest.run, "--to", "elastic")
    assert (asked.code, len(documents(cluster, of_run(manifest.run)))) == (2, 80)
    assert "run again with --yes" in asked.err
    assert run("simulate", "--remove", manifest.run, "--to", "elastic", "--yes").code == 0
    assert not cluster.indices.exists(index=INDEX)


def test_a_refused_index_is_one_line(cluster: Elasticsearch, run: Run, tmp_path: Path) -> None:
    cluster.indices.create(index=INDEX, settings={"index.blocks.write": True})
    out = tmp_path / "refused"
    ran = run(*SENTENCE, "--to", "elastic", "--out", out, "--yes")
    assert ran.code == 2
    assert "0 of 80 events were sent: go on with simulate --resume" in ran.err
    assert ran.err.splitlines()[-1].startswith("enumwatch: the cluster ")
    _, manifest = read_manifest(out)
    assert (manifest.sent, manifest.ended) == (0, 0)
    lost = run("verify", out)
    assert lost.code == 1
    assert "why none of its events arrived do send the rest: enumwatch simulate --resume" in told(lost)
    cluster.indices.put_settings(index=INDEX, settings={"index.blocks.write": False})
    assert run("simulate", "--resume", out, "--yes").code == 0
    assert len(documents(cluster, of_run(manifest.run))) == 80
    assert write_manifest(out, manifest).exists()
