"""Reads the limits of a rule, and checks the texts that name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from .document import walk
from .duration import parse_duration
from .limit import Limit
from .problems import Trail, place
from .reader import Reader
from .vocabulary import FILLABLE

_LIMIT_NAMED = re.compile(r"\{([^{}]*)\}")


class LimitReader(Reader):
    """A reader of files that have limits."""

    def limits(self, value: Any, trail: Trail) -> Mapping[str, Limit]:
        """Limits by name."""
        limits = self.any_mapping(value, trail, is_empty_fine=True)
        return {name: self.limit(limit, (*trail, name)) for name, limit in limits.items()}

    def limit(self, value: Any, trail: Trail) -> Limit:
        """One limit."""
        name = self.name(trail[-1], trail)
        content = self.mapping(value, trail, ("value", "means"), ("unit", "origin", "raised", "lowered"))
        amount = content.get("value", 0)
        number = parse_duration(amount) if isinstance(amount, str) else amount
        if isinstance(number, bool) or not isinstance(number, (int, float)) or number < 0:
            self.wrong(amount, (*trail, "value"), "a number from 0 or a duration such as 90s, 10m, 1h or 7d")
            amount = number = 0
        unit = self.take(content, "unit", self.text, "", trail)
        if unit and isinstance(amount, str):
            what = f"{place((*trail, 'unit'))} beside a duration"
            self.add((*trail, "unit"), what, "no unit, a duration has its own", unit)
        means = self.take(content, "means", self.text, "", trail)
        origin, raised, lowered = (
            self.take(content, key, self.text, "", trail) for key in ("origin", "raised", "lowered")
        )
        return Limit(name, amount, number, means, unit, origin, raised=raised, lowered=lowered)

    def check_named_limits(
        self, content: Mapping[str, Any], keys: Iterable[str], limits: Mapping[str, Limit], filled: str = ""
    ) -> None:
        """Texts may name a limit in braces instead of repeating its number; those of the key `filled` values of a finding too."""
        for key in keys:
            for trail, text in walk(content.get(key), (key,)):
                also = FILLABLE if filled and trail[-1] == filled else ()
                for name in _LIMIT_NAMED.findall(text) if isinstance(text, str) else ():
                    if name not in limits and name not in also:
                        near = get_close_matches(name, (*limits, *also), 1)
                        listed = "one of its limits: " + (", ".join((*limits, *also)) or "it has none")
                        expected = f"{{{near[0]}}}" if near else listed
                        self.add(trail, f"{place(trail)} names the limit {{{name}}}", expected, name)
