"""The English labels in the text of Windows Security events, and the field each one is in the event itself.

Per event code: section -> label -> field; the section "" holds labels outside all sections. The texts are those of the
Microsoft-Windows-Security-Auditing provider (Microsoft Learn, "Advanced security audit policy settings").
"""

from __future__ import annotations

from collections.abc import Mapping

Labels = Mapping[str, Mapping[str, str]]

_SUBJECT = {
    "Security ID": "SubjectUserSid",
    "Account Name": "SubjectUserName",
    "Account Domain": "SubjectDomainName",
    "Logon ID": "SubjectLogonId",
    "Logon GUID": "LogonGuid",
}
_TARGET = {
    "Security ID": "TargetSid",
    "Account Name": "TargetUserName",
    "Account Domain": "TargetDomainName",
}
_SOURCE = {
    "Workstation Name": "WorkstationName",
    "Source Network Address": "IpAddress",
    "Source Port": "IpPort",
    "Network Address": "IpAddress",
    "Port": "IpPort",
}
_CLIENT = {"Client Address": "IpAddress", "Client Port": "IpPort"}
_AUTHENTICATION = {
    "Logon Process": "LogonProcessName",
    "Authentication Package": "AuthenticationPackageName",
    "Transited Services": "TransmittedServices",
    "Package Name (NTLM only)": "LmPackageName",
    "Key Length": "KeyLength",
}
_CERTIFICATE = {
    "Certificate Issuer Name": "CertIssuerName",
    "Certificate Serial Number": "CertSerialNumber",
    "Certificate Thumbprint": "CertThumbprint",
}
_TICKET = {
    "Ticket Options": "TicketOptions",
    "Result Code": "Status",
    "Failure Code": "Status",
    "Ticket Encryption Type": "TicketEncryptionType",
    "Pre-Authentication Type": "PreAuthType",
}
_SERVICE = {"Service Name": "ServiceName", "Service ID": "ServiceSid"}
_NEW_ACCOUNT = {
    "SAM Account Name": "SamAccountName",
    "Display Name": "DisplayName",
    "User Principal Name": "UserPrincipalName",
    "Home Directory": "HomeDirectory",
    "Home Drive": "HomePath",
    "Script Path": "ScriptPath",
    "Profile Path": "ProfilePath",
    "User Workstations": "UserWorkstations",
    "Password Last Set": "PasswordLastSet",
    "Account Expires": "AccountExpires",
    "Primary Group ID": "PrimaryGroupId",
    "Allowed To Delegate To": "AllowedToDelegateTo",
    "Old UAC Value": "OldUacValue",
    "New UAC Value": "NewUacValue",
    "User Account Control": "UserAccountControl",
    "User Parameters": "UserParameters",
    "SID History": "SidHistory",
    "Logon Hours": "LogonHours",
}
_LOGON = {
    "Logon Type": "LogonType",
    "Restricted Admin Mode": "RestrictedAdminMode",
    "Remote Credential Guard": "RemoteCredentialGuard",
    "Virtual Account": "VirtualAccount",
    "Elevated Token": "ElevatedToken",
}
_TARGET_USER = {**_TARGET, "Security ID": "TargetUserSid"}

LABELS: Mapping[int, Labels] = {
    4624: {
        "": {"Logon Type": "LogonType", "Impersonation Level": "ImpersonationLevel"},
        "Subject": _SUBJECT,
        "Logon Information": _LOGON,
        "New Logon": {
            **_TARGET_USER,
            "Logon ID": "TargetLogonId",
            "Linked Logon ID": "TargetLinkedLogonId",
            "Network Account Name": "TargetOutboundUserName",
            "Network Account Domain": "TargetOutboundDomainName",
            "Logon GUID": "LogonGuid",
        },
        "Process Information": {"Process ID": "ProcessId", "Process Name": "ProcessName"},
        "Network Information": _SOURCE,
        "Detailed Authentication Information": _AUTHENTICATION,
    },
    4625: {
        "": {"Logon Type": "LogonType"},
        "Subject": _SUBJECT,
        "Account For Which Logon Failed": _TARGET_USER,
        "Failure Information": {"Failure Reason": "FailureReason", "Status": "Status", "Sub Status": "SubStatus"},
        "Process Information": {"Caller Process ID": "ProcessId", "Caller Process Name": "ProcessName"},
        "Network Information": _SOURCE,
        "Detailed Authentication Information": _AUTHENTICATION,
    },
    4648: {
        "Subject": _SUBJECT,
        "Account Whose Credentials Were Used": {**_TARGET, "Logon GUID": "TargetLogonGuid"},
        "Target Server": {"Target Server Name": "TargetServerName", "Additional Information": "TargetInfo"},
        "Process Information": {"Process ID": "ProcessId", "Process Name": "ProcessName"},
        "Network Information": _SOURCE,
    },
    4662: {
        "Subject": _SUBJECT,
        "Object": {
            "Object Server": "ObjectServer",
            "Object Type": "ObjectType",
            "Object Name": "ObjectName",
            "Handle ID": "HandleId",
        },
        "Operation": {
            "Operation Type": "OperationType",
            "Accesses": "AccessList",
            "Access Mask": "AccessMask",
            "Properties": "Properties",
        },
        "Additional Information": {"Parameter 1": "AdditionalInfo", "Parameter 2": "AdditionalInfo2"},
    },
    4720: {
        "Subject": _SUBJECT,
        "New Account": _TARGET,
        "Attributes": _NEW_ACCOUNT,
        "Additional Information": {"Privileges": "PrivilegeList"},
    },
    4722: {"Subject": _SUBJECT, "Target Account": _TARGET},
    4726: {
        "Subject": _SUBJECT,
        "Target Account": _TARGET,
        "Additional Information": {"Privileges": "PrivilegeList"},
    },
    4768: {
        "Account Information": {
            "Account Name": "TargetUserName",
            "Supplied Realm Name": "TargetDomainName",
            "User ID": "TargetSid",
        },
        "Service Information": _SERVICE,
        "Network Information": _CLIENT,
        "Additional Information": _TICKET,
        "Certificate Information": _CERTIFICATE,
    },
    4771: {
        "Account Information": {"Security ID": "TargetSid", "Account Name": "TargetUserName"},
        "Service Information": _SERVICE,
        "Network Information": _CLIENT,
        "Additional Information": _TICKET,
        "Certificate Information": _CERTIFICATE,
    },
    4776: {
        "": {
            "Authentication Package": "PackageName",
            "Logon Account": "TargetUserName",
            "Source Workstation": "Workstation",
            "Error Code": "Status",
        },
    },
}

# Values that continue on the next lines without a label.
MANY_LINES = frozenset({"AccessList", "Properties", "PrivilegeList", "UserAccountControl"})
