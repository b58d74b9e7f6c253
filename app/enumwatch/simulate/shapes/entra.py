"""Entra: sign-ins as Azure diagnostic records, and the audit and Graph activity tables beside them."""

from __future__ import annotations

from typing import Any

from ..event import SimEvent, iso
from .shape import Desk, Rendered

# Which code Entra answers with, and its sentence. Error names stand in m365.py, which spells them out.
CODES: dict[tuple[str, str], int] = {
    ("success", ""): 0, ("not_found", ""): 50034, ("not_found", "reset"): 120016, ("exists_bad_secret", ""): 50126,
    ("exists_bad_secret", "reset"): 120000, ("exists_good_secret", ""): 50076, ("exists_good_secret", "expired"): 50055,
    ("exists_good_secret", "policy"): 53003, ("exists_blocked", ""): 50057, ("ambiguous", ""): 50053,
    ("wrong_realm", ""): 50059, ("wrong_realm", "federation"): 50020, ("throttled", ""): 90055, ("noise", ""): 50140,
    ("noise", "session"): 70044, ("noise", "outage"): 80002,
}  # fmt: skip
REASONS = {
    0: "Other.",
    50020: "User account from the identity provider does not exist in this tenant and cannot access the application.",
    50034: "The user account does not exist in the directory.",
    50053: "The account is locked because of too many sign-in attempts with a wrong user ID or password.",
    50055: "The password has expired.",
    50057: "The user account is disabled.",
    50059: "No tenant-identifying information found in the request or implied by the credentials.",
    50076: "Multi-factor authentication is required to access the resource.",
    50126: "Error validating credentials due to invalid username or password.",
    50140: "This error occurred due to 'Keep me signed in' interrupt when the user was signing in.",
    53003: "Access has been blocked by Conditional Access policies.",
    70044: "The session has expired or is invalid because of the sign-in frequency that Conditional Access asks for.",
    80002: "The password could not be checked in time: the request to the agent on premises timed out.",
    90055: "The service is busy; too many requests for this tenant.",
    120000: "The current password is not correct.",
    120016: "The user does not exist.",
}
INTERRUPTS = frozenset({50055, 50076, 50140})


def code_of(event: SimEvent) -> int:
    """The result code Entra gives this event (also written in the unified audit log)."""
    key = (event.answer, event.detail)
    return CODES[key] if key in CODES else CODES[(event.answer, "")]


def seen(event: SimEvent) -> str:
    """A lock says that the account exists where the log gives the reason (the portal's CSV does not)."""
    return "exists_blocked" if (event.answer, event.detail) == ("ambiguous", "locked") else event.answer


def creator(event: SimEvent) -> str:
    return event.app or event.actor


def reader(event: SimEvent) -> str:
    return event.target_id or event.app_id


def system_of(agent: str) -> str:
    for mark, system in (("Windows", "Windows10"), ("iPhone", "Ios 18"), ("Android", "Android"), ("Mac OS X", "MacOs"),
                         ("Linux", "Linux")):  # fmt: skip
        if mark in agent:
            return system
    return ""


def browser_of(agent: str) -> str:
    for mark, browser in (("Edg/", "Edge 144.0.0"), ("Firefox/", "Firefox 147.0"),
                          ("Mobile Safari", "Chrome Mobile 144.0.0"),
                          ("Chrome/", "Chrome 144.0.0"), ("Safari/", "Safari 18.3")):  # fmt: skip
        if mark in agent:
            return browser
    return ""


def diagnostic(event: SimEvent, time: str, tenant: str, category: str, operation: str, unique: str) -> dict[str, Any]:
    """The envelope every Azure diagnostic record of a directory has."""
    return {
        "time": time, "resourceId": f"/tenants/{tenant}/providers/Microsoft.aadiam", "operationName": operation,
        "operationVersion": "1.0", "category": category, "tenantId": tenant, "resultSignature": "None", "durationMs": 0,
        "callerIpAddress": event.src_ip or None, "correlationId": unique,
    }  # fmt: skip


