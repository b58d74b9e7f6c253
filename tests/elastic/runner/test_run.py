"""However events arrive and wherever a run ends: the documents say what one undisturbed run over everything says."""

from __future__ import annotations

import contextlib
import os
import random
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from enumwatch.core.times import DAY
from enumwatch.elastic import names
from enumwatch.elastic.runner.state import load

from .dying import Killed, address_of, dying, requests_of
from .feeding import BEGIN, World, batches, feed, runner, undisturbed, world, written

IS_LONG = bool(os.environ.get("ENUMWATCH_LONG"))


@pytest.fixture
def some(tmp_path: Path) -> World:
    return world(tmp_path, "run", events=60 if IS_LONG else 25)


def test_late_events_lead_to_what_all_events_at_once_lead_to(empty_cluster: Elasticsearch, some: World) -> None:
    steady = runner(empty_cluster, some)
    outcomes = []
    for part in batches(some.arriving, 10 if IS_LONG else 5):
        feed(empty_cluster, part)
        outcomes.append(steady.once())
    expected = undisturbed(empty_cluster, some)
    assert len(expected) >= 5
    assert written(empty_cluster) == expected
    assert sum(one.read for one in outcomes) == len(some.arriving)
    assert sum(one.late for one in outcomes) > 0
    assert sum(one.too_late for one in outcomes) == 0
    state, _ = load(empty_cluster)
    assert state is not None
    assert state.oldest > BEGIN
    # The same again, by one who begins there: nothing is new, so nothing is written.
    quiet = runner(empty_cluster, some).once()
    assert (quiet.read, quiet.contacts, quiet.verdicts) == (0, 0, 0)


def test_events_in_any_order_lead_to_the_same(empty_cluster: Elasticsearch, some: World) -> None:
    """Of seven days, for each of which is waited, the last may come first."""
    shuffled = random.Random(3).sample(some.arriving, len(some.arriving))
    for part in batches(shuffled, 5 if IS_LONG else 3):
        feed(empty_cluster, part)
        runner(empty_cluster, some, late=7 * DAY).once()
    assert written(empty_cluster) == undisturbed(empty_cluster, some)


def test_a_run_that_dies_at_any_request_loses_nothing(empty_cluster: Elasticsearch, tmp_path: Path) -> None:
    some = world(tmp_path, "dying", events=25)
    address = address_of(empty_cluster)
    with dying(address, 1_000_000, is_sent=False) as client:
        first, *parts = batches(some.arriving, 4 if IS_LONG else 3)
        feed(empty_cluster, first)
        runner(client, some).once()
        requests = requests_of(client)
    died = 0
    for part in parts:
        feed(empty_cluster, part)
        # Before and after each request; in the suite a sample of them, to the end of the run, where it writes.
        for number in range(1, 2 * requests, 1 if IS_LONG else 23):
            with dying(address, number, is_sent=number % 2 == 0 or IS_LONG) as client:
                try:
                    runner(client, some).once()
                    break
                except Killed:
                    died += 1
            if IS_LONG:
                with dying(address, number, is_sent=False) as client, contextlib.suppress(Killed):
                    runner(client, some).once()
    assert died > requests * len(parts) // 20
    runner(empty_cluster, some).once()
    assert written(empty_cluster) == undisturbed(empty_cluster, some)


def test_what_later_events_take_back_is_withdrawn_or_told_as_before(empty_cluster: Elasticsearch, some: World) -> None:
    """Successes of the people themselves, late: what looked like an attack was somebody at home."""
    for part in batches(some.arriving, 3):
        feed(empty_cluster, part)
        runner(empty_cluster, some).once()
    told = written(empty_cluster)
    # What a run told of days that turn out otherwise, as another generation's would be.
    state, _ = load(empty_cluster)
    assert state is not None
    gone = [one for one in some.arriving if "fast_enumeration" in one.unique]
    for one in gone:
        empty_cluster.delete(index=one.index, id=one.unique)
    feed(empty_cluster, [gone[0]])
    calm = runner(empty_cluster, some)
    outcome = calm.once()
    # Events that vanish take nothing back.
    assert outcome.withdrawn == 0
    assert written(empty_cluster) == told


def test_a_long_run_commits_on_the_way_and_goes_on_there(empty_cluster: Elasticsearch, some: World) -> None:
    feed(empty_cluster, some.arriving)
    address = address_of(empty_cluster)
    commits = set()
    for number in range(40, 400, 40):
        with dying(address, number, is_sent=True) as client, contextlib.suppress(Killed):
            runner(client, some, commit_every_seconds=0.0, late=5 * DAY).once()
        state, _ = load(empty_cluster)
        commits.add(0 if state is None else max((day for days in state.marks.values() for day in days), default=0))
    assert len(commits) > 2
    runner(empty_cluster, some, late=5 * DAY).once()
    assert written(empty_cluster) == undisturbed(empty_cluster, some)


def test_a_backfill_decides_anew_and_the_runner_goes_on_behind_it(empty_cluster: Elasticsearch, some: World) -> None:
    feed(empty_cluster, some.arriving)
    late = runner(empty_cluster, some, since=BEGIN + 4 * DAY)
    late.once()
    assert written(empty_cluster) != undisturbed(empty_cluster, some)
    late.backfill(BEGIN, BEGIN + 3 * DAY)
    state, _ = load(empty_cluster)
    assert state is not None
    assert state.backfill is None
    assert max(day for days in state.marks.values() for day in days) < BEGIN + 3 * DAY
    late.once()
    assert written(empty_cluster) == undisturbed(empty_cluster, some)


def test_a_document_that_somebody_deleted_or_changed_is_written_again(
    empty_cluster: Elasticsearch, some: World
) -> None:
    *early, last = batches(some.arriving, 4)
    for part in early:
        feed(empty_cluster, part)
        runner(empty_cluster, some, late=7 * DAY).once()
    changed, *deleted = sorted(written(empty_cluster))
    empty_cluster.update(index=names.VERDICTS, id=changed, doc={"enumwatch": {"digest": "x", "finding": "{}"}})
    for unique in deleted:
        empty_cluster.delete(index=names.VERDICTS, id=unique)
    feed(empty_cluster, last)
    runner(empty_cluster, some, late=7 * DAY).once()
    assert written(empty_cluster) == undisturbed(empty_cluster, some)
