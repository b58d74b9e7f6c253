"""Contacts from the data model Authentication are those of the events that it holds."""

from __future__ import annotations

import pytest
from tests.splunk import cim_twin
from tests.splunk.contact_rows import contact, expanded, prepare
from tests.splunk.engine import Row, engine_or_skip
from tests.splunk.spelling import commands

from enumwatch.core.contact import Contact, group
from enumwatch.core.event import Event
from enumwatch.engines.splunk.cim import TAKEN

START = 1_772_503_200
# sourcetype, seconds, address, name, app, agent, action, code: its log and what the code says of the name.
CASES = (
    ("azure:monitor:aad", 1.5, "192.0.2.1", "ann@x.example", "Teams", "curl", "failure", "50034", "entra_signin", "not_found"),
    ("azure:monitor:aad", 2.25, "192.0.2.1", "ann@x.example", "Teams", "curl", "failure", "50034", "entra_signin", "not_found"),
    ("azure:monitor:aad", 3, "192.0.2.1", "bob@x.example", "Teams", "curl", "failure", "1", "entra_signin", "ambiguous"),
    ("azure:monitor:aad", 4, "192.0.2.1", "bob@x.example", "", "curl", "failure", "50058", "entra_signin", "noise"),
    ("azure:monitor:aad", 3605, "192.0.2.2", "bob@x.example", "Teams", "", "success", "0", "entra_signin", "success"),
    ("azure:monitor:aad", 7205, "192.0.2.2", "bob@x.example", "Word", "", "success", "0", "entra_signin", "success"),
    ("OktaIM2:log", 9, "192.0.2.3", "eve", "app", "", "failure", "LOCKED_OUT", "okta_system", "exists_blocked"),
    ("linux_secure", 10, "192.0.2.4", "root", "sshd", "", "failure", "", "cim", "ambiguous"),
    ("linux_secure", 11, "192.0.2.4", "root", "sshd", "", "success", "", "cim", "success"),
    ("linux_secure", 12, "192.0.2.4", "unknown", "sshd", "", "failure", "", "cim", "ambiguous"),
)  # fmt: skip


def _search() -> list[str]:
    return commands(expanded("| `enumwatch_cim_contacts`"))[1:]


def _event(case: tuple[str, float, str, str, str, str, str, str, str, str]) -> Event:
    _, seconds, address, name, app, agent, _, code, source, outcome = case
    visible = name != "unknown"
    return Event(
        "sign_in", source, "", round((START + seconds) * 1_000_000), "", address, "", "", agent, app, "", "", "", "",
        name if visible else "", visible, code, outcome,
    )  # fmt: skip


def test_the_data_model_is_asked_for_its_own_fields_only() -> None:
    tstats, rename = _search()[:2]
    assert "from datamodel=Authentication where nodename=Authentication" in tstats
    for name, column in TAKEN.items():
        assert f"Authentication.{name}" in tstats.partition(" by ")[2].split()
        assert f"Authentication.{name} AS {column}" in rename


@pytest.mark.timeout(600)
def test_contacts_of_the_data_model_are_those_of_its_events() -> None:
    engine = engine_or_skip()
    tstats, rename, *rest = _search()
    events: list[Row] = [
        {
            "_time": START + case[1], "sourcetype": case[0], "src": case[2], "user": case[3], "app": case[4],
            "user_agent": case[5], "action": case[6], "signature_id": case[7],
        }
        for case in CASES
    ]  # fmt: skip
    engine.load(cim_twin.counted(tstats, rename, events))
    prepare(engine)
    found = sorted(contact(row) for row in engine.run(" | ".join(["index=main", *rest])))
    expected: list[Contact] = group(_event(case) for case in CASES)
    assert found == expected
