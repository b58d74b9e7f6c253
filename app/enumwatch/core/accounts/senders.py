"""Senders: new senders at one address whose mail comes back, where no log tells of accounts being made."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Counter as CounterOf
from typing import Deque, Dict, Iterable, Iterator, NamedTuple, Set, Tuple

from ..context import Context
from ..moment import Moment
from ..network import canonical_ip
from ..times import DAY
from .first_days import UNDELIVERED
from .limits import CREATION, Limits

# Beyond this the oldest mails of a day are let go: far above every limit the counts need not be exact.
_KEPT_MAILS = 20_000
# A sender who was silent for so long is new again.
FORGOTTEN_AFTER = 180 * DAY


class Mail(NamedTuple):
    """One moment of mail by one sender."""

    time: int
    sender: str
    mails: int
    is_bounced: bool


@dataclass
class Sending:
    """One address's finding. It grows until nothing was sent from it for the closing time."""

    tenant: str
    address: str
    start: int
    raised_at: int
    last: int
    mails: int = 0
    bounced: int = 0
    senders: Dict[str, str] = field(default_factory=dict)  # key → as written
    sources: Set[str] = field(default_factory=set)
    told_senders: int = 0
    told_mails: int = 0
    is_closed: bool = False


@dataclass
class Sender:
    """When somebody sent mail first and last, and how the log writes them."""

    first: int
    last: int
    written: str = ""


@dataclass
class SendingPlace:
    """What new senders sent from one address within the last day."""

    mails: Deque[Mail] = field(default_factory=deque)
    senders: CounterOf[str] = field(default_factory=Counter)
    sent: int = 0
    bounced: int = 0

    def add(self, mail: Mail, window: int) -> None:
        """Adds the newest mail and drops what is older than the window."""
        while self.mails and (self.mails[0].time < mail.time - window or len(self.mails) >= _KEPT_MAILS):
            self._count(self.mails.popleft(), -1)
        self.mails.append(mail)
        self._count(mail, 1)

    def recall(self, mails: Iterable[Mail]) -> None:
        """Takes back from memory what was sent, in time order."""
        self.mails = deque(mails)
        for mail in self.mails:
            self._count(mail, 1)

    def _count(self, mail: Mail, by: int) -> None:
        self.sent += by * mail.mails
        self.bounced += by * mail.mails if mail.is_bounced else 0
        self.senders[mail.sender] += by
        if not self.senders[mail.sender]:
            del self.senders[mail.sender]


class SenderWatch:
    """State by sender and by address in plain tables; `take` gives the findings that opened or grew."""

    def __init__(self, context: Context) -> None:
        self.limits = Limits.of(context.limits(CREATION))
        self._book = context.book()
        self.senders: Dict[Tuple[str, str], Sender] = {}  # by tenant and sender
        self.places: Dict[Tuple[str, str], SendingPlace] = {}  # by tenant and address
        self.open: Dict[Tuple[str, str], Sending] = {}

    def take(self, moment: Moment) -> Iterator[Sending]:
        """Yields what is worth telling of the address after this moment; one that closed comes with its last word."""
        contact, now = moment.contact, moment.time
        address, name = canonical_ip(contact.src_ip), self._book.key(contact.actor)
        sender = self._sender(contact.tenant, name, now)
        if not address or now - sender.first > self.limits.first_day:
            return
        sender.written = sender.written or contact.actor
        key = (contact.tenant, address)
        sending = self.open.get(key)
        if sending is not None and now - sending.last > self.limits.close_after:
            sending.is_closed = True
            yield self.open.pop(key)
            sending = None
        place = self.places.setdefault(key, SendingPlace())
        mail = Mail(now, name, moment.attempts, contact.code.lower() in UNDELIVERED)
        place.add(mail, self.limits.day_window)
        if sending is None:
            if not self._is_enough(place):
                return
            sending = self.open[key] = Sending(contact.tenant, address, place.mails[0].time, now, now)
            for one in place.mails:
                self._add(sending, one, moment)
        else:
            self._add(sending, mail, moment)
        yield sending

    def _sender(self, tenant: str, name: str, now: int) -> Sender:
        sender = self.senders.get((tenant, name))
        if sender is None or now - sender.last >= FORGOTTEN_AFTER:
            sender = self.senders[tenant, name] = Sender(now, now)
        sender.last = now
        return sender

    def _is_enough(self, place: SendingPlace) -> bool:
        limits = self.limits
        return (
            len(place.senders) >= limits.burst
            and place.sent >= limits.place_mails
            and place.bounced > limits.bounce_share * place.sent
        )

    def _add(self, sending: Sending, mail: Mail, moment: Moment) -> None:
        sending.last = mail.time
        sending.mails += mail.mails
        sending.bounced += mail.mails if mail.is_bounced else 0
        sending.senders[mail.sender] = self.senders[sending.tenant, mail.sender].written
        sending.sources.add(moment.contact.source)
