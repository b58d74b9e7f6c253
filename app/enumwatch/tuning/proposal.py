"""Proposal: the smallest change of thresholds that keeps doubtful findings within a budget and hides no attack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..rulebook.detection import Detection
from .thresholds import Setting, group_of, is_in_order
from .told import Difference, Told, difference
from .trying import Tried


@dataclass(frozen=True)
class Proposal:
    """Values to set, none where nothing should be changed; `difference` is what would be told no more, or as less."""

    settings: Sequence[Setting] = ()
    difference: Difference = field(default_factory=lambda: Difference((), ()))
    before: float = 0.0  # doubtful findings a day, as it is and with the values proposed
    after: float = 0.0
    budget: float = 0.0

    @property
    def is_within_budget(self) -> bool:
        """True where no more doubtful findings are left than asked for."""
        return self.after <= self.budget


# What every rule together tells under several values at once.
Verify = Callable[[Sequence[Setting]], Sequence[Told]]


def propose(tried: Tried, rules: Mapping[str, Detection], budget: float, verify: Verify) -> Proposal:
    """The proposal for a budget of doubtful findings a day.

    Thresholds are only ever made stricter, and only while the budget is exceeded. A value that would lose or weaken a
    finding that must be told is never taken; the values together are decided once more to be sure of that.
    """
    before = _a_day(tried.now, tried.days)
    useful = _stricter(tried, rules)
    chosen: list[Setting] = []
    lost: set[str] = set()
    doubtful = [one for one in tried.now if not one.is_sure]
    while _over(doubtful, lost, tried.days, budget):
        following = _next(useful, chosen, lost, rules, _excess(doubtful, lost, tried.days, budget))
        if following is None:
            break
        chosen.append(following)
        lost |= useful[following]
    if _over(doubtful, lost, tried.days, budget):
        chosen = _together(tried, rules, chosen, len(lost), verify) or chosen
    while chosen:
        after = verify(chosen)
        found = difference(tried.now, after)
        if not found.hides_an_attack:
            return Proposal(tuple(chosen), found, before, _a_day(after, tried.days), budget)
        chosen.pop()
    return Proposal((), Difference((), ()), before, before, budget)


def _together(
    tried: Tried, rules: Mapping[str, Detection], chosen: Sequence[Setting], lost: int, verify: Verify
) -> list[Setting]:
    """Several stricter values at once, where two rules raise the same so that no value alone takes it away.

    Everything is made stricter, and then each value that makes no difference is dropped; nothing where that takes away
    no more than before or hides an attack.
    """
    told = {name for one in tried.now if not one.is_sure for name in group_of(one.detection)}
    for factor in sorted({one.factor for one in tried.by_setting if one.factor > 1}):
        settings = list(chosen)
        for one in tried.by_setting:
            is_fresh = one.threshold not in {each.threshold for each in settings}
            if one.factor == factor and is_fresh and not one.threshold.verdict and one.threshold.detection in told:
                settings += [one] if is_in_order(_rule(one, rules), [*settings, one]) else []
        found = difference(tried.now, verify(settings))
        if len(found.lost) > lost and not found.hides_an_attack:
            return _without_idle(settings, len(found.lost), tried, verify)
    return []


def _without_idle(settings: list[Setting], lost: int, tried: Tried, verify: Verify) -> list[Setting]:
    """The values that are needed to lose as many."""
    for one in list(settings):
        fewer = [each for each in settings if each != one]
        if len(difference(tried.now, verify(fewer)).lost) >= lost:
            settings = fewer
    return settings


def _a_day(findings: Iterable[Told], days: float) -> float:
    return sum(1 for one in findings if not one.is_sure) / days


def _stricter(tried: Tried, rules: Mapping[str, Detection]) -> dict[Setting, set[str]]:
    """Values that tell less and hide no attack, with the doubtful findings they take away."""
    useful: dict[Setting, set[str]] = {}
    for setting, told in tried.by_setting.items():
        group = group_of(setting.threshold.detection)
        found = difference([one for one in tried.now if one.detection in group], told)
        adds = len(told) - (sum(one.detection in group for one in tried.now) - len(found.lost))
        if found.lost and adds <= 0 and not found.hides_an_attack and is_in_order(_rule(setting, rules), [setting]):
            useful[setting] = {one.finding_id for one in found.lost}
    return useful


def _rule(setting: Setting, rules: Mapping[str, Detection]) -> Detection:
    return rules[setting.threshold.detection]


def _over(doubtful: Sequence[Told], lost: set[str], days: float, budget: float) -> bool:
    return _excess(doubtful, lost, days, budget) > 0


def _excess(doubtful: Sequence[Told], lost: set[str], days: float, budget: float) -> float:
    return sum(one.finding_id not in lost for one in doubtful) - budget * days


def _next(
    useful: Mapping[Setting, set[str]],
    chosen: Sequence[Setting],
    lost: set[str],
    rules: Mapping[str, Detection],
    excess: float,
) -> Setting | None:
    """The value that takes away just enough, else the one that takes away most; nearest to the value of now first."""
    taken = {one.threshold for one in chosen}
    gains = {
        one: len(found - lost)
        for one, found in useful.items()
        if one.threshold not in taken and found - lost and is_in_order(_rule(one, rules), [*chosen, one])
    }
    enough = [one for one, gain in gains.items() if gain >= excess]
    if enough:
        return min(enough, key=lambda one: (gains[one], abs(one.factor - 1), one.threshold))
    return min(gains, key=lambda one: (-gains[one], abs(one.factor - 1), one.threshold)) if gains else None
