"""Saved searches that are off, changed or run too seldom are named."""

from __future__ import annotations

from enumwatch.splunk.doctor.searches import check_searches

RULE, OTHER, CONTACTS = "enumwatch - Spray - Rule", "enumwatch - Other - Rule", "enumwatch - Contacts - IIS logs"
ON = {
    "search": "x",
    "disabled": "0",
    "enableSched": "1",
    "cron_schedule": "7 * * * *",
    "dispatch.index_earliest": "-65m@m",
}
OFF = {**ON, "disabled": "1"}
SHIPPED = {RULE: OFF, CONTACTS: OFF}
LOGS = 'enable "enumwatch - Contacts - ..." of every log that you have'


def told(rule: dict[str, str] | None = ON, contacts: dict[str, str] | None = ON) -> list[str]:
    found = {name: stanza for name, stanza in ((RULE, rule), (CONTACTS, contacts)) if stanza is not None}
    return [str(one) for one in check_searches(found, SHIPPED)]


def test_searches_that_are_on_are_all_right() -> None:
    assert told() == []
    assert told(rule={**ON, "search": " x\n", "cron_schedule": "3,33 * * * *"}) == []


def test_searches_that_are_off_are_named() -> None:
    assert told(OFF, OFF) == [
        f'broken: searches: all are disabled, as they are shipped: {LOGS}, then "enumwatch - ... - Rule"'
    ]
    assert told(contacts=OFF) == [f"broken: searches: rules are enabled, and no search gives them contacts: {LOGS}"]
    assert told(rule={**ON, "enableSched": "0"}) == [
        'broken: searches: contacts are gathered, and no rule reads them: enable "enumwatch - ... - Rule"'
    ]


def test_a_rule_that_is_off_beside_others_is_only_noted() -> None:
    found = {RULE: ON, CONTACTS: ON, OTHER: OFF}
    assert [str(one) for one in check_searches(found, {**SHIPPED, OTHER: OFF})] == [
        f"note: searches: 1 rules are disabled: {OTHER}: enable what you want"
    ]


def test_a_search_that_is_gone_is_named() -> None:
    assert told(rule=None) == [
        f"broken: search '{RULE}': is not there: install the app again",
        'broken: searches: contacts are gathered, and no rule reads them: enable "enumwatch - ... - Rule"',
    ]


def test_searches_that_were_changed_are_named() -> None:
    assert told(rule={**ON, "search": "y"}) == [
        f"doubtful: search '{RULE}': was changed, so updates of the app do not reach it: remove its text from "
        "local/savedsearches.conf and use the macros, or clone it under another name"
    ]
    assert told(contacts={**ON, "cron_schedule": "0 6 * * *"}) == [
        f"broken: search '{CONTACTS}': runs by 0 6 * * *: run it every hour (cron_schedule = 7 * * * *), or what is "
        "indexed between is left out"
    ]
    assert told(contacts={**ON, "dispatch.index_earliest": "-15m"}) == [
        f"doubtful: search '{CONTACTS}': runs over other times: dispatch.index_earliest = -15m (shipped: -65m@m): set "
        "them back, or rows are counted twice or left out"
    ]


def test_what_is_off_may_be_changed_in_time() -> None:
    assert told(contacts={**OFF, "cron_schedule": ""}, rule=OFF) == told(OFF, OFF)
