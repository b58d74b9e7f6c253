"""Judge: which verdict an incident supports at this moment, how high it scores and how sure it is."""

from __future__ import annotations

import math
from typing import List, Mapping, NamedTuple, Tuple

from .incident import CHAIN, ENUMERATION, GUESSING, SPRAY, Incident
from .judgement import Judgement
from .scope import EXISTING
from .verdict import COMPROMISE, HIGH, LOW, MODERATE, NOT_ENOUGH
from .verdict import GUESSING as GUESSING_VERDICT
from .verdict import SPRAY as SPRAY_VERDICT


class Ladder(NamedTuple):
    """Limits of the enumeration ladder, from the rulebook."""

    moderate_names: int
    moderate_names_with_tool: int
    moderate_addresses: int
    moderate_traits: int
    high_names: int

    @classmethod
    def of(cls, limits: Mapping[str, float]) -> Ladder:
        return cls(*(int(limits[name]) for name in cls._fields))


class Findings(NamedTuple):
    """What is known of an incident beside its counts."""

    has_known_tool: bool
    has_intelligence: bool
    log_sources: int  # separate logs, not tables of one log
    can_name_actor: bool
    machine_traits: int = 0  # the most that the incident has shown


_STEPS = (LOW, MODERATE, HIGH)
_BASE_SCORE = {COMPROMISE: 88, HIGH: 70, MODERATE: 50, LOW: 30, SPRAY_VERDICT: 24, GUESSING_VERDICT: 14, NOT_ENOUGH: 2}
_SCORE_SPAN = 14  # points that the number of names can add inside one verdict
_TRAIT_SPAN = 3  # points that traits of a machine can add
_SPRAY_SPAN = 44  # sprays have one verdict for all sizes, so their names add more
# With gaps fewer names make nobody sure; without them so many do where so many of them are absent.
UNSURE_BELOW_NAMES, SURE_FROM_NAMES, SURE_FROM_RATIO = 10, 20, 0.8


class Turn(NamedTuple):
    """What a judgement depends on, to compare: while it is the same, `judge` and what it asks say the same."""

    judged_by: Tuple[object, ...]
    until: float  # so many names, with nothing else new, change it
    is_confirmed: bool  # some answer said that a name exists
    has_decoy: bool

    def still_holds(self, incident: Incident) -> bool:
        """True for an incident of which nothing but the number of its names changed since, and that not by enough."""
        return (
            incident.suspicious_names < self.until
            and (incident.counts[EXISTING] > 0) is self.is_confirmed
            and incident.has_decoy is self.has_decoy
        )


def turn_of(incident: Incident, ladder: Ladder) -> Turn:
    """What a judgement of these counts depends on.

    Tools and traits are asked for between two numbers of names only, so there every name counts.
    """
    names, is_confirmed = incident.suspicious_names, incident.counts[EXISTING] > 0
    steps = (ladder.moderate_names_with_tool, ladder.moderate_names, ladder.high_names)
    is_between = steps[0] <= names < steps[1]
    judged_by = (
        incident.standing if is_between else [names >= step for step in steps],
        len(incident.raised),
        is_confirmed,
        incident.is_told,
        not incident.compromised,
        incident.has_sensitive_found,
        incident.has_decoy,
        len(incident.sources),
        len(incident.places) >= ladder.moderate_addresses,
        min(incident.hidden_attempts, ladder.moderate_names),
    )
    until = names if is_between else min((step for step in steps if step > names), default=math.inf)
    return Turn(judged_by, until, is_confirmed, incident.has_decoy)


def judge(incident: Incident, ladder: Ladder, known: Findings) -> Judgement:
    """The verdict that the incident's counts support; it can only get worse while the incident is open."""
    if not known.can_name_actor:
        detection = min(incident.raised, key=lambda name: incident.raised[name])
        return Judgement(NOT_ENOUGH, detection)
    if incident.compromised:
        return Judgement(COMPROMISE, CHAIN)
    if ENUMERATION in incident.raised:
        if incident.is_of_passwords:
            return Judgement(SPRAY_VERDICT, SPRAY)
        verdict, steps = _enumeration(incident, ladder, known)
        return Judgement(verdict, ENUMERATION, tuple(steps))
    if SPRAY in incident.raised:
        return Judgement(SPRAY_VERDICT, SPRAY)
    return Judgement(GUESSING_VERDICT, GUESSING)


def _enumeration(incident: Incident, ladder: Ladder, known: Findings) -> Tuple[str, List[str]]:
    names = incident.suspicious_names
    has_more = (
        known.has_known_tool
        or known.machine_traits >= ladder.moderate_traits
        or len(incident.places) >= ladder.moderate_addresses
    )
    if names >= ladder.high_names:
        step = 2
    elif names >= (ladder.moderate_names_with_tool if has_more else ladder.moderate_names):
        step = 1
    else:
        step = 0
    raised = []
    if incident.has_sensitive_found:
        raised.append("a sensitive name was found")
    if known.log_sources >= 2:
        raised.append("more than one log source shows it")
    if known.has_intelligence:
        raised.append("threat intelligence knows the actor")
    if raised:
        step += 1
    # Hidden names and answers that do not tell cannot carry the verdict above Moderate, however many there are.
    if incident.hidden_attempts >= ladder.moderate_names:
        step = max(step, 1)
    return _STEPS[min(step, 2 if incident.is_told else 1)], raised


def score_of(verdict: str, names: float, traits: int = 0) -> int:
    """0 to 100: the verdict decides the range, the number of distinct names (its logarithm) the place inside.

    Traits of a machine make an incident worth looking at sooner, so they add points. An incident that becomes a worse verdict
    never scores less than it did as a spray of as many names.
    """
    size = math.log2(1 + names)
    as_spray = _BASE_SCORE[SPRAY_VERDICT] + min(_SPRAY_SPAN, int(size * 6.4))
    if verdict == SPRAY_VERDICT:
        return as_spray
    inside = _BASE_SCORE[verdict] + min(_SCORE_SPAN, int(size * 1.6))
    if verdict in _STEPS:
        return max(inside + min(_TRAIT_SPAN, traits), as_spray + 1 + _STEPS.index(verdict))
    return min(100, inside)


def confidence(verdict: str, names: int, absent_ratio: float, gaps: int) -> str:
    """low, medium or high, from how much was seen and how many gaps there are."""
    if verdict == NOT_ENOUGH or (gaps and names < UNSURE_BELOW_NAMES):
        return "low"
    if not gaps and names >= SURE_FROM_NAMES and (absent_ratio >= SURE_FROM_RATIO or verdict == COMPROMISE):
        return "high"
    return "medium"
