"""A cluster in memory that has every function; for requests that no node of these tests serves.

It keeps what is put under a path, and gives it back in the form that Elasticsearch does. It checks nothing: what it proves
is which requests are sent, and that what is made is found again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig, Transport, TransportApiResponse
from elasticsearch import Elasticsearch

from enumwatch.elastic.connection import Connection, client_of
from enumwatch.elastic.secret import Secret

_INFO = {"version": {"number": "9.2.4", "build_flavor": "default"}}
# Where things lie: what stands around one thing in an answer.
_PLACES = ("_ilm/policy", "_component_template", "_index_template", "_ingest/pipeline", "_enrich/policy", "_transform")
_PLACES += ("_security/role", "_watcher/watch", "_scripts")
_SHAPES: Mapping[str, Any] = {
    "_ilm/policy": lambda things: {name: {"policy": body["policy"]} for name, body in things.items()},
    "_component_template": lambda things: {
        "component_templates": [{"name": name, "component_template": body} for name, body in things.items()]
    },
    "_index_template": lambda things: {
        "index_templates": [{"name": name, "index_template": body} for name, body in things.items()]
    },
    "_enrich/policy": lambda things: {
        "policies": [
            {"config": {way: {"name": name, **one} for way, one in body.items()}} for name, body in things.items()
        ]
    },
    "_transform": lambda things: {"transforms": [{"id": name, **body} for name, body in things.items()]},
    "_watcher/watch": lambda things: {"watch": next(iter(things.values()))},
    "_scripts": lambda things: next(iter(things.values())),
}
_EMPTY_IS_FOUND = ("_enrich/policy",)


class Pretended:
    """The cluster: `requests` that changed something, `things` by place and name, `indices` by name."""

    def __init__(self, licence: str = "trial", flavour: str = "default", refused: str = "") -> None:
        self.requests: list[tuple[str, str, Any]] = []
        self.things: dict[str, dict[str, Any]] = {place: {} for place in _PLACES}
        self.indices: dict[str, Any] = {}
        self._licence, self._flavour, self._refused = licence, flavour, refused

    def client(self) -> Elasticsearch:
        """A client whose requests end here."""
        cluster = self

        class _Transport(Transport):
            def perform_request(self, method: str, target: str, **keywords: Any) -> TransportApiResponse:
                status, body = cluster.answer(
                    method, unquote(target.partition("?")[0]).strip("/"), keywords.get("body")
                )
                headers = HttpHeaders({"x-elastic-product": "Elasticsearch", "content-type": "application/json"})
                meta = ApiResponseMeta(status, "1.1", headers, 0.0, NodeConfig("http", "nobody", 80))
                return TransportApiResponse(meta, body)

        return client_of(Connection(url="https://nobody.example", api_key=Secret("kept")), _Transport)

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Status and body of one request."""
        if self._refused and re.match(self._refused, f"{method} {path}"):
            return 403, {"error": {"type": "security_exception", "reason": f"action [x:{path}] is unauthorized"}}
        if method not in ("GET", "HEAD") and not path.startswith("_watcher/_query"):
            self.requests.append((method, path, json.loads(json.dumps(body))))
        place = next((one for one in _PLACES if path == one or path.startswith(f"{one}/")), None)
        if place:
            return self._of_place(method, place, path[len(place) :].strip("/"), body)
        if path.startswith("_"):
            return 200, self._of_cluster(path)
        return self._of_index(method, *path.partition("/")[::2], body)

    def _of_cluster(self, path: str) -> Any:
        if path == "_license":
            return {"license": {"type": self._licence, "status": "active"}}
        if path == "_watcher/_query/watches":
            watches = self.things["_watcher/watch"]
            return {"watches": [{"_id": name, "watch": body} for name, body in watches.items()]}
        return {"acknowledged": True}

    def _of_place(self, method: str, place: str, rest: str, body: Any) -> tuple[int, Any]:
        name, _, verb = rest.partition("/")
        things = self.things[place]
        if verb or method == "POST":
            return 200, {"acknowledged": True}
        if method == "PUT":
            things[name] = body
            return 200, {"acknowledged": True}
        pattern = re.escape(name).replace(r"\*", ".*") if name else ".*"
        found = {one: kept for one, kept in things.items() if re.fullmatch(pattern, one)}
        if not found and place not in _EMPTY_IS_FOUND:
            return 404, {"error": {"type": "resource_not_found_exception", "reason": name}}
        if method == "DELETE":
            for one in found:
                del things[one]
            return 200, {"acknowledged": True}
        return 200, _SHAPES.get(place, dict)(found)

    def _of_index(self, method: str, name: str, verb: str, body: Any) -> tuple[int, Any]:
        if not name:
            return 200, {"version": {**_INFO["version"], "build_flavor": self._flavour}}
        pattern = re.escape(name).replace(r"\*", ".*")
        found = {one: kept for one, kept in self.indices.items() if re.fullmatch(pattern, one)}
        if method == "PUT":
            component = self.things["_component_template"].get(f"{name}-mapping", {"template": {"mappings": {}}})
            self.indices[name] = {"mappings": body if verb == "_mapping" else component["template"]["mappings"]}
            return 200, {"acknowledged": True}
        if not found and "*" not in name:
            return 404, {"error": {"type": "index_not_found_exception", "reason": f"no such index [{name}]"}}
        if method == "DELETE":
            self.indices = {one: kept for one, kept in self.indices.items() if one not in found}
        return 200, found
