"""Watch: follows every maker of accounts, and the accounts through their first day."""

from __future__ import annotations

from typing import Dict, Iterator, List, Optional, Set, Tuple

from ..baseline import Baseline, baseline
from ..contact import Contact
from ..context import Context
from ..history import History
from ..moment import Moment
from ..network import canonical_ip, network_of
from ..times import DAY
from .account import Account, Maker, MakerKey, account_of, makers_of
from .first_days import FirstDays
from .limits import CREATION, Limits
from .making import BURST, SINGLE, Making, Seen, opened, raise_to
from .signs import Look, Surroundings, Volume, signs_of

MADE = frozenset({"account_created", "account_enabled"})
# From here on a maker is judged again only when it made a twentieth more: looking at all accounts costs their number.
_LOOKS_EACH = 60


class AccountWatch:
    """State by maker and by account in plain tables; `take` gives the findings that opened or grew."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.limits = Limits.of(context.limits(CREATION))
        self._book = context.book()
        self.begun: Dict[str, int] = {}  # tenant → first moment of the log
        self.tenants: Dict[str, History] = {}
        self.makers: Dict[MakerKey, Maker] = {}
        self.open: Dict[MakerKey, Making] = {}
        self.first_days = FirstDays(context, self.limits)

    def take(self, moment: Moment) -> Iterator[Making]:
        """Yields what is worth telling after this moment; one that closed comes with its last word."""
        contact = moment.contact
        self.begun.setdefault(contact.tenant, moment.time)
        self.first_days.expire(contact.tenant, moment.time)
        if contact.kind in MADE:
            yield from self._made(moment)
        elif contact.kind == "account_deleted":
            account = self.first_days.living(contact, moment.time)
            if account is not None:
                yield from self._closed_on(contact.tenant, account.key, moment.time)
                account.deleted_at = moment.time
                yield from self._look_again(contact.tenant, account, moment)
        elif contact.kind == "mail_sent":
            yield from self._sent(moment)

    def _sent(self, moment: Moment) -> Iterator[Making]:
        found = self.first_days.sender(moment.contact, moment.time)
        if found is None:
            return
        tenant, account = found
        yield from self._closed_on(tenant, account.key, moment.time)
        if self.first_days.sent(tenant, account, moment.contact, moment.attempts):
            yield from self._look_again(tenant, account, moment)
        else:
            yield from self._goes_on(tenant, account.key, moment)

    def account(self, tenant: str, key: str) -> Account:
        """An account that a finding names."""
        return self.first_days.account(tenant, key)

    def _made(self, moment: Moment) -> Iterator[Making]:
        contact, now = moment.contact, moment.time
        address = self._book.address(contact.target) if contact.target_visible and contact.target else None
        key = address.normal if address is not None else ""
        if address is not None:
            account = account_of(contact, key, address.local, address.domain, now, self._context)
            yield from self._closed_on(contact.tenant, key, now)
            if not self.first_days.begin(contact.tenant, account, now):
                # Told before, by another log or as the account's activation; or it was deleted and is there again.
                yield from self._goes_on(contact.tenant, key, moment)
                return
        elif contact.kind == "account_enabled":
            return
        creator = self._book.key(contact.actor) if contact.actor else ""
        tenant = self.tenants.setdefault(contact.tenant, History())
        tenant.begin(now, self.limits.kept)
        found = self._makers_of(contact, key, creator, now)
        for maker_key, is_application, is_self in found:
            yield from self._closed(maker_key, now)
            maker = self._known(maker_key, now)
            if maker is None:
                maker = self.makers[maker_key] = Maker(is_application, is_self)
            maker.is_self = maker.is_self and is_self
            self._credit(maker_key, maker, moment, key)
        is_accused = False
        for maker_key, _, _ in found:
            for making in self._judged(maker_key, moment, key):
                is_accused = True
                yield making
        people = [] if found and found[0][1] else [tenant]
        for history in (*people, *(self.makers[maker_key].history for maker_key, _, _ in found)):
            history.note(now, network_of(canonical_ip(contact.src_ip)), contact.user_agent)
            history.is_accused = history.is_accused or is_accused

    def _credit(self, maker_key: MakerKey, maker: Maker, moment: Moment, key: str) -> None:
        """Adds what was made to what its maker did."""
        now, limits = moment.time, self.limits
        maker.history.begin(now, limits.kept)
        maker.expire(now, limits.window, limits.day_window)
        maker.note(moment.contact, now)
        if key:
            maker.hour.append((now, key))
            maker.day.append((now, key))
            self.first_days.add_maker(moment.contact.tenant, key, maker_key)
        else:
            maker.bulk.extend([now] * moment.attempts)

    def _makers_of(self, contact: Contact, key: str, creator: str, now: int) -> List[Tuple[MakerKey, bool, bool]]:
        """Who made an account; what several share is left out for one who is known to make accounts."""
        found = list(makers_of(contact, key, creator))
        first = found[0] if found else None
        if first is None or first[0].sort != "account":
            return found
        known = self._known(first[0], now)
        is_approved = self._context.organisation.is_approved_creator(first[0].value, contact.tenant)
        is_used_to_it = known is not None and len(known.history.peaks) >= self.limits.own_days
        return found[:1] if first[1] or is_approved or is_used_to_it else found

    def _known(self, key: MakerKey, now: int) -> Optional[Maker]:
        """What is known of a maker; None where it is new, or was silent for so long that it is new again."""
        maker = self.makers.get(key)
        return maker if maker is not None and now - maker.last < self.limits.forgotten_after else None

    def _look_again(self, tenant: str, account: Account, moment: Moment) -> Iterator[Making]:
        for key in self.first_days.makers_of(tenant, account.key):
            maker = self.makers[key]
            maker.expire(moment.time, self.limits.window, self.limits.day_window)
            maker.looked_at = 0
            grown = list(self._judged(key, moment, account.key))
            # What a finding says of its accounts changed, whether or not its maker is judged by that.
            yield from grown or self._goes_on_of(key, account.key, moment)

    def _goes_on(self, tenant: str, account_key: str, moment: Moment) -> Iterator[Making]:
        """More of an account that a finding names."""
        for key in self.first_days.makers_of(tenant, account_key):
            yield from self._goes_on_of(key, account_key, moment)

    def _goes_on_of(self, key: MakerKey, account_key: str, moment: Moment) -> Iterator[Making]:
        making = self.open.get(key)
        if making is not None and account_key in making.accounts:
            making.last = moment.time
            making.events += moment.attempts
            making.sources.add(moment.contact.source)
            yield making

    def _closed_on(self, tenant: str, account_key: str, now: int) -> Iterator[Making]:
        """Findings on the makers of an account that were over before something else became known of it."""
        for key in self.first_days.makers_of(tenant, account_key):
            yield from self._closed(key, now)

    def _closed(self, key: MakerKey, now: int) -> Iterator[Making]:
        """The finding on a maker that was quiet for long enough, for its last word."""
        making = self.open.get(key)
        if making is None or now - making.last <= self.limits.close_after:
            return
        del self.open[key]
        making.is_closed = True
        yield making
        for one in making.accounts:
            self.first_days.release(key, one, now)

    def _judged(self, key: MakerKey, moment: Moment, account_key: str) -> Iterator[Making]:
        maker, making = self.makers[key], self.open.get(key)
        number = len(maker.day) + len(maker.bulk) * self.limits.burst
        if moment.contact.kind in MADE:
            history = maker.history
            history.peak_hour = max(history.peak_hour, len(maker.hour) + len(maker.bulk) * self.limits.burst)
            history.peak_day = max(history.peak_day, number)
        is_shared = key.sort in ("ip", "app") and not maker.is_self
        if is_shared and (len(maker.creators) < 2 or self._is_told_of_a_creator(key, maker, moment.time)):
            return
        if number >= _LOOKS_EACH and number < maker.looked_at * 1.05 and making is None:
            return
        maker.looked_at = number
        is_due = (
            making is None
            or number < _LOOKS_EACH
            or number >= 2 * len(making.accounts)
            or moment.contact.kind not in MADE
        )
        seen = self._seen(key, maker, account_key, moment.time) if is_due else None
        if making is None:
            if seen is None:
                return
            making = self.open[key] = opened(
                key, maker, seen, self._made_at(key, account_key, moment.time), moment.time, self.limits
            )
            for one in self._belonging(seen, maker, account_key, key.tenant):
                making.accounts.add(one)
                self.first_days.hold(key, one)
        else:
            is_its_own = account_key in making.accounts or (
                bool(account_key) and self.account(key.tenant, account_key).is_doubtful(self.limits)
            )
            is_burst = making.verdict == BURST or (seen is not None and seen.verdict == BURST)
            if not is_burst and not is_its_own:
                return
            if seen is not None:
                raise_to(making, seen, moment.time)
        self._add(making, maker, moment, account_key, is_due or is_shared)
        yield making

    def _add(self, making: Making, maker: Maker, moment: Moment, account_key: str, is_whole_day: bool) -> None:
        # Of one maker every account passes here; of what several share some may have been told as one creator's.
        making.last = moment.time
        making.events += moment.attempts
        added: Set[str] = set()
        if making.verdict == BURST and is_whole_day:
            added = {key for _, key in maker.day}
        elif account_key and (
            making.verdict == BURST or self.account(making.maker.tenant, account_key).is_doubtful(self.limits)
        ):
            added = {account_key}
        if making.verdict == BURST:
            making.bulk = max(making.bulk, len(maker.bulk))
        making.accounts |= added
        for one in making.accounts if is_whole_day else added:
            self.first_days.hold(making.maker, one)
        making.sources.add(moment.contact.source)
        for names, shown in (
            (maker.addresses, making.addresses),
            (maker.countries, making.countries),
            (maker.agents, making.agents),
            (maker.apps, making.apps),
            (maker.app_ids, making.app_ids),
            (maker.creators, making.creators),
            (maker.sources, making.sources),
        ):
            shown.update(names)

    def _is_told_of_a_creator(self, key: MakerKey, maker: Maker, now: int) -> bool:
        told = (self.open.get(MakerKey(key.tenant, "account", name)) for name in maker.creators)
        # One that is over may wait here for its last word; nothing belongs to it any more.
        return any(making is not None and now - making.last <= self.limits.close_after for making in told)

    def _made_at(self, key: MakerKey, account_key: str, now: int) -> int:
        return self.account(key.tenant, account_key).made_at if account_key else now

    def _belonging(self, seen: Seen, maker: Maker, account_key: str, tenant: str) -> Set[str]:
        keys = _of_the_day(maker, account_key)
        if seen.verdict == BURST:
            return keys
        return {key for key in keys if self.first_days.account(tenant, key).is_doubtful(self.limits)} or keys

    def _seen(self, key: MakerKey, maker: Maker, account_key: str, now: int) -> Optional[Seen]:
        """The verdict that this maker's last day supports, None where it supports none."""
        limits = self.limits
        bulk = len(maker.bulk) * limits.burst
        hour_bulk = sum(1 for time in maker.bulk if time >= now - limits.window) * limits.burst
        volumes = (
            self._volume(maker, len(maker.hour) + hour_bulk, limits.burst, now, limits.window),
            self._volume(maker, len(maker.day) + bulk, limits.day_burst, now, limits.day_window),
        )
        volume = max(volumes, key=lambda one: (one.is_burst, one.is_above))
        accounts = [self.first_days.account(key.tenant, one) for one in sorted(_of_the_day(maker, account_key))]
        bound, hires = self.first_days.usual_recipients(key.tenant)
        tenant = self.tenants.get(key.tenant) or History()
        around = Surroundings(tenant, (now - self.begun[key.tenant]) // DAY, bound, hires)
        signs = signs_of(Look(key, maker, accounts, volume, around, now, limits, self._context))
        if signs.weight < limits.signs:
            return None
        if volume.is_burst:
            return Seen(BURST, signs, volume)
        if signs.own and not (maker.is_self and signs.own < limits.signs):
            return Seen(SINGLE, signs, volume)
        return None

    def _volume(self, maker: Maker, number: int, floor: int, now: int, length: int) -> Volume:
        limits = self.limits
        own: Baseline = baseline(maker.history.before(now, length), limits.deviations, limits.over_most)
        bound = own.bound if own.days >= limits.own_days else own.most * limits.over_most
        return Volume(number, length, floor, own, number >= floor, number > bound)


def _of_the_day(maker: Maker, account_key: str) -> Set[str]:
    """Accounts of the last day, and the one that something was just learnt of."""
    return {key for _, key in maker.day} | ({account_key} if account_key else set())
