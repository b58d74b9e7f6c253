"""Facts every shipped table must hold, whatever rows are added to it."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from enumwatch.core.address import canonical_domain
from enumwatch.domains.lists import DISPOSABLE_PACKAGE, FREE_PACKAGE, build_domain_lists
from enumwatch.lookups import COLUMNS, load_lookups, shipped_lookups

LOOKUPS = load_lookups()
OUTCOMES = LOOKUPS.outcomes
SHARED = Path(os.environ.get("ENUMWATCH_SHARED", Path(__file__).parents[3] / "shared"))


@pytest.mark.parametrize("name", COLUMNS)
def test_a_shipped_table_is_plain_for_every_reader(name: str) -> None:
    content = (shipped_lookups() / f"enumwatch_{name}.csv").read_bytes()
    header, _, _ = content.partition(b"\n")
    assert header.decode() == ",".join(COLUMNS[name])
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert not [row for row in LOOKUPS.rows(name) if any(cell != cell.strip() or "\n" in cell for cell in row.values())]
    assert not [line for line in content.splitlines() if line.startswith(b"#")], "Splunk knows no comments"


@pytest.mark.parametrize(
    ("provider", "code", "reason", "outcome"),
    [
        ("entra", "0", "", "success"),
        ("entra", "50034", "", "not_found"),
        ("entra", "50126", "", "exists_bad_secret"),
        ("entra", "50053", "", "ambiguous"),
        ("entra", "50053", "locked", "exists_blocked"),
        ("entra", "50053", "malicious_ip", "ambiguous"),
        ("entra", "50055", "", "exists_good_secret"),
        ("entra", "50057", "", "exists_blocked"),
        ("entra", "50059", "", "wrong_realm"),
        ("entra", "50058", "", "noise"),
        ("entra", "90055", "", "throttled"),
        ("m365", "50034", "", "not_found"),
        ("m365", "UserAccountNotFound", "", "not_found"),
        ("entra_b2c", "50126", "", "ambiguous"),
        ("entra_b2c", "0", "", "success"),
        ("okta", "SUCCESS", "", "success"),
        ("okta", "UNKNOWN_USER", "", "not_found"),
        ("okta", "INVALID_CREDENTIALS", "", "ambiguous"),
        ("okta", "INVALID_CREDENTIALS", "actor_known", "exists_bad_secret"),
        ("okta", "INVALID_CREDENTIALS", "actor_unknown", "not_found"),
        ("okta", "LOCKED_OUT", "", "exists_blocked"),
        ("google_workspace", "login_failure:login_failure_invalid_password", "", "exists_bad_secret"),
        ("google_workspace", "login_failure:login_failure_new_kind", "", "exists_bad_secret"),
        ("google_workspace", "login_failure:login_failure_account_disabled", "", "exists_blocked"),
        ("google_workspace", "login_success", "", "success"),
        ("exchange_iis", "autodiscover:401", "", "ambiguous"),
        ("exchange_iis", "autodiscover:200", "", "success"),
        ("exchange_iis", "autodiscover_v2:200", "", "ambiguous"),
        ("exchange_iis", "owa_auth:302", "", "ambiguous"),
        ("exchange_iis", "ews:401", "", "ambiguous"),
        ("exchange_smtp", "550 5.1.1", "", "not_found"),
        ("active_directory", "4768:0x6", "", "not_found"),
        ("active_directory", "4768:0x0", "", "success"),
        ("active_directory", "4768:0x25", "", "noise"),
        ("active_directory", "4771:0x18", "", "exists_bad_secret"),
        ("active_directory", "4776:0xc0000064", "", "not_found"),
        ("active_directory", "4776:0x0", "", "success"),
        ("active_directory", "4625:0xc000006a", "", "exists_bad_secret"),
        ("active_directory", "4625:0xc000006d", "", "ambiguous"),
        ("active_directory", "4625:0xc0000234", "", "exists_blocked"),
        ("active_directory", "4625:0xc000005e", "", "noise"),
        ("active_directory", "4624", "", "success"),
        ("active_directory", "4648", "", "ambiguous"),
    ],
)
def test_an_answer_means_what_it_means(provider: str, code: str, reason: str, outcome: str) -> None:
    assert OUTCOMES.is_known(provider, code, reason)
    assert OUTCOMES.outcome(provider, code, reason) == outcome


def test_no_outcome_contradicts_its_own_row() -> None:
    for row in OUTCOMES:
        if row.outcome == "success":
            assert (row.account_exists, row.password_state) == ("yes", "correct"), row
        if row.outcome == "exists_good_secret":
            assert row.account_exists == "yes", row
            assert row.password_state == "correct", row
        if row.outcome in ("exists_bad_secret", "exists_blocked"):
            assert row.account_exists in ("yes", "likely"), row
        if row.outcome == "not_found":
            assert row.account_exists == "no", row


def test_codes_are_written_as_the_engines_group_them() -> None:
    shapes = {
        "entra": r"\d+",
        "active_directory": r"\d+(:0x[0-9a-f]+)?|cldap_ping",
        "exchange_iis": r"(autodiscover(_v2|_pox)?|owa(_auth)?|ews|mapi|rpc|oab|activesync):\d{3}|\w+_cloud",
    }
    assert not [row for row in OUTCOMES if not re.fullmatch(shapes.get(row.provider, r"\S.*"), row.code)]
    assert {row.provider for row in OUTCOMES} == {
        *("entra", "entra_b2c", "m365", "okta", "google_workspace"),
        *("exchange_iis", "exchange_smtp", "active_directory", "outside_tenant_logs"),
    }


def test_the_same_status_means_the_same_in_both_windows_events() -> None:
    told = {row.code: row.outcome for row in OUTCOMES if row.provider == "active_directory"}
    for code, outcome in told.items():
        event, _, status = code.partition(":")
        twin = {"4776": "4625", "4771": "4768"}.get(event)
        if twin and f"{twin}:{status}" in told and status != "0x0":
            assert told[f"{twin}:{status}"] == outcome, code


def test_the_published_code_list_is_covered() -> None:
    if not (SHARED / "tables/error_codes.csv").is_file():
        pytest.skip("the list of published codes is not here; set ENUMWATCH_SHARED to its folder")
    with (SHARED / "tables/error_codes.csv").open(newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["provider"] in ("entra", "entra_b2c")]
    assert len(rows) > 90
    assert [row["code"] for row in rows if OUTCOMES.outcome(row["provider"], row["code"]) != row["count_as"]] == []


@pytest.mark.parametrize(
    ("agents", "ids", "tool"),
    [
        (["AADInternals"], [], "AADInternals"),
        (["azurehound/v2.1.0"], [], "AzureHound"),
        (["Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.12026; Pro"], [], "o365enum"),
        (["fasthttp"], [], "fasthttp campaign"),
        (["python-requests/2.31.0"], [], "generic scripting"),
        ([], ["38aa3b87-a06d-4817-b275-7a316988d93b"], "TREVORspray"),
    ],
)
def test_a_known_tool_is_recognised(agents: list[str], ids: list[str], tool: str) -> None:
    assert tool in [match.tool for match in LOOKUPS.known_tools.matches(agents, ids)]


def test_a_client_id_set_needs_several_members() -> None:
    (row,) = [row for row in LOOKUPS.known_tools.rows if (row.tool, row.match_type) == ("o365spray", "app_id_set")]
    ids = row.pattern.split("|")
    assert row.minimum == 5
    assert "o365spray" not in [match.tool for match in LOOKUPS.known_tools.matches([], ids[:4])]
    assert "o365spray" in [match.tool for match in LOOKUPS.known_tools.matches([], ids[:5])]


def test_harmless_rows_are_never_reported_as_tools() -> None:
    assert LOOKUPS.known_tools.matches(["Mozilla/5.0 PKeyAuth/1.0"]) == []
    assert Counter(row.kind for row in LOOKUPS.known_tools.rows)["benign"] == 10


def test_no_domain_is_both_free_and_disposable() -> None:
    free = {row["domain"]: row["kind"] for row in LOOKUPS.rows("free_mail")}
    disposable = {row["domain"] for row in LOOKUPS.rows("disposable_domains")}
    assert not free.keys() & disposable
    assert {"mailinator.com", "guerrillamail.com", "10minutemail.com", "yopmail.com"} <= disposable
    assert {free[name] for name in ("gmail.com", "outlook.com", "proton.me", "tuta.com", "21cn.com")} == {"free"}
    assert {free[name] for name in ("duck.com", "mozmail.com", "simplelogin.com", "privaterelay.appleid.com")} == {
        "alias"
    }
    assert not [name for name in [*free, *disposable] if canonical_domain(name) != name]


def test_the_domain_lists_are_what_the_packages_give(tmp_path: Path) -> None:
    listed = {row["list"] for row in LOOKUPS.rows("disposable_domains")}
    try:
        installed = {f"{DISPOSABLE_PACKAGE} {version(DISPOSABLE_PACKAGE)}"}
        version(FREE_PACKAGE)
    except PackageNotFoundError as missing:
        pytest.skip(f"the package {missing.name} is not installed")
    if listed != installed:
        pytest.skip(f"the lists were made with {listed}, installed is {installed}")
    build_domain_lists(tmp_path)
    for name in ("enumwatch_free_mail.csv", "enumwatch_disposable_domains.csv"):
        assert (tmp_path / name).read_bytes() == (shipped_lookups() / name).read_bytes()


def test_the_shipped_table_has_the_actors_of_the_technique() -> None:
    shipped = load_lookups().actors
    assert shipped.of_technique("T1589.002") == 17
    assert shipped.consistent("T1589.002", ["AADInternals"], False) == ["AADInternals"]
    assert shipped.consistent("T1589.002", ["MSOLSpray"], True) == ["Quad7 Activity"]
