"""Creation: every finding of the rule account_creation, with each of its updates."""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, Sequence, Set, Tuple

from ..contact import Contact
from ..context import Context
from ..moment import Moment, moments
from ..verdict import Verdict, rank
from .account import MakerKey
from .making import Making
from .senders import SenderWatch, Sending
from .told import making_verdict, sending_verdict
from .watch import MADE, AccountWatch

_Update = Tuple[int, Verdict]  # when it would have been told, microseconds
KINDS = MADE | {"account_deleted", "mail_sent"}


class Creation:
    """Follows makers, new accounts and senders of all tenants; fed in slices of time it tells the same as at once."""

    def __init__(self, context: Context, with_updates: bool = True) -> None:
        self._context = context
        self._with_updates = with_updates
        self.accounts = AccountWatch(context)
        self.senders = SenderWatch(context)
        self.announced: Set[str] = set()  # tenants in whose logs accounts are made
        self._makings: Dict[MakerKey, Making] = {}  # seen since the last `close`
        self._sendings: Dict[Tuple[str, str], Sending] = {}

    def follow(self, known: Iterable[Moment]) -> Iterator[_Update]:
        """Updates worth telling of moments in time order; nothing here is earlier than what came before."""
        for moment in known:
            tenant, kind = moment.contact.tenant, moment.contact.kind
            for making in self.accounts.take(moment):
                yield from self._tell_of_making(making)
            if kind in MADE:
                self.announced.add(tenant)
            elif kind == "mail_sent" and tenant not in self.announced:
                # Where a log tells of accounts being made, new senders are known from it.
                for sending in self.senders.take(moment):
                    yield from self._tell_of_sending(sending)

    def close(self) -> Iterator[_Update]:
        """The last word on every finding that took something in since it was last told; what is open stays open."""
        for making in self._makings.values():
            yield from self._last_of_making(making)
        for sending in self._sendings.values():
            yield from self._last_of_sending(sending)
        self._makings, self._sendings = {}, {}

    def _tell_of_making(self, making: Making) -> Iterator[_Update]:
        if making.is_closed:
            self._makings.pop(making.maker, None)
            yield from self._last_of_making(making)
            return
        self._makings[making.maker] = making
        has_risen = not making.told_verdict or rank(making.verdict) < rank(making.told_verdict)
        if has_risen or len(making.accounts) >= 2 * max(1, making.told_accounts):
            making.told_verdict, making.told_accounts = making.verdict, len(making.accounts)
            if self._with_updates:
                yield from self._last_of_making(making)

    def _last_of_making(self, making: Making) -> Iterator[_Update]:
        if making.told_events < making.events:
            making.told_events = making.events
            yield making.last, making_verdict(making, self.accounts, self._context)

    def _tell_of_sending(self, sending: Sending) -> Iterator[_Update]:
        key = (sending.tenant, sending.address)
        if sending.is_closed:
            self._sendings.pop(key, None)
            yield from self._last_of_sending(sending)
            return
        self._sendings[key] = sending
        if len(sending.senders) >= 2 * max(1, sending.told_senders):
            sending.told_senders = len(sending.senders)
            if self._with_updates:
                yield from self._last_of_sending(sending)

    def _last_of_sending(self, sending: Sending) -> Iterator[_Update]:
        if sending.told_mails < sending.mails:
            sending.told_mails = sending.mails
            yield sending.last, sending_verdict(sending, self._context, self.senders.limits)


def account_creation(rows: Sequence[Contact], context: Context, with_updates: bool = True) -> Iterator[_Update]:
    """Updates of all findings; without `with_updates` only the last word on each."""
    creation = Creation(context, with_updates)
    yield from creation.follow(moments(row for row in rows if row.kind in KINDS))
    yield from creation.close()
