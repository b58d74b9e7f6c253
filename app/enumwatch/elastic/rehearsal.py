"""Rehearsal: requests are printed, and only those that change nothing are sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig, Transport, TransportApiResponse

Out = Callable[[str], None]

# What asks with a body: by POST, and changes nothing. A point in time is given up by DELETE.
_ASKING = re.compile(
    r"/(_search|_count|_field_caps|_pit|_msearch|_mget|_sql|_query|_simulate|_scripts/painless/_execute|_validate/query|"
    r"_render/template|_has_privileges|_query/watches)(/|$)"
)
_SECRET_KEYS = re.compile(r"password|api_?key|authorization|secret|token", re.IGNORECASE)
_DONE = {"acknowledged": True, "errors": False, "items": [], "took": 0}


def rehearsing(out: Out) -> type[Transport]:
    """A transport of the client that hands every request to `out` as text and answers changes as if they were done."""

    class Rehearsal(Transport):
        """Sends what asks, prints the rest."""

        def perform_request(self, method: str, target: str, **keywords: Any) -> TransportApiResponse:
            """Print one request; send it where it changes nothing."""
            is_sent = changes_nothing(method, target)
            out(told(method, target, keywords.get("body"), is_sent))
            if is_sent:
                return super().perform_request(method, target, **keywords)
            headers = HttpHeaders({"x-elastic-product": "Elasticsearch", "content-type": "application/json"})
            node = NodeConfig("http", "nobody", 80)
            return TransportApiResponse(ApiResponseMeta(200, "1.1", headers, 0.0, node), dict(_DONE))

    return Rehearsal


def changes_nothing(method: str, target: str) -> bool:
    """True for a request after which the cluster is as it was."""
    path = target.partition("?")[0]
    if method in ("GET", "HEAD"):
        return True
    if method == "DELETE":
        return path == "/_pit"
    return method == "POST" and bool(_ASKING.search(path))


def told(method: str, target: str, body: Any, is_sent: bool) -> str:
    """One request as text: method, path, and the body as JSON, one line for each part of a bulk."""
    lines = [f"{method} {target}{'' if is_sent else '  (not sent)'}"]
    if body is not None:
        parts = body if isinstance(body, (list, tuple)) else [body]
        indent = None if isinstance(body, (list, tuple)) else 2
        lines += [part if isinstance(part, str) else json.dumps(without_keys(part), indent=indent) for part in parts]
    return "\n".join(lines)


def without_keys(part: Any) -> Any:
    """A body with stars where a setting is a secret by its name."""
    if isinstance(part, bytes):
        part = json.loads(part)
    if isinstance(part, Mapping):
        return {
            name: "***" if _SECRET_KEYS.search(str(name)) and isinstance(value, str) else without_keys(value)
            for name, value in part.items()
        }
    if isinstance(part, (list, tuple)):
        return [without_keys(one) for one in part]
    return part
