"""Account: one account made, and what became of it in its first day; maker: whoever makes accounts."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Deque, Dict, NamedTuple, Set, Tuple

from ..contact import Contact
from ..context import Context
from ..history import History
from ..network import canonical_ip
from ..service_name import is_service_name
from .limits import Limits

# More recipients than this are counted as so many.
_KEPT_RECIPIENTS = 5_000


class MakerKey(NamedTuple):
    """Who makes accounts: `sort` is account, ip or app."""

    tenant: str
    sort: str
    value: str


@dataclass
class Account:
    """An account that was made (or, where `is_woken`, an old one that was enabled again)."""

    key: str
    written: str
    local: str
    domain: str
    made_at: int
    is_woken: bool
    is_invited: bool = False  # a guest, whom any colleague may invite
    disposable: str = ""  # why its domain is disposable
    lookalike: str = ""  # why its domain imitates an own one
    is_weak_lookalike: bool = False
    deleted_at: int = 0
    mails: int = 0
    bounced: int = 0
    recipients: Set[str] = field(default_factory=set)  # outside the organisation

    def sent(self, recipient: str, domain: str, mails: int, is_bounced: bool) -> None:
        """Adds mails to one recipient; those of the account's own domain are inside."""
        self.mails += mails
        self.bounced += mails if is_bounced else 0
        if domain != self.domain and len(self.recipients) < _KEPT_RECIPIENTS:
            self.recipients.add(recipient)

    def is_bouncing(self, limits: Limits) -> bool:
        """Whether more of its mail comes back than a person's does."""
        return self.mails >= limits.bounce_mails and self.bounced > limits.bounce_share * self.mails

    def is_doubtful(self, limits: Limits) -> bool:
        """Whether the account itself shows something that accounts of people do not."""
        is_loud = len(self.recipients) > limits.recipients or self.is_bouncing(limits)
        return bool(self.disposable or self.lookalike or self.deleted_at or is_loud)


@dataclass
class Maker:
    """What one maker did within the last day, and on earlier days."""

    is_application: bool
    is_self: bool
    history: History = field(default_factory=History)
    hour: Deque[Tuple[int, str]] = field(default_factory=deque)  # (time, account) of the last hour
    day: Deque[Tuple[int, str]] = field(default_factory=deque)
    bulk: Deque[int] = field(default_factory=deque)  # times of jobs that name no accounts
    creators: Dict[str, int] = field(default_factory=dict)  # who made them → when last, of a shared address or app
    addresses: Dict[str, int] = field(default_factory=dict)
    countries: Dict[str, int] = field(default_factory=dict)
    agents: Dict[str, int] = field(default_factory=dict)
    apps: Dict[str, int] = field(default_factory=dict)
    app_ids: Dict[str, int] = field(default_factory=dict)
    sources: Dict[str, int] = field(default_factory=dict)
    looked_at: int = 0  # accounts when it was last judged
    last: int = 0  # when it last made something

    def expire(self, now: int, window: int, day_window: int) -> None:
        """Drops what is older than the windows."""
        for queue, length in ((self.hour, window), (self.day, day_window)):
            while queue and queue[0][0] < now - length:
                queue.popleft()
        while self.bulk and self.bulk[0] < now - day_window:
            self.bulk.popleft()
        for table in (
            self.creators,
            self.addresses,
            self.countries,
            self.agents,
            self.apps,
            self.app_ids,
            self.sources,
        ):
            for name in [name for name, last in table.items() if last < now - day_window]:
                del table[name]

    def note(self, contact: Contact, now: int) -> None:
        """Remembers when, from where and with what this was done."""
        self.last = now
        places = (
            (self.addresses, canonical_ip(contact.src_ip)),
            (self.countries, contact.country),
            (self.agents, contact.user_agent),
            (self.apps, contact.app),
            (self.app_ids, contact.app_id),
            (self.sources, contact.source),
            (self.creators, contact.actor.lower()),
        )
        for table, value in places:
            if value:
                table[value] = now

    def last_made(self) -> int:
        """When the last account of the day was made."""
        return max(self.day[-1][0] if self.day else 0, self.bulk[-1] if self.bulk else 0)


def makers_of(contact: Contact, key: str, creator_key: str) -> Tuple[Tuple[MakerKey, bool, bool], ...]:
    """Who made this account, with (is an application, made it for itself): the creator first, then what creators share."""
    address = canonical_ip(contact.src_ip)
    actor = contact.actor.lower() or contact.app.lower()
    found = []
    is_self = bool(key) and creator_key == key
    is_application = (bool(contact.app) and actor == contact.app.lower()) or is_service_name(actor)
    if actor and not is_self:
        found.append((MakerKey(contact.tenant, "account", actor), is_application, False))
    if address:
        found.append((MakerKey(contact.tenant, "ip", address), is_application, is_self))
    if contact.app_id:
        found.append((MakerKey(contact.tenant, "app", contact.app_id.lower()), is_application, is_self))
    if not found and contact.host:
        found.append((MakerKey(contact.tenant, "host", contact.host.lower()), False, False))
    return tuple(found)


def account_of(contact: Contact, key: str, local: str, domain: str, now: int, context: Context) -> Account:
    """The account a contact tells of, with what is known of its domain."""
    is_woken, is_invited = contact.kind == "account_enabled", "invite" in contact.code.lower()
    account = Account(key, contact.target, local, domain, now, is_woken, is_invited)
    if domain and not context.organisation.domain_kind(domain, contact.tenant):
        kind, why = context.mail_domain(domain)
        if kind == "disposable":
            account.disposable = why
        elif not kind:
            imitation, why = context.lookalike(domain)
            account.lookalike = why
            account.is_weak_lookalike = imitation in ("label", "name_part")
    return account
