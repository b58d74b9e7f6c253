"""Signs: what makes new accounts, and the making of them, suspicious: each with its weight and its sentence."""

from __future__ import annotations

from typing import Iterable, List, NamedTuple, Sequence, Tuple

from ..baseline import Baseline
from ..context import Context
from ..history import History
from ..network import network_of
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
    is_burst: bool  # enough to be looked at
    is_above: bool  # more than the maker's own days explain


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


class Look(NamedTuple):
    """Everything one maker is judged by at one moment."""

    key: MakerKey
    maker: Maker
    accounts: Sequence[Account]  # of the last day
    volume: Volume
    around: Surroundings
    time: int
    limits: Limits
    context: Context

    @property
    def has_history(self) -> bool:
        """Whether the maker's own days can say what is usual."""
        return self.volume.own.days >= self.limits.own_days

    @property
    def is_nobodys_work(self) -> bool:
        """Whether anybody may do this, from anywhere and at any hour: invite guests, make an account for oneself."""
        return self.maker.is_self or (bool(self.accounts) and all(one.is_invited for one in self.accounts))

    @property
    def address(self) -> str:
        """The address last used."""
        used = self.maker.addresses
        return max(used, key=lambda one: (used[one], one), default="")


def signs_of(look: Look) -> Signs:
    """The signs of the accounts that a maker made within the last day."""
    accounts, limits = look.accounts, look.limits
    shown = [*_domains(accounts, limits), *_life(look), *_sending(accounts, look.around, limits)]
    found = [
        *_volume(look),
        *_standing(look),
        *shown,
        *_names(accounts, limits),
        *_where(look),
        *_when(look),
        *_client(look),
    ]
    return Signs(found, sum(weight for weight, _ in shown))


def _volume(look: Look) -> Iterable[Sign]:
    volume = look.volume
    if not volume.is_burst:
        return
    what = f"{counted(volume.number, 'account')} made within {lasting(volume.length)}"
    own = volume.own
    if look.has_history:
        yield (
            int(volume.is_above),
            (
                f"{what}; on {own.days} earlier days it made {own.median:g} at the median (deviation {own.deviation:.0f}) "
                f"and {own.most:g} at most, so up to {max(own.bound, volume.floor - 1):.0f} would be usual"
            ),
        )
    else:
        yield 0, f"{what}; makers without {look.limits.own_days} days of history stay below {volume.floor}"


def _standing(look: Look) -> Iterable[Sign]:
    organisation, key, maker, around, limits = look.context.organisation, look.key, look.maker, look.around, look.limits
    days = look.volume.own.days
    makers = [key.value] if key.sort == "account" else sorted(maker.creators)
    is_app_approved = any(organisation.is_approved_creator(name, key.tenant) for name in (*maker.apps, *maker.app_ids))
    if is_app_approved or all(organisation.is_approved_creator(name, key.tenant) for name in makers or [key.value]):
        return
    if organisation.lists_creators(key.tenant) and not maker.is_self:
        # A list is seldom complete; whoever makes accounts all the time may only be missing on it.
        yield (
            1 if look.has_history else 2,
            f"{key.value} is not among the approved creators; 1 of them would make accounts",
        )
    elif look.has_history:
        return
    elif around.log_days * DAY >= limits.log_age:
        weight = 1 if maker.is_application or look.is_nobodys_work or days else 2
        yield (
            weight,
            (
                f"{key.value} made accounts on {counted(days, 'earlier day')}, in a log of {around.log_days} days; whoever makes "
                f"accounts does so on {limits.own_days} days or more"
            ),
        )
    elif not days and not maker.is_application and not look.is_nobodys_work and _says_something_of_the_maker(look):
        yield (
            1,
            (
                f"Nothing is known of {key.value}: the log is {counted(around.log_days, 'day')} old; from "
                f"{lasting(limits.log_age)} on it would tell whether it makes accounts"
            ),
        )


def _says_something_of_the_maker(look: Look) -> bool:
    """How much an account sends says nothing of who made it; a burst, its domain and its short life do."""
    return look.volume.is_burst or any(one.disposable or one.lookalike or one.deleted_at for one in look.accounts)


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


def _life(look: Look) -> Iterable[Sign]:
    accounts, has_history, limits = look.accounts, look.has_history, look.limits
    gone = [one for one in accounts if one.deleted_at and not one.is_woken]
    if not gone or len(gone) < limits.doubtful_share * len(accounts):
        return
    if has_history and 2 * len(gone) < len(accounts):
        return  # whoever makes accounts for a living also makes some by mistake
    shortest = min(one.deleted_at - one.made_at for one in gone)
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
            f"{limits.hires_share:.0%} of {around.hires} new hires reach fewer"
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


def _names(accounts: Sequence[Account], limits: Limits) -> Iterable[Sign]:
    made = machine_made([one.local for one in accounts if not one.is_woken], limits.machine_names)
    if made and len(made) >= limits.machine_share * len(accounts):
        shown = ", ".join(sorted(made)[:4])
        yield (
            1,
            f"{len(made)} of {counted(len(accounts), 'name')} look made by a machine ({shown}); people's do not count up",
        )


def _where(look: Look) -> Iterable[Sign]:
    organisation, key, history, tenant = look.context.organisation, look.key, look.maker.history, look.around.tenant
    address, network = look.address, network_of(look.address)
    since = look.maker.last_made() - look.limits.day_window
    if not address or look.is_nobodys_work or (look.has_history and history.has_used_network(network, since)):
        return
    if organisation.lists_networks(key.tenant):
        if not organisation.network_kind(address, key.tenant):
            yield (
                1,
                f"Made from {address}, outside the owner's networks; {counted(len(history.networks), 'network')} before",
            )
    elif (look.has_history or len(tenant.peaks) >= look.limits.own_days) and not tenant.has_used_network(
        network, since
    ):
        known = len(tenant.networks)
        yield (
            1,
            f"Made from {address}; accounts were made from {counted(known, 'other network')} before, and not from this one",
        )


def _when(look: Look) -> Iterable[Sign]:
    if not look.has_history and (look.maker.is_application or look.is_nobodys_work):
        return  # the hours of those who make accounts at work say nothing of it
    history = look.maker.history if look.has_history else look.around.tenant
    last = look.maker.last_made()
    if last and len(history.peaks) >= look.limits.hours_days and not history.is_usual_hour(last):
        hour = last // HOUR % 24
        yield 1, f"At {hour:02d}:00 UTC; on {len(history.peaks)} earlier days accounts were made at other hours"


def _client(look: Look) -> Iterable[Sign]:
    maker, address = look.maker, look.address
    reports = look.context.intelligence.reports_on("ip", address, look.time) if address else []
    if reports:
        yield 2, f"{counted(len(reports), 'report')} of threat intelligence on {address}; usual are 0"
    if maker.is_application:
        return
    agents = sorted(agent for agent in maker.agents if not (look.has_history and agent in maker.history.clients))
    if look.context.known_tools.matches(agents):
        yield 1, f"{counted(len(agents), 'agent')} of a script ({agents[0][:60]}); people make accounts with a browser"
