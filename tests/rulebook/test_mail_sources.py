"""What the Exchange logs become: autodiscover and sign-ins over HTTP, and mail sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enumwatch.rulebook.load import load

from .source_events import OUTCOMES, events_of, the_event


def short(value: object) -> str:
    """The code alone makes the name of a test."""
    return value if isinstance(value, str) and ":" in value and "\n" not in value else ""


FIELDS = (
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
    "sc-status sc-substatus sc-win32-status time-taken X-Forwarded-For"
)


def iis(stem: str, status: int, *, query: str = "-", user: str = "-", port: int = 443, forwarded: str = "-") -> str:
    request = f"10.0.0.1 POST {stem} {query} {port} {user} 198.51.100.7 Mozilla/5.0+(X;+Y) {status} 0 0 3 {forwarded}"
    return (
        f"#Software: Microsoft Internet Information Services 10.0\n#Fields: {FIELDS}\n2026-03-02 09:00:00 {request}\n"
    )


def test_iis_autodiscover_version_2_shows_the_guessed_name(tmp_path: Path) -> None:
    log = iis(
        "/Autodiscover/Autodiscover.json",
        200,
        query="Email=a%2Bb%40c.example&Protocol=EWS",
        forwarded="203.0.113.9,+10.0.0.9",
    )
    assert the_event(tmp_path, "iis.log", log) == {
        **{"time": "2026-03-02T09:00:00.000", "kind": "autodiscover", "source": "iis", "src_ip": "203.0.113.9"},
        **{"user_agent": "Mozilla/5.0 (X; Y)", "app": "autodiscover", "client_app": "json"},
        **{"target": "a+b@c.example", "target_visible": True, "code": "autodiscover_v2:200"},
    }


@pytest.mark.parametrize(
    ("log", "kind", "code", "target", "is_visible"),
    [
        (
            iis("/autodiscover/autodiscover.json/v1.0/g@c.example", 302),
            "autodiscover",
            "autodiscover_v2:302",
            "g@c.example",
            True,
        ),
        (iis("/autodiscover/autodiscover.xml", 401), "autodiscover", "autodiscover:401", None, False),
        (iis("/autodiscover/autodiscover.xml", 200, user="C\\amy"), "autodiscover", "autodiscover:200", "C\\amy", True),
        (iis("/owa/auth.owa", 302), "sign_in", "owa_auth:302", None, False),
        (iis("/owa/", 401), "sign_in", "owa:401", None, False),
        (iis("/EWS/Exchange.asmx", 200, user="C\\amy"), "sign_in", "ews:200", "C\\amy", True),
        (iis("/mapi/emsmdb/", 401), "sign_in", "mapi:401", None, False),
        (iis("/rpc/rpcproxy.dll", 401, user="C\\amy"), "sign_in", "rpc:401", "C\\amy", True),
        (iis("/OAB/x.lzx", 200, user="C\\amy"), "sign_in", "oab:200", "C\\amy", True),
        (
            iis("/Microsoft-Server-ActiveSync/default.eas", 401, query="User=amy&DeviceId=1&Cmd=Ping"),
            *("sign_in", "activesync:401", "amy", True),
        ),
    ],
    ids=short,
)
def test_iis_request_is_this_event(
    log: str, kind: str, code: str, target: str | None, is_visible: bool, tmp_path: Path
) -> None:
    event = the_event(tmp_path, "iis.log", log)
    assert (event["kind"], event["code"], event.get("target"), event["target_visible"]) == (
        kind,
        code,
        target,
        is_visible,
    )
    assert event["src_ip"] == "198.51.100.7"


@pytest.mark.parametrize(
    "log",
    [
        iis("/autodiscover/autodiscover.xml", 200, user="C\\amy", port=444),
        iis("/owa/", 200, user="C\\amy"),
        iis("/powershell", 200, user="C\\amy"),
        iis("/autodiscovery/x", 200),
    ],
    ids=["back end", "page of a session", "powershell", "other path"],
)
def test_iis_request_is_not_relevant(log: str, tmp_path: Path) -> None:
    assert events_of(tmp_path, "iis.log", log) == []


def test_iis_ecs(tmp_path: Path) -> None:
    record = {
        "@timestamp": "2026-03-02T09:00:00Z",
        "event": {"dataset": "iis.access"},
        "url": {"path": "/autodiscover/autodiscover.xml"},
        "http": {"request": {"method": "POST"}, "response": {"status_code": 401}},
        "source": {"ip": "10.0.0.9"},
        "network": {"forwarded_ip": "203.0.113.9"},
    }
    event = the_event(tmp_path, "i.ndjson", json.dumps(record))
    assert (event["code"], event["src_ip"], event["target_visible"]) == ("autodiscover:401", "203.0.113.9", False)


PROXY = "DateTime,RequestId,MajorVersion,Protocol,UrlStem,AuthenticatedUser,AnchorMailbox,UserAgent,ClientIpAddress,"
PROXY += "ServerHostName,HttpStatus,Method,UrlQuery,GenericInfo\n"


def proxy(protocol: str, stem: str, status: str, *, user: str = "", anchor: str = "", query: str = "") -> str:
    row = (
        f"2026-03-02T09:00:00.500Z,r1,15,{protocol},{stem},{user},{anchor},curl,203.0.113.9,EX1,{status},POST,{query},x"
    )
    return PROXY + row + "\n"


@pytest.mark.parametrize(
    ("log", "kind", "code", "target", "is_visible"),
    [
        (
            proxy("Autodiscover", "/autodiscover/autodiscover.xml", "401"),
            "autodiscover",
            "autodiscover:401",
            None,
            False,
        ),
        (
            proxy("Autodiscover", "/autodiscover/autodiscover.json", "200", query="?Email=g%40c.example&Protocol=EWS"),
            *("autodiscover", "autodiscover_v2:200", "g@c.example", True),
        ),
        (
            proxy("Ews", "/EWS/Exchange.asmx", "401", anchor="Smtp~g@c.example"),
            "sign_in",
            "ews:401",
            "g@c.example",
            True,
        ),
        (
            proxy("Mapi", "/mapi/emsmdb/", "200", user="C\\amy", anchor="Sid~S-1-5"),
            "sign_in",
            "mapi:200",
            "C\\amy",
            True,
        ),
        (proxy("RpcHttp", "/rpc/rpcproxy.dll", "401"), "sign_in", "rpc:401", None, False),
        (
            proxy("Eas", "/Microsoft-Server-ActiveSync", "401", query="?User=amy"),
            "sign_in",
            "activesync:401",
            "amy",
            True,
        ),
        (proxy("Owa", "/owa/auth.owa", "302"), "sign_in", "owa_auth:302", None, False),
    ],
    ids=short,
)
def test_proxy_row_is_this_event(
    log: str, kind: str, code: str, target: str | None, is_visible: bool, tmp_path: Path
) -> None:
    event = the_event(tmp_path, "proxy.csv", log)
    assert (event["kind"], event["code"], event.get("target"), event["target_visible"]) == (
        kind,
        code,
        target,
        is_visible,
    )
    assert (event["source"], event["src_ip"]) == ("exchange_httpproxy", "203.0.113.9")


def test_proxy_row_without_time_is_no_event_and_no_fault(tmp_path: Path) -> None:
    log = proxy("Ews", "/EWS/x", "200", user="C\\amy") + ",r2,15,,,,,,,EX1,,,,S:Action=GlobalActivity\n"
    assert len(events_of(tmp_path, "proxy.csv", log)) == 1


def test_proxy_ecs(tmp_path: Path) -> None:
    record = {
        "@timestamp": "2026-03-02T09:00:00Z",
        "event": {"dataset": "microsoft_exchange_server.httpproxy"},
        "microsoft": {"exchange": {"protocol": "Ews", "requestid": "r", "clientipaddress": ["203.0.113.9"]}},
        "http": {"response": {"status_code": 401}},
    }
    event = the_event(tmp_path, "p.ndjson", json.dumps(record))
    assert (event["code"], event["src_ip"], event["target_visible"]) == ("ews:401", "203.0.113.9", False)


def test_message_trace_of_the_cmdlet(tmp_path: Path) -> None:
    log = "Organization,MessageId,Received,SenderAddress,RecipientAddress,Subject,Status,FromIP,Size,MessageTraceId\n"
    log += "c.onmicrosoft.com,<m>,3/2/2026 9:00:00 AM,new@c.example,a@x.example,s,Delivered,203.0.113.9,100,t1\n"
    assert the_event(tmp_path, "trace.csv", log) == {
        **{"time": "2026-03-02T09:00:00.000", "kind": "mail_sent", "source": "message_trace"},
        **{"tenant": "c.onmicrosoft.com", "src_ip": "203.0.113.9", "actor": "new@c.example"},
        **{"target": "a@x.example", "target_visible": True, "code": "Delivered"},
    }


TRACE_HEADINGS = "origin_timestamp_utc,sender_address,recipient_status,message_subject,message_id,original_client_ip\n"


def test_message_trace_of_the_portal(tmp_path: Path) -> None:
    log = (
        TRACE_HEADINGS
        + '2026-03-02T09:00:00.0000000Z,new@c.example,"a@x.example##Receive, Deliver",s,<m>,203.0.113.9\n'
    )
    event = the_event(tmp_path, "trace.csv", log)
    assert (event["actor"], event["target"], event["code"]) == ("new@c.example", "a@x.example", "Delivered")


def test_message_trace_of_the_portal_counts_every_recipient(tmp_path: Path) -> None:
    row = '2026-03-02T09:00:00Z,new@c.example,"a@x.example##Receive, Deliver;b@y.example##Receive, Fail",s,<m>,\n'
    events = events_of(tmp_path, "trace.csv", TRACE_HEADINGS + row)
    assert [event["target"] for event in events] == ["a@x.example", "b@y.example"]


@pytest.mark.parametrize("source", ["iis", "exchange_httpproxy"])
@pytest.mark.parametrize(
    "endpoint", ["autodiscover", "autodiscover_v2", "owa_auth", "owa", "ews", "mapi", "rpc", "oab", "activesync"]
)
def test_outcome_table_knows_the_endpoints_of_the_source(source: str, endpoint: str) -> None:
    rules = load().sources[source]
    assert f'"{endpoint}:{{status}}"' in json.dumps(rules.content["event"])
    assert OUTCOMES.is_known(rules.provider, f"{endpoint}:401")
