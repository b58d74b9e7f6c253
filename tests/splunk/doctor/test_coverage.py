"""Missing sources, late data, wrong clocks and empty fields are named, with what mends them."""

from __future__ import annotations

import pytest

from enumwatch.splunk.doctor.asking import FIELDS, sources
from enumwatch.splunk.doctor.coverage import check_both, check_fields, check_times

IIS = sources()["iis"]["title"]
ZONE = "set TZ for its sourcetype in props.conf"

WRONG_TIMES = {
    "none": (
        {"events": 0},
        f"broken: source iis: macro enumwatch_iis finds no event of {IIS} in a day: set its index and sourcetype, and "
        "look whether events arrive there at all",
    ),
    "unknown": (
        {"source_id": "x"},
        "note: source x: is unknown: use the app and this program in one version",
    ),
    "silent": (
        {"silent": 30000},
        "doubtful: source iis: nothing has arrived for 8 hours: look at the input and its errors",
    ),
    "late": (
        {"late": 7200},
        "note: source iis: events arrive up to 2 hours late: make the input run more often if findings should come "
        "sooner; none is lost",
    ),
    "too late": (
        {"late": 864000},
        "broken: source iis: events arrive 10 days late, searches look back 7 days: make the input quicker, or widen "
        "dispatch.earliest_time of the searches",
    ),
    "skew": (
        {"least_late": -600},
        f"doubtful: source iis: events are dated up to 10 minutes after they arrived: {ZONE}, or the clock of the machine "
        "that writes it",
    ),
    "zone ahead": (
        {"least_late": -7200},
        f"broken: source iis: events are dated up to 2 hours after they arrived: {ZONE}, or the clock of the machine that "
        "writes it",
    ),
    "zone behind": (
        {"least_late": 3600, "late": 3600},
        f"doubtful: source iis: even the quickest event arrives 60 minutes late: {ZONE} if the log is quicker than that",
    ),
}


def times(**changed: object) -> list[str]:
    row = {"source_id": "iis", "events": 9, "late": 30, "least_late": 1, "silent": 60, **changed}
    return [str(one) for one in check_times([{key: str(value) for key, value in row.items()}], sources())]


@pytest.mark.parametrize("name", WRONG_TIMES)
def test_wrong_times_are_named(name: str) -> None:
    changed, message = WRONG_TIMES[name]
    assert times(**changed) == [message]


def test_good_times_are_all_right() -> None:
    assert times() == []
    assert times(late="nan", least_late="") == []


def fields(log_source: str = "entra_signin", **changed: int) -> list[str]:
    row = {"contacts": 10, "hidden": 0, "ambiguous": 0, **{f"with_{name}": 10 for name in FIELDS}, **changed}
    rows = [{"log_source": log_source, **{key: str(value) for key, value in row.items()}}]
    return [str(one) for one in check_fields(rows, sources())]


def test_empty_fields_are_named() -> None:
    addon = sources()["entra_signin"]["splunk"]["addon"]
    compare = f"compare the events with the fields of the add-on ({addon})"
    assert fields(with_src_ip=0, with_src_host=0, with_actor=0) == [
        "broken: contacts of entra_signin: no row says who: src_ip, src_host and actor are empty: "
        f"{compare}; without who there is no finding"
    ]
    assert fields(with_src_ip=3) == [
        "doubtful: contacts of entra_signin: src_ip is empty in 70 % of the rows: rows without an address are counted by "
        "agent and tenant only; look which events lack it"
    ]
    assert fields(with_target=0) == [
        f"broken: contacts of entra_signin: target is empty in every row: {compare}; names cannot be counted"
    ]
    assert fields(with_user_agent=0, with_asn=0) == [
        "note: contacts of entra_signin: always empty: asn, user_agent: nothing to do if the log has no such values; else "
        "compare it with the fields of the add-on"
    ]
    assert fields(ambiguous=8) == [
        "doubtful: contacts of entra_signin: the answer is unknown in 80 % of the rows: look at the values of code; unknown "
        "ones go into lookups/enumwatch_outcomes.csv"
    ]


def test_full_fields_are_all_right() -> None:
    assert fields() == []
    assert fields("m365_audit", with_target=0, hidden=10) == []
    assert fields(contacts=0) == []


def test_a_log_that_nobody_knows_is_named() -> None:
    (said,) = fields("other")
    assert said.startswith("doubtful: contacts of 'other': no such log_source is known: give it one of entra_audit, ")


def test_events_without_contacts_are_named() -> None:
    rows = [{"source_id": "iis", "events": "3"}, {"source_id": "okta_system", "events": "0"}]
    assert [str(one) for one in check_both(rows, [], sources())] == [
        f'broken: source iis: has events and no contacts: enable "enumwatch - Contacts - {IIS}", and fill what is there '
        "already with its backfill search"
    ]
    assert list(check_both(rows, [{"log_source": "iis"}], sources())) == []
