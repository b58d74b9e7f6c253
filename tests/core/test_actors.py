"""Actors are told as consistent where what they leave in logs fits, and never as who it is."""

from __future__ import annotations

import pytest

from enumwatch.core.actors import Actors
from enumwatch.core.lookup_rows import LookupProblems

from .making import contact, context, named, names, the_finding, tools

TECHNIQUE = "T1589.002"
ROW = {"technique_id": TECHNIQUE, "attack_id": "S0001", "kind": "software", "name": "Sprayer", "aliases": "spr; sp2"}


def actors(**changes: str) -> Actors:
    """One actor."""
    return Actors.from_rows([{**ROW, **changes}])


@pytest.mark.parametrize(("tool", "found"), [("sprayer", True), ("SP2", True), ("spray", False)])
def test_software_fits_where_it_was_recognised_by_name_or_alias(tool: str, found: bool) -> None:
    assert bool(actors(fits="tool").consistent(TECHNIQUE, [tool], False)) is found


def test_who_leaves_nothing_in_logs_fits_nothing_and_other_techniques_do_not_fit() -> None:
    assert actors(fits="").consistent(TECHNIQUE, ["Sprayer"], True) == []
    assert actors(fits="tool").consistent("T1589", ["Sprayer"], True) == []


def test_a_distributed_spray_fits_whoever_sprays_so() -> None:
    assert actors(fits="distributed_spray").consistent(TECHNIQUE, [], True) == ["Sprayer"]
    assert actors(fits="distributed_spray").consistent(TECHNIQUE, [], False) == []


def test_every_wrong_row_is_named() -> None:
    with pytest.raises(LookupProblems) as caught:
        Actors.from_rows([{**ROW, "name": "", "fits": "often", "kind": "gang"}])
    assert [one.where for one in caught.value.problems] == ["enumwatch_actors.csv:2"] * 3


def test_a_finding_says_consistent_with_and_of_how_many() -> None:
    known = context(known_tools=tools("sprayer"), actors=actors(fits="tool"))
    found = the_finding(names(12, user_agent="sprayer"), known)
    assert found.evidence.actors_consistent == ["Sprayer"]
    assert (
        "Consistent with 1 of 1 actor known for this technique (Sprayer); others work the same way, so it does not say "
        "who it is"
    ) in found.reasons


@pytest.mark.parametrize(("addresses", "found"), [(12, ["Sprayer"]), (9, [])])
def test_a_spray_is_distributed_from_ten_addresses_on(addresses: int, found: list[str]) -> None:
    spread = [
        contact(
            60 * turn, named(turn, "real"), outcome="exists_bad_secret", code="50126", asn="64500", user_agent="x"
        )._replace(src_ip=f"203.0.{turn % addresses}.9")
        for turn in range(14)
    ]
    known = context(actors=actors(fits="distributed_spray"))
    finding = the_finding(spread, known)
    assert finding.verdict == "Password Spray"
    assert finding.evidence.actors_consistent == found
