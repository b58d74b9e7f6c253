"""Every form of every log, end to end: what happened is what is counted, and one story gives one contact table."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from enumwatch.core.contact import Contact, without_echoes
from enumwatch.core.times import from_iso, hour_of
from enumwatch.engines.local.scan import Request, scan
from enumwatch.lookups import load_lookups
from enumwatch.simulate import SHAPES

from . import telling
from .telling import FORMS, RULEBOOK, Part, Reading, expected_rows, expected_sums, kept, precision, seen_rows, summed

Readings = Callable[[str, str], Reading]


def fields(form: tuple[str, str]) -> str:
    return "-".join(form)


@pytest.mark.parametrize(("source", "form"), FORMS, ids=map(fields, FORMS))
def test_every_record_is_recognised_and_none_is_lost(source: str, form: str, reading: Readings) -> None:
    found = reading(source, form)
    (file,) = found.summary["files"]
    assert file["source"] == [source]
    assert (file["skipped"], file["unreadable"], file["reason"], file["problems"]) == (0, 0, None, [])
    assert file["records"] == found.written > 0
    assert file["events"] + file["duplicates"] + file["not_relevant"] == file["records"]
    assert (found.summary["unknown_codes"], found.summary["unreadable_times"]) == ([], [])


@pytest.mark.parametrize(("source", "form"), FORMS, ids=map(fields, FORMS))
def test_contacts_say_what_happened(source: str, form: str, reading: Readings) -> None:
    found, fineness = reading(source, form), precision(source, form)
    for part in found.parts.values():
        rows = expected_rows(source, part)
        if (source, form) in UNTOLD_LOCKS:
            # The portal's reason for a lock is "Other.", so it may as well be an address that is blocked.
            locked = {event.time for event in part.told.events if event.detail == "locked"}
            rows = [(*row[:3], "ambiguous", row[4]) if row[4] in locked else row for row in rows]
        assert summed(seen_rows(found.of(part)), fineness) == expected_sums(rows, fineness), part.id


UNTOLD_LOCKS = {("entra_signin", "portal_44"), ("entra_signin", "portal_56")}
# Columns of the contact table that a form cannot fill as the others do, and why.
LACKS: dict[tuple[str, str], dict[str, str]] = {
    ("entra_signin", "portal_44"): {
        "source": "each kind of sign-in is a download of its own and no column says which",
        "user_agent": "only the name of the browser is given",
        "outcome": "the reason of a lock is not given, so what it means stays open",
    },
    ("entra_signin", "portal_56"): {
        "source": "each kind of sign-in is a download of its own and no column says which",
        "outcome": "the reason of a lock is not given, so what it means stays open",
    },
    ("message_trace", "portal"): {"tenant": "the report has no column for it"},
}


def without(one: Contact, lacking: dict[str, str]) -> tuple[object, ...]:
    return tuple(value for name, value in zip(Contact._fields[:17], one, strict=False) if name not in lacking)


@pytest.mark.parametrize(("source", "form"), FORMS, ids=map(fields, FORMS))
def test_all_forms_of_a_log_give_the_same_contacts(source: str, form: str, reading: Readings) -> None:
    first = next(iter(SHAPES[source].forms))
    lacking = LACKS.get((source, form), {})
    coarse = max(precision(source, form), precision(source, first))

    def table(found: Reading) -> dict[tuple[object, ...], tuple[int, int, int]]:
        return summed(((without(one, lacking), one.attempts, one.first, one.last) for one in found.contacts), coarse)

    assert table(reading(source, form)) == table(reading(source, first))


@pytest.mark.parametrize("form", LACKS, ids=fields)
def test_a_form_that_is_said_to_lack_a_column_does(form: tuple[str, str], reading: Readings) -> None:
    first = reading(form[0], next(iter(SHAPES[form[0]].forms)))
    for name in LACKS[form]:
        values = [{getattr(one, name) for one in found.contacts} for found in (reading(*form), first)]
        assert values[0] != values[1], name


# How the truth counts: by the actor's addresses; what only an account did is found by its name.
def of_the_actor(found: Reading, part: Part) -> list[Contact]:
    actor = part.truth["actor"]
    contacts = without_echoes(sorted(found.of(part)))
    return [one for one in contacts if one.src_ip in actor["ip"] or (not one.src_ip and one.actor in actor["account"])]


@pytest.mark.parametrize(("source", "form"), FORMS, ids=map(fields, FORMS))
def test_names_and_outcomes_of_every_attack_are_those_of_the_answer_key(
    source: str, form: str, reading: Readings
) -> None:
    found = reading(source, form)
    for part in found.parts.values():
        # Where an attack only shows beside what is usual, some of its actor's contacts are what is usual.
        if part.told.scenario.kind != "attack" or any(event.is_past for event in part.told.events):
            continue
        truth, contacts = part.truth, of_the_actor(found, part)
        tried = [one for one in contacts if one.kind in ("sign_in", "autodiscover")]
        names = {one.target for one in tried if one.target_visible and one.target}
        absent = {one.target for one in tried if one.outcome == "not_found" and one.target_visible}
        hidden = sum(one.attempts for one in tried if not one.target_visible)
        assert (len(names), len(absent), hidden) == (
            truth["names_tried"], truth["names_absent"], truth["names_hidden"]
        ), part.id  # fmt: skip
        confirmed = {one.target for one in tried if one.outcome in ("success", *CONFIRMING)}
        if (source, form) not in UNTOLD_LOCKS:
            assert confirmed == set(truth["names_found"]), part.id
        made = {one.target for one in contacts if one.kind == "account_created"}
        assert made == set(truth["accounts_created"]), part.id
        assert sum(one.attempts for one in contacts if one.kind == "mail_sent") == truth["mails_sent"], part.id


CONFIRMING = ("exists_bad_secret", "exists_good_secret", "exists_blocked")


@pytest.mark.parametrize(("source", "form"), FORMS, ids=map(fields, FORMS))
def test_times_are_utc_and_hours_are_theirs(source: str, form: str, reading: Readings) -> None:
    found, fineness = reading(source, form), precision(source, form)
    times = [event.time for part in found.parts.values() for event in kept(source, part)]
    first, last = (from_iso(found.summary[name]) for name in ("first_event", "last_event"))
    assert first // fineness == min(times) // fineness
    # The server notes a refused logon up to a moment after the domain controller does.
    assert 0 <= last // fineness - max(times) // fineness <= 1000
    failed = [one for one in found.contacts if one.outcome != "success"]
    assert failed
    assert all(one.hour == hour_of(one.first) == hour_of(one.last) for one in failed)


@pytest.mark.parametrize("source", SHAPES)
def test_a_scan_finds_what_all_contacts_support(source: str, reading: Readings) -> None:
    """Leaving out contacts that cannot matter must not change a verdict."""
    found = reading(source, next(iter(SHAPES[source].forms)))
    whole = telling.decide(found.contacts, telling.context(None))
    result = scan(Request([str(found.path)], RULEBOOK, load_lookups(), threads=2))
    assert [one.to_dict() for one in result.decision.findings] == [one.to_dict() for one in whole.findings]
    assert (result.files_read, result.summary["records"]) == (1, found.written)
