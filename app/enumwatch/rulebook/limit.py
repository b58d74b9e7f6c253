"""Limit: one number of a rule, and how texts name it instead of repeating it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .duration import spell_duration


@dataclass(frozen=True)
class Limit:
    """One number of a detection or playbook. `number` counts units, or seconds where `value` is a duration such as 10m.

    `raised` and `lowered` say what a larger and a smaller value does, empty where the rule does not say.
    `shipped` is the limit as the rule itself has it, where an overlay gave it another value.
    """

    name: str
    value: int | float | str
    number: int | float
    means: str
    unit: str = ""
    origin: str = ""
    shipped: Limit | None = None
    raised: str = ""
    lowered: str = ""


def spelled(limit: Limit) -> str:
    """Return a limit's value in words: "10 names", "1 hour", "0.5"."""
    if isinstance(limit.value, str):
        return spell_duration(limit.value)
    return f"{limit.value} {limit.unit}".strip()


def filled(text: str, limits: Mapping[str, Limit]) -> str:
    """Return a text with the values of the limits that it names in braces."""
    for limit in limits.values():
        text = text.replace("{" + limit.name + "}", spelled(limit))
    return text
