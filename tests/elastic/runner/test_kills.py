"""The runner as a process of its own, killed at random moments while events keep coming: nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from tests.commands.running import environment

from enumwatch.core.times import to_iso
from enumwatch.elastic import names

from .dying import address_of
from .feeding import BEGIN, batches, feed, undisturbed, world, written

IS_LONG = bool(os.environ.get("ENUMWATCH_LONG"))
KILLS = 50 if IS_LONG else 8
HELD_SECONDS = 2
WITHIN_SECONDS = 240


@contextmanager
def process(address: str, lookups: Path, errors: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A runner that runs until it is killed."""
    options = ["--every", "1s", "--since", to_iso(BEGIN), "--late", "3d", "--lease", f"{HELD_SECONDS}s"]
    command = [sys.executable, "-m", "enumwatch", "elastic", "run", *options, "--lookups", str(lookups)]
    known = {**environment(), "ENUMWATCH_ELASTIC_URL": address, "ENUMWATCH_CONFIG": os.devnull}
    with errors.open("ab") as output, subprocess.Popen(command, env=known, stdout=output, stderr=output) as one:
        try:
            yield one
        finally:
            one.send_signal(signal.SIGKILL)


def generation(client: Elasticsearch) -> int:
    """How often a runner has committed."""
    found = client.options(ignore_status=404).get(index=names.RUNS, id="state")
    return int(found["_source"]["enumwatch"]["run"]["state"]["generation"]) if found.get("found") else 0


def wait_until_quiet(client: Elasticsearch, errors: Path) -> None:
    """Waits until a runner finds nothing new twice."""
    until = time.monotonic() + WITHIN_SECONDS
    quiet = 0
    while quiet < 2 and time.monotonic() < until:
        said = errors.read_text("utf-8").count("read 0 new documents") if errors.exists() else 0
        time.sleep(1)
        now = errors.read_text("utf-8").count("read 0 new documents") if errors.exists() else 0
        quiet = quiet + 1 if now > said else quiet
    assert quiet >= 2, errors.read_text("utf-8")[-3_000:]


@pytest.mark.timeout(3_000 if IS_LONG else 600)
def test_verdicts_of_a_runner_that_is_killed_again_and_again(empty_cluster: Elasticsearch, tmp_path: Path) -> None:
    chance = random.Random(11)
    some = world(tmp_path / "world", "kills", events=60 if IS_LONG else 30)
    address, errors = address_of(empty_cluster), tmp_path / "errors"
    lookups = tmp_path / "world" / "slow_enumeration0" / "lookups"
    first, *parts = batches(some.arriving, KILLS + 1)
    feed(empty_cluster, first)
    begun = time.monotonic()
    with process(address, lookups, errors):
        while not said(errors, "decided on"):
            assert time.monotonic() - begun < WITHIN_SECONDS
            time.sleep(0.1)
    lasting = time.monotonic() - begun
    generations = []
    for part in parts:
        with process(address, lookups, errors) as one:
            feed(empty_cluster, part[: len(part) // 2])
            # Anywhere from before its first request to within its second run.
            time.sleep(chance.random() * (1.5 * lasting + HELD_SECONDS))
            feed(empty_cluster, part[len(part) // 2 :])
            assert one.poll() is None, errors.read_text("utf-8")[-3_000:]
        generations.append(generation(empty_cluster))
    errors.unlink()
    with process(address, lookups, errors):
        wait_until_quiet(empty_cluster, errors)
    expected = undisturbed(empty_cluster, some)
    print(f"{KILLS} kills, {len(set(generations))} states seen, {generations[-1]} commits, {len(expected)} findings")
    # Where few kills fall is chance; the other tests of dying go through every request.
    assert len(set(generations)) > (2 if IS_LONG else 0)
    assert len(expected) >= 4
    assert written(empty_cluster) == expected


@pytest.mark.timeout(600)
def test_of_two_runners_one_works_and_the_other_takes_over_when_it_dies(
    empty_cluster: Elasticsearch, tmp_path: Path
) -> None:
    some = world(tmp_path / "world", "two", events=20)
    address, lookups = address_of(empty_cluster), tmp_path / "world" / "slow_enumeration0" / "lookups"
    first, second = tmp_path / "first", tmp_path / "second"
    early, late = batches(some.arriving, 2)
    feed(empty_cluster, early)
    with process(address, lookups, second) as other:
        with process(address, lookups, first):
            working, waiting = first, second
            until = time.monotonic() + WITHIN_SECONDS
            while not (said(first, "decided on") or said(second, "decided on")) and time.monotonic() < until:
                time.sleep(0.2)
            if said(second, "decided on"):
                working, waiting = second, first
            while not said(waiting, "another runner is at work") and time.monotonic() < until:
                time.sleep(0.2)
            assert not said(waiting, "decided on")
            if working is second:
                other.send_signal(signal.SIGKILL)
                feed(empty_cluster, late)
                wait_until_quiet(empty_cluster, waiting)
        if working is first:
            feed(empty_cluster, late)
            wait_until_quiet(empty_cluster, waiting)
    assert written(empty_cluster) == undisturbed(empty_cluster, some)


def said(file: Path, words: str) -> bool:
    return file.exists() and words in file.read_text("utf-8")
