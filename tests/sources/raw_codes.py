"""One raw record for each code of the outcome table, as the provider writes it; None where it has no place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

AT = "2026-03-02T09:00:00"
Row = tuple[str, str, str]  # provider, code, reason
Build = Callable[[int, Row], Any]


def address(number: int) -> str:
    """The address of the row with this number, by which its contact is found again."""
    return f"198.18.{number // 200}.{number % 200 + 1}"


def name(number: int) -> str:
    """The name tried in the row with this number."""
    return f"name{number}"


REASONS = {
    "": "Other.",
    "locked": "The account is locked because of too many sign-in attempts with a wrong user ID or password.",
    "malicious_ip": "Sign-in was blocked because it came from an IP address with malicious activity.",
}


def entra_diagnostic(number: int, row: Row) -> Any:
    provider, code, reason = row
    if provider != "entra":
        return None
    return {
        "time": f"{AT}.0000000Z",
        "category": "SignInLogs",
        "tenantId": "t",
        "resultType": code,
        "properties": {
            "id": f"id{number}",
            "createdDateTime": f"{AT}.0000000+00:00",
            "userPrincipalName": f"{name(number)}@contoso.example",
            "ipAddress": address(number),
            "status": {"errorCode": int(code), "failureReason": REASONS[reason]},
        },
    }


def _audit(number: int, operation: str, **more: str) -> Any:
    return {
        "CreationTime": AT,
        "Id": f"id{number}",
        "Operation": operation,
        "OrganizationId": "t",
        "RecordType": 15,
        "ResultStatus": "Success",
        "Workload": "AzureActiveDirectory",
        "ClientIP": address(number),
        "UserId": f"{name(number)}@contoso.example",
        **more,
    }


def m365_numbers(number: int, row: Row) -> Any:
    provider, code, reason = row
    if provider != "entra" or reason:
        return None  # the unified audit log gives no reason
    return _audit(number, "UserLoggedIn" if code == "0" else "UserLoginFailed", ErrorNumber=code)


def m365_texts(number: int, row: Row) -> Any:
    provider, code, _ = row
    if provider != "m365" or code.startswith("ResultStatus:"):
        return None
    if code in ("UserLoggedIn", "UserLoginFailed"):
        return _audit(number, code)
    return _audit(number, "UserLoginFailed", LogonError=code)


OKTA_EVENTS = ("user.account.lock", "system.email.password_reset.sent_message", "security.threat.detected")
OKTA_OTHER_EVENTS = ("system.org.rate_limit.violation", "system.org.rate_limit.warning", "security.attack.")
OKTA_RESULTS = ("SUCCESS", "DENY", "RATE_LIMIT", "CHALLENGE", "ABANDONED", "ALLOW", "UNKNOWN")


def okta(number: int, row: Row) -> Any:
    provider, code, reason = row
    if provider != "okta":
        return None
    is_event = code.startswith((*OKTA_EVENTS, *OKTA_OTHER_EVENTS))
    outcome: dict[str, Any] = {"result": "FAILURE", "reason": code}
    if is_event or code in OKTA_RESULTS:
        outcome = {"result": "SUCCESS" if is_event else code, "reason": None}
    elif code == "FAILURE":
        outcome = {"result": "FAILURE", "reason": None}
    return {
        "uuid": f"id{number}",
        "published": f"{AT}.000Z",
        "eventType": code if is_event else "user.session.start",
        # Only a known account has an id; a code without a reason is tried with neither.
        "actor": {
            "id": {"actor_known": "00u1", "actor_unknown": "unknown"}.get(reason),
            "type": "User",
            "alternateId": f"{name(number)}@contoso.example",
        },
        "client": {"ipAddress": address(number)},
        "outcome": outcome,
        "target": None,
    }


def workspace(number: int, row: Row) -> Any:
    provider, code, _ = row
    if provider != "google_workspace":
        return None
    event, _, failure = code.partition(":")
    parameters = [{"name": "login_failure_type", "value": failure}] if failure else []
    return {
        "id": {"time": f"{AT}.000Z", "uniqueQualifier": f"id{number}", "applicationName": "login"},
        "actor": {"email": f"{name(number)}@contoso.example"},
        "ipAddress": address(number),
        "events": [{"type": "login", "name": event, "parameters": parameters}],
    }


STEMS = {
    "autodiscover": "/Autodiscover/Autodiscover.xml",
    "autodiscover_v2": "/autodiscover/autodiscover.json",
    "owa_auth": "/owa/auth.owa",
    "owa": "/owa/",
    "ews": "/EWS/Exchange.asmx",
    "mapi": "/mapi/emsmdb/",
    "rpc": "/rpc/rpcproxy.dll",
    "oab": "/OAB/oab.xml",
    "activesync": "/Microsoft-Server-ActiveSync/default.eas",
}
PROTOCOLS = {
    **dict.fromkeys(("autodiscover", "autodiscover_v2"), "Autodiscover"),
    **dict.fromkeys(("owa_auth", "owa"), "Owa"),
    **{"ews": "Ews", "mapi": "Mapi", "rpc": "RpcHttp", "oab": "Oab", "activesync": "Eas"},
}


def _endpoint(row: Row) -> tuple[str, str]:
    endpoint, _, status = row[1].partition(":")
    return (endpoint, status) if row[0] == "exchange_iis" and endpoint in STEMS and status else ("", "")


def iis(number: int, row: Row) -> Any:
    endpoint, status = _endpoint(row)
    if not endpoint:
        return None
    query = f"Email={name(number)}@contoso.example" if endpoint == "autodiscover_v2" else "-"
    user = f"CONTOSO\\{name(number)}"
    request = f"POST {STEMS[endpoint]} {query} 443 {user} {address(number)}"
    return f"{AT.replace('T', ' ')} 10.0.0.1 {request} curl/8 - {status} 0 0 9"


PROXY_COLUMNS = (
    *("DateTime", "RequestId", "MajorVersion", "Protocol", "UrlStem", "UrlQuery", "AuthenticatedUser", "Method"),
    *("ClientIpAddress", "ServerHostName", "HttpStatus"),
)


def http_proxy(number: int, row: Row) -> Any:
    endpoint, status = _endpoint(row)
    if not endpoint:
        return None
    return (
        *(f"{AT}.000Z", f"id{number}", "15", PROTOCOLS[endpoint], STEMS[endpoint], "", f"CONTOSO\\{name(number)}"),
        *("POST", address(number), "EX01", status),
    )


WINDOWS_EVENTS = ("4768", "4771", "4776", "4625", "4624", "4648", "4662")


def windows(number: int, row: Row) -> Any:
    event, _, status = row[1].partition(":")
    if row[0] != "active_directory" or event not in WINDOWS_EVENTS:
        return None
    data = {"TargetUserName": name(number), "IpAddress": address(number), "SubjectUserName": f"by{number}"}
    if event == "4625" and status != "0x0":
        data.update(Status="0xc000006d", SubStatus=status.upper().replace("0X", "0x"))
    elif status:
        data.update(Status=status, SubStatus="0x0")
    if event == "4776":
        del data["IpAddress"]
        data["Workstation"] = "EX01"
    if event == "4662":
        data["ObjectName"] = name(number)
    system = {
        "EventID": int(event),
        "Channel": "Security",
        "Computer": "DC01",
        "EventRecordID": number,
        "TimeCreated": {"#attributes": {"SystemTime": f"{AT}.000000Z"}},
    }
    return {"Event": {"System": system, "EventData": data}}


def windows_status(number: int, row: Row) -> Any:
    """4625 where the sub status says nothing and the status does."""
    if row[0] != "active_directory" or not row[1].startswith("4625:0xc"):
        return None
    record = windows(number, row)
    record["Event"]["EventData"].update(Status=row[1].partition(":")[2], SubStatus="0x0")
    return record


def _lines(records: Sequence[Any]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def _w3c(records: Sequence[Any]) -> str:
    fields = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer)"
    return f"#Fields: {fields} sc-status sc-substatus sc-win32-status time-taken\n" + "".join(
        f"{line}\n" for line in records
    )


def _table(records: Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([PROXY_COLUMNS, *records])
    return text.getvalue()


# shape → how a row becomes a record, how records become a file
SHAPES: dict[str, tuple[Build, Callable[[Sequence[Any]], str]]] = {
    **{build.__name__: (build, _lines) for build in (entra_diagnostic, m365_numbers, m365_texts, okta, workspace)},
    **{build.__name__: (build, _lines) for build in (windows, windows_status)},
    "iis": (iis, _w3c),
    "http_proxy": (http_proxy, _table),
}
