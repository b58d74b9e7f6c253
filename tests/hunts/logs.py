"""The same events as contacts, and as the tables of Microsoft Sentinel hold them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from enumwatch.core.contact import TIME_FIELDS, Contact
from enumwatch.core.event import Event
from enumwatch.core.times import to_iso

Row = dict[str, str]


def contact_file(contacts: Iterable[Contact], file: Path) -> None:
    """Contacts as `enumwatch contacts --format parquet` writes them."""
    whole = file.with_suffix(".ndjson")
    lines = ({**row._asdict(), **{name: to_iso(getattr(row, name)) for name in TIME_FIELDS}} for row in contacts)
    whole.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    kinds = {str: "VARCHAR", int: "BIGINT", bool: "BOOLEAN"}
    types = {name: kinds[type(value)] for name, value in next(iter(contacts))._asdict().items()}
    types |= dict.fromkeys(TIME_FIELDS, "TIMESTAMP")
    with duckdb.connect() as database:
        database.execute(f"COPY (FROM read_json(?, columns = {types})) TO '{file}'", [str(whole)])


def sentinel_tables(database: Any, events: Iterable[Event]) -> None:
    """Makes every table that the rules name, and fills them."""
    rows: dict[str, list[Row]] = {table: [] for table, _ in _SHAPES.values()}
    for event in events:
        table, shape = _SHAPES[event.source]
        rows[table].append({"TimeGenerated": to_iso(event.time).rstrip("Z"), **shape(event)})
    sorts = {"TimeGenerated": "TIMESTAMP", "InitiatedBy": "JSON", "TargetResources": "JSON", "EventID": "BIGINT"}
    nobody = Event(**dict.fromkeys(Event._fields, ""))  # type: ignore[arg-type]
    for table, shape in _SHAPES.values():
        columns = ["TimeGenerated", *shape(nobody)]
        listed = ", ".join(f'"{one}" {sorts.get(one, "VARCHAR")}' for one in columns)
        database.execute(f'CREATE TABLE "{table}" ({listed})')
        values = [[row[one] for one in columns] for row in rows[table]]
        if values:
            database.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" for _ in columns)})', values)
    database.execute('CREATE TABLE "AADNonInteractiveUserSignInLogs" AS FROM "SigninLogs" LIMIT 0')


def _sign_in(event: Event) -> Row:
    return {
        "AADTenantId": event.tenant, "IPAddress": event.src_ip, "Location": event.country, "UserAgent": event.user_agent,
        "AppDisplayName": event.app, "AppId": event.app_id, "ClientAppUsed": event.client_app,
        "UserPrincipalName": event.target, "ResultType": event.code,
    }  # fmt: skip


def _audit(event: Event) -> Row:
    by = {"user": {"userPrincipalName": event.actor, "ipAddress": event.src_ip}}
    return {
        "AADTenantId": event.tenant, "OperationName": event.code, "Result": "success", "InitiatedBy": json.dumps(by),
        "TargetResources": json.dumps([{"userPrincipalName": event.target}]),
    }  # fmt: skip


def _office(event: Event) -> Row:
    return {
        "OrganizationId": event.tenant, "Operation": event.code, "ClientIP": event.src_ip, "UserAgent": event.user_agent,
        "UserId": event.actor, "OfficeWorkload": event.app, "OfficeObjectId": event.target,
    }  # fmt: skip


def _security(event: Event) -> Row:
    number, _, status = event.code.partition(":")
    return {
        "EventID": number, "IpAddress": event.src_ip, "SubjectUserName": event.actor, "Computer": event.host,
        "TargetUserName": event.target, "Status": status, "SubStatus": "0x0",
    }  # fmt: skip


def _graph(event: Event) -> Row:
    more = "?$skiptoken=x" if event.client_app else ""
    return {
        "IPAddress": event.src_ip, "UserAgent": event.user_agent, "AppId": event.app_id, "UserId": event.actor,
        "ServicePrincipalId": "", "RequestMethod": "GET", "ResponseStatusCode": event.code,
        "RequestUri": f"https://graph.microsoft.com{event.target}{more}",
    }  # fmt: skip


def _iis(event: Event) -> Row:
    return {
        "cIP": event.src_ip, "csUserAgent": event.user_agent, "csUriStem": "/autodiscover/autodiscover.json", "sPort": "443",
        "csUriQuery": f"Email={event.target}" if event.target else "", "csUserName": "", "scStatus": "401",
    }  # fmt: skip


def _mail(event: Event) -> Row:
    action = "Delivered" if event.code == "Delivered" else "Blocked"
    return {
        "SenderIPv4": event.src_ip, "SenderFromAddress": event.actor, "RecipientEmailAddress": event.target,
        "DeliveryAction": action,
    }  # fmt: skip


_SHAPES: Mapping[str, tuple[str, Callable[[Event], Row]]] = {
    "entra_signin": ("SigninLogs", _sign_in),
    "entra_audit": ("AuditLogs", _audit),
    "m365_audit": ("OfficeActivity", _office),
    "windows_security": ("SecurityEvent", _security),
    "graph_activity": ("MicrosoftGraphActivityLogs", _graph),
    "iis": ("W3CIISLog", _iis),
    "message_trace": ("EmailEvents", _mail),
}
