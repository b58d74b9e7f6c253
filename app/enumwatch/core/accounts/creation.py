"""Creation: every finding of the rule account_creation, with each of its updates."""

from __future__ import annotations

from typing import Dict, Iterator, List, Sequence, Set, Tuple

from ..contact import Contact
from ..context import Context
from ..moment import Moment, moments
from ..verdict import Verdict, rank
from .making import Making
from .senders import SenderWatch, Sending
from .told import making_verdict, sending_verdict
from .watch import MADE, AccountWatch

_Update = Tuple[int, Verdict]  # when it would have been told, microseconds
_KINDS = MADE | {"account_deleted", "mail_sent"}


def account_creation(rows: Sequence[Contact], context: Context, with_updates: bool = True) -> Iterator[_Update]:
    """Updates of all findings; without `with_updates` only the last word on each."""
    placed = moments(row for row in rows if row.kind in _KINDS)
    yield from _makings(placed, context, with_updates)
    yield from _sendings(placed, context, with_updates)


def _makings(placed: List[Moment], context: Context, with_updates: bool) -> Iterator[_Update]:
    watch = AccountWatch(context)
    told: Dict[int, Making] = {}
    for moment in placed:
        for making in watch.take(moment):
            if making.is_closed:
                told.pop(id(making), None)
                yield from _last_word(making, watch, context)
                continue
            told[id(making)] = making
            has_risen = not making.told_verdict or rank(making.verdict) < rank(making.told_verdict)
            if with_updates and (has_risen or len(making.accounts) >= 2 * max(1, making.told_accounts)):
                making.told_verdict, making.told_accounts = making.verdict, len(making.accounts)
                making.told_events = making.events
                yield making.last, making_verdict(making, watch, context)
    for making in told.values():
        yield from _last_word(making, watch, context)


def _last_word(making: Making, watch: AccountWatch, context: Context) -> Iterator[_Update]:
    if making.told_events < making.events:
        yield making.last, making_verdict(making, watch, context)


def _sendings(placed: List[Moment], context: Context, with_updates: bool) -> Iterator[_Update]:
    """Findings on new senders, of tenants in whose logs no account was made so far."""
    watch = SenderWatch(context)
    told: Dict[int, Sending] = {}
    announced: Set[str] = set()
    for moment in placed:
        if moment.contact.kind in MADE:
            announced.add(moment.contact.tenant)
        if moment.contact.kind != "mail_sent" or moment.contact.tenant in announced:
            continue
        for sending in watch.take(moment):
            told[id(sending)] = sending
            if with_updates and len(sending.senders) >= 2 * max(1, sending.told_senders):
                sending.told_senders, sending.told_mails = len(sending.senders), sending.mails
                yield sending.last, sending_verdict(sending, context, watch.limits)
    for sending in told.values():
        if sending.told_mails < sending.mails:
            yield sending.last, sending_verdict(sending, context, watch.limits)