def sign_in(event: SimEvent, desk: Desk) -> list[Rendered]:
    if event.kind != "sign_in":
        return []
    code, time, unique = code_of(event), iso(event.time), desk.guid()
    person = desk.organisation(event).by_upn.get(event.target)
    display = person.display_name if person else event.target
    table = "SignInLogs" if event.interactive else "NonInteractiveUserSignInLogs"
    record = diagnostic(event, time, event.tenant, table, "Sign-in activity", unique)
    record["resultType"] = str(code)
    record["resultSignature"] = "SUCCESS" if code == 0 else "None"
    if code:
        record["resultDescription"] = REASONS[code]
    record["identity"] = display
    record["Level"] = 4
    record["location"] = event.country
    record["properties"] = _properties(event, code, time, unique, display)
    return [(unique, record)]


def _properties(event: SimEvent, code: int, time: str, unique: str, display: str) -> dict[str, Any]:
    stamp = time.replace("Z", "+00:00")
    step: dict[str, Any] = {
        "authenticationStepDateTime": stamp, "authenticationMethod": "Password",
        "authenticationMethodDetail": "Password in the cloud", "succeeded": code == 0 or code in INTERRUPTS,
        "authenticationStepRequirement": "Primary authentication", "StatusSequence": 0, "RequestSequence": 1,
    }  # fmt: skip
    status: dict[str, Any] = {"errorCode": code}
    if code:
        status["failureReason"] = REASONS[code]
    return {
        "id": unique, "createdDateTime": stamp, "userDisplayName": display, "userPrincipalName": event.target,
        "userId": event.target_id or "00000000-0000-0000-0000-000000000000", "appId": event.app_id,
        "appDisplayName": event.app, "ipAddress": event.src_ip, "status": status, "clientAppUsed": event.client_app,
        "userAgent": event.user_agent,
        "deviceDetail": {"deviceId": "", "operatingSystem": system_of(event.user_agent),
                         "browser": browser_of(event.user_agent)},
        "location": {"city": "", "state": "", "countryOrRegion": event.country, "geoCoordinates": {}},
        "correlationId": unique, "conditionalAccessStatus": "failure" if code == 53003 else "notApplied",
        "appliedConditionalAccessPolicies": [], "originalRequestId": unique, "isInteractive": event.interactive,
        "tokenIssuerName": "", "tokenIssuerType": "AzureAD", "networkLocationDetails": [],
        "processingTimeInMilliseconds": 80 + event.time // 1000 % 300, "riskDetail": "none",
        "riskLevelAggregated": "none",
        "riskLevelDuringSignIn": "none", "riskState": "none", "riskEventTypes": [], "riskEventTypes_v2": [],
        "resourceDisplayName": "Microsoft Graph", "resourceId": "00000003-0000-0000-c000-000000000000",
        "resourceTenantId": event.tenant, "homeTenantId": event.tenant,
        # Empty for wrong passwords in several tenants since November 2025; nobody may depend on it.
        "authenticationDetails": [step] if code in (0, *INTERRUPTS) else [],
        "authenticationRequirement": "singleFactorAuthentication", "signInIdentifier": event.target,
        "servicePrincipalId": "", "userType": "Member", "flaggedForReview": False, "isTenantRestricted": False,
        "autonomousSystemNumber": event.asn, "crossTenantAccessType": "none",
        "uniqueTokenIdentifier": unique.replace("-", "")[:22],
    }  # fmt: skip


OPERATIONS = {"account_created": ("Add user", "Add"), "account_deleted": ("Delete user", "Delete")}
BULK = "Bulk create users - finished (bulk)"


