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
        self._book = context.book()
        self._is_own = context.organisation.is_own_domain
        self._accounts: Dict[_Key, Account] = {}
        self._makers: Dict[_Key, List[MakerKey]] = {}
        self._queue: Deque[_Key] = deque()
        self._held: Set[_Key] = set()  # named by a finding
        self._made: Dict[_Key, int] = {}  # every account the log saw being made
        self._tenants_of: Dict[str, Set[str]] = {}  # account → tenants
        self._hires: Dict[str, List[int]] = {}  # tenant → recipients of past first days

    def begin(self, tenant: str, account: Account, now: int) -> bool:
        """Adds an account; False where it was made before, and this only enables it or tells it again."""
        self._expire(now)
        key = (tenant, account.key)
        known = self._accounts.get(key)
        if known is not None:
            known.deleted_at = 0  # made again: whoever deleted it corrected something
            return False
        if now - self._made.get(key, now - self._limits.kept) < self._limits.kept:
            return False
        if not account.is_woken:
            self._made[key] = now
        self._accounts[key] = account
        self._makers[key] = []
        self._queue.append(key)
        self._tenants_of.setdefault(account.key, set()).add(tenant)
        return True

    def add_maker(self, tenant: str, key: str, maker: MakerKey) -> None:
        """Notes who made an account."""
        self._makers[tenant, key].append(maker)

    def makers(self, tenant: str, key: str) -> List[MakerKey]:
        """Whoever made an account."""
        return self._makers[tenant, key]

    def account(self, tenant: str, key: str) -> Account:
        """An account within its first day, or one that a finding names."""
        return self._accounts[tenant, key]

    def is_held(self, tenant: str, key: str) -> bool:
        """Whether a finding names an account."""
        return (tenant, key) in self._held

    def hold(self, tenant: str, key: str) -> None:
        """Keeps an account beyond its first day."""
        self._held.add((tenant, key))

    def deleted(self, contact: Contact, now: int) -> Optional[Account]:
        """The account that was deleted too soon; None where it was not."""
        self._expire(now)
        account = self._accounts.get((contact.tenant, self._book.key(contact.target)))
        if account is None or account.deleted_at or now - account.made_at > self._limits.short_life:
            return None
        account.deleted_at = now
        return account

    def sent(self, contact: Contact, now: int, mails: int) -> Optional[Tuple[str, Account, bool]]:
        """(tenant, new account that sent this, whether it says something new); None where no new account did."""
        self._expire(now)
        sender = self._book.address(contact.actor)
        for tenant in self._senders_tenants(contact.tenant, sender.normal, sender.domain):
            account = self._accounts.get((tenant, sender.normal))
            if account is None or now - account.made_at > self._limits.first_day:
                continue
            recipient = self._book.address(contact.target)
            if self._is_own(recipient.domain, tenant):
                account.mails += mails
                return tenant, account, False
            before = self._loudness(tenant, account)
            account.sent(recipient.normal, recipient.domain, mails, contact.code.lower() in UNDELIVERED)
            return tenant, account, self._loudness(tenant, account) != before
        return None

    def _loudness(self, tenant: str, account: Account) -> Tuple[bool, bool, bool]:
        """Changes whenever more mail may change a verdict."""
        bound, _ = self.usual_recipients(tenant)
        number = len(account.recipients)
        return number > bound, number > self._limits.far_above * bound, account.is_bouncing(self._limits)

    def usual_recipients(self, tenant: str) -> Tuple[float, int]:
        """(recipients outside that a new account usually stays below, hires this rests on; 0 where only the floor holds)."""
        hires = self._hires.get(tenant, [])
        floor = float(self._limits.recipients)
        if len(hires) < self._limits.hires:
            return floor, 0
        return max(floor, percentile(hires, self._limits.hires_share)), len(hires)

    def _senders_tenants(self, tenant: str, sender: str, domain: str) -> List[str]:
        """Tenants whose new account a sender may be: mail logs name the tenant by its domain, or not at all."""
        if tenant and tenant.lower() != domain and not tenant.lower().endswith(".onmicrosoft.com"):
            return [tenant]
        return sorted(self._tenants_of.get(sender, ()))

    def _expire(self, now: int) -> None:
        longest = max(self._limits.first_day, self._limits.short_life, self._limits.day_window)
        while self._queue:
            key = self._queue[0]
            account = self._accounts.get(key)
            if account is not None and now - account.made_at <= longest:
                return
            self._queue.popleft()
            if account is None or key in self._held:
                continue
            if account.recipients:
                self._hires.setdefault(key[0], []).append(len(account.recipients))
                del self._hires[key[0]][:-_KEPT_HIRES]
            del self._accounts[key]
            del self._makers[key]
            self._tenants_of[account.key].discard(key[0])
