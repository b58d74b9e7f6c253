"""The other forms Windows events come in: winlogbeat documents, NXLog JSON, Splunk's text and event XML."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from .m365 import us_date
from .shape import Record

TITLES = {
    4624: "An account was successfully logged on.", 4625: "An account failed to log on.",
    4662: "An operation was performed on an object.", 4720: "A user account was created.",
    4726: "A user account was deleted.",
    4768: "A Kerberos authentication ticket (TGT) was requested.", 4771: "Kerberos pre-authentication failed.",
    4776: "The computer attempted to validate the credentials for an account.",
}  # fmt: skip
ACTIONS = {4624: "logged-in", 4625: "logon-failed", 4662: "object-operation-performed",
           4720: "added-user-account", 4726: "deleted-user-account",
           4768: "kerberos-authentication-ticket-requested", 4771: "kerberos-preauth-failed",
           4776: "credential-validated"}  # fmt: skip
AUTHENTICATION = ("Detailed Authentication Information:",
                  (("Logon Process", "LogonProcessName"), ("Authentication Package", "AuthenticationPackageName"),
                   ("Transited Services", "TransmittedServices"), ("Package Name (NTLM only)", "LmPackageName"),
                   ("Key Length", "KeyLength")))  # fmt: skip
# Splunk's text has Windows' own sections: (heading, ((label, field), ...)) for each event.
SECTIONS: dict[int, tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = {
    4624: (("Subject:", (("Security ID", "SubjectUserSid"), ("Account Name", "SubjectUserName"),
                         ("Account Domain", "SubjectDomainName"), ("Logon ID", "SubjectLogonId"))),
           ("Logon Information:", (("Logon Type", "LogonType"),)),
           ("New Logon:", (("Security ID", "TargetUserSid"), ("Account Name", "TargetUserName"),
                           ("Account Domain", "TargetDomainName"), ("Logon ID", "TargetLogonId"))),
           ("Process Information:", (("Process ID", "ProcessId"), ("Process Name", "ProcessName"))),
           ("Network Information:", (("Workstation Name", "WorkstationName"), ("Source Network Address", "IpAddress"),
                                     ("Source Port", "IpPort"))),
           AUTHENTICATION),
    4625: (("Subject:", (("Security ID", "SubjectUserSid"), ("Account Name", "SubjectUserName"),
                         ("Account Domain", "SubjectDomainName"), ("Logon ID", "SubjectLogonId"))),
           ("Logon Type:\t\t\t8", ()),
           ("Account For Which Logon Failed:", (("Security ID", "TargetUserSid"), ("Account Name", "TargetUserName"),
                                                ("Account Domain", "TargetDomainName"))),
           ("Failure Information:", (("Failure Reason", "FailureReason"), ("Status", "Status"),
                                     ("Sub Status", "SubStatus"))),
           ("Process Information:", (("Caller Process ID", "ProcessId"), ("Caller Process Name", "ProcessName"))),
           ("Network Information:", (("Workstation Name", "WorkstationName"), ("Source Network Address", "IpAddress"),
                                     ("Source Port", "IpPort"))),
           AUTHENTICATION),
    4662: (("Subject :", (("Security ID", "SubjectUserSid"), ("Account Name", "SubjectUserName"),
                          ("Account Domain", "SubjectDomainName"), ("Logon ID", "SubjectLogonId"))),
           ("Object:", (("Object Server", "ObjectServer"), ("Object Type", "ObjectType"), ("Object Name", "ObjectName"),
                        ("Handle ID", "HandleId"))),
           ("Operation:", (("Operation Type", "OperationType"), ("Access Mask", "AccessMask")))),
    4720: (("Subject:", (("Security ID", "SubjectUserSid"), ("Account Name", "SubjectUserName"),
                         ("Account Domain", "SubjectDomainName"), ("Logon ID", "SubjectLogonId"))),
           ("New Account:", (("Security ID", "TargetSid"), ("Account Name", "TargetUserName"),
                             ("Account Domain", "TargetDomainName"))),
           ("Attributes:", (("SAM Account Name", "SamAccountName"), ("Display Name", "DisplayName"),
                            ("User Principal Name", "UserPrincipalName")))),
    4726: (("Subject:", (("Security ID", "SubjectUserSid"), ("Account Name", "SubjectUserName"),
                         ("Account Domain", "SubjectDomainName"), ("Logon ID", "SubjectLogonId"))),
           ("Target Account:", (("Security ID", "TargetSid"), ("Account Name", "TargetUserName"),
                                ("Account Domain", "TargetDomainName")))),
    4768: (("Account Information:", (("Account Name", "TargetUserName"), ("Supplied Realm Name", "TargetDomainName"),
                                     ("User ID", "TargetSid"))),
           ("Service Information:", (("Service Name", "ServiceName"), ("Service ID", "ServiceSid"))),
           ("Network Information:", (("Client Address", "IpAddress"), ("Client Port", "IpPort"))),
           ("Additional Information:", (("Ticket Options", "TicketOptions"), ("Result Code", "Status"),
                                        ("Ticket Encryption Type", "TicketEncryptionType"),
                                        ("Pre-Authentication Type", "PreAuthType")))),
    4771: (("Account Information:", (("Security ID", "TargetSid"), ("Account Name", "TargetUserName"))),
           ("Service Information:", (("Service Name", "ServiceName"),)),
           ("Network Information:", (("Client Address", "IpAddress"), ("Client Port", "IpPort"))),
           ("Additional Information:", (("Ticket Options", "TicketOptions"), ("Failure Code", "Status"),
                                        ("Pre-Authentication Type", "PreAuthType")))),
    4776: (("", (("Authentication Package", "PackageName"), ("Logon Account", "TargetUserName"),
                 ("Source Workstation", "Workstation"), ("Error Code", "Status"))),),
}  # fmt: skip
CODE_FIELDS = frozenset({"Status", "SubStatus"})


def _parts(record: Record) -> tuple[dict[str, Any], dict[str, Any], str]:
    event = record["Event"]
    return event["System"], event["EventData"], event["System"]["TimeCreated"]["#attributes"]["SystemTime"]


def _is_good(system: dict[str, Any]) -> bool:
    return str(system["Keywords"]).startswith("0x802")


def winlogbeat(record: Record) -> Record:
    system, data, time = _parts(record)
    number = system["EventID"]
    good = _is_good(system)
    address = str(data.get("IpAddress", "")).removeprefix("::ffff:")
    user: dict[str, Any] = {"name": data.get("TargetUserName", data.get("SubjectUserName"))}
    if "TargetDomainName" in data:
        user["domain"] = data["TargetDomainName"]
    document: dict[str, Any] = {
        "@timestamp": f"{time[:23]}Z", "ecs": {"version": "8.11.0"},
        "agent": {"type": "winlogbeat", "version": "8.17.0"},
        "event": {"action": ACTIONS[number], "code": str(number), "kind": "event", "module": "security",
                  "outcome": "success" if good else "failure", "provider": "Microsoft-Windows-Security-Auditing"},
        "host": {"name": system["Computer"]}, "log": {"level": "information"}, "message": TITLES[number], "user": user,
        "winlog": {"api": "wineventlog", "channel": "Security", "computer_name": system["Computer"],
                   "event_data": {key: str(value) for key, value in data.items() if value != ""},
                   "event_id": str(number),
                   "keywords": ["Audit Success" if good else "Audit Failure"], "opcode": "Info",
                   "provider_guid": "{54849625-5478-4994-a5ba-3e3b0328c30d}",
                   "provider_name": "Microsoft-Windows-Security-Auditing", "record_id": system["EventRecordID"]},
    }  # fmt: skip
    if address not in ("", "-"):
        document["source"] = {"ip": address}
        document["related"] = {"ip": [address]}
    return document


def _message(number: int, data: dict[str, Any]) -> str:
    lines = [TITLES[number]]
    for heading, fields in SECTIONS[number]:
        lines += ["", *([heading] if heading else [])]
        indent = "\t" if heading else ""
        for label, key in fields:
            value = str(data.get(key, "-"))
            lines.append(f"{indent}{label}:\t\t{value.upper().replace('0X', '0x') if key in CODE_FIELDS else value}")
    return "\r\n".join(lines)


def nxlog(record: Record) -> Record:
    system, data, time = _parts(record)
    number, good = system["EventID"], _is_good(system)
    return {
        "EventTime": time[:19].replace("T", " "), "Hostname": system["Computer"],
        "Keywords": -9214364837600034816 if good else -9218868437227405312,
        "EventType": "AUDIT_SUCCESS" if good else "AUDIT_FAILURE", "SeverityValue": 2 if good else 4,
        "Severity": "INFO" if good else "ERROR", "EventID": number, "SourceName": "Microsoft-Windows-Security-Auditing",
        "ProviderGuid": "{54849625-5478-4994-A5BA-3E3B0328C30D}", "Version": 0, "Task": system["Task"],
        "OpcodeValue": 0,
        "RecordNumber": system["EventRecordID"], "ProcessID": 652, "ThreadID": 1000, "Channel": "Security",
        "Message": _message(number, data), "Opcode": "Info", **{key: str(value) for key, value in data.items()},
        "EventReceivedTime": time[:19].replace("T", " "), "SourceModuleName": "eventlog",
        "SourceModuleType": "im_msvistalog",
    }  # fmt: skip


def splunk_text(record: Record) -> Record:
    """The text rendering of the Windows add-on: header fields, then the message Windows shows."""
    system, data, time = _parts(record)
    number = system["EventID"]
    date = us_date(time)
    month, day, rest = date.split("/", 2)
    head = (f"{int(month):02d}/{int(day):02d}/{rest}", "LogName=Security", f"EventCode={number}", "EventType=0",
            f"ComputerName={system['Computer']}", "SourceName=Microsoft Windows security auditing.", "Type=Information",
            f"RecordNumber={system['EventRecordID']}",
            f"Keywords={'Audit Success' if _is_good(system) else 'Audit Failure'}",
            "TaskCategory=Logon", "OpCode=Info", f"Message={_message(number, data)}")  # fmt: skip
    return "\n".join(head).replace("\r\n", "\n") + "\n"


def xml(record: Record) -> Record:
    system, data, time = _parts(record)
    cells = "".join(f"<Data Name={quoteattr(key)}>{escape(str(value))}</Data>" for key, value in data.items())
    return (
        '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
        '<Provider Name="Microsoft-Windows-Security-Auditing" Guid="{54849625-5478-4994-A5BA-3E3B0328C30D}"/>'
        f"<EventID>{system['EventID']}</EventID><Version>0</Version><Level>0</Level><Task>{system['Task']}</Task>"
        f'<Opcode>0</Opcode><Keywords>{system["Keywords"]}</Keywords><TimeCreated SystemTime="{time}"/>'
        f"<EventRecordID>{system['EventRecordID']}</EventRecordID><Correlation/>"
        '<Execution ProcessID="652" ThreadID="1000"/><Channel>Security</Channel>'
        f"<Computer>{escape(system['Computer'])}</Computer><Security/></System><EventData>{cells}</EventData></Event>"
    )
