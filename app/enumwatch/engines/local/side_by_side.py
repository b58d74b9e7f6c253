"""Side by side: the work on many tenants shared out to as many processes as the machine has cores."""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

# Below this much work (see TenantRows.size) another process costs more than it saves.
_WORTH_A_PROCESS = 60_000


class Sized(Protocol):
    """A task that knows how much work it is."""

    @property
    def size(self) -> int:
        """How much there is to do, in any unit."""


Task = TypeVar("Task", bound=Sized)
Done = TypeVar("Done")


def side_by_side(work: Callable[[Task], Done], tasks: Sequence[Task]) -> list[Done]:
    """What the work makes of each task, in their order.

    The helpers are copies of this process that share its memory, so nothing has to be sent to them. Where a system cannot copy
    a process safely, or there is little to do, this process does it all; so it does with what a helper fails to deliver.
    """
    shares = _shares(tasks, _processes(sum(task.size for task in tasks)))
    done: dict[int, Done] = {}
    context = multiprocessing.get_context("fork") if len(shares) > 1 else multiprocessing.get_context()
    helpers = []
    for share in shares[1:]:
        receiver, sender = context.Pipe(duplex=False)
        helper = context.Process(target=_deliver, args=(sender, work, [tasks[turn] for turn in share]), daemon=True)
        with warnings.catch_warnings():
            # The threads that the warning is about belong to the database and are idle; the copy never touches it.
            warnings.simplefilter("ignore", DeprecationWarning)
            helper.start()
        sender.close()
        helpers.append((share, receiver, helper))
    for turn in shares[0]:
        done[turn] = work(tasks[turn])
    for share, receiver, helper in helpers:
        delivered: list[Done] | None = _received(receiver)
        helper.join()
        if delivered is None:
            delivered = [work(tasks[turn]) for turn in share]
        done.update(zip(share, delivered, strict=True))
    return [done[turn] for turn in range(len(tasks))]


def _processes(size: int) -> int:
    if not sys.platform.startswith("linux") or size < _WORTH_A_PROCESS:
        return 1
    return min(len(os.sched_getaffinity(0)), 8, size // (_WORTH_A_PROCESS // 2))


def _shares(tasks: Sequence[Sized], processes: int) -> list[list[int]]:
    """Numbers of the tasks for each process, the largest first to whoever has least."""
    shares: list[list[int]] = [[] for _ in range(max(1, processes))]
    loads = [0] * len(shares)
    for turn in sorted(range(len(tasks)), key=lambda turn: -tasks[turn].size):
        least = loads.index(min(loads))
        shares[least].append(turn)
        loads[least] += tasks[turn].size
    return [shares[0], *(share for share in shares[1:] if share)]


def _deliver(sender: Connection, work: Callable[[Task], Done], tasks: Sequence[Task]) -> None:
    try:
        sender.send([work(task) for task in tasks])
    except Exception:  # whatever it was, the parent does this share itself and meets it there
        os._exit(1)
    finally:
        sender.close()


def _received(receiver: Connection) -> Any:
    """What a helper made, None where it died."""
    try:
        return receiver.recv()
    except (EOFError, OSError):
        return None
