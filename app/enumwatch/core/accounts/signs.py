"""Signs: what makes new accounts, and the making of them, suspicious: each with its weight and its sentence."""

from __future__ import annotations

from typing import Iterable, List, NamedTuple, Sequence, Tuple

from ..baseline import Baseline
from ..context import Context
from ..history import History
from ..network import canonical_ip, network_of
from ..times import DAY, HOUR
from ..wording import counted, lasting
from .account import Account, Maker, MakerKey
from .limits import Limits
from .names import machine_made

Sign = Tuple[int, str]  # weight, sentence


class Volume(NamedTuple):
    """How many accounts a window holds, beside what is normal for this maker."""

    number: int
    length: int  # of the window, microseconds
    floor: int
    own: Baseline
    is_burst: bool


class Surroundings(NamedTuple):
    """What the maker is measured against beside itself."""

    tenant: History  # all makers of the tenant together
    log_days: int
    first_day_bound: float  # recipients in a first day up to which a new hire is usual
    hires: int  # that this bound rests on


class Signs(NamedTuple):
    """What was found; `own` is the weight of the signs that the accounts themselves show."""

    found: List[Sign]
    own: int

    @property
    def weight(self) -> int:
        return sum(weight for weight, _ in self.found)


def signs_of(
    key: MakerKey,
    maker: Maker,
    accounts: Sequence[Account],
    volume: Volume,
    around: Surroundings,
    now: int,
    limits: Limits,
    context: Context,
) -> Signs:
    """The signs of the accounts that this maker made within the last day."""
    has_history = volume.own.days >= limits.own_days
    shown = [*_domains(accounts, limits), *_life(accounts, has_history, limits), *_sending(accounts, around, limits)]
    # How much an account sends says nothing of who made it.
    has_doubtful = any(one.disposable or one.lookalike or one.deleted_at for one in accounts)
    found = [
        *_volume(volume, around, limits),
        *_standing(key, maker, volume, around, has_doubtful, limits, context),
        *shown,
        *_names(accounts, volume, limits),
        *_where(key, maker, around, has_history, limits, context),
        *_when(maker, around, has_history, limits),
        *_client(maker, has_history, now, context),
    ]
    return Signs(found, sum(weight for weight, _ in shown))


def _volume(volume: Volume, around: Surroundings, limits: Limits) -> Iterable[Sign]:
    if not volume.is_burst:
        return
    what = f"{counted(volume.number, 'account')} made within {lasting(volume.length)}"
    own = volume.own
    if own.days >= limits.own_days:
        yield (
            1,
            (
                f"{what}; on {own.days} earlier days it made {own.median:g} at the median (deviation {own.deviation:.0f}) "
                f"and {own.most:g} at most, so up to {max(own.bound, volume.floor - 1):.0f} would be usual"
            ),
        )
    else:
        yield 0, f"{what}; makers without {limits.own_days} days of history stay below {volume.floor}"


def _standing(
    key: MakerKey,
    maker: Maker,
    volume: Volume,
    around: Surroundings,
    has_doubtful: bool,
    limits: Limits,
    context: Context,
) -> Iterable[Sign]:
    organisation = context.organisation
    days = volume.own.days
    makers = [key.value] if key.sort == "account" else sorted(maker.creators)
    is_app_approved = any(organisation.is_approved_creator(name, key.tenant) for name in (*maker.apps, *maker.app_ids))
    if is_app_approved or all(organisation.is_approved_creator(name, key.tenant) for name in makers or [key.value]):
        return
    if organisation.lists_creators(key.tenant) and not maker.is_self:
        yield 2, f"{key.value} is not among the approved creators; 1 of them would make accounts"
    elif days >= limits.own_days:
        return
    elif around.log_days * DAY >= limits.log_age:
        weight = 1 if maker.is_application or maker.is_self or days else 2
        yield (
            weight,
            (
                f"{key.value} made accounts on {counted(days, 'earlier day')}, in a log of {around.log_days} days; whoever makes "
                f"accounts does so on {limits.own_days} days or more"
            ),
        )
    elif not maker.is_application and not maker.is_self and (volume.is_burst or has_doubtful):
        yield (
            1,
            (
                f"Nothing is known of {key.value}: the log is {counted(around.log_days, 'day')} old; from "
                f"{lasting(limits.log_age)} on it would tell whether it makes accounts"
            ),
        )


