"""What the sample files hold, counted with the json and csv modules alone, to compare a reading with."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

Record = dict[str, Any]


class Facts(NamedTuple):
    """What should become of the records of a file: those of supported logs by kind of event, and all others.

    `kinds` counts events, repeated ones included; `repeated` are those whose id was seen before in the file.
    """

    records: int
    kinds: dict[str, int]
    repeated: int = 0
    skipped: int = 0
    unreadable: int = 0


def json_lines(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def of(records: list[Record], kind: Callable[[Record], str | None], **more: int) -> Facts:
    """Facts of records, each of which is one event at most."""
    kinds = Counter(found for record in records if (found := kind(record)))
    return Facts(len(records), dict(kinds), **more)


ENTRA_SIGN_INS = ("SignInLogs", "NonInteractiveUserSignInLogs", "ADFSSignInLogs")
IDENTITY_CHANGES = (
    *(
        "Change user password",
        "Update StsRefreshTokenValidFrom Timestamp",
        "Consent to application",
        "Add member to role",
    ),
    *("Reset user password", "Add app role assignment to service principal", "Update authorization policy"),
)


def entra(record: Record) -> str | None:
    if record.get("category") in ENTRA_SIGN_INS or "createdDateTime" in record:
        return "sign_in"
    properties = record.get("properties", record)
    name = properties.get("activityDisplayName")
    if name == "Add user":
        return "account_created"
    is_policy = properties.get("category") in ("Policy", "ApplicationManagement", "AuthorizationPolicy")
    return "identity_change" if name in IDENTITY_CHANGES or (is_policy and name) else None


def entra_diagnostic(path: Path) -> Facts:
    records = json_lines(path)
    supported = (*ENTRA_SIGN_INS, "AuditLogs", "MicrosoftGraphActivityLogs")
    return of(records, entra, skipped=sum(record["category"] not in supported for record in records))


def entra_graph(path: Path) -> Facts:
    return of(json_lines(path), entra)


def one_json(path: Path) -> Facts:
    return of([json.loads(path.read_text(encoding="utf-8"))], entra)


AUDIT_KINDS = {
    **dict.fromkeys(("UserLoggedIn", "UserLoginFailed"), "sign_in"),
    **dict.fromkeys(("New-Mailbox", "Enable-Mailbox", "Add user."), "account_created"),
    **dict.fromkeys(
        ("Reset user password.", "Add member to role.", "New-InboxRule", "UpdateInboxRules"), "identity_change"
    ),
    "Delete user.": "account_deleted",
}


def audit(record: Record) -> str | None:
    return AUDIT_KINDS.get(record["Operation"])


def m365_lines(path: Path) -> Facts:
    return of(json_lines(path), audit)


def m365_table(path: Path) -> Facts:
    csv.field_size_limit(1 << 24)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = [row["AuditData"] for row in csv.DictReader(stream)]
    records = [json.loads(cell) for cell in cells if cell]
    told = [record["Id"] for record in records if audit(record)]
    facts = of(records, audit, repeated=len(told) - len(set(told)), unreadable=cells.count(""))
    return facts._replace(records=len(cells))


WORKSPACE_CHANGES = (
    *("ALLOW_STRONG_AUTHENTICATION", "ENFORCE_STRONG_AUTHENTICATION", "CHANGE_ALLOWED_TWO_STEP_VERIFICATION_METHODS"),
    *("SUSPEND_USER", "CHANGE_PASSWORD", "ASSIGN_ROLE"),
)


def workspace(path: Path) -> Facts:
    """An activity of a supported application counts once for each event in it, any other once."""
    records, kinds, skipped = 0, Counter[str](), 0
    for record in json_lines(path):
        application, events = record["id"]["applicationName"], record["events"]
        if application not in ("login", "admin"):
            records, skipped = records + 1, skipped + 1
            continue
        for event in events if isinstance(events, list) else [events]:
            records += 1
            if event["name"] in ("login_success", "login_failure", "suspicious_login"):
                kinds["sign_in"] += 1
            elif event["name"] == "DELETE_USER":
                kinds["account_deleted"] += 1
            elif event["name"] in WORKSPACE_CHANGES:
                kinds["identity_change"] += 1
    return Facts(records, dict(kinds), skipped=skipped)


def okta(path: Path) -> Facts:
    def kind(record: Record) -> str | None:
        event = record["eventType"]
        if event.startswith(("user.session.start", "user.authentication.", "user.account.lock")):
            return "sign_in"
        return "identity_change" if event.startswith(("user.mfa.", "user.account.", "policy.")) else None

    return of(json_lines(path), kind)


def w3c(path: Path) -> Facts:
    """Exchange's own requests on its front end; of OWA only what is refused or posted to the form."""
    kinds = Counter[str]()
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    for line in lines:
        words = line.lower().split()
        if "444" in words:
            continue
        if any(word.startswith("/autodiscover/") for word in words):
            kinds["autodiscover"] += 1
        elif any(
            word.startswith(("/ews/", "/mapi/", "/rpc/", "/oab/", "/microsoft-server-activesync")) for word in words
        ):
            kinds["sign_in"] += 1
    return Facts(len(lines), dict(kinds))


