"""Watch: follows every maker of accounts, and the accounts through their first day."""

from __future__ import annotations

from typing import Dict, Iterator, List, NamedTuple, Optional, Set, Tuple

from ..baseline import Baseline, baseline
from ..context import Context
from ..history import History
from ..moment import Moment
from ..network import canonical_ip, network_of
from ..times import DAY
from .account import Account, Maker, MakerKey, account_of, makers_of
from .first_days import FirstDays
from .limits import CREATION, Limits
from .making import BURST, SINGLE, Making
from .signs import Signs, Surroundings, Volume, signs_of

MADE = frozenset({"account_created", "account_enabled"})
# From here on a maker is judged again only when it made a twentieth more: looking at all accounts costs their number.
_LOOKS_EACH = 60


class _Seen(NamedTuple):
    """What judging found."""

    verdict: str
    signs: Signs
    volume: Volume


class AccountWatch:
    """State by maker and by account in plain tables; `take` gives the findings that opened or grew."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.limits = Limits.of(context.limits(CREATION))
        self._book = context.book()
        self._begun: Dict[str, int] = {}  # tenant → first moment of the log
        self._tenants: Dict[str, History] = {}
        self._makers: Dict[MakerKey, Maker] = {}
        self._open: Dict[MakerKey, Making] = {}
        self.first_days = FirstDays(context, self.limits)

    def take(self, moment: Moment) -> Iterator[Making]:
        """Yields what is worth telling after this moment; one that closed comes with its last word."""
        contact = moment.contact
        self._begun.setdefault(contact.tenant, moment.time)
        if contact.kind in MADE:
            yield from self._made(moment)
        elif contact.kind == "account_deleted":
            account = self.first_days.deleted(contact, moment.time)
            if account is not None:
                yield from self._look_again(contact.tenant, account, moment)
        elif contact.kind == "mail_sent":
            sent = self.first_days.sent(contact, moment.time, moment.attempts)
            if sent is not None:
                tenant, account, is_worth = sent
                if is_worth:
                    yield from self._look_again(tenant, account, moment)
                elif self.first_days.is_held(tenant, account.key):
                    yield from self._goes_on(tenant, account, moment)

    def close(self) -> Iterator[Making]:
        """Every finding still open, for its last word."""
        for key in sorted(self._open):
            yield self._open[key]
        self._open.clear()

    def account(self, tenant: str, key: str) -> Account:
        """An account that a finding names."""
        return self.first_days.account(tenant, key)

    def _made(self, moment: Moment) -> Iterator[Making]:
        contact, now, limits = moment.contact, moment.time, self.limits
        address = self._book.address(contact.target) if contact.target_visible and contact.target else None
        key = address.normal if address is not None else ""
        if address is not None:
            account = account_of(contact, key, address.local, address.domain, now, self._context)
            if not self.first_days.begin(contact.tenant, account, now):
                return  # told before, by another log or as the account's activation
        elif contact.kind == "account_enabled":
            return
        creator = self._book.key(contact.actor) if contact.actor else ""
        tenant = self._tenants.setdefault(contact.tenant, History())
        tenant.begin(now, limits.kept)
        found = makers_of(contact, key, creator)
        for maker_key, is_application, is_self in found:
            maker = self._makers.setdefault(maker_key, Maker(is_application, is_self))
            maker.is_self = maker.is_self and is_self
            closed = self._closed(maker_key, now)
            if closed is not None:
                yield closed
            maker.history.begin(now, limits.kept)
            maker.expire(now, limits.window, limits.day_window)
            maker.note(contact, now)
            if key:
                maker.hour.append((now, key))
                maker.day.append((now, key))
                self.first_days.add_maker(contact.tenant, key, maker_key)
            else:
                maker.bulk.extend([now] * moment.attempts)
        is_accused = False
        for maker_key, _, _ in found:
            for making in self._judged(maker_key, moment, key):
                is_accused = True
                yield making
        network = network_of(canonical_ip(contact.src_ip))
        for history in (tenant, *(self._makers[maker_key].history for maker_key, _, _ in found)):
            history.note(now, network, contact.user_agent)
            history.is_accused = history.is_accused or is_accused

    def _look_again(self, tenant: str, account: Account, moment: Moment) -> Iterator[Making]:
        for key in self.first_days.makers(tenant, account.key):
            closed = self._closed(key, moment.time)
            if closed is not None:
                yield closed
            maker = self._makers[key]
            maker.expire(moment.time, self.limits.window, self.limits.day_window)
            maker.looked_at = 0
            yield from self._judged(key, moment, account.key)

    def _goes_on(self, tenant: str, account: Account, moment: Moment) -> Iterator[Making]:
        """More mail of an account that a finding names."""
        for key in self.first_days.makers(tenant, account.key):
            making = self._open.get(key)
            if (
                making is not None
                and account.key in making.accounts
                and moment.time - making.last <= self.limits.close_after
            ):
                making.last = moment.time
                making.events += moment.attempts
                making.sources.add(moment.contact.source)
                yield making

    def _closed(self, key: MakerKey, now: int) -> Optional[Making]:
        making = self._open.get(key)
        if making is not None and now - making.last > self.limits.close_after:
            return self._open.pop(key)
        return None

    def _judged(self, key: MakerKey, moment: Moment, account_key: str) -> Iterator[Making]:
        maker, making = self._makers[key], self._open.get(key)
        number = len(maker.day) + len(maker.bulk) * self.limits.burst
        if moment.contact.kind in MADE:
            history = maker.history
            history.peak_hour = max(history.peak_hour, len(maker.hour) + len(maker.bulk) * self.limits.burst)
            history.peak_day = max(history.peak_day, number)
        is_shared = key.sort in ("ip", "app") and not maker.is_self
        if is_shared and (len(maker.creators) < 2 or self._is_told_of_a_creator(key, maker)):
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
            making = self._open[key] = _opened(
                key, maker, seen, self._made_at(key, account_key, moment.time), moment.time, self.limits
            )
            for one in self._belonging(seen, maker, account_key, key.tenant):
                making.accounts.add(one)
                self.first_days.hold(key.tenant, one)
        else:
            is_its_own = account_key in making.accounts or (
                bool(account_key) and self.account(key.tenant, account_key).is_doubtful(self.limits)
            )
            is_burst = making.verdict == BURST or (seen is not None and seen.verdict == BURST)
            if not is_burst and not is_its_own:
                return
            if seen is not None:
                _raise(making, seen, moment.time)
        self._add(making, maker, moment, account_key)
        yield making

    def _add(self, making: Making, maker: Maker, moment: Moment, account_key: str) -> None:
        making.last = moment.time
        making.events += moment.attempts
        if making.verdict == BURST:
            making.accounts.update(key for _, key in maker.day)
            making.bulk = max(making.bulk, len(maker.bulk))
        elif account_key and self.first_days.account(making.maker.tenant, account_key).is_doubtful(self.limits):
            making.accounts.add(account_key)
        for one in making.accounts:
            self.first_days.hold(making.maker.tenant, one)
        making.sources.add(moment.contact.source)
        for names, added in (
            (maker.addresses, making.addresses),
            (maker.countries, making.countries),
            (maker.agents, making.agents),
            (maker.apps, making.apps),
            (maker.app_ids, making.app_ids),
            (maker.creators, making.creators),
            (maker.sources, making.sources),
        ):
            added.update(names)

    def _is_told_of_a_creator(self, key: MakerKey, maker: Maker) -> bool:
        return any(MakerKey(key.tenant, "account", name) in self._open for name in maker.creators)

    def _made_at(self, key: MakerKey, account_key: str, now: int) -> int:
        return self.account(key.tenant, account_key).made_at if account_key else now

    def _belonging(self, seen: _Seen, maker: Maker, account_key: str, tenant: str) -> Set[str]:
        keys = _of_the_day(maker, account_key)
        if seen.verdict == BURST:
            return keys
        return {key for key in keys if self.first_days.account(tenant, key).is_doubtful(self.limits)} or keys

    def _seen(self, key: MakerKey, maker: Maker, account_key: str, now: int) -> Optional[_Seen]:
        """The verdict that this maker's last day supports, None where it supports none."""
        limits = self.limits
        bulk = len(maker.bulk) * limits.burst
        hour_bulk = sum(1 for time in maker.bulk if time >= now - limits.window) * limits.burst
        volumes = (
            self._volume(maker, len(maker.hour) + hour_bulk, limits.burst, now, limits.window),
            self._volume(maker, len(maker.day) + bulk, limits.day_burst, now, limits.day_window),
        )
        volume = max(volumes, key=lambda one: one.is_burst)
        accounts = [self.first_days.account(key.tenant, one) for one in sorted(_of_the_day(maker, account_key))]
        bound, hires = self.first_days.usual_recipients(key.tenant)
        tenant = self._tenants.get(key.tenant) or History()
        around = Surroundings(tenant, (now - self._begun[key.tenant]) // DAY, bound, hires)
        signs = signs_of(key, maker, accounts, volume, around, now, limits, self._context)
        if signs.weight < limits.signs:
            return None
        if volume.is_burst:
            return _Seen(BURST, signs, volume)
        if signs.own and not (maker.is_self and signs.own < limits.signs):
            return _Seen(SINGLE, signs, volume)
        return None

    def _volume(self, maker: Maker, number: int, floor: int, now: int, length: int) -> Volume:
        limits = self.limits
        own: Baseline = baseline(maker.history.before(now, length), limits.deviations, limits.over_most)
        bound = own.bound if own.days >= limits.own_days else own.most * limits.over_most
        return Volume(number, length, floor, own, number >= floor and number > bound)


def _of_the_day(maker: Maker, account_key: str) -> Set[str]:
    """Accounts of the last day, and the one that something was just learnt of."""
    return {key for _, key in maker.day} | ({account_key} if account_key else set())


def _opened(key: MakerKey, maker: Maker, seen: _Seen, made_at: int, now: int, limits: Limits) -> Making:
    times = [time for time, _ in maker.day] + list(maker.bulk)
    making = Making(key, min([*times, made_at]), seen.verdict, now, now, 0, [], {}, [])
    making.events = max(0, len(maker.day) + len(maker.bulk) - 1)  # the one that decided is added with the others
    if maker.bulk:
        making.gaps.append(
            f"{len(maker.bulk)} bulk jobs made accounts that the log does not name; each counts as {limits.burst}"
        )
    if seen.volume.own.days < limits.own_days:
        making.gaps.append(
            f"Only {seen.volume.own.days} earlier days of this maker are known, {limits.own_days} are needed to say what is usual"
        )
    if not maker.addresses:
        making.gaps.append("The log gives no address; where the accounts were made from is not known")
    _raise(making, seen, now)
    return making


def _raise(making: Making, seen: _Seen, now: int) -> None:
    """Takes over what was seen where it is worse than what was said."""
    is_worse = seen.verdict == BURST and making.verdict != BURST
    if not is_worse and (seen.signs.weight <= making.weight or (making.verdict == BURST and seen.verdict != BURST)):
        return
    if is_worse:
        making.verdict, making.raised_at = BURST, now
    making.weight = seen.signs.weight
    ordered: List[Tuple[int, str]] = sorted(seen.signs.found, key=lambda sign: -sign[0])
    making.sentences = [sentence for _, sentence in ordered]
    own = seen.volume.own
    making.baseline = {
        "measure": "accounts made",
        "window_seconds": seen.volume.length // 1_000_000,
        "value": seen.volume.number,
        "floor": seen.volume.floor,
        "days": own.days,
        "median": round(own.median, 1),
        "deviation": round(own.deviation, 1),
        "most": own.most,
        "bound": round(own.bound, 1) if own.days else None,
    }
