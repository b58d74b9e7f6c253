"""The other forms Entra sign-ins come in: Graph API pages, portal CSV, Log Analytics exports, ECS."""

from __future__ import annotations

import json
from typing import Any

from .shape import Record

PORTAL_56 = (
    "Date (UTC)", "Request ID", "User agent", "Correlation ID", "User ID", "User", "Username", "User type",
    "Cross tenant access type", "Incoming token type", "Authentication Protocol", "Unique token identifier",
    "Original transfer method", "Client credential type", "Token Protection - Sign In Session",
    "Token Protection - Sign In Session StatusCode", "Application", "Application ID ", "App owner tenant ID",
    "Resource",
    "Resource ID ", "Resource tenant ID", "Resource owner tenant ID", "Home tenant ID", "Home tenant name",
    "IP address",
    "Location", "Status", "Sign-in error code", "Failure reason", "Client app", "Device ID", "Browser",
    "Operating System",
    "Compliant", "Managed", "Join Type", "Multifactor authentication result", "Multifactor authentication auth method",
    "Multifactor authentication auth detail", "Authentication requirement", "Sign-in identifier", "Session ID",
    "IP address (seen by resource)", "Through Global Secure Access", "Global Secure Access IP address",
    "Autonomous system  number", "Flagged for review", "Token issuer type", "Incoming token type", "Token issuer name",
    "Latency", "Conditional Access", "Associated Resource Id", "Federated Token Id", "Federated Token Issuer",
)  # fmt: skip
NEWER_COLUMNS = frozenset((
    "User agent", "Original transfer method", "Token Protection - Sign In Session",
    "Token Protection - Sign In Session StatusCode", "App owner tenant ID", "Resource owner tenant ID", "Session ID",
    "Through Global Secure Access", "Global Secure Access IP address", "Associated Resource Id", "Federated Token Id",
    "Federated Token Issuer",
))  # fmt: skip
PORTAL_44 = tuple(column for column in PORTAL_56 if column not in NEWER_COLUMNS)


def graph(record: Record) -> Record:
    """The sign-in as the Graph API gives it: the properties at top level, times with a whole second."""
    signin = dict(record["properties"])
    signin["createdDateTime"] = record["time"][:19] + "Z"
    signin["signInEventTypes"] = ["interactiveUser" if signin["isInteractive"] else "nonInteractiveUser"]
    signin["userType"] = "member"
    return signin


def _portal(record: Record) -> dict[str, str]:
    item = record["properties"]
    code = item["status"]["errorCode"]
    country = item["location"]["countryOrRegion"]
    status = "Success" if code == 0 else "Interrupted" if code in (50055, 50074, 50076, 50140) else "Failure"
    # The portal leaves the code of a success empty and has no sentence for a lock.
    reason = "Other." if code in (0, 50053) else item["status"]["failureReason"]
    cells = {
        "Date (UTC)": record["time"][:19] + "Z", "Request ID": item["id"], "User agent": item["userAgent"],
        "Correlation ID": item["correlationId"], "User ID": item["userId"], "User": item["userDisplayName"],
        "Username": item["userPrincipalName"], "User type": "member", "Cross tenant access type": "none",
        "Incoming token type": "none", "Authentication Protocol": "none",
        "Unique token identifier": item["uniqueTokenIdentifier"], "Application": item["appDisplayName"],
        "Application ID ": item["appId"], "Resource": item["resourceDisplayName"], "Resource ID ": item["resourceId"],
        "Resource tenant ID": item["resourceTenantId"], "Home tenant ID": item["homeTenantId"],
        "IP address": item["ipAddress"], "Location": f"Amsterdam, Noord-Holland, {country}" if country else "",
        "Status": status, "Sign-in error code": str(code) if code else "", "Failure reason": reason,
        "Client app": item["clientAppUsed"], "Browser": item["deviceDetail"]["browser"],
        "Operating System": item["deviceDetail"]["operatingSystem"], "Compliant": "No", "Managed": "No",
        "Authentication requirement": "Single-factor authentication", "Sign-in identifier": item["signInIdentifier"],
        "Autonomous system  number": str(item["autonomousSystemNumber"]), "Flagged for review": "No",
        "Token issuer type": "Azure AD", "Latency": str(item["processingTimeInMilliseconds"]),
        "Conditional Access": "Not Applied",
    }  # fmt: skip
    return cells


def portal_44(record: Record) -> Record:
    cells = _portal(record)
    return [cells.get(column, "") for column in PORTAL_44]


def portal_56(record: Record) -> Record:
    cells = _portal(record)
    return [cells.get(column, "") for column in PORTAL_56]


