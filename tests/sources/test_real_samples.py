"""Real exports and vendors' test data: every line of a supported log is read, and the attacks in them are told."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from enumwatch.core.contact import Contact, without_echoes
from enumwatch.core.times import from_iso
from enumwatch.core.verdict import COMPROMISE, GUESSING, SPRAY, Verdict, is_at_least
from enumwatch.engines.local.scan import Request, counted, scan
from enumwatch.lookups import load_lookups

from .sample_facts import FACTS, wrapped
from .telling import RULEBOOK

SAMPLES = Path(os.environ.get("ENUMWATCH_SHARED") or Path(__file__).parents[3] / "shared") / "samples"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"there are no samples in {SAMPLES}; set ENUMWATCH_SHARED to the folder that has them"
)
SPRING_LINES = "m365/unified_audit_signins_2021_spring.ndjson"
SPRING_TABLE = "m365/unified_audit_search_2021_spring.csv"
EVTX = ("ID4625-OpenSSH_brutforce_with_non_existing_users", "kerberos_pwd_spray_4771")
WRAPPED = ("entra", "okta", "google_workspace")


def request(*names: str) -> Request:
    return Request([str(SAMPLES / name) for name in names], RULEBOOK, load_lookups(), threads=2)


@lru_cache
def scanned(*names: str) -> Any:
    return scan(request(*names))


def findings(*names: str) -> list[Verdict]:
    found: list[Verdict] = scanned(*names).decision.findings
    return found


def contacts_of(name: str) -> list[Contact]:
    with counted(request(name), lambda _: None) as (contacts, _):
        return without_echoes(sorted(contacts.everything()))


def test_every_sample_is_accounted_for() -> None:
    there = {path.relative_to(SAMPLES).as_posix() for path in SAMPLES.glob("*/*")}
    listed = {
        *FACTS,
        *(f"windows/{name}.evtx" for name in EVTX),
        *(f"{name}/rule_test_events.ndjson" for name in WRAPPED),
    }
    assert there == listed


@pytest.mark.parametrize("name", FACTS)
def test_no_line_of_a_supported_log_is_lost(name: str) -> None:
    facts = FACTS[name](SAMPLES / name)
    summary = scanned(name).summary
    (file,) = summary["files"]
    events = sum(facts.kinds.values()) - facts.repeated
    told = {key: file[key] for key in ("records", "events", "duplicates", "skipped", "unreadable")}
    assert told == {
        **{"records": facts.records, "events": events, "duplicates": facts.repeated},
        **{"skipped": facts.skipped, "unreadable": facts.unreadable},
    }
    assert summary["kinds"] == facts.kinds
    assert file["not_relevant"] == facts.records - events - facts.repeated - facts.skipped - facts.unreadable
    assert summary["unknown_codes"] == []


@pytest.mark.parametrize("name", EVTX)
def test_event_log_and_its_json_say_the_same(name: str) -> None:
    evtx, lines = scanned(f"windows/{name}.evtx"), scanned(f"windows/{name}.jsonl")
    keys = ("records", "events", "duplicates", "not_relevant", "unreadable", "skipped", "kinds", "first_event")
    assert [evtx.summary[key] for key in keys] == [lines.summary[key] for key in keys]
    assert [one.to_dict() for one in evtx.decision.findings] == [one.to_dict() for one in lines.decision.findings]
    assert contacts_of(f"windows/{name}.evtx") == contacts_of(f"windows/{name}.jsonl")


def is_supported(folder: str, log: dict[str, Any]) -> bool:
    """True where a hand-trimmed record still shows which supported log it is of."""
    if folder == "entra":
        is_sign_in = log.get("category") in ("SignInLogs", "NonInteractiveUserSignInLogs")
        return is_sign_in or "activityDateTime" in log.get("properties", {})
    if folder == "okta":
        says_who = "alternateId" in log.get("actor", {})
        return says_who and bool(log.get("eventType") or log.get("eventtype")) and "result" in log.get("outcome", {})
    return log.get("id", {}).get("applicationName") in ("login", "admin") and "name" in log


@pytest.mark.parametrize("folder", WRAPPED)
def test_records_wrapped_by_rule_tests_are_taken_out(folder: str) -> None:
    name = f"{folder}/rule_test_events.ndjson"
    logs = list(wrapped(SAMPLES / name))
    supported = sum(is_supported(folder, log) for log in logs)
    (file,) = scanned(name).summary["files"]
    assert (file["records"], file["skipped"]) == (len(logs), len(logs) - supported)
    assert supported >= 39
    assert file["reason"] == (
        "records of no supported log are skipped, such as one with the keys rule, file, test, expected, log"
    )


AGENT = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.14; rv:69.0) Gecko/20100101 Firefox/69.0"
DOMAIN = "dutchmasterz.onmicrosoft.com"
MARCH = ["A.Thulile", "AdeleV", "AlexW", "DiegoS", "GradyA", "HenriettaM"]
APRIL = ["A.Thulile", "AdeleV", "AlexW", "DiegoS"]


@pytest.mark.parametrize(
    "names", [(SPRING_LINES,), (SPRING_TABLE,), (SPRING_LINES, SPRING_TABLE), (SPRING_TABLE, SPRING_LINES)]
)
def test_the_two_sprays_of_spring_2021_are_found_and_nobody_else_is_accused(names: tuple[str, ...]) -> None:
    found = sorted(findings(*names), key=lambda one: one.window_start)
    assert [one.actor.user_agent for one in found] == [AGENT, AGENT]
    assert all(is_at_least(one.verdict, SPRAY) for one in found)
    days = [(from_iso("2021-03-26"), MARCH), (from_iso("2021-04-14"), APRIL)]
    for one, (day, tried) in zip(found, days, strict=True):
        assert day <= one.window_start < day + 86_400_000_000
        assert one.names_found == [f"{name}@{DOMAIN}" for name in tried]
        assert one.evidence.names_tried == len(tried)
    # An event that stands in both exports counts once.
    assert [one.evidence.attempts for one in found] == [36, 20]


def test_events_that_two_exports_share_count_once() -> None:
    both = scanned(SPRING_TABLE, SPRING_LINES).summary
    lines = scanned(SPRING_LINES).summary
    assert both["duplicates"] == scanned(SPRING_TABLE).summary["duplicates"] + lines["events"]
    assert both["events"] == scanned(SPRING_TABLE).summary["events"]


@pytest.mark.parametrize("ending", ["evtx", "jsonl"])
def test_kerberos_spray_lets_one_of_ten_names_in(ending: str) -> None:
    (one,) = findings(f"windows/kerberos_pwd_spray_4771.{ending}")
    assert (one.verdict, one.actor.ip) == (COMPROMISE, ["172.16.66.1"])
    assert (one.evidence.names_tried, one.evidence.names_absent) == (10, 7)
    assert one.names_found == ["Administrator", "backdoor", "normal"]
    assert one.compromised_accounts == ["normal"]


@pytest.mark.parametrize("ending", ["evtx", "jsonl"])
def test_one_absent_name_five_times_is_neither_a_roll_call_nor_a_spray(ending: str) -> None:
    name = f"windows/ID4625-OpenSSH_brutforce_with_non_existing_users.{ending}"
    failed = [one for one in contacts_of(name) if one.outcome != "success"]
    assert {(one.target, one.outcome) for one in failed} == {(failed[0].target, "not_found")}
    assert sum(one.attempts for one in failed) == 5, "each is logged as 4776 and as 4625"
    assert findings(name) == []


def test_two_existing_names_eight_times_each_are_guessing() -> None:
    (one,) = findings("windows/ID_4776,4625-AccountRestore_local_bruteforce.jsonl")
    assert one.verdict == GUESSING
    assert (one.evidence.names_tried, one.evidence.names_absent, one.evidence.attempts) == (2, 0, 16)
    assert one.names_found == ["Admin", "Administrator"]


def test_explicit_credentials_at_41_names_are_a_spray_with_a_gap() -> None:
    (one,) = findings("windows/password-spray.jsonl")
    assert (one.verdict, one.evidence.names_tried, one.actor.account) == (SPRAY, 41, "jwrig")
    assert one.names_found == []
    assert any("4648 do not tell whether a name exists or a password was right" in gap for gap in one.evidence.gaps)


def test_a_directory_read_of_80_objects_within_a_second_is_in_the_contacts() -> None:
    reads = [
        one for one in contacts_of("windows/ID4662-Domain_group_enumeration_CME.jsonl") if one.kind == "directory_read"
    ]
    assert sum(one.attempts for one in reads) == 80
    assert len({one.actor for one in reads}) == 1
    assert max(one.last for one in reads) - min(one.first for one in reads) <= 1_000_000


@pytest.mark.parametrize(
    "name",
    [
        *(name for name in FACTS if name.startswith(("entra/", "exchange/", "google", "iis/", "okta/"))),
        *(
            "m365/unified_audit_mixed.ndjson",
            "windows/nxlog_json_mixed.ndjson",
            "windows/ID4720-Local_user_created.jsonl",
        ),
    ],
)
def test_samples_without_an_attack_are_quiet(name: str) -> None:
    assert findings(name) == []


def test_an_autodiscover_challenge_and_its_answer_are_a_client_at_work() -> None:
    challenge, answer = contacts_of("iis/iis-autodiscover-401-200.log")
    assert {(one.outcome, one.target_visible) for one in (challenge, answer)} == {
        ("ambiguous", False),
        ("success", True),
    }


def test_the_whole_folder_says_what_its_files_say() -> None:
    whole = scan(Request([str(SAMPLES)], RULEBOOK, load_lookups(), threads=2))
    alone = {one.finding_id for name in (*FACTS, *(f"windows/{name}.evtx" for name in EVTX)) for one in findings(name)}
    assert {one.finding_id for one in whole.decision.findings} >= alone
    assert whole.summary["records"] == sum(file["records"] for file in whole.summary["files"])
    assert whole.files_read == len(list(SAMPLES.glob("*/*")))
