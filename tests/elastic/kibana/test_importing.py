"""Rules are sent as Kibana takes them; no Kibana runs here, so what answers is a server of the test."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from enumwatch.elastic.connection import Connection
from enumwatch.elastic.faults import ClusterError
from enumwatch.elastic.kibana.build import RULES_FILE
from enumwatch.elastic.kibana.importing import IMPORT, RULES, import_rules
from enumwatch.elastic.secret import Secret

KEY = "a-key-that-nobody-may-see"
RULE = '{"rule_id": "x"}\n'


@contextmanager
def kibana(
    status: int, body: Any, location: str = "", rule: Any = None
) -> Iterator[tuple[Connection, list[dict[str, Any]]]]:
    """A connection to a server that gives one answer to an import, one of a rule if it has one, and what was asked."""
    asked: list[dict[str, Any]] = []

    class _Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({"path": self.path, "headers": dict(self.headers)})
            self.send_response(200 if rule else 404)
            self.end_headers()
            self.wfile.write(json.dumps(rule or {"message": "not found"}).encode())

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            asked.append({"path": self.path, "headers": dict(self.headers), "content": content})
            self.send_response(status)
            if location:
                self.send_header("location", location)
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), _Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/base/"
        yield Connection(url="http://127.0.0.1:9", api_key=Secret(KEY), kibana_url=url, timeout_seconds=5), asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_unserved_rules_are_sent_as_one_file() -> None:
    rules = RULES_FILE.read_text("utf-8")
    said = {"success_count": 15, "errors": [{"rule_id": "x", "error": {"message": "no such type", "status_code": 400}}]}
    with kibana(200, said) as (connection, asked):
        imported = import_rules(connection, rules)
    assert imported == (15, ["x: no such type"])
    *looked, request = asked
    assert looked[0]["path"] == f"/base{RULES}?rule_id={json.loads(rules.splitlines()[0])['rule_id']}"
    assert len(looked) == rules.count("\n")
    assert request["path"] == f"/base{IMPORT}"
    assert request["headers"]["kbn-xsrf"]
    assert request["headers"]["authorization"] == f"ApiKey {KEY}"
    assert request["headers"]["Content-Type"].startswith("multipart/form-data")
    assert "".join(f"{json.dumps(json.loads(line))}\n" for line in rules.splitlines()).encode() in request["content"]
    assert b'name="file"; filename="enumwatch-rules.ndjson"' in request["content"]


def test_unserved_what_people_set_at_a_rule_stays() -> None:
    there = {"enabled": True, "exceptions_list": [{"id": "theirs"}], "actions": [], "name": "old", "id": "inner"}
    with kibana(200, {"success_count": 1, "errors": []}, rule=there) as (connection, asked):
        import_rules(connection, '{"rule_id": "a b", "name": "new", "enabled": false}\n')
    assert asked[0]["path"].endswith("?rule_id=a%20b")
    assert b'{"rule_id": "a b", "name": "new", "enabled": true, "actions": [], "exceptions_list"' in asked[1]["content"]
    assert b"inner" not in asked[1]["content"]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, {"statusCode": 401, "message": f"bad key {KEY}"}, "make a new one"),
        (403, {"statusCode": 403, "message": "unauthorized"}, "--roles prints"),
        (404, {"statusCode": 404, "message": "Not Found"}, "mend kibana_url"),
        (302, b"", "mend kibana_url"),
        (200, b"<html>", "what answers there is not Kibana"),
        (200, [], "what answers there is not Kibana"),
        (503, b"Kibana server is not ready yet", "wait, or look at its health"),
    ],
)
def test_unserved_what_kibana_says_otherwise_is_one_line(status: int, body: Any, said: str) -> None:
    with kibana(status, body, "http://127.0.0.1:9/login") as (connection, asked), pytest.raises(ClusterError) as caught:
        import_rules(connection, RULE)
    assert said in str(caught.value)
    assert KEY not in str(caught.value)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("url", "said"),
    [(None, "write kibana_url"), ("http://127.0.0.1:9", "start it, or mend kibana_url")],
)
def test_unserved_no_kibana_is_one_line(url: str | None, said: str) -> None:
    connection = Connection(url="http://127.0.0.1:9", api_key=Secret(KEY), kibana_url=url, timeout_seconds=5)
    with pytest.raises(ClusterError, match=said) as caught:
        import_rules(connection, RULE)
    assert KEY not in str(caught.value)
