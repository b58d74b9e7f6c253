"""Accounts: what is known of makers, new accounts and senders, as rows, and a watch over them that goes on from rows."""

from __future__ import annotations

from collections import deque
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping

from ..accounts.account import Account, Maker, MakerKey
from ..accounts.creation import Creation
from ..accounts.making import Making
from ..accounts.senders import FORGOTTEN_AFTER, Mail, Sender, Sending, SendingPlace
from ..history import History
from ..times import DAY
from .row import MemoryRow
from .rows import Part, give_back, written
from .tenant import KNOWN_FOR

MAKER, MAKING, ACCOUNT, MADE, SENDER, PLACE, SENDING, TENANT = (
    f"accounts {one}" for one in ("maker", "making", "account", "made", "sender", "place", "sending", "tenant")
)

KINDS = frozenset((MAKER, MAKING, ACCOUNT, MADE, SENDER, PLACE, SENDING, TENANT))


def remembered(creation: Creation, now: int) -> List[MemoryRow]:
    """Everything a watch needs to go on later as if it had never stopped, of all tenants, in a fixed order.

    Nothing it took may be later than `now`. Rows expire when what they hold says nothing any more, never before.
    """
    first_days = creation.accounts.first_days
    for tenant in first_days.queues:
        first_days.expire(tenant, now)
    parts = (*_makers(creation), *_accounts(creation, now), *_senders(creation, now), *_tenants(creation, now))
    return written(parts, now)


def recall(creation: Creation, rows: Iterable[MemoryRow], now: int) -> None:
    """Gives a fresh watch what its rows hold and has not expired; raises UnreadableMemoryError for a row of another make."""
    take: Mapping[str, Callable[[Creation, MemoryRow, Any], None]] = {
        MAKER: _recall_maker,
        MAKING: _recall_making,
        ACCOUNT: _recall_account,
        MADE: _recall_made,
        SENDER: _recall_sender,
        PLACE: _recall_place,
        SENDING: _recall_sending,
        TENANT: _recall_tenant,
    }
    give_back(creation, rows, now, take)
    first_days = creation.accounts.first_days
    for key, making in creation.accounts.open.items():
        for one in making.accounts:
            first_days.hold(key, one)
    first_days.forget_the_rest()


def _makers(creation: Creation) -> Iterator[Part]:
    watch = creation.accounts
    for key, maker in watch.makers.items():
        value = {**vars(maker), "history": dict(vars(maker.history))}
        yield key.tenant, MAKER, _key(key), value, maker.last, maker.last + watch.limits.forgotten_after
    for key, making in watch.open.items():
        yield key.tenant, MAKING, _key(key), {**vars(making), "maker": None}, making.last, _end_of(creation, making)


def _end_of(creation: Creation, making: Making) -> int:
    """When a finding is over, and with it the accounts it names."""
    limits = creation.accounts.limits
    return making.last + max(limits.close_after, limits.longest_first_day) + DAY


def _accounts(creation: Creation, now: int) -> Iterator[Part]:
    first_days, limits = creation.accounts.first_days, creation.accounts.limits
    kept = {(tenant, key) for tenant, queue in first_days.queues.items() for key in queue}
    for maker, making in creation.accounts.open.items():
        if _end_of(creation, making) > now:
            kept.update((maker.tenant, key) for key in making.accounts)
    for tenant, key in kept:
        account = first_days.accounts[tenant, key]
        makers = [tuple(maker) for maker in first_days.makers[tenant, key]]
        # What became of it counts for the next hires even where the next run comes late.
        yield tenant, ACCOUNT, key, {**vars(account), "makers": makers}, account.made_at, now + KNOWN_FOR
    for (tenant, key), made in first_days.made.items():
        yield tenant, MADE, key, made, made, made + limits.kept


def _senders(creation: Creation, now: int) -> Iterator[Part]:
    watch = creation.senders
    for (tenant, name), sender in watch.senders.items():
        yield tenant, SENDER, name, dict(vars(sender)), sender.last, sender.last + FORGOTTEN_AFTER
    horizon = now - watch.limits.day_window
    for (tenant, address), place in watch.places.items():
        mails = [tuple(mail) for mail in place.mails if mail.time >= horizon]
        if mails:
            last = place.mails[-1].time
            yield tenant, PLACE, address, mails, last, last + watch.limits.day_window + DAY
    for (tenant, address), sending in watch.open.items():
        yield tenant, SENDING, address, dict(vars(sending)), sending.last, sending.last + watch.limits.close_after + DAY


def _tenants(creation: Creation, now: int) -> Iterator[Part]:
    watch = creation.accounts
    first_days = watch.first_days
    for tenant, begun in watch.begun.items():
        history = watch.tenants.get(tenant)
        value: Dict[str, Any] = {
            "begun": begun,
            "history": None if history is None else dict(vars(history)),
            "queue": list(first_days.queues.get(tenant, ())),
            "hires": first_days.hires.get(tenant, []),
            "is_announced": tenant in creation.announced,
        }
        yield tenant, TENANT, "", value, now, now + KNOWN_FOR


def _recall_maker(creation: Creation, row: MemoryRow, value: Any) -> None:
    creation.accounts.makers[_maker_key(row)] = Maker(**{**value, "history": History(**value["history"])})


def _recall_making(creation: Creation, row: MemoryRow, value: Any) -> None:
    key = _maker_key(row)
    creation.accounts.open[key] = Making(**{**value, "maker": key})


def _recall_account(creation: Creation, row: MemoryRow, value: Any) -> None:
    makers = [MakerKey(*maker) for maker in value.pop("makers")]
    creation.accounts.first_days.recall(row.tenant, Account(**value), makers)


def _recall_made(creation: Creation, row: MemoryRow, value: Any) -> None:
    creation.accounts.first_days.made[row.tenant, row.key] = value


def _recall_sender(creation: Creation, row: MemoryRow, value: Any) -> None:
    creation.senders.senders[row.tenant, row.key] = Sender(**value)


def _recall_place(creation: Creation, row: MemoryRow, value: Any) -> None:
    place = creation.senders.places[row.tenant, row.key] = SendingPlace()
    place.recall(Mail(*mail) for mail in value)


def _recall_sending(creation: Creation, row: MemoryRow, value: Any) -> None:
    creation.senders.open[row.tenant, row.key] = Sending(**value)


def _recall_tenant(creation: Creation, row: MemoryRow, value: Any) -> None:
    watch = creation.accounts
    watch.begun[row.tenant] = value["begun"]
    if value["history"] is not None:
        watch.tenants[row.tenant] = History(**value["history"])
    watch.first_days.queues[row.tenant] = deque(value["queue"])
    watch.first_days.hires[row.tenant] = value["hires"]
    if value["is_announced"]:
        creation.announced.add(row.tenant)


def _key(key: MakerKey) -> str:
    return f"{key.sort} {key.value}"


def _maker_key(row: MemoryRow) -> MakerKey:
    sort, _, value = row.key.partition(" ")
    return MakerKey(row.tenant, sort, value)
