"""What is usual in a tenant, by its log before an incident and never after."""

from __future__ import annotations

from enumwatch.core.contact import Contact
from enumwatch.core.evidence import Evidence

from .making import contact, context, findings, named, names, success

DAY = 86_400


def evidence(contacts: list[Contact]) -> Evidence:
    """Evidence of the last incident to begin."""
    return max(findings(contacts, context()), key=lambda one: one.window_start).evidence


def slips(days: list[int]) -> list[Contact]:
    """That many names that do not exist on each of the days before the day of START, each from a place of its own."""
    return [
        contact(-DAY * (len(days) - day) + 3000 * turn, named(50 * day + turn, "slip"), src_ip=f"10.{day}.{turn}.1")
        for day, number in enumerate(days)
        for turn in range(number)
    ]


def begun(days: int) -> Contact:
    """A success that many days before START, an hour into its day."""
    return success(-DAY * days - 8 * 3600, "staff@contoso.example", src_ip="192.0.2.200")


def test_absent_names_are_counted_on_the_complete_days_before() -> None:
    found = evidence([begun(4), *slips([2, 0, 3, 1]), *names(12)]).baseline
    assert found == {"measure": "absent names a day", "days": 3, "median": 1, "deviation": 1.5, "most": 3}


def test_the_incident_and_what_comes_after_it_are_not_usual() -> None:
    before = [begun(4), *slips([2, 0, 3, 1]), *names(12)]
    after = [
        contact(DAY * 3 + turn, named(turn, "later"), src_ip=f"10.9.{turn}.1", user_agent=str(turn)) for turn in (1, 2)
    ]
    assert evidence([*before, *after]).baseline == evidence(before).baseline


def test_an_incident_of_several_days_is_never_in_its_own_baseline() -> None:
    slow = names(12, every=DAY / 4)
    assert (
        evidence([begun(4), *slips([2, 0, 3, 1]), *slow]).baseline
        == evidence([begun(4), *slips([2, 0, 3, 1]), *names(12)]).baseline
    )


def test_without_a_complete_day_the_history_is_of_no_days() -> None:
    assert evidence(names(12)).baseline == {
        "measure": "absent names a day",
        "days": 0,
        "median": 0,
        "deviation": 0,
        "most": 0,
    }


def people(number: int, begin: float, form: str) -> list[Contact]:
    """People who signed in, each from a place of their own."""
    return [
        success(begin + turn, form.format(named(turn, "p").partition("@")[0]), src_ip=f"192.0.2.{turn}")
        for turn in range(number)
    ]


def test_the_form_of_names_is_that_of_people_who_signed_in_before() -> None:
    first = people(8, -9000, "ann.{0}@contoso.example")
    later = people(100, 9000, "{0}@contoso.example")
    found = evidence([*first, *names(12), *later]).baseline
    assert found is not None
    assert (found["name_pattern"], found["name_pattern_share"]) == ("first.last", 1.0)


def test_seven_people_tell_no_form() -> None:
    found = evidence([*people(7, -9000, "ann.{0}@contoso.example"), *names(12)]).baseline
    assert found is not None
    assert "name_pattern" not in found


def test_whoever_comes_first_decides_the_form_and_newcomers_only_by_doubling() -> None:
    first = people(8, -9000, "ann.{0}@contoso.example")
    more = [
        success(-8000 + turn, f"{'abcdefgh'[turn]}smith@contoso.example", src_ip=f"192.0.3.{turn}") for turn in range(7)
    ]
    found = evidence([*first, *more, *names(12)]).baseline
    assert found is not None
    assert (found["name_pattern"], found["name_pattern_share"]) == ("first.last", 1.0)
