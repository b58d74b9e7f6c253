"""Containment over many findings: it warns wherever it would hurt, and resets nobody who was merely tried or found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from enumwatch.core.context import Context
from enumwatch.core.triage import cautions_of, triage

from ..making import RULEBOOK, sensitive
from .making import finding, given

PLAYBOOKS = ["T1589.002", "T1589", "T1585.002"]
NAMES = [f"person{number}@contoso.example" for number in range(6)]
OWN, PRIVATE, OUTSIDE = "203.0.113.9", "10.1.2.3", "198.51.100.7"
KINDS = ["service", "break_glass", "executive", "admin", ""]
SHARE = RULEBOOK["playbooks"]["T1589.002"]["limits"]["shared_share"]
ACTS_ON_PLACES = ("Limit or block", "Block ")
_CAUTION = re.compile(r"Caution: (.*?)\.(?= Caution: |$)")
names = st.lists(st.sampled_from(NAMES), unique=True)


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, Mapping[str, Any], Mapping[str, str]]:
    """A playbook, a finding of it, and what kind of account each name is listed as."""
    playbook = draw(st.sampled_from(PLAYBOOKS))
    evidence = {
        "success_share": draw(st.none() | st.floats(0, 1)),
        "names_sample": {"not_found": draw(names)},
        "lists_read": draw(st.integers(0, 1)),
    }
    one = finding(
        playbook,
        names_found=draw(names),
        compromised_accounts=draw(names),
        accounts_created=draw(names),
        actor={
            "ip": draw(st.lists(st.sampled_from([OWN, PRIVATE, OUTSIDE]), unique=True, min_size=1)),
            "account": draw(st.none() | st.sampled_from(NAMES)),
        },
        evidence=evidence,
    )
    return playbook, one, {name: draw(st.sampled_from(KINDS)) for name in NAMES}


def tables_of(kinds: Mapping[str, str]) -> Context:
    listed = [sensitive(name, kind) for name, kind in kinds.items() if kind]
    networks = [{"cidr": f"{OWN}/32", "tenant": "*", "kind": "corporate"}]
    return given(sensitive_accounts=listed, networks=networks)


def contained(one: Mapping[str, Any], kinds: Mapping[str, str]) -> list[str]:
    return list(triage(one, tables_of(kinds))["steps"]["containment"])


@drawn(cases())
def test_nobody_is_reset_who_was_merely_tried_or_found(case: tuple[str, Mapping[str, Any], Mapping[str, str]]) -> None:
    _, one, kinds = case
    account = one["actor"]["account"]
    merely = {*one["names_found"], *one["evidence"]["names_sample"]["not_found"]} - {
        *one["compromised_accounts"],
        account,
    }
    for step in contained(one, kinds):
        if step.startswith("Reset"):
            assert not any(name in step.partition(" Caution: ")[0] for name in merely)


@drawn(cases())
def test_a_block_warns_of_colleagues_and_of_own_addresses(
    case: tuple[str, Mapping[str, Any], Mapping[str, str]],
) -> None:
    _, one, kinds = case
    share, addresses = one["evidence"]["success_share"], one["actor"]["ip"]
    blocks = [step for step in contained(one, kinds) if step.startswith(ACTS_ON_PLACES)]
    for step in blocks:
        assert ("a block takes them along" in step) is (share is not None and share >= SHARE)
        assert (f"{OWN} is listed as a corporate network" in step) is (OWN in addresses)
        assert (f"{PRIVATE} is a private address" in step) is (PRIVATE in addresses)
    assert bool(blocks) is (one["detection"] != "account_creation")


@drawn(cases())
def test_who_acts_on_an_account_is_told_of_service_and_break_glass_accounts(
    case: tuple[str, Mapping[str, Any], Mapping[str, str]],
) -> None:
    _, one, kinds = case
    acted_on = {"Reset passwords": "compromised_accounts", "Disable": "names_found", "Suspend": "accounts_created"}
    for step in contained(one, kinds):
        for begin, key in acted_on.items():
            if step.startswith(begin):
                special = [name for name in one[key] if kinds[name] in ("service", "break_glass")]
                assert ("agree with its owner" in step) is bool(special)
        if step.startswith("Watch"):
            assert "Caution" not in step


@drawn(cases())
def test_the_cautions_of_a_finding_are_those_of_its_steps(
    case: tuple[str, Mapping[str, Any], Mapping[str, str]],
) -> None:
    _, one, kinds = case
    told = triage(one, tables_of(kinds))
    in_steps = {text for step in told["steps"]["containment"] for text in _CAUTION.findall(step)}
    assert in_steps <= set(told["cautions"])
    assert told["cautions"] == cautions_of(one, tables_of(kinds)) == list(dict.fromkeys(told["cautions"]))
    # One more only where the condition of its step is not met.
    waiting = [step for step in RULEBOOK["playbooks"][told["playbook"]]["containment"] if step["when"]]
    assert in_steps == set(told["cautions"]) or waiting


@pytest.mark.parametrize("kind", ["service", "break_glass"])
def test_a_reading_account_that_a_system_runs_under_is_warned_of(kind: str) -> None:
    one = finding("T1589", actor={"account": NAMES[0]}, evidence={"lists_read": 1})
    (isolate,) = [step for step in contained(one, {NAMES[0]: kind}) if step.startswith("Isolate")]
    assert f"Caution: {NAMES[0]} is a service or break-glass account" in isolate
