"""Thresholds: which limits of each rule an owner would turn, and the values that are tried of each."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..core.verdict import HIGH, MODERATE
from ..core.watching import WATCHING
from ..rulebook.detection import Detection
from ..rulebook.limit import Limit
from ..rulebook.ranges import out_of_order, range_of

FACTORS = (0.5, 0.7, 1.4, 2.0)


class Threshold(NamedTuple):
    """A limit that decides how much is told. Findings of a verdict in `verdicts` or worse are counted, all where ""."""

    detection: str
    limit: str
    verdict: str = ""


MAIN: tuple[Threshold, ...] = (
    *(
        Threshold("email_enumeration", name)
        for name in ("address_level", "network_level", "agent_level", "tenant_level", "shared_level")
    ),
    *(Threshold("email_enumeration", name) for name in ("hidden_attempts", "unclear_names")),
    Threshold("email_enumeration", "moderate_names", MODERATE),
    Threshold("email_enumeration", "high_names", HIGH),
    *(Threshold("password_spray", name) for name in ("names", "round_names", "shared_names")),
    *(Threshold("password_guessing", name) for name in ("burst_attempts", "hour_attempts")),
    *(Threshold("success_after_enumeration", name) for name in ("success_share", "follow")),
    *(Threshold("identity_gathering", name) for name in ("hour_objects", "day_objects", "own_objects", "signs")),
    Threshold("identity_gathering", "forms"),
    *(Threshold("account_creation", name) for name in ("burst", "day_burst", "recipients", "place_mails", "signs")),
    Threshold("published_threshold", "names"),
)


class Setting(NamedTuple):
    """One value of one threshold; durations in seconds."""

    threshold: Threshold
    factor: float
    number: float


def group_of(detection: str) -> tuple[str, ...]:
    """The rules that are decided together with one, itself among them."""
    return WATCHING if detection in WATCHING else (detection,)


def thresholds_of(asked: Collection[str]) -> list[Threshold]:
    """The main thresholds of the rules asked for."""
    return [one for one in MAIN if one.detection in asked]


def settings_of(
    thresholds: Sequence[Threshold], rules: Mapping[str, Detection], factors: Sequence[float]
) -> list[Setting]:
    """Every other value to try, those left out that a limit cannot have or that would be the value of now."""
    return [
        Setting(one, factor, number)
        for one in thresholds
        for factor, number in rungs(rules[one.detection].limits[one.limit], factors)
    ]


def rungs(limit: Limit, factors: Sequence[float]) -> Iterator[tuple[float, float]]:
    """(factor, number) of every value of a limit to try; whole numbers are rounded away from the value of now."""
    allowed = range_of(limit.shipped or limit)
    seen = {limit.number}
    for factor in factors:
        number = limit.number * factor
        if allowed.is_duration:
            number = _plain_seconds(number)
        elif allowed.is_whole:
            number = math.floor(number) if factor < 1 else math.ceil(number)
        else:
            number = float(f"{number:.3g}")
        number = min(max(number, allowed.least), allowed.most)
        if number not in seen:
            seen.add(number)
            yield factor, number


def _plain_seconds(seconds: float) -> int:
    """A duration as a person would write it: whole minutes from ten minutes on, whole hours from two days on."""
    step = 3600 if seconds >= 2 * 86400 else 60 if seconds >= 600 else 1
    return round(seconds / step) * step


def changed(rulebook: Mapping[str, Any], settings: Sequence[Setting]) -> dict[str, Any]:
    """A compiled rulebook with these values in it; the one given is left as it is."""
    detections = dict(rulebook["detections"])
    for setting in settings:
        name, limit = setting.threshold.detection, setting.threshold.limit
        rule = detections[name]
        detections[name] = {**rule, "limits": {**rule["limits"], limit: setting.number}}
    return {**rulebook, "detections": detections}


def is_in_order(rule: Detection, settings: Sequence[Setting]) -> bool:
    """True where the limits of a rule keep their order with these values in it."""
    numbers: dict[str, float] = {name: limit.number for name, limit in rule.limits.items()}
    numbers.update({one.threshold.limit: one.number for one in settings if one.threshold.detection == rule.id})
    return not out_of_order(rule.id, numbers)
