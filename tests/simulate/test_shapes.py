from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Any

import pytest

from enumwatch.simulate import SHAPES, SimEvent
from enumwatch.simulate.event import ANSWERS, microseconds
from enumwatch.simulate.population import Organisation
from enumwatch.simulate.run import DEFAULT_START
from enumwatch.simulate.shapes import Desk, entra, m365
from enumwatch.simulate.shapes.entra_forms import PORTAL_44, PORTAL_56
from enumwatch.simulate.shapes.windows_forms import nxlog, splunk_text, winlogbeat, xml

ORGANISATION = Organisation(1, 0, 60)
PERSON = ORGANISATION.people[7]
TIME = microseconds(DEFAULT_START) + 9 * 3_600_000_000 + 123_000
OUTCOMES = Path(__file__).parents[2] / "lookups" / "enumwatch_outcomes.csv"


def event(answer: str = "success", detail: str = "", **more: Any) -> SimEvent:
    is_absent = answer == "not_found"
    base = SimEvent(
        TIME, "sign_in", ORGANISATION.tenant, "203.0.113.9", 64500, "NL", "python-requests/2.31.0", "Portal", "app-id",
        "Browser", host="EX01", target=f"nobody@{ORGANISATION.domain}" if is_absent else PERSON.upn, answer=answer,
        detail=detail, target_id="" if is_absent else PERSON.user_id,
    )  # fmt: skip
    return base._replace(**more)


def rendered(source: str, what: SimEvent) -> list[Any]:
    desk = Desk(Random(1), {ORGANISATION.tenant: ORGANISATION}, 100)
    return [record for _, record in SHAPES[source].render(what, desk)]


def table(provider: str) -> dict[str, str]:
    with OUTCOMES.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["provider"] == provider]
    return {f"{row['code']} {row['reason']}".strip(): row["outcome"] for row in rows}


@pytest.mark.parametrize(("answer", "detail"), sorted(entra.CODES))
def test_entra_answers_with_a_code_that_means_what_happened(answer: str, detail: str) -> None:
    (record,) = rendered("entra_signin", event(answer, detail))
    assert table("entra")[record["resultType"]] == answer
    assert record["properties"]["status"]["errorCode"] == int(record["resultType"])
    assert m365.ERRORS.get(int(record["resultType"])) or record["resultType"] == "0"


@pytest.mark.parametrize("answer", ANSWERS)
def test_okta_reasons_mean_what_the_shape_says_is_seen(answer: str) -> None:
    what = event(answer)
    records = rendered("okta_system", what)
    assert bool(records) is bool(SHAPES["okta_system"].seen(what))
    for record in records:
        outcome = record["outcome"]
        known = "actor_unknown" if record["actor"]["id"] == "unknown" else "actor_known"
        code = outcome["reason"] or outcome["result"]
        okta = table("okta")
        assert okta.get(f"{code} {known}", okta[code]) == SHAPES["okta_system"].seen(what)


