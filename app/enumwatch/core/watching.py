"""Watching: each tenant is followed for itself, by all rules that watch places, in turn or side by side."""

from __future__ import annotations

from typing import AbstractSet, Callable, Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple

from .bounds import Bounds, Cut, together, within
from .contact import Contact
from .context import Context
from .event import TRYING_KINDS
from .finding import Reporter
from .incident import CHAIN, ENUMERATION, GUESSING, SPRAY
from .memory.row import MemoryRow
from .memory.tenant import KINDS, recall, remembered
from .observation import observe
from .owner import Owner
from .roll_call.rules import rules_of
from .scope import Limits
from .success import SuccessRow, successes
from .times import SECOND
from .usual import Usual
from .verdict import Verdict
from .watch import TenantWatch

WATCHING = (ENUMERATION, SPRAY, GUESSING, CHAIN)

Update = Tuple[int, Verdict]  # when it would have been told, microseconds


class TenantRows(NamedTuple):
    """What a log shows of one tenant."""

    tenant: str
    tried: List[Contact]
    arrivals: List[SuccessRow]
    memory: List[MemoryRow]
    cuts: List[Cut]  # what the engine did not hand over

    @property
    def size(self) -> int:
        """How much there is to do, to share it out evenly; a failed try takes about eight times as long as a success."""
        return 8 * len(self.tried) + len(self.arrivals)


class Followed(NamedTuple):
    """What became of one tenant: its updates, what to remember of it where that was asked for, and what was not followed."""

    updates: List[Update]
    memory: List[MemoryRow]
    cuts: Sequence[Cut] = ()


Work = Callable[[TenantRows], Followed]
Spread = Callable[[Work, Sequence[TenantRows]], List[Followed]]


def in_turn(work: Work, tenants: Sequence[TenantRows]) -> List[Followed]:
    """Does the work on one tenant after the other."""
    return [work(one) for one in tenants]


def watch(
    rows: Sequence[Contact],
    arrivals: Sequence[SuccessRow],
    context: Context,
    asked: AbstractSet[str],
    with_updates: bool,
    spread: Spread,
    memory: Optional[Iterable[MemoryRow]] = None,
    cuts: Iterable[Cut] = (),
) -> Followed:
    """Every update of every finding of the rules that watch places, and what to remember, of all tenants.

    `memory` is what an earlier run remembered; without it nothing is remembered either. `cuts` is what the engine kept back.
    """
    is_kept = memory is not None

    def work(one: TenantRows) -> Followed:
        return _watch_tenant(one, context, asked, with_updates, is_kept)

    told = spread(work, _by_tenant(rows, arrivals, memory or (), cuts))
    return Followed(
        [one for each in told for one in each.updates],
        [one for each in told for one in each.memory],
        [one for each in told for one in each.cuts],
    )


def _by_tenant(
    rows: Sequence[Contact], arrivals: Sequence[SuccessRow], memory: Iterable[MemoryRow], cuts: Iterable[Cut]
) -> List[TenantRows]:
    found: Dict[str, TenantRows] = {}
    for contact in rows:
        if contact.kind in TRYING_KINDS and contact.outcome not in ("noise", "throttled"):
            _of(found, contact.tenant).tried.append(contact)
    came: Dict[str, List[SuccessRow]] = {}
    for arrival in arrivals:
        tenant = arrival.spot.tenant
        if tenant not in came:
            came[tenant] = _of(found, tenant).arrivals
        came[tenant].append(arrival)
    for row in memory:
        if row.kind in KINDS:
            _of(found, row.tenant).memory.append(row)
    for cut in cuts:
        _of(found, cut.tenant).cuts.append(cut)
    return [found[tenant] for tenant in sorted(found)]


def _of(found: Dict[str, TenantRows], tenant: str) -> TenantRows:
    known = found.get(tenant)
    if known is None:
        known = found[tenant] = TenantRows(tenant, [], [], [], [])
    return known


def _watch_tenant(
    given: TenantRows, context: Context, asked: AbstractSet[str], with_updates: bool, is_kept: bool
) -> Followed:
    book = context.book()
    tried, beyond = within(given.tried, Bounds.of(context.limits(ENUMERATION)))
    cuts = together([*given.cuts, *beyond])
    failures, came = observe(tried, book, context.mail_sources()), successes(given.arrivals, book)
    times = [each.time for one in (failures, came) for each in (one[:1] + one[-1:])]
    if not times:
        return Followed([], given.memory, cuts)
    rules, claimed = rules_of(context.limits(ENUMERATION)), context.sources_of_claimed_addresses()
    watching = TenantWatch(limits_of(context), rules, Owner(context.organisation, given.tenant), claimed)
    reporter = Reporter(context, asked, Usual(watching.knowledge, watching.statistics), with_updates, cuts)
    recall(watching, given.memory, min(times))
    told: List[Update] = []
    for time, incident in watching.follow(failures, came):
        told += reporter.tell(incident, time)
    told += reporter.close()
    kept = remembered(watching, given.tenant, max(times)) if is_kept else []
    watching.end()
    return Followed(told, kept, cuts)


def limits_of(context: Context) -> Limits:
    """The limits of all rules that watch places, in the core's units (times in microseconds)."""
    names, spray, guess = (context.limits(one) for one in (ENUMERATION, SPRAY, GUESSING))
    return Limits(
        window=_micro(names["window"]),
        alarm_attempts_per_name=names["alarm_attempts_per_name"],
        shared_users=int(names["shared_users"]),
        shared_alarm_names=int(names["shared_alarm_names"]),
        hidden_attempts=int(names["hidden_attempts"]),
        unclear_names=int(names["unclear_names"]),
        revisit_after=_micro(names["revisit_after"]),
        close_after=_micro(names["close_after"]),
        spray_names=int(spray["names"]),
        spray_attempts_per_name=spray["attempts_per_name"],
        spray_shared_names=int(spray["shared_names"]),
        round_names=int(spray["round_names"]),
        round_spread=_micro(spray["round_spread"]),
        round_attempts=int(spray["round_attempts"]),
        round_evenness=spray["round_evenness"],
        guess_names=int(guess["names"]),
        guess_burst_attempts=int(guess["burst_attempts"]),
        guess_burst=_micro(guess["burst"]),
        guess_hour_attempts=int(guess["hour_attempts"]),
        guess_addresses=int(guess["addresses"]),
        guess_level=guess["addresses_level"],
        guess_rate=guess["addresses_rate"],
        first_try=_micro(context.limits(CHAIN)["first_try"]),
        success_share=context.limits(CHAIN)["success_share"],
        follow=_micro(context.limits(CHAIN)["follow"]),
        fewest_names=int(min(names["unclear_names"], spray["names"], spray["round_names"])),
        fewest_attempts=int(min(names["hidden_attempts"], guess["burst_attempts"], guess["hour_attempts"])),
    )


def _micro(seconds: float) -> int:
    return int(seconds * SECOND)
