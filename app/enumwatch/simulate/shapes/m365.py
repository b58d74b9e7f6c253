"""Microsoft 365 unified audit: AuditData objects. The typed name is hidden where it does not exist."""

from __future__ import annotations

from typing import Any

from ..event import SimEvent, iso
from .entra import code_of
from .shape import Desk, Rendered

ERRORS = {
    50020: "UserUnauthorized", 50034: "UserAccountNotFound", 50053: "IdsLocked",
    50055: "InvalidPasswordExpiredPassword",
    50057: "UserDisabled", 50059: "MissingTenantRealmAndNoUserInformationProvided",
    50076: "UserStrongAuthClientAuthNRequired", 50126: "InvalidUserNameOrPassword", 50140: "KmsiInterrupt",
    53003: "BlockedByConditionalAccess", 70044: "BadTokenDueToSignInFrequency",
    80002: "OnPremisePasswordValidatorRequestTimedout", 90055: "TenantThrottlingError",
    120000: "PasswordChangeIncorrectCurrentPassword",
    120016: "PasswordChangeUserNotFoundBySspr",
}  # fmt: skip
HIDDEN = "Not Available"
OPERATIONS = {"account_created": "Add user.", "account_deleted": "Delete user."}


def shown(event: SimEvent) -> str:
    return "" if event.kind == "sign_in" and event.answer == "not_found" else event.target


def render(event: SimEvent, desk: Desk) -> list[Rendered]:
    if event.kind == "sign_in":
        return [_sign_in(event, desk)]
    if event.kind in OPERATIONS:
        return [_created(event, desk)]
    return []


def _sign_in(event: SimEvent, desk: Desk) -> Rendered:
    unique, code = desk.guid(), code_of(event)
    name = HIDDEN if event.answer == "not_found" else event.target
    key = event.target_id or "00000000-0000-0000-0000-000000000000"
    # The result is written as "Success" on most failures; only Operation and ErrorNumber can be believed.
    result = "Success" if code == 0 or desk.rng.random() < 0.67 else "Failed"
    resource = "Unknown" if event.answer == "not_found" else "00000002-0000-0000-c000-000000000000"
    data: dict[str, Any] = {
        "CreationTime": iso(event.time, 0)[:-1], "Id": unique,
        "Operation": "UserLoginFailed" if code else "UserLoggedIn",
        "OrganizationId": event.tenant, "RecordType": 15, "ResultStatus": result, "UserKey": key, "UserType": 0,
        "Version": 1, "Workload": "AzureActiveDirectory", "ClientIP": event.src_ip, "ObjectId": resource,
        "UserId": name,
        "AzureActiveDirectoryEventType": 1,
        "ExtendedProperties": [{"Name": "ResultStatusDetail", "Value": "Success"},
                               {"Name": "UserAgent", "Value": event.user_agent},
                               {"Name": "UserAuthenticationMethod", "Value": "1"},
                               {"Name": "RequestType",
                                "Value": "Login:login" if event.interactive else "OAuth2:Token"}],
        "ModifiedProperties": [], "Actor": [{"ID": key, "Type": 0}, {"ID": name, "Type": 5}],
        "ActorContextId": event.tenant, "ActorIpAddress": event.src_ip, "InterSystemsId": desk.guid(),
        "IntraSystemId": unique,
        "SupportTicketId": "", "Target": [{"ID": resource, "Type": 0}], "TargetContextId": event.tenant,
        "ApplicationId": event.app_id, "DeviceProperties": [{"Name": "SessionId", "Value": unique}],
        "ErrorNumber": str(code),
    }  # fmt: skip
    if code:
        data["LogonError"] = ERRORS[code]
    return unique, data


def _created(event: SimEvent, desk: Desk) -> Rendered:
    unique = desk.guid()
    person = desk.organisation(event).by_upn.get(event.actor)
    key = person.user_id if person else "00000000-0000-0000-0000-000000000000"
    data: dict[str, Any] = {
        "CreationTime": iso(event.time, 0)[:-1], "Id": unique, "Operation": OPERATIONS[event.kind],
        "OrganizationId": event.tenant,
        "RecordType": 8, "ResultStatus": "Success", "UserKey": key, "UserType": 0, "Version": 1,
        "Workload": "AzureActiveDirectory", "ClientIP": event.src_ip, "ObjectId": event.target, "UserId": event.actor,
        "AzureActiveDirectoryEventType": 1,
        "ExtendedProperties": [{"Name": "additionalDetails",
                                "Value": f'{{"UserType":"Member","User-Agent":"{event.user_agent}"}}'}],
        "ModifiedProperties": [{"Name": "UserPrincipalName", "NewValue": f'[\r\n  "{event.target}"\r\n]',
                                "OldValue": "[]"}],
        "Actor": [{"ID": key, "Type": 2}, {"ID": event.actor, "Type": 5}], "ActorContextId": event.tenant,
        "ActorIpAddress": event.src_ip, "InterSystemsId": desk.guid(), "IntraSystemId": unique, "SupportTicketId": "",
        "Target": [{"ID": f"User_{unique}", "Type": 2}, {"ID": event.target, "Type": 5}],
        "TargetContextId": event.tenant,
    }  # fmt: skip
    return unique, data


RECORD_TYPES = {15: "AzureActiveDirectoryStsLogon", 8: "AzureActiveDirectory"}


def us_date(iso_time: str) -> str:
    """ "5/18/2021 9:13:33 PM", as the compliance search writes "2021-05-18T21:13:33"."""
    year, month, day = (int(part) for part in iso_time[:10].split("-"))
    hour = int(iso_time[11:13])
    return f"{month}/{day}/{year} {hour % 12 or 12}{iso_time[13:19]} {'PM' if hour >= 12 else 'AM'}"
