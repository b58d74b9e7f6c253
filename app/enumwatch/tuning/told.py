"""Told: what is compared of findings that two settings make of the same contacts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..core.times import DAY
from ..core.verdict import COMPROMISE, HIGH, Verdict, is_at_least, rank
from .thresholds import group_of

# What no setting may stop telling, beside all of high confidence: nothing harmless looks like this, or harm is done.
SURE = (COMPROMISE, HIGH)
_DAY_TEXT = 10


class Told(NamedTuple):
    """One finding without its evidence. `who` holds each thing it accuses as (type of allowlist entry, value)."""

    finding_id: str
    group: str
    detection: str
    tenant: str
    verdict: str
    confidence: str
    who: frozenset[tuple[str, str]]
    start: int
    end: int
    days: int
    agent: str = ""  # the one agent that took part; it does not accuse, but an exception may name it

    @property
    def is_sure(self) -> bool:
        """True where it must be told under any setting."""
        return self.verdict in SURE or self.confidence == "high"

    @property
    def actor(self) -> tuple[tuple[str, str], ...]:
        """What tells this actor from others: its addresses, else its account, else whatever there is."""
        for sort in ("ip", "actor", "app_id", "user_agent"):
            found = sorted(one for one in self.who if one[0] == sort)
            if found:
                return tuple(found)
        return ()


def told_of(verdict: Verdict) -> Told:
    """What is compared of a finding."""
    actor = verdict.actor
    who = {("ip", address) for address in actor.ip or ()}
    for sort, value in (("actor", actor.account), ("app_id", actor.app_id), ("user_agent", actor.user_agent)):
        if value:
            who.add((sort, value))
    timeline = {str(bucket.get("time", ""))[:_DAY_TEXT] for bucket in verdict.evidence.timeline}
    agents = verdict.evidence.user_agents_sample
    between = verdict.window_end // DAY - verdict.window_start // DAY + 1
    return Told(
        verdict.finding_id,
        group_of(verdict.detection)[0],
        verdict.detection,
        verdict.tenant,
        verdict.verdict,
        verdict.confidence,
        frozenset(who),
        verdict.window_start,
        verdict.window_end,
        len(timeline - {""}) or between,
        agents[0] if len(agents) == 1 else "",
    )


class Difference(NamedTuple):
    """What another setting makes of findings: those no longer told, and those told as less, with what they become."""

    lost: tuple[Told, ...]
    weaker: tuple[tuple[Told, str], ...]

    @property
    def hides_an_attack(self) -> bool:
        """True where a finding that must be told is lost or told as less."""
        return any(one.is_sure for one in self.lost) or any(one.is_sure for one, _ in self.weaker)


def difference(before: Iterable[Told], after: Sequence[Told]) -> Difference:
    """What becomes of findings. One is told still where a finding of the same rules accuses the same at that time."""
    by_who: dict[tuple[str, str, tuple[str, str]], list[Told]] = {}
    for one in after:
        for each in one.who or {("", "")}:
            by_who.setdefault((one.group, one.tenant, each), []).append(one)
    lost, weaker = [], []
    for one in before:
        candidates = [each for who in one.who or {("", "")} for each in by_who.get((one.group, one.tenant, who), ())]
        matching = [each.verdict for each in candidates if each.start <= one.end + DAY and one.start <= each.end + DAY]
        if not matching:
            lost.append(one)
            continue
        worst = min(matching, key=rank)
        if rank(worst) > rank(one.verdict):
            weaker.append((one, worst))
    return Difference(tuple(lost), tuple(weaker))


def counted(findings: Iterable[Told], group: str, verdict: str = "") -> list[Told]:
    """Findings of one group of rules, with a verdict those that are as bad or worse."""
    return [one for one in findings if one.group == group and (not verdict or is_at_least(one.verdict, verdict))]
