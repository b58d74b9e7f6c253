"""Windows Security events in the form a parsed EVTX record has; the other forms are converted from it."""

from __future__ import annotations

from typing import Any

from ..event import SimEvent, iso
from .shape import Desk, Rendered

TASKS = {4624: 12544, 4625: 12544, 4662: 14080, 4720: 13824, 4726: 13824, 4768: 14339, 4771: 14339, 4776: 14336}
SUCCESS, FAILURE = "0x8020000000000000", "0x8010000000000000"
NULL_SID = "S-1-0-0"
SUB_STATUS = {"not_found": "0xc0000064", "exists_bad_secret": "0xc000006a", "ambiguous": "0xc0000234"}
KERBEROS = {"not_found": "0x6", "exists_blocked": "0x12", "exists_good_secret": "0x17"}


def seen(event: SimEvent) -> str:
    if event.kind != "sign_in":
        return event.answer
    if event.detail == "mfa":
        return ""  # the second factor is asked for by whoever sits in front of the domain controller
    if event.answer in ("exists_good_secret", "ambiguous"):
        return "exists_blocked"
    return "" if event.answer in ("noise", "wrong_realm", "throttled") else event.answer


def shown(event: SimEvent) -> str:
    return event.target.partition("@")[0]


def doer(event: SimEvent) -> str:
    login, _, domain = event.actor.partition("@")
    return f"{domain.partition('.')[0].upper()}\\{login}" if domain else event.actor


def _address(event: SimEvent, desk: Desk) -> str:
    """The client's address; a workstation of the domain has one of the internal network, wherever its owner sits."""
    if not event.host.startswith("WS-"):
        return event.src_ip
    number = int(event.host[-4:])
    return f"10.{21 + desk.organisation(event).number % 200}.{number // 250}.{number % 250 + 1}"


def render(event: SimEvent, desk: Desk) -> list[Rendered]:
    if event.kind == "account_created":
        return [_created(event, desk)]
    if event.kind == "account_deleted":
        return [_deleted(event, desk)]
    if event.kind == "directory_read":
        return [_object_read(event, desk)]
    if event.kind != "sign_in" or not seen(event):
        return []
    is_joined = event.host.startswith("WS-")
    if event.client_app == "Kerberos" or is_joined or event.answer in ("exists_blocked", "exists_good_secret"):
        return [_kerberos(event, desk)]
    return [_logged_on(event, desk)] if event.answer == "success" else _ntlm(event, desk)


def _event(number: int, event: SimEvent, desk: Desk, computer: str, is_good: bool, data: dict[str, Any]) -> Rendered:
    host = f"{computer}.ad.{desk.organisation(event).domain}"
    record_id = desk.number()
    record = {"Event": {
        "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing",
                                         "Guid": "54849625-5478-4994-A5BA-3E3B0328C30D"}},
            "EventID": number, "Version": 0, "Level": 0, "Task": TASKS[number], "Opcode": 0,
            "Keywords": SUCCESS if is_good else FAILURE,
            "TimeCreated": {"#attributes": {"SystemTime": iso(event.time, 6)}}, "EventRecordID": record_id,
            "Correlation": None, "Execution": {"#attributes": {"ProcessID": 652, "ThreadID": 1000 + record_id % 4000}},
            "Channel": "Security", "Computer": host, "Security": None,
        },
        "EventData": data,
    }}  # fmt: skip
    return f"{host}|Security|{record_id}", record


def _sid(event: SimEvent, desk: Desk, name: str) -> str:
    person = desk.organisation(event).by_upn.get(name)
    return person.sid if person else NULL_SID