def _domains(accounts: Sequence[Account], limits: Limits) -> Iterable[Sign]:
    for attribute, what in (
        ("disposable", "at disposable mail services"),
        ("lookalike", "at domains that imitate an own one"),
    ):
        doubtful = [one for one in accounts if getattr(one, attribute)]
        if not doubtful or len(doubtful) < limits.doubtful_share * len(accounts):
            continue
        weak = attribute == "lookalike" and all(one.is_weak_lookalike for one in doubtful)
        reason = sorted({getattr(one, attribute) for one in doubtful})[0]
        yield (
            1 if weak else 2,
            f"{len(doubtful)} of {counted(len(accounts), 'new account')} {what} ({reason}); usual are 0",
        )


def _life(accounts: Sequence[Account], has_history: bool, limits: Limits) -> Iterable[Sign]:
    gone = [one for one in accounts if one.deleted_at and not one.is_woken]
    if not gone or len(gone) < limits.doubtful_share * len(accounts):
        return
    shortest = min(one.deleted_at - one.made_at for one in gone)
    # Whoever makes accounts for a living also makes some by mistake.
    yield (
        1 if has_history else 2,
        (
            f"{len(gone)} of {counted(len(accounts), 'new account')} deleted within {lasting(limits.short_life)}, one after "
            f"{lasting(shortest)}; accounts of people stay"
        ),
    )


def _sending(accounts: Sequence[Account], around: Surroundings, limits: Limits) -> Iterable[Sign]:
    most = max((len(one.recipients) for one in accounts), default=0)
    bound = around.first_day_bound
    if most > bound:
        rest = (
            f"95 of 100 of {around.hires} new hires reach fewer"
            if around.hires
            else "a new hire reaches fewer, as far as this log shows none"
        )
        is_mass = most > limits.far_above * bound
        yield (
            3 if is_mass else 2,
            f"{most} recipients outside in the first day of a new account; up to {bound:g} is usual, {rest}",
        )
    bouncing = [one for one in accounts if one.is_bouncing(limits)]
    if bouncing:
        worst = max(bouncing, key=lambda one: (one.bounced / one.mails, one.key))
        yield (
            1,
            (
                f"{worst.bounced / worst.mails:.0%} of {worst.mails} mails of a new account were not delivered; up to "
                f"{limits.bounce_share:.0%} is usual"
            ),
        )


def _names(accounts: Sequence[Account], volume: Volume, limits: Limits) -> Iterable[Sign]:
    made = machine_made([one.local for one in accounts if not one.is_woken], limits.machine_names)
    if made and len(made) >= limits.machine_share * len(accounts):
        shown = ", ".join(sorted(made)[:4])
        yield (
            1,
            f"{len(made)} of {counted(len(accounts), 'name')} look made by a machine ({shown}); people's do not count up",
        )


def _where(
    key: MakerKey, maker: Maker, around: Surroundings, has_history: bool, limits: Limits, context: Context
) -> Iterable[Sign]:
    organisation = context.organisation
    address = max(maker.addresses, key=lambda one: (maker.addresses[one], one), default="")
    address = address or (canonical_ip(key.value) if key.sort == "ip" else "")
    if not address:
        return
    network = network_of(address)
    if has_history and network in maker.history.networks:
        return
    if organisation.has_networks:
        if not organisation.network_kind(address, key.tenant):
            yield (
                1,
                f"Made from {address}, outside the owner's networks; {counted(len(maker.history.networks), 'network')} before",
            )
    elif (has_history or len(around.tenant.peaks) >= limits.own_days) and network not in around.tenant.networks:
        known = len(around.tenant.networks)
        yield (
            1,
            f"Made from {address}; accounts were made from {counted(known, 'other network')} before, and not from this one",
        )


def _when(maker: Maker, around: Surroundings, has_history: bool, limits: Limits) -> Iterable[Sign]:
    history = maker.history if has_history else around.tenant
    last = maker.last_made()
    if len(history.peaks) >= limits.own_days and not history.is_usual_hour(last):
        hour = last // HOUR % 24
        yield 1, f"At {hour:02d}:00 UTC; on {len(history.peaks)} earlier days accounts were made at other hours"


def _client(maker: Maker, has_history: bool, now: int, context: Context) -> Iterable[Sign]:
    address = max(maker.addresses, key=lambda one: (maker.addresses[one], one), default="")
    reports = context.intelligence.reports_on("ip", address, now) if address else []
    if reports:
        yield 2, f"{counted(len(reports), 'report')} of threat intelligence on {address}; usual are 0"
    if maker.is_application:
        return
    agents = sorted(agent for agent in maker.agents if not (has_history and agent in maker.history.clients))
    if context.known_tools.matches(agents):
        yield 1, f"{counted(len(agents), 'agent')} of a script ({agents[0][:60]}); people make accounts with a browser"