def http_proxy(path: Path) -> Facts:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream)]
    return of(rows, lambda row: "autodiscover" if row["DateTime"] else None)


WINDOWS_KINDS = {
    **dict.fromkeys(("4768", "4771", "4776", "4625", "4624", "4648"), "sign_in"),
    **{"4662": "directory_read", "4720": "account_created", "4722": "account_enabled", "4726": "account_deleted"},
}


def _windows(number: object, data: Record) -> str | None:
    kind = WINDOWS_KINDS.get(str(number))
    names = ["SubjectUserName"] if kind == "directory_read" else ["TargetUserName"]
    names += ["SubjectUserName"] if str(number) == "4648" else []
    is_machine = kind in ("sign_in", "directory_read") and any(str(data.get(name, "")).endswith("$") for name in names)
    return None if is_machine else kind


def windows(path: Path) -> Facts:
    def kind(record: Record) -> str | None:
        system = record["Event"]["System"]
        number = system["EventID"]
        number = number["#text"] if isinstance(number, dict) else number
        return _windows(number, record["Event"].get("EventData") or {}) if system["Channel"] == "Security" else None

    return of(json_lines(path), kind)


def nxlog(path: Path) -> Facts:
    def kind(record: Record) -> str | None:
        is_there = record.get("Channel") == "Security" and "EventTime" in record
        return _windows(record["EventID"], record) if is_there else None

    records = json_lines(path)
    lost = sum(_windows(one["EventID"], one) is not None and "EventTime" not in one for one in records)
    return of(records, kind, unreadable=lost)


def wrapped(path: Path) -> Iterator[Record]:
    """The records that a rule's test file holds under `log`."""
    return (record["log"] for record in json_lines(path))


FACTS: dict[str, Callable[[Path], Facts]] = {
    "entra/diagnostic_mixed.ndjson": entra_diagnostic,
    "entra/elastic-signinlogs-raw-1.jsonl": entra_diagnostic,
    "entra/graph-signin-50126.json": one_json,
    "entra/graph_api_mixed.ndjson": entra_graph,
    "exchange/exchange-httpproxy-autodiscover-head.csv": http_proxy,
    "google_workspace/login_activities.ndjson": workspace,
    "google_workspace/reports_mixed.ndjson": workspace,
    **{
        f"iis/{name}.log": w3c
        for name in (
            *("elastic-iis10-access", "iis-autodiscover-401-200", "iis10", "iis10_cookies", "iis10_edge_cases", "iis6"),
            *("iis7_owa", "iis7_sqli", "iis_without_date"),
        )
    },
    "m365/unified_audit_mixed.ndjson": m365_lines,
    "m365/unified_audit_search_2021_spring.csv": m365_table,
    "m365/unified_audit_signins_2021_spring.ndjson": m365_lines,
    "okta/system_log.ndjson": okta,
    "windows/ID4625-OpenSSH_brutforce_with_non_existing_users.jsonl": windows,
    "windows/ID4662-Domain_group_enumeration_CME.jsonl": windows,
    "windows/ID4720-4726_Fast_created-deleted_user.jsonl": windows,
    "windows/ID4720-Local_user_created.jsonl": windows,
    "windows/ID_4776,4625-AccountRestore_local_bruteforce.jsonl": windows,
    "windows/kerberos_pwd_spray_4771.jsonl": windows,
    "windows/nxlog_json_mixed.ndjson": nxlog,
    "windows/password-spray.jsonl": windows,
}
