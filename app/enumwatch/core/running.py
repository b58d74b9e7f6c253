"""Running: every rule that was asked for, over the same rows, each with what it remembers."""

from __future__ import annotations

from typing import AbstractSet, List, Optional, Sequence

from .accounts.creation import KINDS as ACCOUNT_KINDS
from .accounts.creation import Creation, account_creation
from .accounts.limits import CREATION
from .bounds import Cut
from .contact import Contact
from .context import Context
from .directory.gathering import Gathering, identity_gathering, known_of, without_those_told_worse
from .directory.limits import GATHERING
from .memory import accounts as account_memory
from .memory import directory as directory_memory
from .memory.row import MemoryRow
from .memory.shelves import with_new
from .memory.tenant import KINDS
from .moment import moments
from .published import published_threshold
from .success import SuccessRow
from .tuned import with_note
from .watching import WATCHING, Followed, Spread, Update, watch

PUBLISHED = "published_threshold"


def run(
    rows: Sequence[Contact],
    arrivals: Sequence[SuccessRow],
    context: Context,
    asked: AbstractSet[str],
    with_updates: bool,
    spread: Spread,
    memory: Optional[List[MemoryRow]] = None,
    cuts: Sequence[Cut] = (),
) -> Followed:
    """Every update of every finding with the time it would have been told, and what to remember.

    Without `memory` nothing is remembered; what a rule that was not asked for remembers stays as it is.
    """
    told: List[Update] = []
    left = memory
    beyond: Sequence[Cut] = ()
    if asked & set(WATCHING):
        watched = watch(rows, arrivals, context, asked, with_updates, spread, memory, cuts)
        told += watched.updates
        beyond = watched.cuts
        left = with_new(left, KINDS, watched.memory)
    if PUBLISHED in asked:
        told += [(verdict.detected_at, verdict) for verdict in published_threshold(rows, context)]
    if GATHERING in asked:
        gathered = _gather(rows, arrivals, context, with_updates, memory)
        told = without_those_told_worse(gathered.updates, told) + told
        left = with_new(left, directory_memory.KINDS, gathered.memory)
    if CREATION in asked:
        made = _create(rows, context, with_updates, memory)
        told += made.updates
        left = with_new(left, account_memory.KINDS, made.memory)
    return Followed([(time, with_note(verdict, context.rulebook)) for time, verdict in told], left or [], beyond)


def _gather(
    rows: Sequence[Contact],
    arrivals: Sequence[SuccessRow],
    context: Context,
    with_updates: bool,
    memory: Optional[List[MemoryRow]],
) -> Followed:
    if memory is None:
        return Followed(list(identity_gathering(rows, context, with_updates, arrivals)), [])
    known, came = known_of(rows, arrivals)
    times = [*(one.time for one in known[:1] + known[-1:]), *(one.time for one in came[:1] + came[-1:])]
    if not times:
        return Followed([], [row for row in memory if row.kind in directory_memory.KINDS])
    gathering = Gathering(context, with_updates)
    directory_memory.recall(gathering, memory, min(times))
    told = [*gathering.follow(known, came), *gathering.close()]
    return Followed(told, directory_memory.remembered(gathering, max(times)))


def _create(
    rows: Sequence[Contact], context: Context, with_updates: bool, memory: Optional[List[MemoryRow]]
) -> Followed:
    if memory is None:
        return Followed(list(account_creation(rows, context, with_updates)), [])
    known = moments(row for row in rows if row.kind in ACCOUNT_KINDS)
    if not known:
        return Followed([], [row for row in memory if row.kind in account_memory.KINDS])
    creation = Creation(context, with_updates)
    account_memory.recall(creation, memory, known[0].time)
    told = [*creation.follow(known), *creation.close()]
    return Followed(told, account_memory.remembered(creation, known[-1].time))
