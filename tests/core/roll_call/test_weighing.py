"""The weight of a first contact follows from its answer and from what is known of the name at that time."""

from __future__ import annotations

import pytest

from enumwatch.core.owner import Owner
from enumwatch.core.roll_call.habits import Habits
from enumwatch.core.roll_call.knowledge import Knowledge
from enumwatch.core.roll_call.weighing import Weighing, is_look_up

from ..making import RULES, START, arrived, contact, observed, owner, success

HOME, ELSEWHERE = "64500", "64501"
ANNA = "anna.berg@contoso.example"
WEIGHTS = RULES.weights
OWN = [{"domain": "contoso.example", "tenant": "*", "kind": "own"}]


def weight(
    target: str,
    is_cold: bool = False,
    network: str = ELSEWHERE,
    told_by: Owner | None = None,
    tried: Habits | None = None,
    **known: str,
) -> float:
    """The weight of one try where anna.berg signs in from HOME and three employees have numbers."""
    knowledge = Knowledge()
    people = [ANNA, *[f"e{number}@contoso.example" for number in (1100, 2200, 3300)]]
    for one in arrived(success(turn, name, asn=HOME) for turn, name in enumerate(people)):
        knowledge.learn_successes([one])
    knowledge.learn_name("heard.of@contoso.example", START)
    (one,) = observed([contact(100, target, asn=network, **known)])
    return Weighing(RULES, knowledge, told_by or owner()).weigh(one, network, tried or Habits(), is_cold)


def test_a_name_that_is_like_no_other_weighs_most_wherever_it_is_tried() -> None:
    for is_cold in (False, True):
        for network in (HOME, ELSEWHERE):
            assert weight("nobody@contoso.example", is_cold, network) == WEIGHTS.absent
    assert weight("nobody@contoso.example", outcome="wrong_realm") == WEIGHTS.absent


def test_an_existing_name_weighs_half_where_it_never_signed_in_and_nothing_where_it_did() -> None:
    for outcome in ("exists_bad_secret", "exists_blocked", "ambiguous"):
        assert weight(ANNA, outcome=outcome) == WEIGHTS.existing
        assert weight(ANNA, network=HOME, outcome=outcome) == 0
        assert weight(ANNA, True, HOME, outcome=outcome) == 0


def test_an_answer_that_proves_the_password_says_nothing_about_a_roll_call() -> None:
    assert weight("nobody@contoso.example", outcome="exists_good_secret") == 0


def test_an_unclear_answer_of_autodiscover_is_counted_elsewhere() -> None:
    assert weight("nobody@contoso.example", outcome="ambiguous", kind="autodiscover") == 0
    assert weight("nobody@contoso.example", kind="autodiscover") == WEIGHTS.absent


@pytest.mark.parametrize(
    ("target", "elsewhere", "at_home", "where_nobody_signs_in"),
    [
        ("ana.berg@contoso.example", WEIGHTS.near, 0, WEIGHTS.near),
        ("berg.anna@contoso.example", WEIGHTS.absent, 0, WEIGHTS.absent),
        ("heardof@contoso.example", WEIGHTS.near, WEIGHTS.near, WEIGHTS.near),
        (ANNA, WEIGHTS.absent, 0, WEIGHTS.absent),
    ],
)
def test_an_absent_name_that_somebody_may_have_meant_says_less(
    target: str, elsewhere: float, at_home: float, where_nobody_signs_in: float
) -> None:
    assert weight(target) == elsewhere
    assert weight(target, network=HOME) == at_home
    assert weight(target, True) == where_nobody_signs_in
    assert weight(target, True, HOME) == (at_home or WEIGHTS.least)


def test_the_third_name_of_a_counter_says_little_unless_names_here_are_such() -> None:
    tried = Habits()
    numbers = [weight(f"x{number}@contoso.example", tried=tried) for number in (1144, 2255, 3366, 4477)]
    assert numbers == [WEIGHTS.absent, WEIGHTS.absent, WEIGHTS.counter, WEIGHTS.counter]
    tried = Habits()
    employees = [weight(f"e{number}@contoso.example", tried=tried) for number in (4455, 5566, 6677, 7788)]
    assert employees == [WEIGHTS.absent] * 4


@pytest.mark.parametrize(
    "local", ["loadtest1", "test.user", "mytest", "perf-user", "qa.bot", "qa_bot", "load3", "e2e-1", "x.demo", "stress"]
)
def test_names_that_say_nobody_is_behind_them_say_nothing(local: str) -> None:
    assert weight(f"{local}@contoso.example", True) == 0


@pytest.mark.parametrize("local", ["anna", "aqa", "upload", "superfan", "moderator"])
def test_names_that_only_look_like_that_count(local: str) -> None:
    assert weight(f"{local}@contoso.example") == WEIGHTS.absent


def test_names_of_a_domain_that_is_nobodys_here_say_nothing_where_the_owner_lists_domains() -> None:
    listed = owner(domains=OWN)
    assert weight("nobody@unrelated.example", told_by=listed) == 0
    assert weight("nobody@contoso.example", told_by=listed) == WEIGHTS.absent
    assert weight("nobody@unrelated.example") == WEIGHTS.absent


def test_where_people_look_their_names_up_names_that_nobody_has_say_as_little_as_slips_elsewhere() -> None:
    portal = {"app": "Microsoft password reset"}
    assert weight(ANNA, outcome="exists_bad_secret", **portal) == 0
    assert weight("ana.berg@contoso.example", True, **portal) == 0
    assert weight("nobody@contoso.example", True, **portal) == WEIGHTS.near
    assert weight("nobody@contoso.example", True, outcome="wrong_realm", **portal) == WEIGHTS.near


def test_names_of_a_counter_say_nothing_where_people_look_their_names_up() -> None:
    tried = Habits()
    numbers = [weight(f"x{number}@contoso.example", tried=tried, app="SSPR") for number in (1144, 2255, 3366)]
    assert numbers == [WEIGHTS.near, WEIGHTS.near, 0]


@pytest.mark.parametrize("app", ["Microsoft password reset", "SSPR portal", "Self-Service", "self service desk"])
def test_a_portal_is_known_by_its_name(app: str) -> None:
    assert is_look_up(app)


@pytest.mark.parametrize("app", ["", "Azure Portal", "Microsoft Teams", "asspro"])
def test_other_applications_are_none(app: str) -> None:
    assert not is_look_up(app)
