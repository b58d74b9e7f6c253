"""On-premises Exchange: IIS W3C lines and HttpProxy rows of autodiscover requests."""

from __future__ import annotations

from ..event import SimEvent, clock, iso
from ..names import words
from .shape import Desk, Rendered

IIS_FIELDS = (
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status "
    "sc-substatus sc-win32-status time-taken"
)
IIS_HEAD = ("#Software: Microsoft Internet Information Services 10.0", "#Version: 1.0", f"#Fields: {IIS_FIELDS}")
# Status, substatus and win32 status (SEC_E_NO_CREDENTIALS) of a request that is asked to sign in first.
CHALLENGED = "401 1 2148074254"

PROXY_COLUMNS = words(
    "DateTime RequestId MajorVersion MinorVersion BuildVersion RevisionVersion ClientRequestId Protocol "
    "UrlHost UrlStem ProtocolAction AuthenticationType IsAuthenticated AuthenticatedUser Organization "
    "AnchorMailbox UserAgent ClientIpAddress ServerHostName HttpStatus BackEndStatus ErrorCode Method "
    "ProxyAction TargetServer TargetServerVersion RoutingType RoutingHint BackEndCookie ServerLocatorHost "
    "ServerLocatorLatency RequestBytes ResponseBytes TargetOutstandingRequests AuthModulePerfContext "
    "HttpPipelineLatency CalculateTargetBackEndLatency GlsLatencyBreakup TotalGlsLatency "
    "AccountForestLatencyBreakup TotalAccountForestLatency ResourceForestLatencyBreakup "
    "TotalResourceForestLatency ADLatency SharedCacheLatencyBreakup TotalSharedCacheLatency "
    "ActivityContextLifeTime ModuleToHandlerSwitchingLatency ClientReqStreamLatency BackendReqInitLatency "
    "BackendReqStreamLatency BackendProcessingLatency BackendRespInitLatency BackendRespStreamLatency "
    "ClientRespStreamLatency KerberosAuthHeaderLatency HandlerCompletionLatency RequestHandlerLatency "
    "HandlerToModuleSwitchingLatency ProxyTime CoreLatency RoutingLatency HttpProxyOverhead TotalRequestTime "
    "RouteRefresherLatency UrlQuery BackEndGenericInfo GenericInfo GenericErrors EdgeTraceId DatabaseGuid "
    "UserADObjectGuid PartitionEndpointLookupLatency RoutingStatus"
)


def seen(event: SimEvent) -> str:
    return event.answer if event.kind == "autodiscover" else ""


def _iis_line(event: SimEvent, desk: Desk, method: str, stem: str, query: str, user: str, status: str) -> Rendered:
    date, time, fraction = clock(event.time)
    agent = event.user_agent.replace(" ", "+") or "-"
    tail = f"&CorrelationID=<empty>;&cafeReqId={desk.guid()};"
    server = desk.organisation(event).server_ip
    taken = 1 + fraction // 1000 % 40
    request = f"{method} {stem} {query}{tail} 443 {user}"
    return "", f"{date} {time} {server} {request} {event.src_ip} {agent} - {status} {taken}"


def iis(event: SimEvent, desk: Desk) -> list[Rendered]:
    """A JSON request names the address in its URL; an XML request is challenged, then answered to a signed-in user."""
    if event.kind != "autodiscover":
        return []
    if event.detail == "json":
        style = event.time // 1000 % 5
        if style == 0:
            return [_iis_line(event, desk, "GET", f"/autodiscover/autodiscover.json/v1.0/{event.target}",
                              "Protocol=Autodiscoverv1", "-", "200 0 0")]  # fmt: skip
        address = event.target.replace("@", "%40") if style == 1 else event.target
        return [_iis_line(event, desk, "GET", "/autodiscover/autodiscover.json",
                          f"Email={address}&Protocol=Autodiscoverv1", "-", "200 0 0")]  # fmt: skip
    user = f"{desk.organisation(event).netbios}\\{event.target.partition('@')[0]}"
    first = _iis_line(event, desk, "POST", "/Autodiscover/Autodiscover.xml", "", "-", CHALLENGED)
    return [first, _iis_line(event, desk, "POST", "/Autodiscover/Autodiscover.xml", "", user, "200 0 0")]


def _proxy_row(event: SimEvent, desk: Desk, **cells: str) -> Rendered:
    organisation, unique = desk.organisation(event), desk.guid()
    host = f"autodiscover.{organisation.domain}"
    row = dict.fromkeys(PROXY_COLUMNS, "")
    row.update(DateTime=iso(event.time, 3), RequestId=unique, MajorVersion="15", MinorVersion="2", BuildVersion="1544",
               RevisionVersion="11", Protocol="Autodiscover", UrlHost=host, UserAgent=event.user_agent,
               ClientIpAddress=event.src_ip, ServerHostName="EX01", ProxyAction="Proxy",
               TargetServer=f"EX01.ad.{organisation.domain}", TargetServerVersion="15.02.1544.000",
               RoutingType="IntraForest",
               TotalRequestTime=str(1 + event.time // 1000 % 40), RoutingStatus="CafeV1",
               GenericInfo=f"BeginRequest={iso(event.time, 3)};CorrelationID=<empty>;ProxyState-Run=None")  # fmt: skip
    row.update(cells)
    return unique, [row[column] for column in PROXY_COLUMNS]


def http_proxy(event: SimEvent, desk: Desk) -> list[Rendered]:
    if event.kind != "autodiscover":
        return []
    if event.detail == "json":
        return [_proxy_row(event, desk, UrlStem="/autodiscover/autodiscover.json", IsAuthenticated="false",
                           Method="GET",
                           UrlQuery=f"?Email={event.target}&Protocol=Autodiscoverv1",
                           AnchorMailbox=f"Smtp~{event.target}",
                           HttpStatus="200", BackEndStatus="200")]  # fmt: skip
    user = f"{desk.organisation(event).netbios}\\{event.target.partition('@')[0]}"
    stem = "/Autodiscover/Autodiscover.xml"
    challenge = _proxy_row(event, desk, UrlStem=stem, AuthenticationType="Negotiate", IsAuthenticated="false",
                           Method="POST",
                           HttpStatus="401", GenericErrors="AnonymousRequestDisallowed")  # fmt: skip
    answer = _proxy_row(event, desk, UrlStem=stem, AuthenticationType="Negotiate", IsAuthenticated="true",
                        Method="POST",
                        AuthenticatedUser=user, AnchorMailbox=f"Smtp~{event.target}", HttpStatus="200",
                        BackEndStatus="200")  # fmt: skip
    return [challenge, answer]
