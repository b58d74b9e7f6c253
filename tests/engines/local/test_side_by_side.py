"""Work shared out to processes: the same results in the same order, whatever happens to a helper."""

from __future__ import annotations

import os
from typing import NamedTuple

import pytest

from enumwatch.engines.local import side_by_side as module
from enumwatch.engines.local.side_by_side import side_by_side


class Task(NamedTuple):
    number: int
    size: int = 100_000


TASKS = [Task(number) for number in range(7)]
ON_LINUX = pytest.mark.skipif(module._processes(1_000_000) < 2, reason="needs Linux and more than one core")


def where(task: Task) -> tuple[int, int]:
    return task.number, os.getpid()


@ON_LINUX
def test_results_come_in_order_from_several_processes() -> None:
    done = side_by_side(where, TASKS)
    assert [number for number, _ in done] == list(range(7))
    assert len({process for _, process in done}) == min(len(os.sched_getaffinity(0)), 7)


def test_little_work_stays_in_this_process() -> None:
    assert side_by_side(where, [Task(1, 5), Task(2, 5)]) == [(1, os.getpid()), (2, os.getpid())]
    assert side_by_side(where, []) == []


@ON_LINUX
def test_what_a_helper_fails_to_deliver_is_done_here() -> None:
    here = os.getpid()

    def dies_elsewhere(task: Task) -> int:
        if os.getpid() != here:
            os._exit(9)
        return task.number

    assert side_by_side(dies_elsewhere, TASKS) == list(range(7))


@ON_LINUX
def test_an_error_of_the_work_is_raised_here() -> None:
    def fails(task: Task) -> int:
        raise ValueError(f"task {task.number}")

    with pytest.raises(ValueError, match="task"):
        side_by_side(fails, TASKS)


def test_the_largest_tasks_are_shared_out_first() -> None:
    tasks = [Task(0, 1), Task(1, 10), Task(2, 6), Task(3, 5)]
    assert module._shares(tasks, 2) == [[1, 0], [2, 3]]
    assert module._shares(tasks[:1], 3) == [[0]]
