"""What the directory and identity logs become: every shape, and what is left out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from .source_events import events_of, the_event

AT = "2026-03-02T09:00:00.000"


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def table(headings: Sequence[str], *rows: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue()


def audit(operation: str = "Add user", **properties: Any) -> dict[str, Any]:
    return {
        "id": "a1",
        "category": "UserManagement",
        "result": "success",
        "activityDisplayName": operation,
        "activityDateTime": "2026-03-02T09:00:00.0000000+00:00",
        "initiatedBy": {"user": {"id": "i", "userPrincipalName": "admin@c.example", "ipAddress": "198.51.100.7"}},
        "targetResources": [
            {"id": "o", "type": "User", "userPrincipalName": "new@c.example", "modifiedProperties": []}
        ],
        "additionalDetails": [{"key": "User-Agent", "value": "Mozilla"}],
        **properties,
    }


def diagnostic(operation: str = "Add user", **properties: Any) -> str:
    record = {"time": "2026-03-02T09:00:00Z", "category": "AuditLogs", "tenantId": "t", "callerIpAddress": "<null>"}
    return lines({**record, "operationName": operation, "properties": audit(operation, **properties)})


CREATED = {
    "time": AT,
    "kind": "account_created",
    "source": "entra_audit",
    "tenant": "t",
    "src_ip": "198.51.100.7",
    "user_agent": "Mozilla",
    "actor": "admin@c.example",
    "target": "new@c.example",
    "target_visible": True,
    "code": "Add user",
}


def test_entra_audit_diagnostic(tmp_path: Path) -> None:
    assert the_event(tmp_path, "a.ndjson", diagnostic()) == CREATED


def test_entra_audit_graph_page(tmp_path: Path) -> None:
    expected = {key: value for key, value in CREATED.items() if key != "tenant"}
    assert the_event(tmp_path, "a.json", json.dumps({"@odata.context": "x", "value": [audit()]})) == expected


def test_entra_audit_log_analytics_with_json_in_columns(tmp_path: Path) -> None:
    row = ["3/2/2026, 9:00:00.000 AM", "Add user", "UserManagement", "success"]
    row += [json.dumps(audit()[key]) for key in ("initiatedBy", "targetResources", "additionalDetails")]
    names = ["TimeGenerated [UTC]", "OperationName", "Category", "Result"]
    names += ["InitiatedBy", "TargetResources", "AdditionalDetails", "AADTenantId"]
    assert the_event(tmp_path, "a.csv", table(names, [*row, "t"])) == CREATED


def test_entra_audit_ecs_with_flat_keys(tmp_path: Path) -> None:
    prefix = "azure.auditlogs.properties."
    record = {
        "@timestamp": "2026-03-02T09:00:00Z",
        "event": {"dataset": "azure.auditlogs"},
        "azure.auditlogs.operation_name": "Add user",
        f"{prefix}initiated_by.user.userPrincipalName": "admin@c.example",
        f"{prefix}target_resources.0.user_principal_name": "new@c.example",
    }
    event = the_event(tmp_path, "a.ndjson", lines(record))
    assert (event["actor"], event["target"], event["code"]) == ("admin@c.example", "new@c.example", "Add user")


def test_entra_account_made_by_an_application_names_it(tmp_path: Path) -> None:
    app = {"app": {"displayName": "Provisioning", "appId": "app-1"}}
    event = the_event(tmp_path, "a.ndjson", diagnostic(initiatedBy=app))
    assert (event["actor"], event["app_id"], event.get("src_ip")) == ("Provisioning", "app-1", None)


def test_entra_name_of_a_new_account_is_taken_from_its_changes_where_the_target_has_none(tmp_path: Path) -> None:
    changes = [{"displayName": "UserPrincipalName", "oldValue": "[]", "newValue": '["real@c.example"]'}]
    target = [{"id": "o", "type": "User", "userPrincipalName": None, "modifiedProperties": changes}]
    assert the_event(tmp_path, "a.ndjson", diagnostic(targetResources=target))["target"] == "real@c.example"


def test_entra_deleted_account_loses_its_object_id(tmp_path: Path) -> None:
    target = [{"type": "User", "userPrincipalName": "0123456789abcdef0123456789abcdefold@c.example"}]
    event = the_event(tmp_path, "a.ndjson", diagnostic("Delete user", targetResources=target))
    assert (event["kind"], event["target"]) == ("account_deleted", "old@c.example")


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("Invite external user", "account_created"),
        ("Bulk create users - finished (bulk)", "account_created"),
        ("Enable account", "account_enabled"),
        ("Reset user password", "identity_change"),
        ("User registered security info", "identity_change"),
        ("Consent to application", "identity_change"),
    ],
)
def test_entra_operation_is_of_this_kind(operation: str, kind: str, tmp_path: Path) -> None:
    event = the_event(tmp_path, "a.ndjson", diagnostic(operation))
    assert (event["kind"], event["code"]) == (kind, operation)
    assert event["target_visible"] is not operation.startswith("Bulk")


@pytest.mark.parametrize("operation", ["Update user", "Add device", "Bulk create users - started (bulk)"])
def test_entra_operation_is_not_relevant(operation: str, tmp_path: Path) -> None:
    assert events_of(tmp_path, "a.ndjson", diagnostic(operation)) == []


def test_entra_failed_creation_creates_nothing(tmp_path: Path) -> None:
    assert events_of(tmp_path, "a.ndjson", diagnostic(result="failure")) == []


def graph(uri: str, method: str = "GET") -> str:
    properties = {
        **{"requestId": "r", "requestMethod": method, "requestUri": uri, "responseStatusCode": 200},
        **{
            "appId": "app-1",
            "userId": "u1",
            "ipAddress": "203.0.113.9",
            "userAgent": "curl",
            "timeGenerated": AT + "Z",
        },
    }
    category = "MicrosoftGraphActivityLogs"
    return lines({"time": AT + "Z", "category": category, "tenantId": "t", "properties": properties})


HOST = "https://graph.microsoft.com"


def test_graph_read_of_the_user_list(tmp_path: Path) -> None:
    assert the_event(tmp_path, "g.ndjson", graph(f"{HOST}/v1.0/users?$select=mail&$skiptoken=x")) == {
        **{"time": AT, "kind": "directory_read", "source": "graph_activity", "tenant": "t", "src_ip": "203.0.113.9"},
        **{"user_agent": "curl", "app": "users", "app_id": "app-1", "client_app": "next page", "actor": "u1"},
        **{"target": "/v1.0/users", "target_visible": True, "code": "200"},
    }


@pytest.mark.parametrize(
    "path",
    [
        "/v1.0/users/0-1/memberOf?$top=9",
        "/beta/groups/g/transitiveMembers/microsoft.graph.user",
        "/v1.0/me",
        "/v1.0/me/people/",
        "/v1.0/directoryRoles(roleTemplateId='x')/members",
        "/v1.0/servicePrincipals",
        "/beta/users/delta?$deltatoken=x",
        "/v1.0/users('a@c.example')",
    ],
)
def test_graph_directory_path_is_read(path: str, tmp_path: Path) -> None:
    event = the_event(tmp_path, "g.ndjson", graph(HOST + path))
    assert event["target"] == path.partition("?")[0]
    assert "client_app" not in event


@pytest.mark.parametrize(
    "path",
    ["/v1.0/me/messages", "/v1.0/users/u/messages", "/v1.0/users/u/mailFolders/x", "/v1.0/sites", "/v1.0/usersx"],
)
def test_graph_other_data_is_not_relevant(path: str, tmp_path: Path) -> None:
    assert events_of(tmp_path, "g.ndjson", graph(HOST + path)) == []


def test_graph_write_is_no_read(tmp_path: Path) -> None:
    assert events_of(tmp_path, "g.ndjson", graph(f"{HOST}/v1.0/users", "POST")) == []


def test_graph_log_analytics_by_an_application(tmp_path: Path) -> None:
    names = ["TimeGenerated", "RequestMethod", "RequestUri", "ResponseStatusCode", "ServicePrincipalId", "AppId"]
    row = ["2026-03-02T09:00:00Z", "GET", f"{HOST}/v1.0/applications", "403", "sp-1", "app-1"]
    event = the_event(tmp_path, "g.csv", table(names, row))
    assert (event["actor"], event["app"], event["code"]) == ("sp-1", "applications", "403")


def test_graph_ecs(tmp_path: Path) -> None:
    record = {
        "@timestamp": AT + "Z",
        "event": {"dataset": "azure.graphactivitylogs"},
        "url": {"path": "/v1.0/directoryRoles"},
        "http": {"request": {"method": "GET", "id": "r"}, "response": {"status_code": 200}},
        "azure": {"tenant_id": "t", "graphactivitylogs": {"properties": {"app_id": "a", "service_principal_id": "sp"}}},
        "source": {"ip": "203.0.113.9"},
    }
    event = the_event(tmp_path, "g.ndjson", lines(record))
    assert (event["actor"], event["target"], event["src_ip"]) == ("sp", "/v1.0/directoryRoles", "203.0.113.9")
