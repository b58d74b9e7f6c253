"""Limits of the rule, in the core's units."""

from __future__ import annotations

from typing import Mapping, NamedTuple

from ..times import SECOND

GATHERING = "identity_gathering"


class Limits(NamedTuple):
    """Numbers of the rulebook; times in microseconds."""

    window: int
    day_window: int
    hour_objects: int
    day_objects: int
    own_objects: int
    page_objects: int
    own_days: int
    kept: int
    deviations: float
    over_most: float
    far_above: float
    log_age: int
    pages: int
    sections: int
    pace: int
    refused_share: float
    refused_calls: int
    signs: int
    signs_blind: int
    signs_cold: int
    close_after: int
    forms: int
    forms_window: int
    forms_share: float

    @property
    def list_objects(self) -> int:
        """Objects a whole list counts as: what somebody who pages through it would have read."""
        return self.pages * self.page_objects

    @classmethod
    def of(cls, rule: Mapping[str, float]) -> Limits:
        """The limits of a compiled rule."""
        times = ("window", "day_window", "kept", "log_age", "close_after", "forms_window")
        shares = ("deviations", "over_most", "far_above", "refused_share", "forms_share")
        made = {name: int(rule[name] * SECOND) if name in times else int(rule[name]) for name in cls._fields}
        return cls(**{**made, **{name: rule[name] for name in shares}})  # type: ignore[arg-type]
