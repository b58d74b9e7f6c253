"""A new alarm belongs to an open incident where the actor's tools, and where it uses them, come back."""

from __future__ import annotations

import pytest

from enumwatch.core.contact import Contact
from enumwatch.core.incident import Incident
from enumwatch.core.likeness import is_alike

from .making import contact, named, names, observed, the_incident


def tried(number: int, agents: int, systems: int, begin: int = 0, stem: str = "absent") -> list[Contact]:
    """One name each from that many addresses, with so many agents and systems in turn."""
    return [
        contact(
            turn,
            named(turn, stem),
            src_ip=f"203.0.{begin + turn}.9",
            user_agent=f"agent{begin + turn % agents}" if agents else "",
            asn=f"64{begin + turn % systems:03}" if systems else "",
        )
        for turn in range(number)
    ]


def incident(agents: int, systems: int) -> Incident:
    """An incident of addresses that tried existing names, which all raise it together."""
    return the_incident([one._replace(outcome="exists_bad_secret") for one in tried(12, agents, systems)])


def alike(known: Incident, contacts: list[Contact], entity: str = "tenant") -> bool:
    """Whether an alarm of these tries belongs to the incident."""
    return is_alike(known, entity, observed(contacts))


def test_the_same_agent_from_the_same_system_is_the_same_actor() -> None:
    assert alike(incident(1, 1), tried(6, 1, 1, stem="other"), "address")


def test_half_of_the_new_tries_by_known_means_are_enough_and_fewer_are_not() -> None:
    known = incident(1, 1)
    back, other = tried(6, 1, 1, stem="other"), tried(6, 1, 1, begin=100, stem="third")
    assert alike(known, [*back[:3], *other[:3]], "address")
    assert not alike(known, [*back[:2], *other[:3]], "address")


def test_an_agent_that_the_incident_hardly_used_does_not_bring_it_back() -> None:
    assert not alike(incident(10, 1), tried(6, 1, 1, stem="other"), "address")


def test_a_rotation_of_agents_within_the_same_systems_is_the_same_actor() -> None:
    known = incident(12, 2)
    fresh = [one._replace(user_agent=f"fresh{turn}") for turn, one in enumerate(tried(6, 6, 2, stem="other"))]
    assert alike(known, fresh, "address")
    assert not alike(known, [one._replace(user_agent=f"fresh{turn % 3}") for turn, one in enumerate(fresh)], "address")
    assert not alike(known, [one._replace(asn="64999") for one in fresh], "address")
    assert not alike(incident(12, 3), [one._replace(asn="64000") for one in fresh], "address")


def test_over_many_systems_the_agents_alone_bring_an_actor_back() -> None:
    known = incident(2, 12)
    fresh = [one._replace(asn=f"65{turn:03}") for turn, one in enumerate(tried(6, 2, 1, stem="other"))]
    assert alike(known, fresh, "agent")
    assert alike(known, fresh, "tenant")
    assert not alike(known, fresh, "address")
    assert not alike(known, [one._replace(user_agent="another") for one in fresh])
    assert not alike(incident(2, 2), fresh)
    assert not alike(incident(9, 12), [one._replace(user_agent=f"agent{turn}") for turn, one in enumerate(fresh)])


@pytest.mark.parametrize(("agents", "is_same"), [(3, True), (4, False)])
def test_an_agent_of_a_third_of_the_tries_brings_an_actor_back_and_of_a_quarter_not(agents: int, is_same: bool) -> None:
    assert alike(incident(agents, 1), tried(6, 1, 1, stem="other"), "address") is is_same


def test_four_agents_are_a_rotation() -> None:
    fresh = [one._replace(user_agent=f"fresh{turn % 4}") for turn, one in enumerate(tried(6, 1, 1, stem="other"))]
    assert alike(incident(4, 1), fresh, "address")


@pytest.mark.parametrize(("known_systems", "is_same"), [(4, True), (3, False)])
def test_a_rotation_is_the_same_where_most_tries_come_from_its_systems(known_systems: int, is_same: bool) -> None:
    fresh = [one._replace(user_agent=f"fresh{turn}") for turn, one in enumerate(tried(6, 6, 2, stem="other"))]
    mixed = [*fresh[:known_systems], *(one._replace(asn="64999") for one in fresh[known_systems:])]
    assert alike(incident(12, 2), mixed, "address") is is_same


def test_over_many_systems_two_thirds_by_known_agents_are_too_few_and_eight_agents_still_a_handful() -> None:
    fresh = [one._replace(asn=f"65{turn:03}") for turn, one in enumerate(tried(6, 6, 1, stem="other"))]
    assert alike(incident(8, 12), fresh)
    assert not alike(incident(8, 12), [*fresh[:4], *(one._replace(user_agent="another") for one in fresh[4:])])


@pytest.mark.parametrize("place", [{"src_ip": "198.51.100.9"}, {"src_ip": "", "host": "PC2"}])
def test_what_the_log_does_not_tell_ties_nobody_together(place: dict[str, str]) -> None:
    known = the_incident(names(6))
    assert not alike(known, names(6, stem="other", **place), "address")


def test_where_the_log_has_no_system_the_network_stands_for_it() -> None:
    assert alike(the_incident(names(6)), names(6, stem="other", src_ip="203.0.113.77"), "address")
