"""All sources the simulator can write, each with its forms, the provider's own first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..event import SimEvent
from . import (
    ecs,
    ecs_directory,
    ecs_web,
    entra,
    entra_forms,
    m365,
    m365_forms,
    mail,
    okta,
    web,
    windows,
    windows_forms,
    workspace,
)
from .shape import Desk, Form, Rendered, Shape, as_acting, as_answered, as_named

__all__ = ["SHAPES", "Desk", "Form", "Shape"]

Render = Callable[[SimEvent, Desk], Sequence[Rendered]]
Reading = Callable[[SimEvent], str]
MAKING = ("account_created", "account_deleted")
PAGE_KIND = (("kind", "admin#reports#activities"), ("etag", '"simulated"'))
GRAPH_HEAD = (("@odata.context", "https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns"),)
XML_HEAD = ('<?xml version="1.0" encoding="utf-8"?>',)


def _shape(name: str, kinds: tuple[str, ...], render: Render, forms: dict[str, Form], seen: Reading = as_answered,
           shown: Reading = as_named, doer: Reading = as_acting) -> Shape:  # fmt: skip
    return Shape(name, frozenset(kinds), render, forms, seen, shown, doer)


_ALL = (
    _shape("entra_signin", ("sign_in",), entra.sign_in, {
        "diagnostic": Form("ndjson"),
        "graph": Form("json", "page", entra_forms.graph, page_key="value", page_head=GRAPH_HEAD),
        "portal_44": Form("csv", "csv", entra_forms.portal_44, entra_forms.PORTAL_44, quote_all=True, bom=True),
        "portal_56": Form("csv", "csv", entra_forms.portal_56, entra_forms.PORTAL_56, quote_all=True, bom=True),
        "log_analytics_csv": Form("csv", "csv", entra_forms.analytics, entra_forms.ANALYTICS_COLUMNS),
        "log_analytics_parquet": Form("parquet", "parquet", entra_forms.analytics, entra_forms.ANALYTICS_COLUMNS),
        "ecs": Form("ndjson", convert=entra_forms.ecs),
    }, entra.seen),
    _shape("entra_audit", MAKING, entra.audit, {
        "diagnostic": Form("ndjson"),
        "ecs": Form("ndjson", convert=ecs_directory.entra_audit),
    }, doer=entra.creator),
    _shape("graph_activity", ("directory_read",), entra.graph_activity, {
        "diagnostic": Form("ndjson"),
        "ecs": Form("ndjson", convert=ecs_directory.graph_activity),
    }, doer=entra.reader),
    _shape("m365_audit", ("sign_in", *MAKING), m365.render, {
        "search_csv": Form("csv", "csv", m365_forms.search, m365_forms.SEARCH_COLUMNS),
        "compact_csv": Form("csv", "csv", m365_forms.compact, m365_forms.COMPACT_COLUMNS),
        "purview_csv": Form("csv", "csv", m365_forms.purview, m365_forms.PURVIEW_COLUMNS, bom=True),
        "splunk_csv": Form("csv", "csv", m365_forms.splunk, m365_forms.SPLUNK_COLUMNS),
        "json_array": Form("json", "array"),
        "json_lines": Form("ndjson"),
        "ecs": Form("ndjson", convert=m365_forms.ecs),
    }, shown=m365.shown),
    _shape("okta_system", ("sign_in", *MAKING), okta.render, {
        "json_lines": Form("ndjson"),
        "json_array": Form("json", "array"),
        "event_hook": Form("json", "page", page_key="data.events", page_head=(
            ("eventType", "com.okta.event_hook"), ("eventTypeVersion", "1.0"), ("cloudEventsVersion", "0.1"))),
        "ecs": Form("ndjson", convert=ecs.okta),
    }, okta.seen),
    _shape("workspace_login", ("sign_in",), workspace.login, {
        "api_page": Form("json", "page", page_key="items", page_head=PAGE_KIND),
        "activities": Form("ndjson"),
        "ecs": Form("ndjson", convert=ecs.workspace_login),
    }, workspace.seen),
    _shape("workspace_admin", MAKING, workspace.admin, {
        "api_page": Form("json", "page", page_key="items", page_head=PAGE_KIND),
        "activities": Form("ndjson"),
        "ecs": Form("ndjson", convert=ecs.workspace_admin),
    }),
    _shape("iis", ("autodiscover",), web.iis, {
        "w3c": Form("log", "text", head=web.IIS_HEAD),
        "ecs": Form("ndjson", convert=ecs_web.iis),
    }, web.seen),
    _shape("exchange_httpproxy", ("autodiscover",), web.http_proxy, {
        "csv": Form("csv", "csv", head=web.PROXY_COLUMNS),
        "ecs": Form("ndjson", convert=ecs_web.http_proxy),
    }, web.seen),
    _shape("windows_security", ("sign_in", *MAKING, "directory_read"), windows.render, {
        "evtx_json": Form("jsonl"),
        "winlogbeat": Form("ndjson", convert=windows_forms.winlogbeat),
        "nxlog": Form("json", convert=windows_forms.nxlog),
        "splunk_text": Form("txt", "text", windows_forms.splunk_text),
        "xml": Form("xml", "xml", windows_forms.xml, head=XML_HEAD),
    }, windows.seen, windows.shown, windows.doer),
    _shape("message_trace", ("mail_sent",), mail.render, {
        "cmdlet": Form("csv", "csv", mail.cmdlet, mail.CMDLET_COLUMNS, quote_all=True),
        "portal": Form("csv", "csv", mail.portal, mail.PORTAL_COLUMNS),
    }),
)  # fmt: skip
SHAPES: dict[str, Shape] = {shape.id: shape for shape in _ALL}
