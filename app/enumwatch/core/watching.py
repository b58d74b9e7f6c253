"""Watching: each tenant is followed for itself, by all rules that watch places, in turn or side by side."""

from __future__ import annotations

from typing import AbstractSet, Callable, Dict, List, NamedTuple, Sequence, Tuple

from .contact import Contact
from .context import Context
from .event import TRYING_KINDS
from .finding import Reporter
from .incident import CHAIN, ENUMERATION, GUESSING, SPRAY
from .observation import observe
from .owner import Owner
from .roll_call.rules import rules_of
from .scope import Limits
from .success import SuccessRow, successes
from .times import SECOND
from .verdict import Verdict
from .watch import TenantWatch

WATCHING = (ENUMERATION, SPRAY, GUESSING, CHAIN)

Update = Tuple[int, Verdict]  # when it would have been told, microseconds


class TenantRows(NamedTuple):
    """What a log shows of one tenant."""

    tenant: str
    tried: List[Contact]
    arrivals: List[SuccessRow]

    @property
    def size(self) -> int:
        """How much there is to do, to share it out evenly; a failed try takes about eight times as long as a success."""
        return 8 * len(self.tried) + len(self.arrivals)


Work = Callable[[TenantRows], List[Update]]
Spread = Callable[[Work, Sequence[TenantRows]], List[List[Update]]]


def in_turn(work: Work, tenants: Sequence[TenantRows]) -> List[List[Update]]:
    """Does the work on one tenant after the other."""
    return [work(one) for one in tenants]


def watch(
    rows: Sequence[Contact],
    arrivals: Sequence[SuccessRow],
    context: Context,
    asked: AbstractSet[str],
    with_updates: bool,
    spread: Spread,
) -> List[Update]:
    """Every update of every finding of the rules that watch places."""

    def work(one: TenantRows) -> List[Update]:
        return _watch_tenant(one, context, asked, with_updates)

    return [update for told in spread(work, _by_tenant(rows, arrivals)) for update in told]


def _by_tenant(rows: Sequence[Contact], arrivals: Sequence[SuccessRow]) -> List[TenantRows]:
    found: Dict[str, TenantRows] = {}
    for contact in rows:
        if contact.kind in TRYING_KINDS and contact.outcome not in ("noise", "throttled"):
            (found.get(contact.tenant) or found.setdefault(contact.tenant, _empty(contact.tenant))).tried.append(
                contact
            )
    for row in arrivals:
        (found.get(row.tenant) or found.setdefault(row.tenant, _empty(row.tenant))).arrivals.append(row)
    return [found[tenant] for tenant in sorted(found)]


def _empty(tenant: str) -> TenantRows:
    return TenantRows(tenant, [], [])


def _watch_tenant(given: TenantRows, context: Context, asked: AbstractSet[str], with_updates: bool) -> List[Update]:
    book = context.book()
    reporter = Reporter(context, asked, with_updates)
    rules = rules_of(context.limits(ENUMERATION))
    watching = TenantWatch(limits_of(context), rules, Owner(context.organisation, given.tenant))
    told: List[Update] = []
    failures = observe(given.tried, book, context.mail_sources())
    for time, incident in watching.follow(failures, successes(given.arrivals, book)):
        told += reporter.tell(incident, time)
    told += reporter.close()
    return told


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
        first_try=_micro(context.limits(CHAIN)["first_try"]),
        success_share=context.limits(CHAIN)["success_share"],
        follow=_micro(context.limits(CHAIN)["follow"]),
    )


def _micro(seconds: float) -> int:
    return int(seconds * SECOND)
