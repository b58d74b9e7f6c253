"""Everything that only looks like an attack has a treatment in its rule, a case that proves it and, mostly, a scenario."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from enumwatch.rulebook.load import load
from enumwatch.simulate import scenarios

from .shipped import cases
from .staging import title

NAMES, SPRAY, GUESSING = "email_enumeration", "password_spray", "password_guessing"
CHAIN, MAKING, READING = "success_after_enumeration", "account_creation", "identity_gathering"


class LookAlike(NamedTuple):
    """A false positive of a rule, the case beside the rule that proves its treatment, and the scenarios that play it."""

    rule: str
    false_positive: str
    case: str
    scenarios: tuple[str, ...] = ()


# The five classes that the published rule names and leaves to its reader.
NAMED = (
    LookAlike(NAMES, "Federation or single sign-on misconfiguration",
              "names of a domain that is nobody's here are a fault of single sign-on", ("federation_fault",)),
    LookAlike(NAMES, "Penetration test", "a declared penetration test is suppressed", ("penetration_test",)),
    LookAlike(NAMES, "Provisioning and deprovisioning that look names up before they make or remove them",
              "provisioning whose names sign in later", ("provisioning",)),
    LookAlike(NAMES, "Reset portals and helpdesk validators",
              "sixteen names that nobody has are what people type into a reset portal", ("reset_portal",)),
    LookAlike(NAMES, "Load and integration tests with invented names", "a load test with names that say so",
              ("load_test",)),
)  # fmt: skip
OTHERS = (
    LookAlike(NAMES, "Phones of leavers and other devices that retry",
              "phones of leavers that try five times each are no roll call", ("leavers_phones",)),
    LookAlike(NAMES, "Scheduled jobs", "a scheduled job that looks names up at one time of the day",
              ("scheduled_lookup",)),
    LookAlike(NAMES, "Renames and migrations of names", "people type a domain that was given up where they work",
              ("domain_rename",)),
    LookAlike(NAMES, "Mail migration tool", "a mail migration tool that asks for every mailbox is on the allowlist",
              ("mail_migration",)),
    LookAlike(NAMES, "Mail clients that look for their mailbox",
              "mail clients ask for their own mailbox from where they are", ("outlook_autodiscover",)),
    LookAlike(NAMES, "Vulnerability scanner or monitor", "a scanner whose requests name nobody"),
    LookAlike(NAMES, "Devices that have to sign in again", "every device has to sign in again", ("sessions_ended",)),
    LookAlike(NAMES, "Outage of the password check", "an outage of the password check", ("sign_in_outage",)),
    LookAlike(NAMES, "Monday morning", "Monday morning behind one office address", ("monday_morning",)),
    LookAlike(NAMES, "Office, proxy or event behind one address", "colleagues at an event off site behind one address",
              ("shared_egress",)),
    LookAlike(SPRAY, "Password expiry or lock-out wave behind one office address",
              "an expiry wave behind an office address is familiar", ("expiry_wave",)),
    LookAlike(SPRAY, "Proxy, terminal server or office that many share",
              "more users work at a shared address than names fail there", ("shared_egress",)),
    LookAlike(SPRAY, "Vulnerability scanner or load test",
              "a vulnerability scanner is on the allowlist by its address", ("vulnerability_scan",)),
    LookAlike(GUESSING, "Phone or service with an old password", "a phone with an old password", ("old_password",)),
    LookAlike(GUESSING, "Monitor whose password was changed", "a monitor tries its old password every ten minutes",
              ("uptime_monitor",)),
    LookAlike(CHAIN, "The user behind the tried name works from the same address",
              "a user who worked from there before is not accused"),
    LookAlike(CHAIN, "The user behind a found name travels within days of the incident",
              "a found name gets in where it is at home"),
    LookAlike(MAKING, "Onboarding day", "an onboarding day of a known maker", ("onboarding",)),
    LookAlike(READING, "Nightly directory synchronisation, backup or crawler",
              "an application that reads everything from the first night on", ("directory_sync",)),
)  # fmt: skip
ALL = (*NAMED, *OTHERS)


def _case(one: LookAlike) -> dict[str, Any]:
    (found,) = [each for each in cases() if title(each) == f"{one.rule}: {one.case}"]
    return found


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.rule}: {one.false_positive}")
def test_a_look_alike_has_a_treatment_a_case_that_accuses_nobody_and_its_scenarios(one: LookAlike) -> None:
    content = load().detections[one.rule].content
    assert one.false_positive in [entry["name"] for entry in content["false_positives"]]
    expected = _case(one)["expect"]
    assert expected["verdict"] == "No Finding" or expected["compromised_accounts"] == []
    assert set(one.scenarios) <= {each.id for each in scenarios() if each.kind == "benign"}


@pytest.mark.parametrize("one", NAMED, ids=lambda one: one.false_positive)
def test_each_of_the_five_named_classes_has_a_scenario(one: LookAlike) -> None:
    assert one.scenarios


@pytest.mark.parametrize("rule", [NAMES, SPRAY, GUESSING, CHAIN])
def test_every_false_positive_of_a_rule_has_its_case(rule: str) -> None:
    content = load().detections[rule].content
    listed = [one.false_positive for one in ALL if one.rule == rule]
    assert sorted(listed) == sorted(entry["name"] for entry in content["false_positives"])


def test_every_benign_scenario_plays_a_false_positive_of_some_rule() -> None:
    played = {name for one in ALL for name in one.scenarios}
    assert played == {each.id for each in scenarios() if each.kind == "benign"}
