"""Watch: follows one place through time and opens an incident when one of its rules fires."""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, Mapping, Optional, Set

from .incident import ENUMERATION, GUESSING, SPRAY, Incident
from .observation import Observation, Place
from .scope import ABSENT, EXISTING, UNCLEAR, WRONG_REALM, Limits, Scope, Tried, is_burst, rounds

# Above so many names a window is certainly no guessing, and looking through it each time would cost the square of it.
_GUESSING_LOOKS_AT = 30


class PlaceWatch:
    """Follows one place through time and yields its incidents as they open and grow."""

    def __init__(self, place: Place, limits: Limits, account_kinds: Mapping[str, str]) -> None:
        self._place = place
        self._limits = limits
        self._account_kinds = account_kinds
        self._whole = Scope(limits)
        self._agents: Dict[str, Scope] = {}
        self._open: Dict[Optional[str], Incident] = {}

    def follow(self, observations: Iterable[Observation]) -> Iterator[Incident]:
        """Yields an incident each time it opened or took something in, in time order, whole so far."""
        for observation in observations:
            yield from self._step(observation)

    def _step(self, observation: Observation) -> Iterator[Incident]:
        agent = observation.contact.user_agent
        by_agent = self._agents.get(agent)
        if by_agent is None:
            by_agent = self._agents[agent] = Scope(self._limits)
        if observation.name in by_agent.succeeded:
            # Somebody fails where, and with what, they signed in before: their own affair (a changed password, a phone whose
            # owner left), whoever else is at work there. And another success there only repeats the answer.
            return
        self._close(observation.time)
        tried_whole, tried_agent = self._whole.take(observation), by_agent.take(observation)
        for key in (None, agent):
            incident = self._open.get(key)
            if incident is not None:
                incident.take(observation)
        if tried_whole is not None and tried_agent is not None:
            key = self._key_of(agent)
            scope, tried = (self._whole, tried_whole) if key is None else (by_agent, tried_agent)
            self._judge(key, scope, tried, observation.time)
        for key in (None, agent):
            incident = self._open.get(key)
            if incident is not None:
                yield incident

    def _key_of(self, agent: str) -> Optional[str]:
        """What the actor is told by: the whole place while nobody signed in there, the agent as the finer key after."""
        if None in self._open or not agent or not self._whole.succeeded:
            return None
        return agent

    def _close(self, now: int) -> None:
        for key, one in list(self._open.items()):
            # An address that turns out to be shared is no actor: from then on its agents are watched one by one.
            if now - one.last_failed > self._limits.close_after or (key is None and one.is_people):
                del self._open[key]

    def _judge(self, key: Optional[str], scope: Scope, tried: Tried, now: int) -> None:
        incident = self._open.get(key)
        if incident is not None and ENUMERATION in incident.raised:
            return  # nothing that could still fire would say more
        already: Set[str] = set(incident.raised) if incident else set()
        found = []
        if ENUMERATION not in already and (
            self._account_kinds.get(tried.name) == "decoy" or self._is_enumeration(scope)
        ):
            found.append(ENUMERATION)
        if not already & {ENUMERATION, SPRAY} and not found and self._is_spray(scope, tried):
            found.append(SPRAY)
        if not already and not found and self._is_guessing(scope):
            found.append(GUESSING)
        if not found:
            return
        if incident is None:
            incident = self._open[key] = Incident(self._place, scope, key, self._limits, self._account_kinds)
        for detection in found:
            incident.raised.setdefault(detection, now)

    def _is_enumeration(self, scope: Scope) -> bool:
        limits, window = self._limits, scope.window
        if window.hidden_attempts >= limits.hidden_attempts:
            return True
        if window.names_tried < min(limits.alarm_names, limits.unclear_names):
            return False
        names = scope.sort_counts(self._whole.succeeded)
        if window.attempts_per_name > limits.alarm_attempts_per_name:
            return False
        missing = names[ABSENT] + names[WRONG_REALM]
        is_shared = self._whole.users >= limits.shared_users
        needed = limits.shared_alarm_names if is_shared else limits.alarm_names
        if missing >= needed and missing >= limits.alarm_absent_ratio * (missing + names[EXISTING]):
            return True
        unclear = names["unclear_autodiscover"]
        return unclear >= (limits.shared_alarm_names if is_shared else limits.unclear_names)

    def _is_spray(self, scope: Scope, tried: Tried) -> bool:
        limits, window = self._limits, scope.window
        if tried.kind != "sign_in" or window.names_tried < min(limits.round_names, limits.spray_names):
            return False
        names = scope.sort_counts(self._whole.succeeded)
        existing = names[EXISTING] + names["unclear_sign_in"]
        is_shared = self._whole.users >= limits.shared_users
        needed = limits.spray_names
        if is_shared:
            needed = max(limits.spray_shared_names, self._whole.users)
        if existing >= needed and window.attempts_per_name <= limits.spray_attempts_per_name:
            return True
        tried_here = window.names(EXISTING) + window.names(UNCLEAR, "sign_in")
        return (
            tried_here >= limits.round_names and not tried.is_first_contact and bool(rounds(window.entries(), limits))
        )

    def _is_guessing(self, scope: Scope) -> bool:
        if scope.window.names_tried > _GUESSING_LOOKS_AT:
            return False
        return is_burst(scope.window.entries(), self._limits)
