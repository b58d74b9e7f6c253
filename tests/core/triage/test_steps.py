"""Steps: only those that have something to act on, with the finding's values, and a warning where they would hurt."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from enumwatch.core.times import DAY
from enumwatch.core.triage import triage, wanted

from ..making import START, sensitive
from .making import ADDRESS, finding, given

RESET = "Reset passwords"


def steps(part: str, **keys: Any) -> list[str]:
    tables = keys.pop("tables", {})
    return list(triage(finding(**keys), given(**tables))["steps"][part])


def test_nobody_is_reset_who_was_merely_tried_or_found() -> None:
    assert not any(RESET in step for step in steps("containment", names_found=["b@contoso.example"]))
    (reset,) = [step for step in steps("containment", compromised_accounts=["a@contoso.example"]) if RESET in step]
    assert "a@contoso.example" in reset


@pytest.mark.parametrize("playbook", ["T1589.002", "T1589", "T1585.002"])
def test_no_step_resets_anybody_without_a_compromised_account(playbook: str) -> None:
    told = triage(finding(playbook, names_found=["b@contoso.example"]), given())
    assert not [step for part in told["steps"].values() for step in part if "reset" in step.lower()]


def test_steps_about_found_names_are_left_out_where_none_was_found() -> None:
    assert not any("published" in step or "Watch" in step for step in steps("containment"))
    assert any("Watch b@contoso.example" in step for step in steps("containment", names_found=["b@contoso.example"]))


@pytest.mark.parametrize(("share", "is_warned"), [(0.2, True), (0.19, False), (None, False)])
def test_a_block_of_a_shared_place_is_warned_of(share: float | None, is_warned: bool) -> None:
    (block,) = [step for step in steps("containment", evidence={"success_share": share}) if step.startswith("Limit")]
    assert ("a block takes them along" in block) is is_warned


def test_a_block_of_an_own_network_is_warned_of() -> None:
    own = [{"cidr": "203.0.113.0/24", "tenant": "*", "kind": "vpn"}]
    (block,) = [step for step in steps("containment", tables={"networks": own}) if step.startswith("Limit")]
    assert f"{ADDRESS} is listed as a vpn network" in block


@pytest.mark.parametrize(("kind", "is_warned"), [("service", True), ("break_glass", True), ("executive", False)])
def test_a_reset_of_a_service_account_is_warned_of(kind: str, is_warned: bool) -> None:
    accounts = [sensitive("a@contoso.example", kind)]
    keys: Any = {"compromised_accounts": ["a@contoso.example"], "tables": {"sensitive_accounts": accounts}}
    (reset,) = [step for step in steps("containment", **keys) if RESET in step]
    assert ("agree with its owner" in reset) is is_warned


@drawn(st.text(max_size=30), st.sampled_from(["T1589.002", "T1589", "T1585.002"]))
def test_any_text_in_a_finding_changes_nothing_but_its_own_place(text: str, playbook: str) -> None:
    plain = triage(finding(playbook, names_found=["PLACE"], actor={"account": "PLACE"}), given())
    other = triage(finding(playbook, names_found=[text or "x"], actor={"account": text or "x"}), given())
    for part, told in plain["steps"].items():
        assert other["steps"][part] == [step.replace("PLACE", text or "x") for step in told]


def test_what_a_triage_wants_is_around_the_finding() -> None:
    asked = wanted(finding(names_found=["b@contoso.example"], actor={"account": "app"}), given())
    assert (asked.tenant, asked.addresses) == ("contoso", {ADDRESS})
    assert asked.names == {"b@contoso.example", "app"}
    assert asked.since <= START - 14 * DAY
    assert asked.until >= START + 7 * DAY
