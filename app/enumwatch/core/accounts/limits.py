"""Limits of the rule, in the core's units."""

from __future__ import annotations

from typing import Mapping, NamedTuple

from ..times import DAY, SECOND

CREATION = "account_creation"


class Limits(NamedTuple):
    """Numbers of the rulebook; times in microseconds."""

    window: int
    day_window: int
    burst: int
    day_burst: int
    own_days: int
    hours_days: int
    kept: int
    deviations: float
    over_most: float
    log_age: int
    doubtful_share: float
    machine_names: int
    machine_share: float
    short_life: int
    first_day: int
    recipients: int
    hires: int
    hires_share: float
    far_above: float
    bounce_mails: int
    bounce_share: float
    place_mails: int
    signs: int
    close_after: int

    @property
    def longest_first_day(self) -> int:
        """How long an account is looked at for any of these reasons."""
        return max(self.first_day, self.short_life, self.day_window)

    @property
    def forgotten_after(self) -> int:
        """How long a maker is silent until nothing of it says anything any more."""
        return max(self.kept, self.close_after, self.longest_first_day) + DAY

    @classmethod
    def of(cls, rule: Mapping[str, float]) -> Limits:
        """The limits of a compiled rule."""
        times = ("window", "day_window", "kept", "log_age", "short_life", "first_day", "close_after")
        shares = (
            "deviations",
            "over_most",
            "doubtful_share",
            "machine_share",
            "hires_share",
            "far_above",
            "bounce_share",
        )
        made = {name: int(rule[name] * SECOND) if name in times else int(rule[name]) for name in cls._fields}
        return cls(**{**made, **{name: rule[name] for name in shares}})  # type: ignore[arg-type]
