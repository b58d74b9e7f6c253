"""Traits of a machine, each at its limit and just below, and what they do to the verdict."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.decide import decide
from enumwatch.core.name_pattern import Pattern
from enumwatch.core.pace import Pace
from enumwatch.core.tool import ToolMatch
from enumwatch.core.traits import Behaviour, TraitLimits, behaviour_of
from enumwatch.core.verdict import rank

from .making import RULEBOOK, contact, context, named, success, the_finding, the_incident, told

LIMITS = TraitLimits.of(RULEBOOK["detections"]["email_enumeration"]["limits"])
PLAIN = Behaviour(names=12, pace=Pace(0.5, 1.0), pattern=Pattern("word", 1.0), counter_share=0.0, client_ids=1)
AGENT = ToolMatch("generic scripting", "user_agent", "medium", "high", "")
IDS = AGENT._replace(match="app_ids")
WORDS = [
    *("quill", "amber", "ridge", "otter", "lemon", "thorn", "basil", "cedar"),
    *("walnut", "ember", "hazel", "vetch", "daisy", "maple", "ivory", "birch"),
]


@pytest.mark.parametrize(
    ("changes", "trait"),
    [
        ({"pace": Pace(0.9, None)}, "names in order"),
        ({"pace": Pace(0.1, None)}, "names in order"),
        ({"pace": Pace(0.89, None)}, ""),
        ({"pace": Pace(0.11, None)}, ""),
        ({"pattern": Pattern("first.last", 0.8)}, "one name pattern"),
        ({"pattern": Pattern("first.last", 0.79)}, ""),
        ({"pattern": Pattern("first.last", 1.0), "names": 8}, ""),
        ({"pattern": None}, ""),
        ({"counter_share": 0.8}, "names of a counter"),
        ({"counter_share": 0.79}, ""),
        ({"counter_share": 1.0, "names": 8}, ""),
        ({"counter_share": 1.0, "pattern": Pattern("word and number", 1.0)}, "names of a counter"),
        ({"pace": Pace(None, 0.29)}, "regular pauses"),
        ({"pace": Pace(None, 0.3)}, ""),
        ({"pace": Pace(None, None)}, ""),
        ({"client_ids": 5}, "many client ids"),
        ({"client_ids": 4}, ""),
    ],
)
def test_each_trait_has_its_limit(changes: dict[str, object], trait: str) -> None:
    assert PLAIN._replace(**changes).traits(LIMITS, (), None) == ([trait] if trait else [])  # type: ignore[arg-type]


def test_an_agent_of_a_tool_is_a_trait_and_a_set_of_ids_or_a_browsers_agent_is_not() -> None:
    assert PLAIN.traits(LIMITS, [AGENT], None) == ["agent of a known tool"]
    assert PLAIN.traits(LIMITS, [IDS, AGENT._replace(confidence="low")], None) == []


def test_the_form_that_peoples_names_have_here_is_no_trait() -> None:
    found = PLAIN._replace(pattern=Pattern("first.last", 1.0))
    assert found.traits(LIMITS, (), Pattern("first.last", 0.6)) == []
    assert found.traits(LIMITS, (), Pattern("flast", 0.6)) == ["one name pattern"]


def test_a_counter_is_the_same_letters_around_a_number() -> None:
    rows = [contact(10 * turn, f"pc{turn:04}-x@contoso.example") for turn in range(12)]
    assert behaviour_of(the_incident(rows), LIMITS).counter_share == 1.0
    mixed = [contact(10 * turn, f"{word}7@contoso.example") for turn, word in enumerate(WORDS)]
    assert behaviour_of(the_incident(mixed), LIMITS).counter_share == 1 / len(WORDS)


def test_measures_of_names_that_the_log_hides_are_empty() -> None:
    hidden = behaviour_of(the_incident([contact(attempts=12, target="", target_visible=False)]), LIMITS)
    assert hidden == Behaviour(0, Pace(None, None), None, 0.0, 0)
    assert hidden.traits(LIMITS, (), None) == []


def counter(number: int) -> list[str]:
    """Names of a counter."""
    return [f"user{turn}" for turn in range(1, number + 1)]


def test_a_verdict_that_traits_raised_does_not_fall_when_later_names_hide_them() -> None:
    ordered = [contact(10 * turn, f"{name}@contoso.example") for turn, name in enumerate(counter(11))]
    later = [contact(400 + turn**3, f"{word}@contoso.example") for turn, word in enumerate(WORDS[:8])]
    found = decide([*ordered, *later], context())
    assert [one.verdict.split()[0] for one in found.updates] == ["Low-Level", "Low-Level", "Moderate", "Moderate"]
    last = found.findings[0]
    assert last.evidence.machine_traits == []
    assert (
        "3 traits of a machine (names in order, names of a counter, regular pauses) after 10 names; with fewer than 3 "
        "this verdict takes 20 names"
    ) in last.reasons


@given(
    st.lists(st.sampled_from([*counter(30), *WORDS]), min_size=8, max_size=19, unique=True),
    st.lists(st.integers(0, 300), min_size=19, max_size=19),
)
def test_a_verdict_never_falls_while_names_are_added(tried: list[str], pauses: list[int]) -> None:
    rows = [contact(sum(pauses[:turn]), f"{name}@contoso.example") for turn, name in enumerate(tried)]
    ranks = [rank(one.verdict) for one in decide(rows, context()).updates]
    assert ranks == sorted(ranks, reverse=True)


@given(st.lists(st.integers(0, 30), min_size=10, max_size=19), st.randoms(use_true_random=False))
def test_order_within_a_second_never_shows(seconds: list[int], rng: random.Random) -> None:
    rows = [contact(second, f"user{turn}@contoso.example") for turn, second in enumerate(seconds)]
    mixed = list(rows)
    rng.shuffle(mixed)
    assert told(decide(rows, context()).updates) == told(decide(mixed, context()).updates)


def test_traits_say_nothing_of_a_spray_and_nothing_below_ten_names() -> None:
    spray = [contact(10 * turn, named(turn, "real"), outcome="exists_bad_secret", code="50126") for turn in range(19)]
    assert the_finding(spray).verdict == "Password Spray"
    few = the_finding([contact(10 * turn, f"{name}@contoso.example") for turn, name in enumerate(counter(9))])
    assert (few.verdict, len(few.evidence.machine_traits)) == ("Low-Level Enumeration", 3)


def test_names_that_signed_in_before_are_not_unseen() -> None:
    tried = [contact(10 * turn, f"{word}@contoso.example") for turn, word in enumerate(WORDS)]
    people = [success(0, one.target, src_ip=f"192.0.2.{turn}") for turn, one in enumerate(tried[:4])]
    before = [one._replace(first=one.first - 10**10, last=one.last - 10**10, hour=0) for one in people]
    assert the_finding([*before, *tried]).evidence.unseen_share == 0.75
    after = [one._replace(first=one.first + 10**10, last=one.last + 10**10) for one in people]
    assert the_finding([*after, *tried]).evidence.unseen_share == 1.0
