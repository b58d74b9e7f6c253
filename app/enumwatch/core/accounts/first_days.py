"""First days: every new account until its first day is over, and what first days usually are."""

from __future__ import annotations

from collections import deque
from typing import Deque, Dict, List, Optional, Set, Tuple

from ..baseline import percentile
from ..contact import Contact
from ..context import Context
from .account import Account, MakerKey
from .limits import Limits

_Key = Tuple[str, str]  # tenant, account
_KEPT_HIRES = 500
UNDELIVERED = frozenset({"failed", "filteredasspam", "quarantined", "bounced", "fail"})


class FirstDays:
    """Accounts made within the last day by tenant and name, and how many recipients new hires reach on theirs."""

    def __init__(self, context: Context, limits: Limits) -> None:
        self._limits = limits
        self._longest = limits.longest_first_day
        self._book = context.book()
        self._is_own = context.organisation.is_own_domain
        self.accounts: Dict[_Key, Account] = {}
        self.makers: Dict[_Key, List[MakerKey]] = {}
        self.queues: Dict[str, Deque[str]] = {}  # tenant → accounts in the order they were made
        self._held: Dict[_Key, Set[MakerKey]] = {}  # account → the makers whose findings name it
        self.made: Dict[_Key, int] = {}  # every account the log saw being made
        self._tenants_of: Dict[str, Set[str]] = {}  # account → tenants
        self.hires: Dict[str, List[int]] = {}  # tenant → recipients of past first days

    def begin(self, tenant: str, account: Account, now: int) -> bool:
        """Adds an account; False where it was made before, and this only enables it or tells it again."""
        key = (tenant, account.key)
        known = self.accounts.get(key)
        if known is not None:
            known.deleted_at = 0  # made again: whoever deleted it corrected something
            return False
        if now - self.made.get(key, now - self._limits.kept) < self._limits.kept:
            return False
        if not account.is_woken:
            self.made[key] = now
        self.accounts[key] = account
        self.makers[key] = []
        self.queues.setdefault(tenant, deque()).append(account.key)
        self._tenants_of.setdefault(account.key, set()).add(tenant)
        return True

    def add_maker(self, tenant: str, key: str, maker: MakerKey) -> None:
        """Notes who made an account."""
        self.makers[tenant, key].append(maker)

    def makers_of(self, tenant: str, key: str) -> List[MakerKey]:
        """Whoever made an account."""
        return list(self.makers.get((tenant, key), ()))

    def account(self, tenant: str, key: str) -> Account:
        """An account within its first day, or one that a finding names."""
        return self.accounts[tenant, key]

    def hold(self, maker: MakerKey, key: str) -> None:
        """Keeps an account beyond its first day, because a maker's finding names it."""
        self._held.setdefault((maker.tenant, key), set()).add(maker)

    def release(self, maker: MakerKey, key: str, now: int) -> None:
        """The finding on a maker is closed and names an account no longer."""
        holders = self._held.get((maker.tenant, key), set())
        holders.discard(maker)
        if not holders:
            self._held.pop((maker.tenant, key), None)
            account = self.accounts.get((maker.tenant, key))
            if account is not None and now - account.made_at > self._longest:
                self._forget((maker.tenant, key), account)

    def living(self, contact: Contact, now: int) -> Optional[Account]:
        """The account a contact tells was deleted, where that is too soon; None where it is not, or was told before."""
        account = self.accounts.get((contact.tenant, self._book.key(contact.target)))
        if account is None or account.deleted_at or now - account.made_at > self._limits.short_life:
            return None
        return account

    def sender(self, contact: Contact, now: int) -> Optional[Tuple[str, Account]]:
        """(tenant, new account that sent this); None where no new account did."""
        sender = self._book.address(contact.actor)
        for tenant in self._senders_tenants(contact.tenant, sender.normal, sender.domain):
            self.expire(tenant, now)
            account = self.accounts.get((tenant, sender.normal))
            if account is not None and now - account.made_at <= self._limits.first_day:
                return tenant, account
        return None

    def sent(self, tenant: str, account: Account, contact: Contact, mails: int) -> bool:
        """Adds what a new account sent; true where that says something new of it."""
        recipient = self._book.address(contact.target)
        if self._is_own(recipient.domain, tenant):
            account.mails += mails
            return False
        before = self._loudness(tenant, account)
        account.sent(recipient.normal, recipient.domain, mails, contact.code.lower() in UNDELIVERED)
        return self._loudness(tenant, account) != before

    def _loudness(self, tenant: str, account: Account) -> Tuple[bool, bool, bool]:
        """Changes whenever more mail may change a verdict."""
        bound, _ = self.usual_recipients(tenant)
        number = len(account.recipients)
        return number > bound, number > self._limits.far_above * bound, account.is_bouncing(self._limits)

    def usual_recipients(self, tenant: str) -> Tuple[float, int]:
        """(recipients outside that a new account usually stays below, hires this rests on; 0 where only the floor holds)."""
        hires = self.hires.get(tenant, [])
        floor = float(self._limits.recipients)
        if len(hires) < self._limits.hires:
            return floor, 0
        return max(floor, percentile(hires, self._limits.hires_share)), len(hires)

    def _senders_tenants(self, tenant: str, sender: str, domain: str) -> List[str]:
        """Tenants whose new account a sender may be: mail logs name the tenant by its domain, or not at all."""
        if tenant and tenant.lower() != domain and not tenant.lower().endswith(".onmicrosoft.com"):
            return [tenant]
        return sorted(self._tenants_of.get(sender, ()))

    def expire(self, tenant: str, now: int) -> None:
        """Ends first days. Each tenant has its own queue, so that what is forgotten when never hangs on other tenants."""
        queue = self.queues.get(tenant)
        while queue:
            key = (tenant, queue[0])
            account = self.accounts.get(key)
            if account is not None and now - account.made_at <= self._longest:
                return
            queue.popleft()
            if account is None or key in self._held:
                continue
            if account.recipients:
                self.hires.setdefault(tenant, []).append(len(account.recipients))
                del self.hires[tenant][:-_KEPT_HIRES]
            self._forget(key, account)

    def recall(self, tenant: str, account: Account, makers: List[MakerKey]) -> None:
        """Takes back from memory an account and who made it."""
        self.accounts[tenant, account.key] = account
        self.makers[tenant, account.key] = makers
        self._tenants_of.setdefault(account.key, set()).add(tenant)

    def forget_the_rest(self) -> None:
        """Drops what neither its first day nor a finding keeps any more."""
        kept = {(tenant, key) for tenant, queue in self.queues.items() for key in queue}
        for key in [key for key in self.accounts if key not in kept and key not in self._held]:
            self._forget(key, self.accounts[key])

    def _forget(self, key: _Key, account: Account) -> None:
        del self.accounts[key]
        del self.makers[key]
        self._tenants_of[account.key].discard(key[0])
