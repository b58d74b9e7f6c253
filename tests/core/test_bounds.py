"""A flood is followed up to its bounds, the rest is counted, and findings say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.bounds import NAME, PLACE, TENANT, Bounds, Cut, together, widest, within
from enumwatch.core.contact import Contact, group
from enumwatch.core.decide import decide
from enumwatch.core.times import HOUR

from .making import RULEBOOK, START, context, event

BOUNDS = Bounds(place=3, name=4, tenant=6)
WIDE = Bounds(10**6, 10**6, 10**6)


def tries(number: int, **known: Any) -> list[Contact]:
    """So many tries, a second apart, each at a name of its own."""
    fields = {"target": "name{}@contoso.example", "src_ip": "203.0.113.9", **known}
    return group(
        event(turn, **{key: one.format(turn) if isinstance(one, str) else one for key, one in fields.items()})
        for turn in range(number)
    )


def test_what_stays_within_is_handed_on_as_it_is() -> None:
    given_rows = tries(3)
    kept, cuts = within(given_rows, BOUNDS)
    assert kept is given_rows
    assert cuts == []


def test_of_one_place_the_first_are_followed() -> None:
    kept, cuts = within(tries(5), BOUNDS)
    assert [one.target[:5] for one in kept] == ["name0", "name1", "name2"]
    assert cuts == [Cut("contoso", PLACE, "203.0.113.9", START + 3_000_000, 2, 2)]


def test_the_next_hour_begins_anew() -> None:
    later = [one._replace(hour=one.hour + HOUR, first=one.first + HOUR, last=one.last + HOUR) for one in tries(3)]
    assert within([*tries(3), *later], BOUNDS)[1] == []


def test_names_that_exist_are_never_cut_for_their_place() -> None:
    found = tries(5, outcome="exists_bad_secret", code="50126")
    assert within(found, BOUNDS._replace(tenant=99))[0] == found
    mixed = sorted([*tries(3), *tries(2, outcome="exists_blocked", code="50057", target="blocked{}@contoso.example")])
    assert within(mixed, BOUNDS)[1] == []


def test_of_one_name_the_first_are_followed_and_what_proves_its_password() -> None:
    many = tries(6, src_ip="203.0.113.{}", target="anna@contoso.example", outcome="exists_bad_secret", code="50126")
    right = tries(1, src_ip="198.51.100.1", target="anna@contoso.example", outcome="exists_good_secret", code="50074")
    right = [one._replace(first=one.first + 9_000_000, last=one.last + 9_000_000) for one in right]
    kept, cuts = within([*many, *right], BOUNDS)
    assert [(one.of, one.value, one.contacts) for one in cuts] == [(NAME, "anna@contoso.example", 2)]
    assert right[0] in kept


def test_of_one_tenant_the_first_are_followed() -> None:
    kept, cuts = within(tries(8, src_ip="203.0.113.{}"), BOUNDS)
    assert len(kept) == 6
    assert [(one.of, one.value, one.contacts) for one in cuts] == [(TENANT, "contoso", 2)]


def test_who_left_little_finds_room_behind_a_loud_place() -> None:
    loud = tries(9, outcome="exists_bad_secret", code="50126")
    behind = [
        one._replace(first=one.first + 60_000_000) for one in tries(3, src_ip="198.51.100.7", target="b{}@a.example")
    ]
    kept, cuts = within([*loud, *behind], BOUNDS._replace(quiet=3, quiet_place=2))
    assert [one.target[0] for one in kept].count("b") == 2
    assert [(one.of, one.value, one.contacts) for one in cuts] == [(TENANT, "contoso", 4)]
    kept, _ = within([*loud, *behind], BOUNDS._replace(quiet=1, quiet_place=2))
    assert [one.target[0] for one in kept].count("b") == 1


def test_a_loud_place_takes_no_room_of_the_quiet() -> None:
    kept, _ = within(tries(9, outcome="exists_bad_secret", code="50126"), BOUNDS._replace(quiet=3, quiet_place=2))
    assert len(kept) == BOUNDS.tenant


ROWS = st.lists(
    st.builds(
        lambda second, place, name, outcome, attempts: group(
            [event(second, src_ip=f"203.0.113.{place}", target=f"n{name}@contoso.example", outcome=outcome)]
        )[0]._replace(attempts=attempts),
        st.integers(0, 3 * 3600),
        st.integers(0, 3),
        st.integers(0, 4),
        st.sampled_from(["not_found", "exists_bad_secret", "exists_good_secret", "ambiguous"]),
        st.integers(1, 3),
    ),
    max_size=40,
    unique=True,
)


NUMBERS = [st.integers(least, most) for least, most in ((1, 5), (1, 5), (1, 9), (0, 5), (0, 3))]


@given(ROWS, st.builds(Bounds, *NUMBERS))
def test_nothing_is_lost_and_twice_cuts_no_more(rows: list[Contact], bounds: Bounds) -> None:
    kept, cuts = within(rows, bounds)
    assert sum(one.contacts for one in cuts) == len(rows) - len(kept)
    assert sum(one.attempts for one in cuts) == sum(one.attempts for one in rows) - sum(one.attempts for one in kept)
    assert within(kept, bounds) == (kept, [])
    assert set(kept) >= {one for one in rows if one.outcome == "exists_good_secret"}
    assert list(within(sorted(rows, reverse=True), bounds)[0]) == sorted(kept, key=rows.index)[::-1] or sorted(
        within(sorted(rows, reverse=True), bounds)[0]
    ) == sorted(kept)


@given(ROWS)
def test_wide_bounds_cut_nothing(rows: list[Contact]) -> None:
    assert within(rows, WIDE) == (rows, [])


def test_cuts_add_up_where_they_are_parts_and_do_not_where_they_are_the_same() -> None:
    one, other = Cut("contoso", PLACE, "a", 5, 2, 3), Cut("contoso", PLACE, "a", 4, 1, 1)
    assert together([one, other]) == [Cut("contoso", PLACE, "a", 4, 3, 4)]
    assert widest([one, other]) == [one]


def bounded(**limits: int) -> dict[str, Any]:
    """The rulebook with other bounds."""
    rule = RULEBOOK["detections"]["email_enumeration"]
    changed = {**rule, "limits": {**rule["limits"], **limits}}
    return {**RULEBOOK, "detections": {**RULEBOOK["detections"], "email_enumeration": changed}}


def test_a_finding_says_what_was_not_followed_and_is_less_sure() -> None:
    rows = tries(200)
    whole = decide(rows, context())
    assert (whole.cuts, whole.findings[0].confidence, whole.findings[0].evidence.gaps) == ([], "high", [])
    decision = decide(rows, replace(context(), rulebook=bounded(place_contacts=120)))
    (finding,) = decision.findings
    assert finding.evidence.names_tried == 120
    assert finding.verdict == whole.findings[0].verdict
    assert finding.confidence == "medium"
    assert finding.evidence.gaps == [
        "Truncated: of one place the first 120 contacts an hour were followed, the others only counted"
    ]
    assert [(one.of, one.contacts) for one in decision.cuts] == [(PLACE, 80)]


def test_an_update_before_the_cut_does_not_know_of_it() -> None:
    decision = decide(tries(200), replace(context(), rulebook=bounded(place_contacts=120)))
    early = [one for one in decision.updates if one.evidence.names_tried < 120]
    assert early
    assert all(not one.evidence.gaps for one in early)


def test_what_an_engine_kept_back_is_told_as_well() -> None:
    kept_back = Cut("contoso", PLACE, "203.0.113.9", START + 60_000_000, 1_000, 1_000)
    decision = decide(tries(100), context(), cuts=[kept_back])
    assert decision.cuts == [kept_back]
    assert decision.findings[0].evidence.gaps
    other = kept_back._replace(value="192.0.2.1")
    assert decide(tries(100), context(), cuts=[other]).findings[0].evidence.gaps == []