def audit(event: SimEvent, desk: Desk) -> list[Rendered]:
    """Users added and deleted as AuditLogs writes it: by a person, or by an application without an address."""
    if event.kind not in OPERATIONS:
        return []
    operation, sort = OPERATIONS[event.kind] if event.detail != "bulk" else (BULK, "Add")
    time, unique = iso(event.time), desk.guid()
    record_id = f"Directory_{unique}_{desk.rng.randrange(10**8)}"
    stamp = time.replace("Z", "+00:00")
    actor: dict[str, Any]
    if event.app:
        actor = {"app": {"appId": event.app_id, "displayName": event.app, "servicePrincipalId": event.app_id,
                         "servicePrincipalName": None}}  # fmt: skip
    else:
        person = desk.organisation(event).by_upn.get(event.actor)
        actor = {"user": {"id": person.user_id if person else desk.guid(),
                          "displayName": person.display_name if person else None,
                          "userPrincipalName": event.actor, "ipAddress": event.src_ip}}  # fmt: skip
    changed = (("AccountEnabled", "[true]"), ("UserPrincipalName", f'["{event.target}"]'), ("UserType", '["Member"]'),
               ("Included Updated Properties", '"AccountEnabled, UserPrincipalName, UserType"'))  # fmt: skip
    record = diagnostic(event, time, event.tenant, "AuditLogs", operation, unique)
    if event.app:
        record["callerIpAddress"] = "<null>"
    record["level"] = "Informational"
    record["properties"] = {
        "id": record_id, "category": "UserManagement", "correlationId": unique, "result": "success", "resultReason": "",
        "activityDisplayName": operation, "activityDateTime": stamp, "loggedByService": "Core Directory",
        "operationType": sort, "initiatedBy": actor,
        "targetResources": [{"id": desk.guid(), "displayName": None, "type": "User", "userPrincipalName": event.target,
                             "modifiedProperties": [{"displayName": key,
                                                     "oldValue": None if key.startswith("Inc") else "[]",
                                                     "newValue": value} for key, value in changed]}],
        "additionalDetails": [{"key": "User-Agent", "value": event.user_agent}] if event.user_agent else [],
    }  # fmt: skip
    return [(record_id, record)]


PATHS = {
    "page": "https://graph.microsoft.com/v1.0/users?$top=999&$skiptoken={token}",
    "groups": "https://graph.microsoft.com/v1.0/groups?$top=999&$skiptoken={token}",
    "roles": "https://graph.microsoft.com/v1.0/directoryRoles?$expand=members&page={token}",
    "one": "https://graph.microsoft.com/v1.0/users/{target}",
}


def graph_activity(event: SimEvent, desk: Desk) -> list[Rendered]:
    if event.kind != "directory_read":
        return []
    time, unique = iso(event.time), desk.guid()
    token = f"{desk.rng.getrandbits(64):016x}"
    uri = PATHS[event.detail].format(token=token, target=event.target)
    record = diagnostic(event, time, event.tenant, "MicrosoftGraphActivityLogs", "Microsoft Graph Activity", unique)
    record.update(resourceId=f"/TENANTS/{event.tenant.upper()}/PROVIDERS/MICROSOFT.AADIAM", operationVersion="v1.0",
                  resultSignature="200", durationMs=str(200_000 + event.time // 1000 % 900_000), level="Informational",
                  location="West Europe")  # fmt: skip
    record["properties"] = {
        "timeGenerated": time, "location": "West Europe", "requestId": unique, "operationId": unique,
        "clientRequestId": desk.guid(), "apiVersion": "v1.0", "requestMethod": "GET", "responseStatusCode": 200,
        "tenantId": event.tenant, "durationMs": 200_000,
        "responseSizeBytes": 184_000 if event.detail == "page" else 2_300,
        "signInActivityId": unique.replace("-", "")[:22], "roles": "", "appId": event.app_id,
        "UserPrincipalObjectID": event.target_id, "scopes": "Directory.Read.All User.Read.All", "identityProvider": "",
        "clientAuthMethod": "0", "wids": "", "C_Idtyp": "user", "ipAddress": event.src_ip,
        "userAgent": event.user_agent,
        "requestUri": uri, "userId": event.target_id, "tokenIssuedAt": time,
    }  # fmt: skip
    return [(unique, record)]
