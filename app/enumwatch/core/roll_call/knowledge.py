"""Knowledge: what a tenant's own answers have taught up to a moment, never more."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import Dict, Iterable, Iterator, List, Mapping, Optional, Set, Tuple, Union

from ..neighbour import NeighbourIndex
from ..observation import Place
from ..success import Success

_SEPARATORS = re.compile(r"[._-]")
_DIGITS = "0123456789"
_COUNTER = re.compile(r"\d\d")
_DIGIT = re.compile(r"\d")


class _Here:
    """Who signed in at one place."""

    __slots__ = ("by_agent", "users")

    def __init__(self) -> None:
        self.users: Dict[str, int] = {}  # name → first success
        self.by_agent: Dict[str, Dict[str, int]] = {}  # agent → name → first success


class Knowledge:
    """Names that exist, from which networks they signed in, and how many people share a place."""

    def __init__(self) -> None:
        self._known: Dict[str, int] = {}  # name → how many were known before it
        self.number = 0  # of known names
        self._index = NeighbourIndex()
        self._unlisted: List[str] = []  # known names that the index does not have yet: many a log never asks it
        self._shapes: Dict[str, List[int]] = {}  # shape of digits → the first known names of it, by their numbers
        self._spellings: Dict[str, Set[str]] = {}  # network → spellings of those who signed in from it
        self._unspelled: Dict[str, List[str]] = {}  # network → names whose spellings nobody asked for there yet
        # Most people sign in from one network only, and at many a place there is but one success: these are kept as they are.
        self._signed_in: Dict[str, Union[str, Dict[str, int]]] = {}  # name → its network, or network → first success
        self._here: Dict[Place, Union[Success, _Here]] = {}
        self._networks: Set[str] = set()  # from which anybody signed in
        # (network, agent) that people sign in with → the one place they do it at, None for several
        self._means: Dict[Tuple[str, str], Optional[Place]] = {}
        self.people: Dict[str, int] = {}  # name that signed in somewhere → first success
        self._heard_of: Dict[str, int] = {}  # name → when an answer said that it exists, before it ever signed in

    def names(self) -> Dict[str, Dict[str, int]]:
        """Every known name with the networks from which it signed in and when first."""
        return {name: self._networks_of(name) for name in self._known}

    def _networks_of(self, name: str) -> Dict[str, int]:
        held = self._signed_in.get(name, {})
        return {held: self.people[name]} if isinstance(held, str) else held

    def heard_of(self, name: str) -> int:
        """When a known name was first heard of without a success; 0 for never."""
        return self._heard_of.get(name, 0)

    def places(self) -> Iterator[Tuple[Place, Dict[str, Dict[str, int]]]]:
        """Every place where somebody signed in, with agent → name → time of the first success."""
        for place in list(self._here):
            found = {agent: users for agent, users in self._at(place).by_agent.items() if users}
            if found:
                yield place, found

    def _at(self, place: Place) -> _Here:
        """Who signed in at a place, to be asked more than once or added to."""
        held = self._here.get(place)
        if isinstance(held, _Here):
            return held
        made = self._here[place] = _Here()
        if held is not None:
            made.users[held.name] = held.time
            made.by_agent[held.agent] = {held.name: held.time}
        return made

    def means(self) -> Dict[Tuple[str, str], Optional[Place]]:
        """(network, agent) that people sign in with, and the one place they do it at, None for several."""
        return self._means

    def recall_name(self, name: str, networks: Mapping[str, int], heard_of: int) -> None:
        """Takes back from memory what is known of a name, and when that was learnt."""
        self.learn_name(name, 0 if networks else heard_of)
        if networks:
            self.people[name] = min(networks.values())
            self._signed_in[name] = {**self._networks_of(name), **networks}
            self._networks.update(networks)
            for network in networks:
                self._unspelled.setdefault(network, []).append(name)

    def recall_place(self, place: Place, agents: Mapping[str, Mapping[str, int]]) -> None:
        """Takes back from memory who signed in at a place."""
        users = self.users_of(place)
        for agent, names in agents.items():
            with_agent = self.users_of(place, agent)
            for name, time in names.items():
                with_agent[name] = time
                users[name] = min(time, users.get(name, time))

    def recall_means(self, means: Mapping[Tuple[str, str], Optional[Place]]) -> None:
        """Takes back from memory with what people sign in."""
        self._means.update(means)

    def learn_name(self, name: str, time: int) -> None:
        """A name exists: some answer said so at this time."""
        if name in self._known:
            return
        if time:
            self._heard_of[name] = time
        self._known[name] = self.number
        self.number += 1
        self._unlisted.append(name)

    def _spellings_from(self, network: str) -> Set[str]:
        """The spellings of those who signed in from a network, worked out for those who did since somebody asked last."""
        known = self._spellings.get(network)
        if known is None:
            known = self._spellings[network] = set()
        for name in self._unspelled.pop(network, ()):
            known.update(spellings(name))
        return known

    def learn_successes(self, arrivals: Iterable[Success]) -> Tuple[List[str], List[Place]]:
        """Names signed in, in time order. Returns those that never had from anywhere, and the place of each new user of one."""
        signed_in, heres = self._signed_in, self._here
        new_names: List[str] = []
        new_users: List[Place] = []
        for one in arrivals:
            time, place, network, agent, name, _ = one
            held = signed_in.get(name)
            if held is None:
                new_names.append(name)
                self.learn_name(name, 0)  # when that was is told by its network
                self.people[name] = time
                self._come_from(name, network)
                signed_in[name] = network
            elif isinstance(held, str):
                if held != network:
                    signed_in[name] = {held: self.people[name], network: time}
                    self._come_from(name, network)
            elif network not in held:
                held[network] = time
                self._come_from(name, network)
            here = heres.get(place)
            if here is None:
                heres[place] = one
                new_users.append(place)
                continue
            if not isinstance(here, _Here):
                here = self._at(place)
            if name not in here.users:
                here.users[name] = time
                new_users.append(place)
            with_agent = here.by_agent.get(agent)
            if with_agent is None:
                here.by_agent[agent] = {name: time}
            elif name not in with_agent:
                with_agent[name] = time
        return new_names, new_users

    def _come_from(self, name: str, network: str) -> None:
        self._networks.add(network)
        self._unspelled.setdefault(network, []).append(name)

    def users_of(self, place: Place, agent: Optional[str] = None) -> Dict[str, int]:
        """Names that signed in at a place (with an agent there) and when first; it goes on growing as more is learnt."""
        here = self._at(place)
        if agent is None:
            return here.users
        users = here.by_agent.get(agent)
        if users is None:
            users = here.by_agent[agent] = {}
        return users

    def is_agent_of_users(self, place: Place, agent: str) -> bool:
        """True where anybody signed in at the place with this agent."""
        here = self._here.get(place)
        if here is None:
            return False
        return bool(here.by_agent.get(agent)) if isinstance(here, _Here) else agent == here.agent

    def users_before(self, place: Place, agent: Optional[str], time: int) -> List[str]:
        """Names that had signed in at a place (with an agent there) before a time."""
        if not self.users(place):
            return []
        return [name for name, first in self.users_of(place, agent).items() if first < time]

    def is_own_affair(self, place: Place, agent: str, name: str) -> bool:
        """True where somebody signed in before with this very name, place and agent."""
        here = self._here.get(place)
        if here is None:
            return False
        if isinstance(here, _Here):
            return name in here.by_agent.get(agent, ())
        return name == here.name and agent == here.agent

    def is_known(self, name: str) -> bool:
        """True where an answer said the name exists, or did once."""
        return name in self._known

    def is_familiar(self, name: str, network: str) -> bool:
        """True where the name signed in from the network before."""
        held = self._signed_in.get(name)
        return held is not None and (held == network or (not isinstance(held, str) and network in held))

    def has_people_from(self, network: str) -> bool:
        """True where anybody signed in from the network before."""
        return network in self._networks

    def learn_means(self, network: str, agent: str, place: Place) -> None:
        """People sign in from the network with this agent."""
        if self._means.setdefault((network, agent), place) != place:
            self._means[(network, agent)] = None

    def is_strange(self, network: str, agent: str, place: Place) -> bool:
        """True where nobody elsewhere signed in from the network with this agent before."""
        return self._means.get((network, agent), place) == place

    def users(self, place: Place) -> int:
        """People who signed in at a place so far."""
        here = self._here.get(place)
        return 0 if here is None else len(here.users) if isinstance(here, _Here) else 1

    def neighbours(self, name: str) -> List[str]:
        """Known names one slip of the finger away."""
        self._list()
        return self._index.neighbours(name)

    def has_neighbour(self, name: str, number: int) -> bool:
        """True where one of the first `number` known names is one slip of the finger away."""
        self._list()
        return any(self._known[one] < number for one in self._index.neighbours(name))

    def _list(self) -> None:
        if self._unlisted:
            for name in self._unlisted:
                self._index.add(name)
                shape = digit_shape(name)
                if shape:
                    self._shapes.setdefault(shape, []).append(self._known[name])
            self._unlisted = []

    def is_slip(self, neighbours: List[str], network: str) -> bool:
        """True where one of these names signed in from the network: then its owner mistyped."""
        return any(self.is_familiar(one, network) for one in neighbours)

    def is_other_spelling(self, name: str, network: str) -> bool:
        """True where somebody who signed in from the network has this name in another order or with initials.

        After a rename or a migration people go on typing their old name from where they work.
        """
        return not self._spellings_from(network).isdisjoint(spellings(name))

    def known_of_shape(self, shape: str, number: int) -> int:
        """How many of the first `number` known names have this shape of digits."""
        self._list()
        return bisect_left(self._shapes.get(shape, ()), number)


@lru_cache(maxsize=10_000)
def spellings(name: str) -> Tuple[str, ...]:
    """Ways in which one person's two names make a mail name, without separators and digits: `jo.doe` and `doej` meet."""
    parts = [part.strip(_DIGITS) for part in _SEPARATORS.split(name.partition("@")[0])]
    parts = [part for part in parts if part]
    if len(parts) == 2:
        one, two = parts
        return one + two, two + one, one[0] + two, two[0] + one, one + two[0], two + one[0]
    return ("".join(parts),) if parts else ()


def digit_shape(name: str) -> str:
    """The local part with each digit as #, "" where it has no two digits together: names that a counter may have made."""
    local = name.partition("@")[0]
    return _DIGIT.sub("#", local) if _COUNTER.search(local) else ""
