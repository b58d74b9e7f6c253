"""Requests to an Exchange server as the documents Elastic's integrations make of its logs."""

from __future__ import annotations

from typing import Any

from .shape import Record
from .web import IIS_FIELDS, PROXY_COLUMNS


def _frame(time: str, dataset: str, status: str, event: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "@timestamp": time, "ecs": {"version": "8.11.0"},
        "data_stream": {"type": "logs", "dataset": dataset, "namespace": "default"},
        "event": {"dataset": dataset, "kind": "event", "category": ["web"], **event},
    }  # fmt: skip
    if status:
        document["event"]["outcome"] = "failure" if int(status) >= 400 else "success"
        document["http"] = {"response": {"status_code": int(status)}}
    return document


def iis(line: Record) -> Record:
    cells = dict(zip(IIS_FIELDS.split(), line.split(" ")))
    time = f"{cells['date']}T{cells['time']}.000Z"
    document = _frame(time, "iis.access", cells["sc-status"], {"duration": int(cells["time-taken"]) * 1_000_000})
    document["http"]["request"] = {"method": cells["cs-method"]}
    document["url"] = {"path": cells["cs-uri-stem"], "query": cells["cs-uri-query"]}
    document["destination"] = {"address": cells["s-ip"], "ip": cells["s-ip"], "port": int(cells["s-port"])}
    document["source"] = {"address": cells["c-ip"], "ip": cells["c-ip"]}
    # The integration undoes the plus signs that IIS writes for spaces.
    document["user_agent"] = {"original": cells["cs(User-Agent)"].replace("+", " ")}
    if cells["cs-username"] != "-":
        document["user"] = {"name": cells["cs-username"]}
    document["iis"] = {
        "access": {"sub_status": int(cells["sc-substatus"]), "win32_status": int(cells["sc-win32-status"])}
    }
    return document


def http_proxy(row: Record) -> Record:
    cells = dict(zip(PROXY_COLUMNS, row))
    document = _frame(cells["DateTime"], "microsoft_exchange_server.httpproxy", cells["HttpStatus"], {})
    document.setdefault("http", {})["request"] = {"method": cells["Method"]}
    if cells["UrlQuery"]:
        document["url"] = {"query": cells["UrlQuery"]}
    document["user_agent"] = {"original": cells["UserAgent"]}
    names = ("RequestId", "Protocol", "UrlHost", "UrlStem", "AuthenticationType", "AuthenticatedUser", "Organization",
             "AnchorMailbox", "BackEndStatus", "IsAuthenticated", "GenericErrors")  # fmt: skip
    exchange: dict[str, Any] = {name.lower(): cells[name] for name in names if cells[name]}
    # The address is a list there, of one as a rule.
    exchange["clientipaddress"] = [cells["ClientIpAddress"]]
    document["microsoft"] = {"exchange": exchange}
    return document