def _kerberos(event: SimEvent, desk: Desk) -> Rendered:
    organisation = desk.organisation(event)
    realm = f"AD.{organisation.domain.upper()}"
    sid = _sid(event, desk, event.target)
    # The KDC writes IPv4 clients as mapped addresses.
    address = _address(event, desk)
    address = address if ":" in address else f"::ffff:{address}"
    port = str(49152 + event.time // 1000 % 16000)
    certificate = {"CertIssuerName": "", "CertSerialNumber": "", "CertThumbprint": ""}
    if event.answer == "exists_bad_secret":
        data = {"TargetUserName": shown(event), "TargetSid": sid, "ServiceName": f"krbtgt/{realm}",
                "TicketOptions": "0x40810010",
                "Status": "0x18", "PreAuthType": "2", "IpAddress": address, "IpPort": port, **certificate}  # fmt: skip
        return _event(4771, event, desk, "DC01", False, data)
    is_good = event.answer == "success"
    data = {
        "TargetUserName": shown(event), "TargetDomainName": realm if not is_good else organisation.netbios,
        "TargetSid": sid,
        "ServiceName": "krbtgt" if is_good else f"krbtgt/{realm}",
        "ServiceSid": f"{organisation.domain_sid}-502" if is_good else NULL_SID, "TicketOptions": "0x40810010",
        "Status": "0x0" if is_good else KERBEROS.get(event.answer, "0x12"),
        "TicketEncryptionType": "0x12" if is_good else "0xffffffff", "PreAuthType": "2" if is_good else "-",
        "IpAddress": address, "IpPort": port, **certificate,
    }  # fmt: skip
    return _event(4768, event, desk, "DC01", is_good, data)


def _logged_on(event: SimEvent, desk: Desk) -> Rendered:
    organisation = desk.organisation(event)
    data = {
        "SubjectUserSid": "S-1-5-18", "SubjectUserName": "EX01$", "SubjectDomainName": organisation.netbios,
        "SubjectLogonId": "0x3e7", "TargetUserSid": _sid(event, desk, event.target), "TargetUserName": shown(event),
        "TargetDomainName": organisation.netbios, "TargetLogonId": f"0x{desk.rng.getrandbits(28):x}", "LogonType": 8,
        "LogonProcessName": "Advapi  ", "AuthenticationPackageName": "Negotiate", "WorkstationName": "EX01",
        "LogonGuid": "00000000-0000-0000-0000-000000000000", "TransmittedServices": "-", "LmPackageName": "-",
        "KeyLength": 0,
        "ProcessId": "0x1b0c", "ProcessName": "C:\\Windows\\System32\\inetsrv\\w3wp.exe",
        "IpAddress": event.src_ip or "-",
        "IpPort": str(49152 + event.time // 1000 % 16000), "ImpersonationLevel": "%%1833",
    }  # fmt: skip
    return _event(4624, event, desk, "EX01", True, data)


def _ntlm(event: SimEvent, desk: Desk) -> list[Rendered]:
    """A refused logon on the server and its twin on the domain controller, which has no address."""
    organisation = desk.organisation(event)
    code = SUB_STATUS[event.answer]
    data = {
        "SubjectUserSid": "S-1-5-18", "SubjectUserName": "EX01$", "SubjectDomainName": organisation.netbios,
        "SubjectLogonId": "0x3e7", "TargetUserSid": NULL_SID, "TargetUserName": shown(event),
        "TargetDomainName": organisation.netbios, "Status": "0xc000006d" if event.answer != "ambiguous" else code,
        "FailureReason": "%%2313", "SubStatus": code if event.answer != "ambiguous" else "0x0", "LogonType": 8,
        "LogonProcessName": "Advapi  ", "AuthenticationPackageName": "Negotiate", "WorkstationName": "EX01",
        "TransmittedServices": "-", "LmPackageName": "-", "KeyLength": 0, "ProcessId": "0x1b0c",
        "ProcessName": "C:\\Windows\\System32\\inetsrv\\w3wp.exe", "IpAddress": event.src_ip or "-",
        "IpPort": str(49152 + event.time // 1000 % 16000),
    }  # fmt: skip
    twin = {"PackageName": "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "TargetUserName": shown(event),
            "Workstation": "EX01",
            "Status": code}  # fmt: skip
    later = event._replace(time=event.time + 1000)
    return [_event(4776, event, desk, "DC01", False, twin), _event(4625, later, desk, "EX01", False, data)]


def _created(event: SimEvent, desk: Desk) -> Rendered:
    organisation = desk.organisation(event)
    login = shown(event)
    data = {
        "TargetUserName": login, "TargetDomainName": organisation.netbios,
        "TargetSid": f"{organisation.domain_sid}-{desk.number()}",
        "SubjectUserSid": _sid(event, desk, event.actor), "SubjectUserName": event.actor.partition("@")[0],
        "SubjectDomainName": organisation.netbios, "SubjectLogonId": f"0x{desk.rng.getrandbits(28):x}",
        "PrivilegeList": "-",
        "SamAccountName": login, "DisplayName": login, "UserPrincipalName": event.target, "HomeDirectory": "-",
        "HomePath": "-",
        "ScriptPath": "-", "ProfilePath": "-", "UserWorkstations": "-", "PasswordLastSet": "%%1794",
        "AccountExpires": "%%1794",
        "PrimaryGroupId": "513", "AllowedToDelegateTo": "-", "OldUacValue": "0x0", "NewUacValue": "0x15",
        "UserAccountControl": "\r\n\t\t%%2080\r\n\t\t%%2082\r\n\t\t%%2084", "UserParameters": "-", "SidHistory": "-",
        "LogonHours": "%%1793",
    }  # fmt: skip
    return _event(4720, event, desk, "DC01", True, data)


def _deleted(event: SimEvent, desk: Desk) -> Rendered:
    organisation = desk.organisation(event)
    data = {
        "TargetUserName": shown(event), "TargetDomainName": organisation.netbios,
        "TargetSid": f"{organisation.domain_sid}-{desk.number()}",
        "SubjectUserSid": _sid(event, desk, event.actor), "SubjectUserName": event.actor.partition("@")[0],
        "SubjectDomainName": organisation.netbios, "SubjectLogonId": f"0x{desk.rng.getrandbits(28):x}",
        "PrivilegeList": "-",
    }  # fmt: skip
    return _event(4726, event, desk, "DC01", True, data)


def _object_read(event: SimEvent, desk: Desk) -> Rendered:
    organisation = desk.organisation(event)
    data = {
        "SubjectUserSid": _sid(event, desk, event.actor), "SubjectUserName": event.actor.partition("@")[0],
        "SubjectDomainName": organisation.netbios, "SubjectLogonId": f"0x{desk.rng.getrandbits(36):x}",
        "ObjectServer": "DS",
        "ObjectType": "%{bf967aba-0de6-11d0-a285-00aa003049e2}", "ObjectName": f"%{{{event.target}}}",
        "OperationType": "Object Access", "HandleId": "0x0", "AccessList": "%%7684\r\n\t\t\t\t", "AccessMask": "0x10",
        "Properties": "%%7684\r\n\t\t{771727b1-31b8-4cdf-ae62-4fe39fadf89e}\r\n", "AdditionalInfo": "-",
        "AdditionalInfo2": "",
    }  # fmt: skip
    return _event(4662, event, desk, "DC01", True, data)
