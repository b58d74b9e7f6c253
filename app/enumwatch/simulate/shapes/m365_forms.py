"""The unified audit record's wrappers: four CSV exports and the document Elastic's integration makes of it."""

from __future__ import annotations

import json
from typing import Any

from .m365 import RECORD_TYPES, us_date
from .shape import Record

SEARCH_COLUMNS = ("RecordType", "CreationDate", "UserIds", "Operations", "AuditData", "ResultIndex", "ResultCount",
                  "Identity",
                  "IsValid", "ObjectState")  # fmt: skip
COMPACT_COLUMNS = ("CreationDate", "UserIds", "Operations", "AuditData")
PURVIEW_COLUMNS = ("RecordId", "CreationDate", "RecordType", "Operation", "UserId", "AuditData", "AssociatedAdminUnits",
                   "AssociatedAdminUnitsNames")  # fmt: skip
SPLUNK_COLUMNS = ("AuditData", "CreationDate", "Operations", "RecordType", "UserIds", "_raw", "_time", "host", "index",
                  "linecount", "source", "sourcetype", "splunk_server")  # fmt: skip


def _text(record: Record) -> str:
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False)


def search(record: Record) -> Record:
    """Search-UnifiedAuditLog piped to Export-Csv: US dates, the record type as a name."""
    return [RECORD_TYPES[record["RecordType"]], us_date(record["CreationTime"]), record["UserId"], record["Operation"],
            _text(record), "1", "1", record["Id"], "True", "Unchanged"]  # fmt: skip


def compact(record: Record) -> Record:
    return [f"{record['CreationTime']}.0000000Z ", record["UserId"], record["Operation"], _text(record)]


def purview(record: Record) -> Record:
    """The Purview portal: ISO dates with a trailing space, the record type as a number."""
    return [record["Id"], f"{record['CreationTime']}.0000000Z ", str(record["RecordType"]), record["Operation"],
            record["UserId"], _text(record), "", ""]  # fmt: skip


def splunk(record: Record) -> Record:
    date = us_date(record["CreationTime"])
    text = _text(record)
    kind = RECORD_TYPES[record["RecordType"]]
    return [text, date, record["Operation"], kind, record["UserId"], f"{kind},{date},{record['UserId']}",
            f"{record['CreationTime']}.000+00:00",
            "indexer01", "main", "1", "unified_audit.csv", "csv", "indexer01"]  # fmt: skip


def ecs(record: Record) -> Record:
    is_failure = record["Operation"] == "UserLoginFailed"
    name, _, domain = record["UserId"].partition("@")
    properties = {item["Name"]: item["Value"] for item in record["ExtendedProperties"]}
    agent = properties.pop("UserAgent", "")
    # The integration writes numbers as keywords and turns name and value pairs into an object.
    audit: dict[str, Any] = {
        key: str(value) if isinstance(value, int) else value
        for key, value in record.items()
        if key not in ("ExtendedProperties", "ModifiedProperties", "DeviceProperties", "ClientIP", "Id", "Operation",
                       "Workload", "OrganizationId")
    }  # fmt: skip
    audit["ExtendedProperties"] = properties
    return {
        "@timestamp": f"{record['CreationTime']}.000Z", "ecs": {"version": "8.11.0"},
        "data_stream": {"type": "logs", "dataset": "o365.audit", "namespace": "default"},
        "event": {"action": record["Operation"], "category": ["web", "authentication"],
                  "code": RECORD_TYPES[record["RecordType"]],
                  "dataset": "o365.audit", "id": record["Id"], "kind": "event",
                  "outcome": "failure" if is_failure else "success", "provider": record["Workload"],
                  "type": ["info", "start"]},
        "client": {"ip": record["ClientIP"], "address": record["ClientIP"]}, "source": {"ip": record["ClientIP"]},
        "organization": {"id": record["OrganizationId"]}, "o365": {"audit": audit}, "user_agent": {"original": agent},
        "user": {"id": record["UserId"], "name": name, **({"domain": domain,
                                                           "email": record["UserId"]} if domain else {})},
    }  # fmt: skip
