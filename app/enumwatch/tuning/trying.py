"""Trying: the same contacts decided again under every setting, each setting on its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ..core.contact import Contact
from ..core.context import Context
from ..core.decide import Decision, decide
from ..core.success import SuccessRow
from ..core.times import DAY
from ..rulebook.detection import Detection
from .thresholds import FACTORS, Setting, changed, group_of, settings_of, thresholds_of
from .told import Told, told_of

# Contacts decided in all settings together; about five minutes on one core.
MOST_WORK = 4_000_000


@dataclass(frozen=True)
class Log:
    """What was read: contacts, who signed in, and the days the log spans (one at least)."""

    contacts: Sequence[Contact]
    arrivals: Sequence[SuccessRow]
    first: int
    last: int

    @property
    def days(self) -> float:
        """Days from the first event to the last, one at least."""
        return max(1.0, (self.last - self.first) / DAY)

    def of(self, kinds: Collection[str]) -> Log:
        """The part of the log that rules of these kinds read."""
        return replace(self, contacts=[one for one in self.contacts if one.kind in kinds])


class Trial(NamedTuple):
    """Work to share out: one setting and the contacts its rules read."""

    setting: Setting
    log: Log

    @property
    def size(self) -> int:
        """How much there is to do."""
        return 8 * len(self.log.contacts) + len(self.log.arrivals)


Spread = Callable[[Callable[[Trial], list[Told]], Sequence[Trial]], list[list[Told]]]


@dataclass(frozen=True)
class Tried:
    """What was told now, what each setting would have told, and of which rules the log holds nothing."""

    now: Sequence[Told]
    decision: Decision
    by_setting: Mapping[Setting, Sequence[Told]]
    days: float
    is_shortened: bool
    silent: Sequence[str]


def in_turn(work: Callable[[Trial], list[Told]], trials: Sequence[Trial]) -> list[list[Told]]:
    """Does one trial after the other."""
    return [work(one) for one in trials]


def told_under(log: Log, context: Context, asked: Iterable[str], settings: Sequence[Setting]) -> list[Told]:
    """What these rules tell of a log under other values."""
    other = replace(context, rulebook=changed(context.rulebook, settings))
    decision = decide(log.contacts, other, sorted(asked), False, log.arrivals)
    return [told_of(one) for one in decision.findings]


def try_settings(
    log: Log,
    context: Context,
    rules: Mapping[str, Detection],
    asked: Collection[str],
    spread: Spread = in_turn,
    most_work: int = MOST_WORK,
) -> Tried:
    """What the rules asked for told, and would have told under every other value of their main thresholds.

    Where that would be more work than `most_work`, fewer values of each threshold are tried.
    """
    decision = decide(log.contacts, context, sorted(asked), False, log.arrivals)
    now = [told_of(one) for one in decision.findings]
    parts = {group: log.of(_kinds(group, context)) for group in {group_of(name)[0] for name in asked}}
    heard = [name for name in asked if parts[group_of(name)[0]].contacts]
    settings, is_shortened = _affordable(heard, rules, parts, most_work)
    apart = {group: _hidden_by_others(group, part, context, asked, now) for group, part in parts.items()}

    def work(trial: Trial) -> list[Told]:
        group = group_of(trial.setting.threshold.detection)
        told = told_under(trial.log, context, set(group) & set(asked), [trial.setting])
        return [one for one in told if one.finding_id not in apart[group[0]]]

    trials = [Trial(one, parts[group_of(one.threshold.detection)[0]]) for one in settings]
    made = dict(zip(settings, spread(work, trials)))
    return Tried(now, decision, made, log.days, is_shortened, sorted(set(asked) - set(heard)))


def _affordable(
    heard: Collection[str], rules: Mapping[str, Detection], parts: Mapping[str, Log], most_work: int
) -> tuple[list[Setting], bool]:
    """As many values of each threshold as the work allows, at least one."""
    thresholds = thresholds_of(heard)
    # The values nearest to the one of now say most, and less noise is asked for more often than more of it.
    for factors in (FACTORS, (0.7, 1.4), (1.4,)):
        settings = settings_of(thresholds, rules, factors)
        work = sum(len(parts[group_of(one.threshold.detection)[0]].contacts) for one in settings)
        if work <= most_work:
            return settings, factors != FACTORS
    return settings, True


def _kinds(group: str, context: Context) -> set[str]:
    rules: Mapping[str, Any] = context.rulebook["detections"]
    return {kind for name in group_of(group) for kind in rules[name]["kinds"]}


def _hidden_by_others(group: str, part: Log, context: Context, asked: Collection[str], now: Iterable[Told]) -> set[str]:
    """Findings that a group tells for itself and a run of all rules leaves out, because another tells them worse."""
    if group_of(group) != (group,):
        return set()
    told = {one.finding_id for one in now}
    return {one.finding_id for one in told_under(part, context, {group}, ())} - told
