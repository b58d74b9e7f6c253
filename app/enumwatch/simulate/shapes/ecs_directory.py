"""Directory records of Entra as the documents Elastic's Azure integration makes of them."""

from __future__ import annotations

from typing import Any

from .shape import Record


def _frame(record: Record, dataset: str, address: str | None, event: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "@timestamp": record["time"][:23].rstrip("Z") + "Z", "ecs": {"version": "8.11.0"},
        "data_stream": {"type": "logs", "dataset": dataset, "namespace": "default"},
        "event": {"dataset": dataset, "kind": "event", **event},
        "azure": {"tenant_id": record["tenantId"], "correlation_id": record["correlationId"]},
    }  # fmt: skip
    if address:
        document.update(source={"ip": address}, client={"ip": address}, related={"ip": [address]})
    return document


def _listed(resource: dict[str, Any]) -> dict[str, Any]:
    changes = {
        str(number): {"display_name": change["displayName"], "old_value": change["oldValue"],
                      "new_value": change["newValue"]}
        for number, change in enumerate(resource["modifiedProperties"])
    }  # fmt: skip
    return {"id": resource["id"], "display_name": resource["displayName"], "type": resource["type"],
            "user_principal_name": resource["userPrincipalName"], "modified_properties": changes}  # fmt: skip


def entra_audit(record: Record) -> Record:
    item = record["properties"]
    user = item["initiatedBy"].get("user", {})
    document = _frame(record, "azure.auditlogs", user.get("ipAddress"), {
        "action": record["operationName"], "id": item["id"], "outcome": item["result"]})  # fmt: skip
    agent = next((one["value"] for one in item["additionalDetails"] if one["key"] == "User-Agent"), None)
    if agent:
        document["user_agent"] = {"original": agent}
    # The integration keeps lists as objects with numbers for keys.
    document["azure"]["auditlogs"] = {
        "category": record["category"], "operation_name": record["operationName"],
        "properties": {
            "id": item["id"], "category": item["category"], "correlation_id": item["correlationId"],
            "result": item["result"], "activity_display_name": item["activityDisplayName"],
            "activity_datetime": record["time"][:23].rstrip("Z") + "Z", "logged_by_service": item["loggedByService"],
            "operation_type": item["operationType"], "initiated_by": item["initiatedBy"],
            "target_resources": {str(number): _listed(one) for number, one in enumerate(item["targetResources"])},
        },
    }  # fmt: skip
    return document


def graph_activity(record: Record) -> Record:
    item = record["properties"]
    document = _frame(record, "azure.graphactivitylogs", item["ipAddress"], {
        "action": record["operationName"], "type": ["access"]})  # fmt: skip
    document.update({
        "http": {"request": {"id": item["requestId"], "method": item["requestMethod"]},
                 "response": {"status_code": item["responseStatusCode"], "bytes": item["responseSizeBytes"]}},
        "url": {"original": item["requestUri"], "path": item["requestUri"].partition("?")[0]},
        "user": {"id": item["userId"]}, "user_agent": {"original": item["userAgent"]},
    })  # fmt: skip
    document["azure"]["graphactivitylogs"] = {
        "category": record["category"], "result_signature": record["resultSignature"],
        "properties": {"app_id": item["appId"], "api_version": item["apiVersion"],
                       "operation_id": item["operationId"], "time_generated": document["@timestamp"]},
    }  # fmt: skip
    return document
