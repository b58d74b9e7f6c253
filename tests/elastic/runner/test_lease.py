"""One runner works at a time, whoever dies, sleeps or has a wrong clock."""

from __future__ import annotations

import threading
import time

import pytest
from elasticsearch import Elasticsearch

from enumwatch.elastic.runner.lease import Lease
from enumwatch.elastic.runner.state import LostError, State, Version, commit, load

from .dying import Killed, address_of, dying


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


def test_who_waits_takes_over_when_nothing_was_heard_for_as_long_as_the_lease_holds(
    empty_cluster: Elasticsearch,
) -> None:
    mine, theirs = Clock(5), Clock(1_000_000)  # clocks of two machines
    one, other = Lease(empty_cluster, 60, mine), Lease(empty_cluster, 60, theirs)
    assert one.take()
    assert not other.take()
    theirs.seconds += 59
    one.renew()
    assert not other.take()
    theirs.seconds += 59
    assert not other.take()
    theirs.seconds += 1
    assert other.take()
    with pytest.raises(LostError):
        one.renew()
    with pytest.raises(LostError):
        one.confirm()
    other.confirm()
    assert not one.take()


def test_who_slept_too_long_does_not_take_the_lease_for_his(empty_cluster: Elasticsearch) -> None:
    clock = Clock()
    one = Lease(empty_cluster, 60, clock)
    assert one.take()
    clock.seconds = 59
    one.confirm()
    clock.seconds = 61
    with pytest.raises(LostError):
        one.confirm()
    assert one.take()  # nobody else came


def test_a_lease_that_was_given_back_is_free_at_once(empty_cluster: Elasticsearch) -> None:
    one, other = Lease(empty_cluster, 60), Lease(empty_cluster, 60)
    assert one.take()
    one.release()
    assert other.take()
    assert not one.take()


def test_of_many_who_ask_at_once_one_has_it(empty_cluster: Elasticsearch) -> None:
    leases = [Lease(empty_cluster, 60) for _ in range(8)]
    taken: list[bool] = []
    threads = [threading.Thread(target=lambda one=one: taken.append(one.take())) for one in leases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == 1


def test_a_renewal_whose_answer_was_lost_is_not_the_end(empty_cluster: Elasticsearch) -> None:
    one = Lease(empty_cluster, 60)
    assert one.take()
    client, one._client = one._client, dying(address_of(empty_cluster), 1, is_sent=True)
    with pytest.raises(Killed):
        one.renew()
    one._client.close()
    one._client = client
    assert one.take()


def test_a_holder_that_works_keeps_it(empty_cluster: Elasticsearch) -> None:
    one, other = Lease(empty_cluster, 1), Lease(empty_cluster, 1)
    assert one.take()
    with one:
        until = time.monotonic() + 3
        while time.monotonic() < until:
            assert not other.take()
            one.confirm()
            time.sleep(0.2)


def test_a_state_is_written_only_over_the_one_that_was_read(empty_cluster: Elasticsearch) -> None:
    assert load(empty_cluster) == (None, Version())
    first = commit(empty_cluster, State.beginning(0, 1), Version())
    with pytest.raises(LostError):
        commit(empty_cluster, State.beginning(0, 1), Version())
    commit(empty_cluster, State.beginning(1, 1), first)
    with pytest.raises(LostError):
        commit(empty_cluster, State.beginning(2, 1), first)
    state, _ = load(empty_cluster)
    assert state == State.beginning(1, 1)
