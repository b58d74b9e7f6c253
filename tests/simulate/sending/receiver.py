"""Receiver: an HTTP Event Collector as Splunk documents it, on the loopback interface, that takes nothing it should not."""

from __future__ import annotations

import gzip
import json
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOKEN = "11111111-2222-3333-4444-555555555555"
DEFAULT_INDEX = "main"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KEYS = {"time", "host", "source", "sourcetype", "index", "event", "fields"}
_MOST_BYTES = 1_000_000
Answer = tuple[int, dict[str, Any]]

OK: Answer = (200, {"text": "Success", "code": 0})
DISABLED: Answer = (403, {"text": "Token disabled", "code": 1})
BUSY: Answer = (503, {"text": "Server is busy", "code": 9})


@dataclass
class Receiver:
    """What it takes and what it took. `answers` are given in turn before it looks at a request itself."""

    url: str = ""
    indexes: tuple[str, ...] = (DEFAULT_INDEX,)
    acknowledges: bool = False
    acknowledges_after: int = 1  # questions
    answers: list[Answer] = field(default_factory=list)
    health: Answer = (200, {"text": "HEC is healthy", "code": 17})
    events: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    packed: int = 0
    asked: int = 0

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        """What it says to one request."""
        path, _, query = path.partition("?")
        self.requests.append(path)
        if (method, path) == ("GET", "/services/collector/health"):
            return self.health
        if method != "POST" or path not in ("/services/collector/event", "/services/collector/ack"):
            return 404, {"text": "The requested URL was not found on this server.", "code": 404}
        refused = self._refused(headers)
        if refused is not None:
            return refused
        if path.endswith("/ack"):
            return self._acknowledged(query, json.loads(body))
        if self.answers:
            return self.answers.pop(0)
        if headers.get("Content-Encoding") == "gzip":
            self.packed += 1
            body = gzip.decompress(body)
        return self._taken(headers, body)

    def _refused(self, headers: Any) -> Answer | None:
        given = headers.get("Authorization", "")
        if not given:
            return 401, {"text": "Token is required", "code": 2}
        kind, _, token = given.partition(" ")
        if kind != "Splunk":
            return 401, {"text": "Invalid authorization", "code": 3}
        return None if token == TOKEN else (403, {"text": "Invalid token", "code": 4})

    def _acknowledged(self, query: str, asked: Any) -> Answer:
        self.asked += 1
        assert _GUID.fullmatch(query.removeprefix("channel=")), query
        return 200, {"acks": {str(one): self.asked >= self.acknowledges_after for one in asked["acks"]}}

    def _taken(self, headers: Any, body: bytes) -> Answer:
        if self.acknowledges and not _GUID.fullmatch(headers.get("X-Splunk-Request-Channel", "")):
            return 400, {"text": "Data channel is missing", "code": 10}
        if len(body) > _MOST_BYTES:
            return 413, {"text": "content length too large", "code": 27}
        taken, text, decoder = [], body.decode("utf-8"), json.JSONDecoder()
        if not text:
            return 400, {"text": "No data", "code": 5}
        place = 0
        while place < len(text):
            number = len(taken)
            try:
                one, place = decoder.raw_decode(text, place)
            except ValueError:
                return 400, {"text": "Invalid data format", "code": 6, "invalid-event-number": number}
            wrong = self._wrong(one)
            if wrong is not None:
                return 400, {**wrong, "invalid-event-number": number}
            taken.append(one)
        self.events += taken
        return (200, {**OK[1], "ackId": len(self.requests)}) if self.acknowledges else OK

    def _wrong(self, one: Any) -> dict[str, Any] | None:
        if not isinstance(one, dict) or not one.keys() <= _KEYS:
            return {"text": "Invalid data format", "code": 6}
        if "event" not in one:
            return {"text": "Event field is required", "code": 12}
        if one["event"] in ("", None):
            return {"text": "Event field cannot be blank", "code": 13}
        if one.get("index", DEFAULT_INDEX) not in self.indexes:
            return {"text": "Incorrect index", "code": 7}
        if not isinstance(one.get("time", 0), (int, float)) or not all(
            isinstance(one.get(name, ""), str) for name in ("host", "source", "sourcetype")
        ):
            return {"text": "Invalid data format", "code": 6}
        if not all(isinstance(value, (str, int, float)) for value in one.get("fields", {}).values()):
            return {"text": "Error in handling indexed fields", "code": 15}
        return None


@contextmanager
def receiving(certificate: Path | None = None, **known: Any) -> Iterator[Receiver]:
    """A collector that listens as long as the context; with TLS where a certificate and its key are in one file."""
    receiver = Receiver(**known)

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, told = receiver.answer(self.command, self.path, self.headers, body)
            content = json.dumps(told).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", told["to"])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _do  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if certificate is None else "https"
    receiver.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
