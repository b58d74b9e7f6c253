"""Whatever is wrong with the cluster is told in one line that ends in what to do, waited for, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from tests.commands.running import Run
from tests.commands.running import run as run  # a fixture

from enumwatch.elastic import names
from enumwatch.elastic.faults import ClusterError
from enumwatch.elastic.runner.lease import Lease
from enumwatch.elastic.runner.run import Outcome
from enumwatch.elastic.runner.service import Clock, Service

from .dying import address_of
from .feeding import BEGIN, World, batches, feed, runner, undisturbed, world, written


class EndedError(Exception):
    """Ends a service that would run forever."""


class Sleeping:
    """Sleeps no time, and ends after so many times; things may happen meanwhile."""

    def __init__(self, times: int, meanwhile: Callable[[int], object] = lambda _: None) -> None:
        self.slept: list[float] = []
        self._times, self._meanwhile = times, meanwhile

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._meanwhile(len(self.slept))
        if len(self.slept) == self._times:
            raise EndedError


@pytest.fixture
def some(tmp_path: Any) -> World:
    return world(tmp_path, "service", events=20)


def service(client: Elasticsearch, some: World, said: list[str], sleep: Sleeping) -> Service:
    lease = Lease(client, 60)
    return Service(client, runner(client, some, lease), lease, said.append, 60, Clock(lambda: BEGIN / 1e6, sleep))


def test_faults_are_told_waited_for_and_survived(empty_cluster: Elasticsearch, some: World) -> None:
    """The index of the verdicts is read-only, then gone: nothing is lost."""
    first, second, third = batches(some.arriving, 3)
    settings = empty_cluster.indices.put_settings

    def meanwhile(turn: int) -> None:
        if turn == 1:
            settings(index=names.VERDICTS, settings={"index.blocks.write": True})
            feed(empty_cluster, second)
        if turn == 2:
            settings(index=names.VERDICTS, settings={"index.blocks.write": None})
        if turn == 4:
            empty_cluster.indices.delete(index=names.VERDICTS)
            feed(empty_cluster, third)

    said: list[str] = []
    feed(empty_cluster, first)
    sleep = Sleeping(7, meanwhile)
    served = service(empty_cluster, some, said, sleep)
    with pytest.raises(EndedError):
        served.forever(lambda one: one.once(), 1.0)
    told = [line for line in said if "trying again in" in line]
    assert any("lift the block of the index" in line for line in told), said
    assert all("\n" not in line for line in said)
    assert written(empty_cluster) == undisturbed(empty_cluster, some)
    health = empty_cluster.search(index=names.RUNS, query={"term": {"enumwatch.run.kind": "health"}}, size=20)["hits"][
        "hits"
    ]
    assert sum(hit["_source"]["enumwatch"]["run"]["read"] for hit in health) > 0
    assert {hit["_source"]["enumwatch"]["run"]["health"] for hit in health} <= {"good", "degraded"}


def test_memory_that_somebody_deleted_is_built_anew(empty_cluster: Elasticsearch, some: World) -> None:
    early, late = batches(some.arriving, 2)
    feed(empty_cluster, early)
    runner(empty_cluster, some).once()
    before = written(empty_cluster)
    empty_cluster.indices.delete(index=names.MEMORY)
    feed(empty_cluster, late)
    said: list[str] = []
    served = service(empty_cluster, some, said, Sleeping(4))
    served._runner._memory._pause = lambda _: None  # type: ignore[assignment]
    with pytest.raises(EndedError):
        served.forever(lambda one: one.once(), 1.0)
    assert any("short history" in line for line in said), said
    assert before.keys() <= written(empty_cluster).keys()
    assert served.once(lambda one: one.once()).read == 0


def test_what_happens_only_once_is_told_once(empty_cluster: Elasticsearch, some: World) -> None:
    said: list[str] = []
    outcome = Outcome(absent=["okta_system"], without_ingest_time=["iis"], notes=["x"])
    with pytest.raises(EndedError):
        service(empty_cluster, some, said, Sleeping(3)).forever(lambda _: outcome, 1.0)
    assert len([line for line in said if line.startswith("okta_system: no such index")]) == 1
    assert len([line for line in said if "iis does not say when events came" in line]) == 1
    assert len([line for line in said if line.startswith("read 0 new documents")]) == 3


def test_events_that_came_too_late_are_counted_and_told_once(empty_cluster: Elasticsearch, some: World) -> None:
    kept = runner(empty_cluster, some, late=0)
    *early, last = batches(some.arriving, 4)
    for part in early:
        feed(empty_cluster, part)
        kept.once()
    ancient = [one._replace(unique=f"old{turn}") for turn, one in enumerate(last[:3])]
    for one in ancient:
        one.document["@timestamp"] = "2026-02-01T00:00:00.000Z"
    feed(empty_cluster, ancient)
    assert kept.once().too_late >= 3
    assert kept.once().too_late == 0


def test_who_waits_says_so_once(empty_cluster: Elasticsearch, some: World) -> None:
    other = Lease(empty_cluster, 60)
    assert other.take()
    said: list[str] = []
    with pytest.raises(EndedError):
        service(empty_cluster, some, said, Sleeping(3)).once(lambda one: one.once())
    assert said == ["another runner is at work: waiting until it ends"]


def test_a_cluster_that_is_not_there_ends_one_run_and_is_waited_for_by_others(some: World) -> None:
    said: list[str] = []
    sleep = Sleeping(3)
    with Elasticsearch("http://127.0.0.1:9", max_retries=0) as client:
        served = service(client, some, said, sleep)
        with pytest.raises(ClusterError, match="cannot be reached"):
            served.once(lambda one: one.once())
        with pytest.raises(EndedError):
            served.forever(lambda one: one.once(), 1.0)
    assert sleep.slept == [2.0, 4.0, 8.0]
    assert len(said) == 3


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["run", "--every", "soon"], "write it like 30s"),
        (["run", "--late", "0s"], "write it like 30s"),
        (["run", "--detection", "x"], "choose from"),
        (["backfill", "--since", "2026-03-02", "--until", "2026-03-02"], "give an earlier --since"),
        (["backfill", "--since", "then"], "is no time"),
    ],
)
def test_wrong_options_are_told(options: list[str], told: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENUMWATCH_ELASTIC_URL", "http://127.0.0.1:9")
    ran = run("elastic", *options)
    assert ran.code == 2
    assert told in ran.err


def test_one_run_by_the_command(
    empty_cluster: Elasticsearch, some: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(empty_cluster, some.arriving)
    monkeypatch.setenv("ENUMWATCH_ELASTIC_URL", address_of(empty_cluster))
    ran = run("elastic", "run", "--once", "--since", "2026-03-02", "--late", "3d", "--contacts", "write")
    assert ran.code == 0, ran.err
    assert f"read {len(some.arriving)} new documents" in ran.err
    assert "m365_audit: no such index here" in ran.err
    assert written(empty_cluster)
    empty_cluster.indices.refresh(index=names.CONTACTS)  # else a search sees within a second what was written
    again = run("elastic", "backfill", "--since", "2026-03-02", "--late", "3d", "--contacts", "transform")
    assert again.code == 0, again.err
    assert "wrote 0 verdicts, withdrew 0" in again.err
