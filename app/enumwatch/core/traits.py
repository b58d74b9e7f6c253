"""Traits of a machine: what people who mistype do not show, each a yes or no with its limit in the rulebook."""

from __future__ import annotations

import re
from typing import Dict, Iterable, List, Mapping, NamedTuple, Optional, Tuple

from .incident import Incident
from .name_pattern import Pattern, pattern_of_shapes, shapes_of
from .pace import Pace, pace_of
from .tool import ToolMatch

ALL_TRAITS = 6
OF_PACE = 2  # as many traits are of the pace: order and pauses

ORDERED = "names in order"
PATTERN = "one name pattern"
COUNTER = "names of a counter"
REGULAR = "regular pauses"
CLIENT_IDS = "many client ids"
TOOL_AGENT = "agent of a known tool"

_NUMBERED = re.compile(r"(\D*)\d+(\D*)")


class TraitLimits(NamedTuple):
    """The limits of the traits, from the rulebook; each field there begins with `trait_`."""

    neighbours: int
    order: float
    pattern: float
    gap_variation: float
    client_ids: int

    @classmethod
    def of(cls, limits: Mapping[str, float]) -> TraitLimits:
        """The limits of a compiled detection."""
        found = {name: limits[f"trait_{name}"] for name in cls._fields}
        return cls(
            neighbours=int(found["neighbours"]),
            order=found["order"],
            pattern=found["pattern"],
            gap_variation=found["gap_variation"],
            client_ids=int(found["client_ids"]),
        )


class Behaviour(NamedTuple):
    """How an incident's names were tried: measures that no answer and no count of attempts goes into.

    Only the first try of each name is looked at. How often a name was tried becomes known later, and at other moments
    where a log is read in slices; a verdict must not rest on that.
    """

    names: int
    pace: Pace
    pattern: Optional[Pattern]
    counter_share: float  # names of the same letters around a number / names
    client_ids: int  # distinct

    def traits(self, limits: TraitLimits, tools: Iterable[ToolMatch], own: Optional[Pattern]) -> List[str]:
        """Names of the traits that these measures and tools show, in a fixed order.

        `own` is the form of the names that people here have: that most names tried have it too says nothing.
        """
        order, variation = self.pace
        has_enough = self.names > limits.neighbours
        is_counter = has_enough and self.counter_share >= limits.pattern
        shown = {
            ORDERED: order is not None and max(order, 1.0 - order) >= limits.order,
            # A counter's names are of one pattern too; that is one trait and not two.
            PATTERN: has_enough and not is_counter and self._is_of_one_pattern(limits, own),
            COUNTER: is_counter,
            REGULAR: variation is not None and variation < limits.gap_variation,
            CLIENT_IDS: self.client_ids >= limits.client_ids,
            # Of low confidence are agents that a tool shares with ordinary browsers.
            TOOL_AGENT: any(tool.match == "user_agent" and tool.confidence != "low" for tool in tools),
        }
        return [trait for trait, is_shown in shown.items() if is_shown]

    def _is_of_one_pattern(self, limits: TraitLimits, own: Optional[Pattern]) -> bool:
        found = self.pattern
        if found is None or not found.is_made_up or (own is not None and own.form == found.form):
            return False
        return found.share >= limits.pattern


def behaviour_of(incident: Incident, limits: TraitLimits, with_pace: bool = True) -> Behaviour:
    """The behaviour of an incident up to now; without its pace, which takes a look at every observation, if so asked."""
    shapes = shapes_of(incident.sorts)
    return Behaviour(
        names=len(incident.sorts),
        pace=pace_of(incident.observations, limits.neighbours) if with_pace else Pace(None, None),
        pattern=pattern_of_shapes(shapes),
        counter_share=_counter_share(shapes),
        client_ids=len({app_id for app_id in incident.app_ids if app_id}),
    )


def _counter_share(shapes: Mapping[str, int]) -> float:
    stems: Dict[Tuple[str, ...], int] = {}
    for shape, times in shapes.items():
        found = _NUMBERED.fullmatch(shape)
        if found is not None:
            stem = found.groups()
            stems[stem] = stems.get(stem, 0) + times
    return max(stems.values(), default=0) / sum(shapes.values()) if shapes else 0.0