@pytest.mark.parametrize("client", ["Kerberos", "Browser"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_windows_codes_mean_what_the_shape_says_is_seen(answer: str, client: str) -> None:
    what = event(answer, client_app=client)
    if client == "Kerberos" and answer == "ambiguous":
        what = event("exists_blocked", client_app=client)
    records = rendered("windows_security", what)
    assert bool(records) is bool(SHAPES["windows_security"].seen(what))
    for record in records:
        number, data = record["Event"]["System"]["EventID"], record["Event"]["EventData"]
        status = data["SubStatus"] if data.get("SubStatus", "0x0") != "0x0" else data.get("Status")
        code = str(number) if number == 4624 else f"{number}:{status}"
        assert table("active_directory")[code] == SHAPES["windows_security"].seen(what)


def test_a_refused_logon_has_a_twin_on_the_domain_controller_without_an_address() -> None:
    twin, refused = (record["Event"] for record in rendered("windows_security", event("exists_bad_secret")))
    assert (twin["System"]["EventID"], refused["System"]["EventID"]) == (4776, 4625)
    assert "IpAddress" not in twin["EventData"]
    assert refused["EventData"]["IpAddress"] == "203.0.113.9"
    assert twin["EventData"]["TargetUserName"] == refused["EventData"]["TargetUserName"] == PERSON.login


def test_windows_forms_say_the_same_thing() -> None:
    (record,) = rendered("windows_security", event("not_found", client_app="Kerberos"))
    beat, flat, text, tree = winlogbeat(record), nxlog(record), splunk_text(record), xml(record)
    assert beat["event"]["code"] == "4768"
    assert beat["source"]["ip"] == "203.0.113.9"
    assert flat["IpAddress"] == "::ffff:203.0.113.9"
    assert "EventCode=4768" in text
    assert "Result Code:\t\t0x6" in text
    assert '<Data Name="Status">0x6</Data>' in tree


def test_unified_audit_hides_a_name_that_does_not_exist_and_no_other() -> None:
    (hidden,), (shown,) = rendered("m365_audit", event("not_found")), rendered("m365_audit", event("exists_bad_secret"))
    assert (hidden["UserId"], hidden["LogonError"]) == ("Not Available", "UserAccountNotFound")
    assert (shown["UserId"], shown["ErrorNumber"]) == (PERSON.upn, "50126")
    assert SHAPES["m365_audit"].shown(event("not_found")) == ""


def test_workspace_is_silent_about_a_name_that_does_not_exist() -> None:
    assert rendered("workspace_login", event("not_found")) == []
    (record,) = rendered("workspace_login", event("exists_bad_secret"))
    assert record["actor"]["email"] == PERSON.upn
    assert record["events"][0]["name"] == "login_failure"


def test_a_mail_client_is_challenged_before_it_is_answered() -> None:
    first, second = rendered("iis", event(kind="autodiscover", detail="xml"))
    assert " - 203.0.113.9 " in first
    assert " 401 1 " in first
    assert f"{ORGANISATION.netbios}\\{PERSON.login} 203.0.113.9 " in second
    assert " 200 0 0 " in second


def test_a_guesser_names_the_address_in_the_url() -> None:
    seen = {
        rendered("iis", event(kind="autodiscover", detail="json", time=TIME + 1000 * i))[0].split(" ")[4]
        for i in range(5)
    }
    assert seen == {"/autodiscover/autodiscover.json", f"/autodiscover/autodiscover.json/v1.0/{PERSON.upn}"}


def test_no_field_of_a_w3c_line_holds_a_blank() -> None:
    line = rendered("iis", event(kind="autodiscover", detail="json", user_agent=PERSON.outlook))[0]
    assert len(line.split(" ")) == 15


def test_the_portal_export_has_its_odd_headings_and_blank_codes() -> None:
    assert (len(PORTAL_44), len(PORTAL_56)) == (44, 56)
    assert {"Application ID ", "Autonomous system  number"} <= set(PORTAL_44)
    assert PORTAL_44.count("Incoming token type") == 2
    form = SHAPES["entra_signin"].form("portal_44")
    good, locked = (form.convert(rendered("entra_signin", event(answer))[0]) for answer in ("success", "ambiguous"))
    code, reason = PORTAL_44.index("Sign-in error code"), PORTAL_44.index("Failure reason")
    assert (good[code], good[reason]) == ("", "Other.")
    assert (locked[code], locked[reason]) == ("50053", "Other.")


def test_an_account_made_by_an_application_carries_no_address() -> None:
    made = event(kind="account_created", actor="svc", app="Connector", app_id="1", target="new@contoso.example")
    (record,) = rendered("entra_audit", made)
    assert record["callerIpAddress"] == "<null>"
    assert record["properties"]["initiatedBy"]["app"]["displayName"] == "Connector"


def test_hostile_text_stays_inside_its_field() -> None:
    name = '<script>"a,b"\n</Data>\u202e@contoso.example'
    (record,) = rendered("windows_security", event("not_found", target=name, client_app="Kerberos"))
    assert "<script>" not in xml(record)
    assert rendered("entra_signin", event("not_found", target=name))[0]["properties"]["userPrincipalName"] == name
