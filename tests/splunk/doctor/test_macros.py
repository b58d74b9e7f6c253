"""Macros that an admin set wrongly are named, with what mends them; those set as they may be are not."""

from __future__ import annotations

import pytest

from enumwatch.splunk.doctor.macros import check_macros, unset

MACROS = {
    "enumwatch_index": {"definition": "index=summary", "iseval": "0"},
    "enumwatch_iis": {"definition": 'index=* sourcetype="ms:iis:auto"'},
    "enumwatch_rank": {"definition": "eval rank=1\n| fields rank"},
    "enumwatch_a_filter": {"definition": "search *"},
}
LOGS = {"enumwatch_iis": "IIS logs"}
WRITE = "write it again (Settings, Advanced search, Search macros)"

WRONG = {
    "gone": (
        "enumwatch_rank",
        None,
        "broken: macro enumwatch_rank: is not there: install the app again, and share its objects with all apps",
    ),
    "empty": ("enumwatch_iis", "", f"broken: macro enumwatch_iis: is empty: {WRITE}"),
    "open quote": (
        "enumwatch_iis",
        'index=x sourcetype="y',
        f"broken: macro enumwatch_iis: has a quote that is not closed: {WRITE}",
    ),
    "brackets": (
        "enumwatch_a_filter",
        "search NOT (a=1",
        f"broken: macro enumwatch_a_filter: has ( and ) that do not match: {WRITE}",
    ),
    "backtick": (
        "enumwatch_a_filter",
        "search `x",
        f"broken: macro enumwatch_a_filter: has a backtick that is not closed: {WRITE}",
    ),
    "leading pipe": (
        "enumwatch_a_filter",
        "| search *",
        f"broken: macro enumwatch_a_filter: begins with a pipe: {WRITE}",
    ),
    "two indexes": (
        "enumwatch_index",
        "index=a OR index=b",
        "broken: macro enumwatch_index: is 'index=a OR index=b', no single index: write index=NAME of one events index "
        "and nothing else, findings are written there too",
    ),
    "a pipe": (
        "enumwatch_iis",
        "index=x sourcetype=y | head 1",
        "broken: macro enumwatch_iis: holds a pipe: write index and sourcetype only, what follows is the app's part",
    ),
    "every index": (
        "enumwatch_iis",
        "index=* sourcetype=y",
        "note: macro enumwatch_iis: searches every index for IIS logs: set the index, or leave it where you have no such "
        "log",
    ),
    "no sourcetype": (
        "enumwatch_iis",
        "index=web",
        "doubtful: macro enumwatch_iis: names no sourcetype for IIS logs: add the sourcetype, or rows of other logs are "
        "read as this one",
    ),
    "changed": (
        "enumwatch_rank",
        "eval rank=2",
        "doubtful: macro enumwatch_rank: is not the one that the app ships: remove it from local/macros.conf unless it is "
        "meant, what the app brings with an update is hidden by it",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_macro_is_named(name: str) -> None:
    macro, definition, message = WRONG[name]
    found = {**MACROS, "enumwatch_iis": {"definition": "index=web sourcetype=iis"}}
    del found[macro]
    if definition is not None:
        found[macro] = {"definition": definition}
    assert [str(one) for one in check_macros(found, MACROS, LOGS)] == [message]


def test_macros_as_an_admin_sets_them_are_all_right() -> None:
    found = {
        **MACROS,
        "enumwatch_index": {"definition": 'index="security_summary"'},
        "enumwatch_iis": {"definition": 'index IN (web, "dmz") sourcetype IN ("a|b", c)'},
        "enumwatch_rank": {"definition": "eval rank=1 | fields rank"},
        "enumwatch_a_filter": {"definition": 'search NOT src="192.0.2.1"'},
    }
    assert list(check_macros(found, MACROS, LOGS)) == []
    assert unset(MACROS, LOGS) == {"enumwatch_iis"}
    assert unset(found, LOGS) == set()


def test_an_evaluated_macro_is_named() -> None:
    found = {"enumwatch_index": {"definition": "index=summary", "iseval": "1"}}
    assert [str(one) for one in check_macros(found, {"enumwatch_index": {}}, LOGS)] == [
        "broken: macro enumwatch_index: is evaluated before it is used: set Use eval-based definition off"
    ]
