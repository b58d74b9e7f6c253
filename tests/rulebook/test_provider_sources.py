"""What the Okta and Google Workspace logs become: every shape, and what is left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .source_events import events_of, the_event

AT = "2026-03-02T09:00:00.000"


def okta(event: str, **more: Any) -> dict[str, Any]:
    return {
        "uuid": "u1",
        "published": "2026-03-02T09:00:00.000Z",
        "eventType": event,
        "actor": {"id": "00u1", "type": "User", "alternateId": "amy@c.example"},
        "client": {"ipAddress": "203.0.113.9", "userAgent": {"rawUserAgent": "curl"}},
        "securityContext": {"asNumber": 64500},
        "outcome": {"result": "SUCCESS", "reason": None},
        "target": None,
        **more,
    }


UNKNOWN = {"id": "unknown", "type": "User", "alternateId": "ghost@c.example"}
REFUSED = {"result": "FAILURE", "reason": "INVALID_CREDENTIALS"}
NEW = [{"type": "AppUser", "alternateId": "x"}, {"type": "User", "alternateId": "new@c.example"}]


def test_okta_sign_in_of_an_unknown_name(tmp_path: Path) -> None:
    record = okta("user.session.start", actor=UNKNOWN, outcome=REFUSED)
    assert the_event(tmp_path, "o.ndjson", json.dumps(record)) == {
        **{"time": AT, "kind": "sign_in", "source": "okta_system", "src_ip": "203.0.113.9", "asn": "64500"},
        **{"user_agent": "curl", "client_app": "user.session.start", "target": "ghost@c.example"},
        **{"target_visible": True, "code": "INVALID_CREDENTIALS", "reason": "actor_unknown"},
    }


def test_okta_record_that_only_tells_when_a_pipeline_took_it_is_read(tmp_path: Path) -> None:
    record = {**okta("user.session.start", outcome=REFUSED), "p_event_time": "2026-03-02 09:00:00.000"}
    del record["published"], record["uuid"]
    event = the_event(tmp_path, "o.ndjson", json.dumps(record))
    assert (event["time"], event["target"]) == (AT, "amy@c.example")


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ({"result": "SUCCESS"}, "SUCCESS"),
        (REFUSED, "INVALID_CREDENTIALS"),
        ({"result": "FAILURE", "reason": None}, "FAILURE"),
        ({"result": "DENY", "reason": "policy text"}, "DENY"),
        (None, "UNKNOWN"),
    ],
)
def test_okta_outcome_gives_this_code(outcome: Any, code: str, tmp_path: Path) -> None:
    event = the_event(tmp_path, "o.ndjson", json.dumps(okta("user.authentication.sso", outcome=outcome)))
    assert (event["code"], event["reason"], event["target"]) == (code, "actor_known", "amy@c.example")


@pytest.mark.parametrize(
    ("record", "kind", "target"),
    [
        (okta("user.account.lock"), "sign_in", "amy@c.example"),
        (okta("system.email.password_reset.sent_message", target=NEW), "sign_in", "new@c.example"),
        (okta("user.lifecycle.create", target=NEW), "account_created", "new@c.example"),
        (okta("user.lifecycle.reactivate", target=NEW), "account_enabled", "new@c.example"),
        (okta("user.lifecycle.delete.initiated", target=NEW), "account_deleted", "new@c.example"),
        (okta("user.mfa.factor.deactivate", target=NEW), "identity_change", "new@c.example"),
    ],
)
def test_okta_event_is_of_this_kind(record: dict[str, Any], kind: str, target: str, tmp_path: Path) -> None:
    event = the_event(tmp_path, "o.json", json.dumps([record]))
    assert (event["kind"], event["target"], event["code"]) == (kind, target, record["eventType"])


def test_okta_sign_in_through_another_provider_names_the_account_and_not_the_system(tmp_path: Path) -> None:
    system = {"id": "sys", "type": "SystemPrincipal", "alternateId": "system@okta.com"}
    record = okta("user.authentication.auth_via_IDP", actor=system, target=NEW)
    assert the_event(tmp_path, "o.ndjson", json.dumps(record))["target"] == "new@c.example"


def test_okta_threat_in_an_event_hook_names_nobody(tmp_path: Path) -> None:
    actor = {"id": "203.0.113.9", "type": "IP address", "alternateId": "unknown"}
    record = okta("security.threat.detected", actor=actor, published="2022-03-22 14:21:53.225")
    event = the_event(tmp_path, "o.json", json.dumps({"eventType": "hook", "data": {"events": [record]}}))
    assert (event["time"], event["code"]) == ("2022-03-22T14:21:53.225", "security.threat.detected")
    assert ("target" in event, event["target_visible"]) == (False, False)


@pytest.mark.parametrize("name", ["user.session.end", "user.authentication.slo", "system.push.send_factor_verify_push"])
def test_okta_event_is_not_relevant(name: str, tmp_path: Path) -> None:
    assert events_of(tmp_path, "o.ndjson", json.dumps(okta(name))) == []


def test_okta_ecs(tmp_path: Path) -> None:
    record = {
        "@timestamp": AT + "Z",
        "event": {"dataset": "okta.system", "action": "user.session.start"},
        "okta": {"uuid": "u", "actor": {"id": "00u", "alternate_id": "amy@c.example"}, "outcome": REFUSED},
        "source": {"ip": "203.0.113.9"},
    }
    event = the_event(tmp_path, "o.ndjson", json.dumps(record))
    assert (event["target"], event["code"], event["reason"]) == ("amy@c.example", "INVALID_CREDENTIALS", "actor_known")


def activity(application: str, events: Any) -> dict[str, Any]:
    return {
        "kind": "admin#reports#activity",
        "id": {"time": AT + "Z", "uniqueQualifier": "7", "applicationName": application, "customerId": "C1"},
        "actor": {"email": "amy@c.example"},
        "ipAddress": "203.0.113.9",
        "networkInfo": {"ipAsn": [64500], "regionCode": "NL"},
        "events": events,
    }


def parameter(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


FAILED = {"type": "login", "name": "login_failure", "parameters": [parameter("login_failure_type", "x")]}
LOGIN = {
    **{"time": AT, "kind": "sign_in", "source": "workspace_login", "tenant": "C1", "src_ip": "203.0.113.9"},
    **{"target": "amy@c.example", "target_visible": True, "code": "login_failure:x"},
}


@pytest.mark.parametrize("events", [[FAILED], FAILED], ids=["list", "one object"])
def test_workspace_login_failure(events: Any, tmp_path: Path) -> None:
    page = json.dumps({"kind": "admin#reports#activities", "items": [activity("login", events)]})
    assert the_event(tmp_path, "w.json", page) == {**LOGIN, "asn": "64500", "country": "NL"}


def test_workspace_login_lifted_with_parameters_as_object(tmp_path: Path) -> None:
    record = {**activity("login", None), "name": "login_failure", "parameters": {"login_failure_type": "x"}}
    del record["events"], record["networkInfo"]
    record["id"]["time"] = "2026-03-02 09:00:00.000000000"
    assert the_event(tmp_path, "w.ndjson", json.dumps(record)) == LOGIN


def test_workspace_login_ecs(tmp_path: Path) -> None:
    record = {
        "@timestamp": AT + "Z",
        "event": {"dataset": "google_workspace.login", "action": "login_failure", "id": "1"},
        "google_workspace": {"login": {"failure_type": "x"}},
        "source": {"ip": "203.0.113.9", "user": {"email": "amy@c.example"}},
        "organization": {"id": "C1"},
    }
    assert the_event(tmp_path, "w.ndjson", json.dumps(record)) == LOGIN


def test_workspace_logins_of_one_activity_are_events_of_their_own(tmp_path: Path) -> None:
    warned = {"name": "suspicious_login", "parameters": [parameter("affected_email_address", "bob@c.example")]}
    record = activity("login", [FAILED, warned, {"name": "login_success"}, {"name": "logout"}])
    found = [(event["target"], event["code"]) for event in events_of(tmp_path, "w.ndjson", json.dumps(record))]
    codes = [("amy@c.example", "login_failure:x"), ("amy@c.example", "login_success")]
    assert found == [*codes, ("bob@c.example", "suspicious_login")]


def test_workspace_login_failure_without_a_type(tmp_path: Path) -> None:
    record = activity("login", [{"name": "login_failure"}])
    assert the_event(tmp_path, "w.ndjson", json.dumps(record))["code"] == "login_failure"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CREATE_USER", "account_created"),
        ("USER_INVITE", "account_created"),
        ("UNSUSPEND_USER", "account_enabled"),
        ("DELETE_USER", "account_deleted"),
        ("CHANGE_PASSWORD", "identity_change"),
    ],
)
def test_workspace_admin_event_is_of_this_kind(name: str, kind: str, tmp_path: Path) -> None:
    change = {"type": "USER_SETTINGS", "name": name, "parameters": [parameter("USER_EMAIL", "new@c.example")]}
    event = the_event(tmp_path, "w.ndjson", json.dumps(activity("admin", [change])))
    assert (event["kind"], event["actor"], event["target"]) == (kind, "amy@c.example", "new@c.example")
    assert event["code"] == name


def test_workspace_bulk_upload_hides_its_names(tmp_path: Path) -> None:
    event = the_event(tmp_path, "w.ndjson", json.dumps(activity("admin", [{"name": "BULK_UPLOAD"}])))
    assert (event["kind"], event["target_visible"]) == ("account_created", False)


@pytest.mark.parametrize("application", ["drive", "saml"])
def test_other_workspace_applications_are_nothing_of_ours(application: str, tmp_path: Path) -> None:
    assert events_of(tmp_path, "w.ndjson", json.dumps(activity(application, [{"name": "login_success"}]))) == []