ANALYTICS_COLUMNS = (
    "TimeGenerated", "TenantId", "OperationName", "Category", "ResultType", "ResultDescription", "Identity", "Location",
    "AppDisplayName", "AppId", "ClientAppUsed", "CorrelationId", "CreatedDateTime", "DeviceDetail", "Id", "IPAddress",
    "IsInteractive", "LocationDetails", "ResourceDisplayName", "RiskState", "SignInIdentifier", "Status", "UserAgent",
    "UserDisplayName", "UserId", "UserPrincipalName", "UserType", "AutonomousSystemNumber", "Type",
)  # fmt: skip


def analytics(record: Record) -> Record:
    """One Log Analytics row; the TimeGenerated text has a space-free ISO form, nested values are JSON text."""
    item = record["properties"]
    texts = {
        "TimeGenerated": record["time"], "TenantId": record["tenantId"], "OperationName": record["operationName"],
        "Category": record["category"], "ResultType": record["resultType"],
        "ResultDescription": record.get("resultDescription", ""), "Identity": record["identity"],
        "Location": record["location"], "AppDisplayName": item["appDisplayName"], "AppId": item["appId"],
        "ClientAppUsed": item["clientAppUsed"], "CorrelationId": item["correlationId"],
        "CreatedDateTime": record["time"], "DeviceDetail": _text(item["deviceDetail"]), "Id": item["id"],
        "IPAddress": item["ipAddress"], "IsInteractive": "True" if item["isInteractive"] else "False",
        "LocationDetails": _text(item["location"]), "ResourceDisplayName": item["resourceDisplayName"],
        "RiskState": item["riskState"], "SignInIdentifier": item["signInIdentifier"], "Status": _text(item["status"]),
        "UserAgent": item["userAgent"], "UserDisplayName": item["userDisplayName"], "UserId": item["userId"],
        "UserPrincipalName": item["userPrincipalName"], "UserType": item["userType"],
        "AutonomousSystemNumber": str(item["autonomousSystemNumber"]),
        "Type": "SigninLogs" if item["isInteractive"] else "AADNonInteractiveUserSignInLogs",
    }  # fmt: skip
    return [texts[column] for column in ANALYTICS_COLUMNS]


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def ecs(record: Record) -> Record:
    """The document Elastic's Azure integration makes of the diagnostic record."""
    item = record["properties"]
    name, _, domain = item["userPrincipalName"].partition("@")
    code = item["status"]["errorCode"]
    address = {"ip": item["ipAddress"], "address": item["ipAddress"], "as": {"number": item["autonomousSystemNumber"]},
               "geo": {"country_iso_code": item["location"]["countryOrRegion"]}}  # fmt: skip
    properties = {
        "id": item["id"], "created_at": item["createdDateTime"], "user_display_name": item["userDisplayName"],
        "user_principal_name": item["userPrincipalName"], "user_id": item["userId"], "app_id": item["appId"],
        "app_display_name": item["appDisplayName"], "client_app_used": item["clientAppUsed"],
        "status": {"error_code": code, **({"failure_reason": item["status"]["failureReason"]} if code else {})},
        "device_detail": {"operating_system": item["deviceDetail"]["operatingSystem"],
                          "browser": item["deviceDetail"]["browser"], "device_id": ""},
        "is_interactive": item["isInteractive"], "conditional_access_status": item["conditionalAccessStatus"],
        "correlation_id": item["correlationId"], "autonomous_system_number": item["autonomousSystemNumber"],
        "resource_display_name": item["resourceDisplayName"], "resource_id": item["resourceId"], "risk_state": "none",
        "user_type": item["userType"], "token_issuer_type": "AzureAD", "sign_in_identifier": item["signInIdentifier"],
    }  # fmt: skip
    return {
        "@timestamp": record["time"][:23] + "Z", "ecs": {"version": "8.11.0"},
        "data_stream": {"type": "logs", "dataset": "azure.signinlogs", "namespace": "default"},
        "event": {"action": "Sign-in activity", "category": ["authentication"], "dataset": "azure.signinlogs",
                  "id": item["id"],
                  "kind": "event", "outcome": "success" if code == 0 else "failure", "type": ["info"]},
        "cloud": {"provider": "azure"}, "client": {"ip": item["ipAddress"]}, "source": address,
        "related": {"ip": [item["ipAddress"]], "user": [name]},
        "user": {"name": name, "domain": domain, "full_name": item["userDisplayName"], "id": item["userId"]},
        "user_agent": {"original": item["userAgent"]},
        "azure": {"correlation_id": record["correlationId"], "tenant_id": record["tenantId"],
                  "resource": {"id": record["resourceId"], "provider": "Microsoft.aadiam"},
                  "signinlogs": {"caller_ip_address": record["callerIpAddress"], "category": record["category"],
                                 "identity": record["identity"], "operation_name": record["operationName"],
                                 "operation_version": "1.0", "result_type": record["resultType"],
                                 "result_signature": record["resultSignature"],
                                 "result_description": record.get("resultDescription", ""), "properties": properties}},
    }  # fmt: skip
